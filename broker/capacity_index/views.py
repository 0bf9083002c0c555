"""The capacity index of a region: a page to work with and to print, and its figures as files."""

from __future__ import annotations

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response

from broker import web
from broker.capacity_index import queries
from broker.capacity_index.queries import Index
from broker.exports.capacity_index import PLACES, WANTS
from broker.exports.download import as_csv
from broker.models.person import Role
from broker.web import render

bp = Blueprint("capacity_index", __name__)
READERS = (Role.COORDINATOR, Role.DIRECTOR)


def _for_board() -> bool:
    return request.args.get("for") == "board"


def _index() -> Index:
    """Of the region in the address, else of the reader's first; 404 for one that is not theirs."""
    regions = queries.regions_of(g.person)
    asked = request.args.get("region") or (regions[0].code if regions else "")
    region = next((one for one in regions if one.code == asked), None) or abort(404)
    return queries.index_of(region, g.person, for_board=_for_board())


@bp.get("/capacity-index")
@web.only(*READERS)
def show() -> str:
    index = _index()
    search = web.searched()
    return render(
        "capacity_index/show.html",
        index=index,
        places=[place for place in index.places if _speaks_of(place, search)],
        regions=queries.regions_of(g.person),
        for_board=_for_board(),
        kept={"region": index.region.code, "for": "board" if _for_board() else ""},
    )


def _speaks_of(place: queries.Place, search: str) -> bool:
    words = [place.authority.name, *place.themes, *(one.title for one in place.wants)]
    text = " ".join(words).casefold()
    return all(word in text for word in search.casefold().split())


@bp.get("/capacity-index.csv")
@web.only(*READERS)
def download() -> Response:
    return as_csv(PLACES, _index().places)


@bp.get("/capacity-index/wants.csv")
@web.only(*READERS)
def wants() -> Response:
    return as_csv(WANTS, _index().wants)
