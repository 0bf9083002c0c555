"""The dashboard of a region or a programme, and each picture's figures as a file."""

from __future__ import annotations

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response

from broker import web
from broker.dashboards import parts, seats
from broker.dashboards.content import MOST, Dashboard
from broker.exports.download import as_csv
from broker.web import render

bp = Blueprint("dashboards", __name__)


@bp.get("/dashboard")
@web.only(*seats.LOOKS)
def show() -> str:
    may = seats.choices(g.person)
    chosen = seats.read(request.args, may)
    board = Dashboard(g.person, chosen)
    return render(
        "dashboards/show.html",
        may=may,
        chosen=chosen,
        board=board,
        part=parts.read(request.args),
        parts=(*parts.PARTS, parts.ALL),
        most=MOST,
    )


@bp.get("/dashboard/<name>")
@web.only(*seats.LOOKS)
def picture(name: str) -> str:
    """One picture with all its figures, and the records that they count; `row`: one row's."""
    may = seats.choices(g.person)
    board = Dashboard(g.person, seats.read(request.args, may))
    found = board.picture(name)
    if found is None:
        abort(404)
    behind, row = board.behind(name), request.args.get("row", "")
    page = web.page_of(behind.of_row(row) if behind else [])
    return render(
        "dashboards/picture.html",
        chosen=board.chosen,
        may=may,
        picture=found,
        part=parts.part_with(name),
        behind=behind,
        row=row,
        page=page,
    )


@bp.get("/dashboard/<name>.csv")
@web.only(*seats.LOOKS)
def download(name: str) -> Response:
    """The figures of one picture, as filtered; all rows."""
    chosen = seats.read(request.args, seats.choices(g.person))
    picture = Dashboard(g.person, chosen).picture(name)
    if picture is None:
        abort(404)
    return as_csv(picture.table, list(picture.rows))
