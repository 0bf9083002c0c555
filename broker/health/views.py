"""The board: how a region's or a programme's partnerships go, in words, with what to do."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from broker import web
from broker.exports.download import as_csv
from broker.exports.looking_back import HEALTH
from broker.health import queries
from broker.health.queries import Line
from broker.health.temperature import Temperature
from broker.models.person import Role
from broker.partnerships.queries import speaks_of
from broker.web import render

bp = Blueprint("health", __name__)
TEMPERATURES = {one.value: one.words for one in Temperature}


@bp.get("/health-board")
@web.only(*queries.OVERSEES, Role.DFE_LEAD)
def board() -> str:
    """Coordinators and managers read it by partnership; DfE leads read counts."""
    if not g.person.holding(*queries.OVERSEES):
        return render(
            "health/counts.html", counts=queries.counts_for(g.person), temperatures=Temperature
        )
    lines = queries.board(g.person)
    counted = Counter(line.temperature for line in lines)
    return render(
        "health/board.html",
        page=web.page_of(_filtered(lines)),
        counts=[(one, counted[one]) for one in Temperature],
        temperatures=TEMPERATURES,
    )


@bp.get("/health-board.csv")
@web.only(*queries.OVERSEES)
def download() -> Response:
    return as_csv(HEALTH, _filtered(queries.board(g.person)))


def _filtered(lines: list[Line]) -> list[Line]:
    wanted = request.args.get("temperature", "")
    return [
        line
        for line in lines
        if wanted in ("", line.temperature.value) and speaks_of(line.partnership, web.searched())
    ]
