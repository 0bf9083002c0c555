"""Matches: terms, agreement, decision."""

from __future__ import annotations

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.conditions import why_panel
from broker.events import history_of
from broker.ledger import balances_of_match
from broker.matches import actions, queries
from broker.matches.forms import ReasonForm, TermsForm, VoteForm
from broker.models.match import Match, MatchState, Vote
from broker.models.person import Role
from broker.web import render

bp = Blueprint("matches", __name__)
DEEDS = {
    "agree": actions.agree,
    "approve": actions.approve,
    "send_back": actions.send_back,
    "send_to_panel": actions.send_to_panel,
}
Page = Response | str | tuple[str, int]


def _find(match_id: int) -> Match:
    return web.find(queries.matches_visible_to(g.person), match_id)


@bp.get("/matches")
@web.signed_in
def index() -> str:
    known = {state.value: state for state in MatchState}
    state = known.get(request.args.get("state", ""))
    words = web.searched()
    page = web.page_of(queries.listed(g.person, state=state, words=words))
    return render("matches/index.html", page=page, states=known, state=state, words=words)


@bp.get("/matches/<int:id>")
@web.signed_in
def show(id: int) -> str:
    match = queries.with_votes(_find(id))
    return render(
        "matches/show.html",
        match=match,
        held=balances_of_match(match.id),
        history=history_of(match),
        panel_because=why_panel(match),
        considered=queries.considered_for(match),
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, match)},
        waits=_why_buttons_wait(match),
        sees_as=queries.audience_of(g.person, match),
        shows_reasons=bool(queries.audience_of(g.person, match)),
        shows_votes=bool(g.person.holding(Role.PANEL, Role.COORDINATOR, Role.PROGRAMME_MANAGER)),
    )


def _why_buttons_wait(match: Match) -> list[str]:
    """What stands in the way of verbs the person has, said before they press."""
    rows = taking.verbs_open_to(g.person, match)
    said = ((row, taking.why_not(match, row)) for row in rows if row.verb in ("agree", "approve"))
    return [f"{row.label}: {words}" for row, words in said if words]


@bp.post("/matches/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, DEEDS, show=url_for(".show", id=id))


@bp.route("/matches/<int:id>/terms", methods=["GET", "POST"])
@web.signed_in
def terms(id: int) -> Page:
    match = _find(id)
    web.asked(match, "counter_offer")
    form = TermsForm.for_match(match)
    return web.settle(
        form,
        "matches/terms.html",
        lambda: actions.counter_offer(match, days=form.days, aims=form.words, by=g.person),
        said="The new terms are proposed. Both directors now agree to them afresh.",
        show=url_for(".show", id=id),
        match=match,
    )


@bp.route("/matches/<int:id>/one-provider", methods=["GET", "POST"])
@web.signed_in
def one_provider(id: int) -> Page:
    match = _find(id)
    web.asked(match, "explain_one")
    form = ReasonForm(because=match.only_one_because)
    return web.settle(
        form,
        "matches/one_provider.html",
        lambda: actions.explain_one(match, because=form.because.data or "", by=g.person),
        said="Your reason is recorded.",
        show=url_for(".show", id=id),
        match=match,
    )


@bp.route("/matches/<int:id>/panel", methods=["GET", "POST"])
@web.signed_in
def panel(id: int) -> Page:
    match = _find(id)
    web.asked(match, "vote")
    form = VoteForm()
    return web.settle(
        form,
        "matches/panel.html",
        lambda: actions.vote(
            match, vote=Vote(form.vote.data), reason=form.reason.data or "", by=g.person
        ),
        said="Your vote is recorded.",
        show=url_for(".show", id=id),
        match=match,
    )
