"""What we are learning: one page for everybody who is signed in, and its figures as a file."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from broker import web
from broker.exports.download import as_csv
from broker.exports.learning import LEARNING
from broker.feedback.queries import LEAST
from broker.learning import queries
from broker.learning.queries import By
from broker.web import render

bp = Blueprint("learning", __name__)


def _by() -> By | None:
    return next((by for by in By if by.value == request.args.get("by")), None)


@bp.get("/what-we-are-learning")
@web.signed_in
def index() -> str:
    learned = queries.what_we_learn()
    by, search = _by(), web.searched()
    found = list(queries.lines_like(learned, by, search))
    return render(
        "learning/index.html",
        learned=learned,
        least=LEAST,
        choices=[(one.value, one.words) for one in By],
        by=by,
        tables=[(one, lines) for one in By if (lines := [x for x in found if x.by is one])],
    )


@bp.get("/what-we-are-learning.csv")
@web.signed_in
def download() -> Response:
    """The lines shown, as the address filters them; none while there is nothing to tell."""
    lines = queries.lines_like(queries.what_we_learn(), _by(), web.searched())
    return as_csv(LEARNING, lines, name="what-we-are-learning")
