"""For those who run the exchange, and their tools."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify

from broker.operations import measures, state

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
