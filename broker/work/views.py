"""Your work: what waits on the person who is signed in."""

from __future__ import annotations

from flask import Blueprint, g

from broker import web
from broker.capacity import warnings
from broker.web import render
from broker.work import queries

bp = Blueprint("work", __name__)


@bp.get("/your-work")
@web.signed_in
def index() -> str:
    return render(
        "work/index.html",
        page=web.page_of(queries.waiting_on(g.person)),
        warned=warnings.for_own(g.person),
    )
