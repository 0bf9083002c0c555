"""For those who run the exchange, and their tools."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from broker import clock, heads, jobs, web
from broker.copies import keeping
from broker.exports.download import file_of
from broker.models.person import Role
from broker.models.work import Job, JobState
from broker.operations import measures, notices, state
from broker.operations.forms import NoticeForm

bp = Blueprint("operations", __name__)
log = logging.getLogger(__name__)
STATES = {state.value: state for state in JobState}


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
    return web.render(
        "operations/board.html",
        stands=state.stands(posts=posts),
        before=before,
        backups=keeping.standing(),
    )


@bp.post("/running/backups")
@web.only(Role.ADMINISTRATOR)
def back_up() -> AnyResponse:
    keeping.ask_for_one()
    log.info("backup: asked for by person %s", g.person.id)
    flash("The worker makes a backup now.", "success")
    return redirect(url_for(".board", _anchor="backups"))


@bp.get("/running/heads.csv")
@web.only(Role.ADMINISTRATOR)
def download_heads() -> Response:
    """The last event of every record by yesterday's end, to be kept elsewhere."""
    day = clock.now().astimezone(UTC).date() - timedelta(days=1)
    out = io.StringIO()
    csv.writer(out).writerows(heads.written(day))
    return file_of(out.getvalue(), name=f"heads-{day}.csv", content_type="text/csv; charset=utf-8")


@bp.get("/running/jobs")
@web.only(Role.ADMINISTRATOR)
def work() -> str:
    """Every job in the background, and what can be done about it."""
    state = STATES.get(request.args.get("state", ""))
    page = web.page_read(jobs.count(state), partial(jobs.some, state))
    return web.render("operations/jobs.html", page=page, states=STATES, jobs=jobs)


@bp.post("/running/jobs/<int:id>/again")
@web.only(Role.ADMINISTRATOR)
def begin_again(id: int) -> AnyResponse:
    return _done(id, jobs.begin_again, "It waits for the worker.")


@bp.post("/running/jobs/<int:id>/stop")
@web.only(Role.ADMINISTRATOR)
def stop(id: int) -> AnyResponse:
    return _done(id, jobs.stop, "It is stopped, or stops at its next step.")


def _done(job_id: int, do: Callable[[Job], None], said: str) -> AnyResponse:
    job = web.find(jobs.listed(), job_id)
    do(job)
    log.info("job %s: %s by person %s", job.id, do.__name__, g.person.id)
    flash(said, "success")
    return redirect(url_for(".work"))


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
