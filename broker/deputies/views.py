"""Deputies: whom a director or coordinator has stand in for them, until when, for what."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.deputies import actions, queries
from broker.deputies.forms import DeputyForm
from broker.duties import Duty
from broker.web import render

bp = Blueprint("deputies", __name__)


@bp.get("/me/deputies")
@web.signed_in
def index() -> str:
    return render("deputies/index.html", deputies=queries.deputies_of(g.person), duties=Duty)


@bp.route("/me/deputies/new/<int:id>", methods=["GET", "POST"])
@web.signed_in
def new(id: int) -> Response | str | tuple[str, int]:
    post = next((post for post in queries.own_posts(g.person) if post.id == id), None)
    if post is None:
        abort(404)
    people = {str(person.id): person for person in queries.may_be_named(post)}
    form = DeputyForm(duties=[duty.value for duty in Duty])
    listed = [(value, person.name) for value, person in people.items()]
    form.deputy.choices = [("", "Choose one"), *listed]
    return web.settle(
        form,
        "deputies/new.html",
        lambda: actions.name(
            post,
            deputy=people[form.deputy.data],
            duties=[Duty(value) for value in form.duties.data],
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            by=g.person,
        ),
        said="Your deputy is named, and has been told.",
        show=url_for("deputies.index"),
        post=post,
    )


@bp.post("/me/deputies/<int:id>/end")
@web.signed_in
def end(id: int) -> Response:
    actions.end(web.find(queries.named_by(g.person), id), by=g.person)
    flash("Ended: they no longer stand in for you.", "success")
    return redirect(url_for("deputies.index"))
