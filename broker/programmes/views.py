"""Programmes: a list, a page each, adding one and changing one."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.fields.typed import whole
from broker.models.person import Role
from broker.models.programme import Programme
from broker.pages.rules import rules_of
from broker.programmes import actions, queries
from broker.programmes.forms import AddForm, ChangeForm
from broker.web import render

bp = Blueprint("programmes", __name__, url_prefix="/programmes")
Page = Response | str | tuple[str, int]


@bp.get("")
@web.only(Role.ADMINISTRATOR)
def index() -> str:
    every = queries.every(g.person)
    return render(
        "programmes/index.html",
        programmes=every,
        managers=queries.managers_of(every),
        under_way=queries.under_way([one.id for one in every]),
    )


@bp.route("/new", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def new() -> Page:
    form, known = AddForm(), {one.code: one for one in queries.every(g.person)}
    named = [(code, f"Those of {one.name}") for code, one in known.items()]
    form.like.choices = [("", "The usual rules"), *named]
    if form.validate_on_submit():
        try:
            added = actions.add(
                form.terms, code=form.code.data, like=known.get(form.like.data), by=g.person
            )
        except NotRight as error:
            web.put_right(form, error)
        else:
            flash("Added. Invite somebody to manage it.", "success")
            return redirect(url_for(".show", id=added.id))
    return render("programmes/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/<int:id>")
@web.signed_in
def show(id: int) -> str:
    programme = _find(id)
    return render(
        "programmes/show.html",
        programme=programme,
        managers=queries.managers_of([programme])[id],
        under_way=queries.under_way([id])[id],
        rules=rules_of(programme),
        events=history_of(programme),
        may_change=bool(g.person.holding(Role.ADMINISTRATOR)),
    )


@bp.route("/<int:id>/change", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def change(id: int) -> Page:
    programme = _find(id)
    web.asked(programme, "change")
    form, status = ChangeForm.of(programme), 200
    if not (under_way := queries.under_way([id])[id]):
        del form.is_sure
    seen = actions.number_of(programme)
    if form.is_submitted():
        seen, status = request.form.get("seen", 0, type=whole), 422
    if form.validate_on_submit():
        is_sure = "is_sure" in form and form.is_sure.data
        try:
            actions.change(programme, form.terms, seen=seen, is_sure=is_sure, by=g.person)
        except NotRight as error:
            web.put_right(form, error)
        except NotPossible as error:
            web.put_right(form, error)
            programme, status = _find(id), 409
            seen = actions.number_of(programme)
        else:
            flash("Changed, and its managers are told.", "success")
            return redirect(url_for(".show", id=id))
    page = render(
        "programmes/change.html", form=form, programme=programme, under_way=under_way, seen=seen
    )
    return page, status


def _find(id: int) -> Programme:
    return web.find(queries.programmes_visible_to(g.person), id)
