"""For those who run the exchange, and their tools."""

from __future__ import annotations

import csv
import io
from datetime import UTC, timedelta

from flask import Blueprint, Response, abort, current_app, g, jsonify, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker import clock, heads, web
from broker.models.person import Role
from broker.operations import measures, notices, state
from broker.operations.forms import NoticeForm

bp = Blueprint("operations", __name__)


@bp.get("/health")
def health() -> tuple[Response, int]:
    """Alive: 200 with the schema's version when the database answers."""
    return jsonify(status="ok", schema=state.schema()), 200


@bp.get("/ready")
def ready() -> tuple[Response, int]:
    """200 when pages can be served; 503, with the reason in words, when not yet."""
    why = state.why_not_ready()
    return jsonify(status="not ready" if why else "ready", why=why), 503 if why else 200


@bp.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus."""
    if not measures.may_read():
        abort(404)
    return Response(measures.printed(), mimetype="text/plain; version=0.0.4")


@bp.get("/running")
@web.only(Role.ADMINISTRATOR)
def board() -> str:
    posts = current_app.config["SETTINGS"].mail is not None
    before = notices.taken_down(g.person)
    return web.render("operations/board.html", stands=state.stands(posts=posts), before=before)


@bp.get("/running/heads.csv")
@web.only(Role.ADMINISTRATOR)
def download_heads() -> Response:
    """The last event of every record by yesterday's end, to be kept elsewhere."""
    day = clock.now().astimezone(UTC).date() - timedelta(days=1)
    out = io.StringIO()
    csv.writer(out).writerows(heads.written(day))
    answer = Response(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=heads-{day}.csv"
    return answer


@bp.route("/running/notice", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def new() -> AnyResponse | str | tuple[str, int]:
    form = NoticeForm()
    return web.settle(
        form,
        "operations/new.html",
        lambda: notices.put_up(
            form.words.data, closes_writing=form.closes_writing.data, by=g.person
        ),
        said="It is up, on every page.",
        show=url_for(".board"),
    )


@bp.post("/running/notices/<int:id>/<verb:verb>")
@web.only(Role.ADMINISTRATOR)
def press(id: int, verb: str) -> AnyResponse:
    found = web.find(notices.notices_visible_to(g.person), id)
    return web.press(found, verb, show=url_for(".board"))
