"""The API's addresses: a list and a single record for each resource, and the document."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import BadRequest, NotAcceptable, NotFound

from broker import pace
from broker.api import callers
from broker.api.document import document
from broker.api.records import Asked
from broker.api.resources import LARGEST, MOST, RESOURCES, USUAL, Resource
from broker.clock import Quarter

bp = Blueprint("api", __name__, url_prefix="/api/v1")
FRESH_FOR = 60  # seconds that public answers may be kept


@bp.before_request
def _let_json_be_read() -> None:
    """Refuse who takes no JSON (406); who names nothing takes all."""
    taken = request.accept_mimetypes
    if taken and not taken.quality("application/json"):
        raise NotAcceptable


@bp.get("/openapi.json", provide_automatic_options=False)
def openapi() -> Response:
    pace.slow_down(pace.PROGRAMS, f"address {pace.address()}")
    return _answer(document(), is_public=True)


def _begin(resource: Resource) -> Asked:
    """Hold the caller to the pace and the scope; what is asked begins with whose records."""
    known = callers.caller() if resource.scope else None
    who = f"token {known.token_id}" if known else f"address {pace.address()}"
    pace.slow_down(pace.PROGRAMS, who)
    if resource.scope is None:
        return Asked()
    known = callers.check(known, resource.scope)
    callers.note_use(known)
    return Asked(programme_id=known.programme_id)


def _list(resource: Resource) -> Response:
    asked = replace(
        _begin(resource),
        limit=_whole("limit", USUAL, least=1, most=MOST),
        after=_whole("after", 0, least=0),
        **_narrowed(resource),
    )
    found = resource.read(replace(asked, limit=asked.limit + 1))
    items = [resource.shown(record) for record in found[: asked.limit]]
    following = _following(resource, items, asked) if len(found) > asked.limit else None
    answer = _answer({"items": items, "next": following}, is_public=resource.scope is None)
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _one(resource: Resource, id: int) -> Response:
    asked = replace(_begin(resource), only=id)
    found = resource.read(asked) if id <= LARGEST else ()
    if not found:
        raise NotFound
    return _answer(resource.shown(found[0]), is_public=resource.scope is None)


def _following(resource: Resource, items: list[dict[str, Any]], asked: Asked) -> str:
    """The address of the records after these, with the same filters."""
    names = {one.name for one in resource.filters} & set(request.args)
    kept: dict[str, Any] = {name: request.args[name] for name in sorted(names)}
    after = items[-1][resource.id_name]
    return url_for(f".{resource.name}", **kept, after=after, limit=asked.limit)


def _whole(name: str, otherwise: int, *, least: int, most: int = LARGEST) -> int:
    text = request.args.get(name)
    if text is None:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise BadRequest(f"{name}: a whole number from {least} to {most}.")
    return int(text)


def _narrowed(resource: Resource) -> dict[str, Any]:
    """The filters that the address names, as Asked has them."""
    named = {one.name for one in resource.filters} & set(request.args)
    found: dict[str, Any] = {}
    if "quarter" in named:
        found["quarter"] = _quarter(request.args["quarter"])
    if "partnership" in named:
        found["partnership"] = _whole("partnership", 0, least=1)
    return found


def _quarter(text: str) -> Quarter:
    try:
        quarter = Quarter.named(text)
    except ValueError:
        quarter = None
    if quarter is None or not 2000 <= quarter.year < 2100:
        raise BadRequest("quarter: write it like 2026-27 Q1.")
    return quarter


def _answer(body: dict[str, Any], *, is_public: bool) -> Response:
    """A body as JSON with its ETag; without the body (304) for whoever has the same already."""
    answer = Response(json.dumps(body), content_type="application/json")
    if is_public:
        answer.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    else:
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.headers["Vary"] = "Authorization"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _register(resource: Resource) -> None:
    def listed() -> Response:
        return _list(resource)

    def single(id: int) -> Response:
        return _one(resource, id)

    name, one = resource.name, resource.one
    bp.add_url_rule(f"/{name}", name, listed, provide_automatic_options=False)
    bp.add_url_rule(f"/{name}/<int:id>", one, single, provide_automatic_options=False)


for each in RESOURCES:
    _register(each)
