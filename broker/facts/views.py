"""Published facts for administrators: the history of imports, looking at a file, applying it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.errors import NotRight
from broker.events import history_of
from broker.facts import actions, queries
from broker.facts.forms import ImportForm
from broker.models.fact_import import Kind
from broker.models.person import Role
from broker.web import render

bp = Blueprint("facts", __name__)
Page = Response | str | tuple[str, int]
KINDS = {kind.value: kind for kind in Kind}


@bp.get("/facts")
@web.only(Role.ADMINISTRATOR)
def index() -> str:
    kind = KINDS.get(request.args.get("kind", ""))
    found = queries.listed(g.person, words=web.searched(), kind=kind)
    return render("facts/index.html", page=web.page_of(found), kinds=KINDS)


@bp.route("/facts/imports/new", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def new() -> Page:
    """Choose a file; once it can be read, the next page shows what it would do."""
    form = ImportForm()
    if form.validate_on_submit():
        try:
            made = actions.show(
                kind=KINDS[form.kind.data],
                file_name=form.file.file_name,
                content=form.file.data,
                by=g.person,
            )
        except NotRight as error:
            web.put_right(form, error)
        else:
            flash("Nothing is changed yet. This is what the file would do.", "success")
            return redirect(url_for(".show", id=made.id))
    return render("facts/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/facts/imports/<int:id>")
@web.only(Role.ADMINISTRATOR)
def show(id: int) -> str:
    made = web.find(queries.imports_visible_to(g.person), id)
    return render("facts/show.html", made=made, events=history_of(made))


@bp.post("/facts/imports/<int:id>/<verb:verb>")
@web.only(Role.ADMINISTRATOR)
def press(id: int, verb: str) -> Response:
    made = web.find(queries.imports_visible_to(g.person), id)
    return web.press(made, verb, actions.DEEDS, show=url_for(".show", id=id))
