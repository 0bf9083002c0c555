"""What is held about somebody: for themselves, and for administrators, who may erase it."""

from __future__ import annotations

import csv
import io
import json

from flask import Blueprint, Response, g, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker import web
from broker.exports.tables import as_text
from broker.models.person import Person, Role
from broker.personal import actions, queries
from broker.personal.forms import EraseForm
from broker.retention import RETENTION
from broker.web import render

bp = Blueprint("personal", __name__)


@bp.get("/me/data")
@web.signed_in
def mine() -> str:
    return render("personal/mine.html", counted=queries.counted(g.person), kept=RETENTION)


@bp.get("/me/data.<any(json, csv):ending>")
@web.signed_in
def download_mine(ending: str) -> Response:
    return _file(g.person, ending)


@bp.get("/personal-data")
@web.only(Role.ADMINISTRATOR)
def index() -> str:
    found = queries.everybody(g.person, words=web.searched())
    return render("personal/index.html", page=web.page_of(found))


@bp.get("/personal-data/<int:id>")
@web.only(Role.ADMINISTRATOR)
def show(id: int) -> str:
    someone = _find(id)
    return render(
        "personal/show.html",
        someone=someone,
        counted=queries.counted(someone),
        is_erased=queries.is_erased(someone),
    )


@bp.get("/personal-data/<int:id>.<any(json, csv):ending>")
@web.only(Role.ADMINISTRATOR)
def download(id: int, ending: str) -> Response:
    return _file(_find(id), ending)


@bp.route("/personal-data/<int:id>/erase", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def erase(id: int) -> AnyResponse | str | tuple[str, int]:
    someone = _find(id)
    actions.check(someone, by=g.person)
    form = EraseForm()
    return web.settle(
        form,
        "personal/erase.html",
        lambda: actions.erase(someone, reason=form.reason.data, by=g.person),
        said="Their name and address are erased. What they did stays, under their role.",
        show=url_for(".show", id=id),
        someone=someone,
    )


def _find(id: int) -> Person:
    return web.find(queries.everybody_visible_to(g.person), id)


def _file(person: Person, ending: str) -> Response:
    held = queries.held_about(person)
    text = _json(held) if ending == "json" else _csv(held)
    kind = "application/json" if ending == "json" else "text/csv; charset=utf-8"
    answer = Response(text, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename=personal-data.{ending}"
    return answer


def _json(held: list[queries.Held]) -> str:
    rows = [{"table": one.table, "link": one.link, **one.says} for one in held]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _csv(held: list[queries.Held]) -> str:
    """One line for each fact: its table, how the row names the person, which row, what, and it."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("Table", "How it names you", "Row", "What", "Says"))
    for number, one in enumerate(held, start=1):
        for name, value in one.says.items():
            if value not in (None, ""):
                lines.writerow((one.table, one.link, number, name, as_text(str(value))))
    return out.getvalue()
