"""Returns: the list, a return built from its records, its words, its certified versions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.events import history_of
from broker.fields.typed import whole
from broker.models.return_ import Return, ReturnState, ReturnVersion
from broker.permissions import GIVING
from broker.returns import actions, checks, queries, sections, settling
from broker.returns.content import behind_in, figures_in, is_intact, words_in
from broker.returns.forms import CertifyForm, ReadForm, SectionForm, WordsForm
from broker.returns.quarters import quarter_numbered
from broker.returns.records import DAYS, Behind
from broker.taking import verbs_open_to
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
    ordinal = request.args.get("quarter", type=whole)
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
    provider_id = request.form.get("provider_id", type=whole)
    programme = web.find(queries.programmes(), request.form.get("programme_id", 0, type=whole))
    quarter = quarter_numbered(request.form.get("quarter", type=whole))
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
        shown=queries.shown(return_, g.person),
        due=queries.due_on(return_),
        can_write=queries.can(return_, "write", g.person),
        can_certify=queries.can(return_, "certify", g.person),
        checks=checks.checks_of(return_) if queries.is_being_made(return_) else [],
        is_ours=queries.is_ours(return_, g.person),
        spoken=queries.spoken_of(return_),
        certified_words=queries.certified_words(return_),
        events=history_of(return_),
    )


@bp.route("/returns/<int:id>/write", methods=["GET", "POST"])
@web.signed_in
def write(id: int) -> Page:
    return_ = _find(id)
    web.asked(return_, "write")
    form = WordsForm.about(return_)
    return web.settle(
        form,
        "returns/write.html",
        lambda: actions.write(return_, **form.words, by=g.person),
        said="Your words are kept.",
        show=url_for(".show", id=id),
        return_=return_,
        previous=queries.previous_of(return_),
        outcomes=queries.behind_now(return_).outcomes,
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
        shown=queries.shown(return_, g.person),
        checks=checks.checks_of(return_),
        due=due,
    )


@bp.route("/returns/<int:id>/about/<int:receiver_id>", methods=["GET", "POST"])
@web.signed_in
def about(id: int, receiver_id: int) -> Page:
    """Write what the return says of one receiver."""
    return_ = _find(id)
    web.asked(return_, "write")
    spoken = next((s for s in queries.spoken_of(return_) if s.receiver.id == receiver_id), None)
    if spoken is None:
        abort(404)
    form = SectionForm(words=spoken.section.words if spoken.section else "")
    return web.settle(
        form,
        "returns/about.html",
        lambda: sections.write(return_, spoken.receiver, words=form.words.data or "", by=g.person),
        said="Your words are kept. Show them to the receiver when all is written.",
        show=url_for(".show", id=id),
        return_=return_,
        spoken=spoken,
    )


@bp.post("/returns/<int:id>/show-sections")
@web.signed_in
def show_sections(id: int) -> Response:
    return_ = _find(id)
    web.asked(return_, "write")
    shown = sections.show(return_, by=g.person)
    flash(f"Shown to {shown} {'receiver' if shown == 1 else 'receivers'}.", "success")
    return redirect(url_for(".show", id=id))


@bp.route("/returns/sections/<int:id>", methods=["GET", "POST"])
@web.signed_in
def section(id: int) -> Page:
    """What a return says of a receiver: its provider looks, the receiver reads and answers."""
    found = web.find(queries.sections_visible_to(g.person), id)
    is_open = any(row.verb in ("read", "comment") for row in verbs_open_to(g.person, found))
    form = ReadForm(comment=found.comment)
    return web.settle(
        form,
        "returns/section.html",
        lambda: sections.read(found, comment=form.comment.data or "", by=g.person),
        said="Recorded: you have read it, and what you said goes with it.",
        show=url_for(".section", id=id),
        section=found,
        line=sections.line_of(found),
        is_open=is_open and queries.is_being_made(found.return_),
        events=history_of(found),
    )


@bp.post("/returns/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    deeds: dict[str, web.Deed] = {"hand_over": actions.hand_over}
    return web.press(_find(id), verb, deeds, show=url_for(".show", id=id))


@bp.get("/returns/<int:id>/records")
@web.signed_in
def records(id: int) -> str:
    """What stands behind a figure, as the records stand now."""
    return_ = _find(id)
    return _records_page(return_, queries.behind_now(return_), None)


@bp.get("/returns/<int:id>/versions/<int:number>/records")
@web.signed_in
def version_records(id: int, number: int) -> str:
    """What stood behind a figure of a certified version."""
    return_ = _find(id)
    version = queries.version_of(return_, number)
    if version is None:
        abort(404)
    kept = behind_in(version)
    return _records_page(return_, kept or queries.behind_now(return_), version if kept else None)


def _records_page(return_: Return, behind: Behind, version: ReturnVersion | None) -> str:
    what = request.args.get("what", "")
    return render(
        "returns/records.html",
        return_=return_,
        version=version,
        behind=behind,
        readable=queries.readable_offers(behind, g.person),
        whats=DAYS,
        what=what if what in DAYS else "",
        code=request.args.get("receiver", ""),
    )


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
        words=words_in(version.content),
        is_intact=is_intact(version),
        changes=queries.changes_in(version),
    )
