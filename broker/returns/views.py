"""Returns: the list, a return built from its records, its words, its certified versions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.events import history_of
from broker.models.return_ import Return, ReturnState
from broker.permissions import GIVING
from broker.returns import actions, queries, settling
from broker.returns.content import figures_in, is_intact
from broker.returns.forms import CertifyForm, WordsForm
from broker.returns.quarters import quarter_numbered
from broker.web import render

bp = Blueprint("returns", __name__)
Page = Response | str | tuple[str, int]
STATES = {state.value: state for state in ReturnState}


def _find(return_id: int) -> Return:
    return web.find(queries.returns_visible_to(g.person), return_id)


@bp.get("/returns")
@web.signed_in
def index() -> str:
    quarters = queries.quarters_of(g.person)
    ordinal = request.args.get("quarter", type=int)
    found = queries.listed(
        g.person,
        search=web.searched(),
        quarter=next((q for q in quarters if q.ordinal == ordinal), None),
        state=STATES.get(request.args.get("state", "")),
    )
    return render(
        "returns/index.html",
        page=web.page_of(found),
        quarters=quarters,
        states=STATES,
        startable=queries.startable_by(g.person),
        due_on=queries.due_on,
    )


@bp.post("/returns/start")
@web.signed_in
def start() -> Response:
    """Start a return of the person's own authority; the one there is, if it was started before."""
    provider_id = request.form.get("provider_id", type=int)
    programme = web.find(queries.programmes(), request.form.get("programme_id", 0, type=int))
    quarter = quarter_numbered(request.form.get("quarter", type=int))
    if provider_id is None or quarter is None or not g.person.at(provider_id, *GIVING):
        abort(404)
    started = actions.open_return(
        provider_id=provider_id, programme=programme, quarter=quarter, by=g.person
    )
    flash(f"The return for {started.quarter} is open.", "success")
    return redirect(url_for(".show", id=started.id))


@bp.get("/returns/<int:id>")
@web.signed_in
def show(id: int) -> str:
    return_ = _find(id)
    return render(
        "returns/show.html",
        return_=return_,
        shown=queries.shown(return_),
        due=queries.due_on(return_),
        can_write=queries.can(return_, "write", g.person),
        can_certify=queries.can(return_, "certify", g.person),
        events=history_of(return_),
    )


@bp.route("/returns/<int:id>/write", methods=["GET", "POST"])
@web.signed_in
def write(id: int) -> Page:
    return_ = _find(id)
    web.asked(return_, "write")
    form = WordsForm(obj=return_)
    return web.settle(
        form,
        "returns/write.html",
        lambda: actions.write(
            return_,
            outcomes=form.outcomes.data or "",
            priorities=form.priorities.data or "",
            by=g.person,
        ),
        said="Your words are kept.",
        show=url_for(".show", id=id),
        return_=return_,
        previous=queries.previous_of(return_),
    )


@bp.route("/returns/<int:id>/certify", methods=["GET", "POST"])
@web.signed_in
def certify(id: int) -> Page:
    return_ = _find(id)
    web.asked(return_, "certify")
    due = settling.due_in(return_)
    form = CertifyForm.about(due, settling.rooms(return_))
    return web.settle(
        form,
        "returns/certify.html",
        lambda: actions.certify(return_, choices=form.choices, by=g.person),
        said="Certified and submitted.",
        show=url_for(".show", id=id),
        return_=return_,
        shown=queries.shown(return_),
        due=due,
    )


@bp.post("/returns/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, show=url_for(".show", id=id))


@bp.get("/returns/<int:id>/versions/<int:number>")
@web.signed_in
def version(id: int, number: int) -> str:
    version = queries.version_of(_find(id), number)
    if version is None:
        abort(404)
    return render(
        "returns/version.html",
        version=version,
        figures=figures_in(version),
        is_intact=is_intact(version),
        changes=queries.changes_in(version),
    )
