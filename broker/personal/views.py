"""What is held about somebody: for themselves, and for administrators, who may erase it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker import web
from broker.account import mending
from broker.council_accounts import actions as council_accounts
from broker.exports.download import as_csv, file_of
from broker.models.person import Person, Role
from broker.personal import actions, queries
from broker.personal.facts import FACTS, facts_of
from broker.personal.forms import EraseForm
from broker.retention import RETENTION
from broker.web import render

bp = Blueprint("personal", __name__)
DEEDS: dict[str, Callable[..., Any]] = {
    "reset_second_step": mending.reset_second_step,
    "end_sessions": mending.end_sessions,
    "disconnect_council_accounts": council_accounts.disconnect_all,
}


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
        verbs=web.verbs_for(someone, ".press"),
    )


@bp.post("/personal-data/<int:id>/<verb:verb>")
@web.only(Role.ADMINISTRATOR)
def press(id: int, verb: str) -> AnyResponse:
    """What an administrator does about how somebody signs in."""
    return web.press(_find(id), verb, DEEDS, show=url_for(".show", id=id))


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
    if ending == "csv":
        return as_csv(FACTS, facts_of(held))
    rows = [{"table": one.table, "link": one.link, **one.says} for one in held]
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    return file_of(text, name="personal-data.json", content_type="application/json")
