"""The programme manager's desk, freezing a quarter, and what a freeze holds."""

from __future__ import annotations

import io

from flask import Blueprint, abort, flash, g, redirect, send_file, url_for
from werkzeug.wrappers import Response

from broker import clock, web
from broker.clock import Quarter
from broker.errors import NotPossible
from broker.events import history_of
from broker.exports.columns import FROZEN_RETURNS
from broker.exports.download import as_csv
from broker.models.person import Role
from broker.models.programme import Programme
from broker.models.return_ import Freeze
from broker.packs.content import Pack, pack_now, pack_of
from broker.packs.writing import FORMATS, name_of, write_pack
from broker.programme import actions, queries
from broker.returns.actions import freeze as freeze_quarter
from broker.returns.freezing import preview
from broker.returns.quarters import quarter_numbered
from broker.returns.totals import rows_of, totals_of, versions_of
from broker.web import render

bp = Blueprint("programme", __name__)


@bp.get("/programme")
@web.only(Role.PROGRAMME_MANAGER)
def index() -> str:
    return render("programme/index.html", desk=queries.desk_of(g.person))


def _programme_and_quarter(programme_id: int, ordinal: int) -> tuple[Programme, Quarter]:
    programme = web.find(queries.programmes_managed_by(g.person), programme_id)
    quarter = quarter_numbered(ordinal)
    if quarter is None:
        abort(404)
    return programme, quarter


@bp.get("/programme/<int:programme_id>/<int:quarter>/freeze")
@web.only(Role.PROGRAMME_MANAGER)
def freeze(programme_id: int, quarter: int) -> str:
    """Count and list of what would be frozen, before it is."""
    programme, named = _programme_and_quarter(programme_id, quarter)
    taken = preview(programme, named)
    if taken.why_not:
        raise NotPossible(taken.why_not)
    return render("programme/freeze.html", programme=programme, quarter=named, taken=taken)


@bp.post("/programme/<int:programme_id>/<int:quarter>/freeze")
@web.only(Role.PROGRAMME_MANAGER)
def do_freeze(programme_id: int, quarter: int) -> Response:
    programme, named = _programme_and_quarter(programme_id, quarter)
    frozen = freeze_quarter(programme=programme, quarter=named, by=g.person)
    flash(f"Frozen: {frozen.title}.", "success")
    return redirect(url_for(".frozen", id=frozen.id))


@bp.get("/programme/<int:programme_id>/<int:quarter>/pack.<ending>")
@web.only(Role.PROGRAMME_MANAGER)
def pack(programme_id: int, quarter: int, ending: str) -> Response:
    """The return pack as the records stand now."""
    programme, named = _programme_and_quarter(programme_id, quarter)
    if named > clock.this_quarter():
        raise NotPossible(f"{named} has not begun.")
    return _sent(pack_now(programme, named), ending)


def _sent(made: Pack, ending: str) -> Response:
    if ending not in FORMATS:
        abort(404)
    written = io.BytesIO()
    write_pack(made, ending, written)
    written.seek(0)
    return send_file(written, as_attachment=True, download_name=f"{name_of(made)}.{ending}")


def _find(freeze_id: int) -> Freeze:
    return web.find(queries.freezes_with_versions(g.person), freeze_id)


@bp.get("/programme/freezes/<int:id>")
@web.signed_in
def frozen(id: int) -> str:
    found = _find(id)
    return render(
        "programme/frozen.html",
        freeze=found,
        totals=totals_of(found),
        versions=versions_of(found),
        events=history_of(found),
    )


@bp.get("/programme/freezes/<int:id>.csv")
@web.signed_in
def download(id: int) -> Response:
    actions.note_download(_find(id), by=g.person)
    found = _find(id)
    name = f"{found.programme.code}-{str(found.quarter).replace(' ', '-')}-returns"
    return as_csv(FROZEN_RETURNS, rows_of(found), name=name)


@bp.get("/programme/freezes/<int:id>/pack.<ending>")
@web.signed_in
def frozen_pack(id: int, ending: str) -> Response:
    """The return pack as it was frozen."""
    actions.note_download(_find(id), by=g.person)
    return _sent(pack_of(_find(id)), ending)
