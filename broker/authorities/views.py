"""Authorities: a list to find them in, a map, and pages of facts for each."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import clock, web
from broker.authorities import charts, figures, queries, support, tiles
from broker.exports.columns import INDICATORS
from broker.exports.download import as_csv
from broker.feedback.queries import what_provider_learned, what_receivers_said
from broker.interventions.queries import standing_of
from broker.models.authority import Area, Authority
from broker.models.person import Role
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


@bp.get("/authorities/map")
def england() -> str:
    by_offers = request.args.get("colour") == "offers"
    listed, regions = queries.listed(words="", region=""), queries.regions()
    return render(
        "authorities/england.html",
        by_offers=by_offers,
        map=tiles.by_offers(listed) if by_offers else tiles.by_region(regions),
        listed=listed,
        regions=regions,
    )


def _found(code: str) -> Authority:
    return queries.by_code(code) or abort(404)


@bp.get("/authorities/<code>")
def show(code: str) -> str | Response:
    authority = queries.by_code(code)
    if authority is None:
        now = queries.code_now(code) or abort(404)
        return redirect(url_for(".show", code=now))
    neighbours = queries.neighbours_of(authority)
    interventions = standing_of(authority)
    return render(
        "authorities/show.html",
        authority=authority,
        offers=queries.offers_of(authority),
        said=what_receivers_said(authority),
        learned=what_provider_learned(authority),
        given=support.given_by(authority),
        earlier=support.earlier_by(authority),
        partnerships=support.seen_by(g.person, authority),
        reads_help=support.reads_help(g.person, authority),
        parts=queries.published_parts(authority),
        figures=figures.latest_of(authority),
        neighbours=neighbours,
        map=tiles.around(authority, neighbours),
        km=queries.km_between,
        interventions=interventions,
        timeline=charts.timeline(authority.judgements, interventions, clock.today()),
        areas=list(Area),
        administrator=Role.ADMINISTRATOR,
    )


@bp.get("/authorities/<code>/indicators")
def indicators(code: str) -> str | Response:
    authority = _found(code)
    if chosen := figures.indicator_coded(request.args.get("show", "")):
        return redirect(url_for(".indicator", code=authority.code, indicator=chosen.code))
    latest = figures.latest_of(authority)
    return render("authorities/indicators.html", authority=authority, figures=latest)


@bp.get("/authorities/<code>/indicators/<indicator>")
def indicator(code: str, indicator: str) -> str:
    authority = _found(code)
    shown = figures.indicator_coded(indicator) or abort(404)
    rows, neighbours = figures.by_year(authority, shown), queries.neighbours_of(authority)
    return render(
        "authorities/indicator.html",
        authority=authority,
        shown=shown,
        rows=rows,
        chart=charts.line_chart(rows),
        indicators=figures.indicators(),
        neighbours=neighbours,
        nearby=figures.of_neighbours(shown, neighbours, rows[-1].year) if rows else {},
    )


@bp.get("/authorities/<code>/indicators.csv")
def download(code: str) -> Response:
    authority = _found(code)
    rows = figures.all_of(authority)
    return as_csv(INDICATORS, rows, name=f"indicators-{authority.code}")
