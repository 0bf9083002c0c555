"""Spreadsheets of days: the template, choosing a file, what it would do, logging it."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.day_imports import actions, queries
from broker.day_imports.columns import columns
from broker.day_imports.forms import ChooseForm, LogForm
from broker.day_imports.template import write_template
from broker.errors import NotRight
from broker.events import history_of
from broker.exports.download import IN_MEMORY, workbook_response
from broker.models.day_import import DayImport, DayImportState
from broker.partnerships.queries import partnerships_visible_to
from broker.support_days.queries import support_types
from broker.web import render

bp = Blueprint("day_imports", __name__)
Page = Response | str | tuple[str, int]


@bp.get("/days/template.xlsx")
@web.signed_in
def template() -> Response:
    """The workbook to fill in."""
    kinds = support_types()
    file = SpooledTemporaryFile(IN_MEMORY)
    write_template(file, columns(kinds), kinds)
    return workbook_response(file, "support-days-template")


@bp.route("/partnerships/<int:id>/days/import", methods=["GET", "POST"])
@web.signed_in
def new(id: int) -> Page:
    """Choose a file; once it can be read, the next page shows what it would do."""
    partnership = web.find(partnerships_visible_to(g.person), id)
    web.asked(DayImport(partnership=partnership), "show")
    form = ChooseForm()
    if form.validate_on_submit():
        try:
            made = actions.show(
                partnership, file_name=form.file.file_name, content=form.file.data, by=g.person
            )
        except NotRight as error:
            web.put_right(form, error)
        else:
            return redirect(url_for(".show", id=made.id))
    status = 422 if form.is_submitted() else 200
    return (
        render(
            "day_imports/new.html",
            form=form,
            partnership=partnership,
            columns=columns(support_types()),
        ),
        status,
    )


def _find(import_id: int) -> DayImport:
    return web.find(queries.imports_visible_to(g.person), import_id)


@bp.route("/days/imports/<int:id>", methods=["GET", "POST"])
@web.signed_in
def show(id: int) -> Page:
    """What the file would do as the log stands now, to be logged from here; once it is settled,
    what came of it."""
    made = _find(id)
    waits = made.state is DayImportState.SHOWN
    form = LogForm()
    return web.settle(
        form,
        "day_imports/show.html",
        lambda: _apply(made, form),
        said=lambda: _what_came(made),
        show=url_for("support_days.of_one", id=made.partnership_id),
        made=made,
        found=actions.found_in(made) if waits else None,
        events=history_of(made),
    )


def _apply(made: DayImport, form: LogForm) -> None:
    seal = request.form.get("seal", "")
    actions.apply(made, seal=seal, only_good=form.only_good.data, by=g.person)


def _what_came(made: DayImport) -> str:
    said = [f"{made.logged} rows are logged. The other side confirms them."] if made.logged else []
    if made.confirmed:
        said.append(f"{made.confirmed} were logged by the other side already: yours confirm them.")
    if made.left_out:
        said.append("What was left out stands on the page of the spreadsheet.")
    return " ".join(said)


@bp.post("/days/imports/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    made = _find(id)
    show = url_for("support_days.of_one", id=made.partnership_id)
    return web.press(made, verb, actions.DEEDS, show=show)
