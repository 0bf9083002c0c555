"""Authorities: a list to find them in, and a page of facts for each."""

from __future__ import annotations

from flask import Blueprint, abort, g, request

from broker import web
from broker.authorities import queries
from broker.feedback.queries import what_receivers_said
from broker.models.authority import Area
from broker.prospectus.words import plain
from broker.web import render

bp = Blueprint("authorities", __name__)


@bp.get("/authorities")
def index() -> str:
    words, region = plain(request.args.get("q", "")), request.args.get("region", "")
    found = queries.listed(words=words, region=region)
    return render(
        "authorities/index.html",
        page=web.page_of(found, size=30),
        words=words,
        region=region,
        regions=queries.regions(),
    )


@bp.get("/authorities/<code>")
def show(code: str) -> str:
    authority = queries.by_code(code)
    if authority is None:
        abort(404)
    return render(
        "authorities/show.html",
        authority=authority,
        offers=queries.offers_of(authority),
        parts=queries.published_parts(authority),
        neighbours=queries.neighbours_of(authority) if g.person else [],
        areas=list(Area),
        said=what_receivers_said(authority),
    )
