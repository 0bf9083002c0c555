"""Matches: terms, agreement, decision."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.capacity.queries import is_uncovered
from broker.conditions import considered_for, why_panel
from broker.errors import NotAllowed, NotPossible
from broker.events import history_of
from broker.fields.typed import whole
from broker.ledger import balances_of_match
from broker.matches import actions, approving, queries
from broker.matches.forms import CounterForm, ReasonForm, SeveralForm, TermsForm, VoteForm
from broker.matches.papers import minutes_of, papers_of
from broker.models.match import Match, MatchState, Vote
from broker.models.person import Role
from broker.offers.queries import changed_since
from broker.permissions import GIVING, panel_member
from broker.stages import medians, stages_of_match
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
    approves = bool(g.person.holding(Role.COORDINATOR))
    return render(
        "matches/index.html", page=page, states=known, state=state, words=words, approves=approves
    )


@bp.get("/matches/approvals")
@web.only(Role.COORDINATOR)
def approvals() -> str:
    """What waits for this coordinator's approval, the longest wait first."""
    return render(
        "matches/approvals.html",
        page=web.page_of(approving.queue(g.person), size=40),
        medians=medians(approving.needs_in_regions_of(g.person)),
    )


@bp.route("/matches/approvals/several", methods=["GET", "POST"])
@web.only(Role.COORDINATOR)
def approve_several() -> Page:
    """Count and list first; then all of them or none, or those that still can be."""
    chosen = approving.chosen_from(g.person, request.values.getlist("match", type=whole))
    if not chosen:
        flash("Choose the matches to approve first.", "error")
        return redirect(url_for(".approvals"))
    form = SeveralForm()
    refused: list[approving.Refusal] = []
    if form.validate_on_submit():
        refused = approving.approve_several(chosen, is_all=form.is_all, by=g.person)
        if not (refused and form.is_all):
            return redirect(url_for(".approved", match=[one.id for one in chosen]))
        web.put_right(form, NotPossible("None was approved. Above is which, and why."))
    page = render("matches/approve_several.html", form=form, chosen=chosen, refused=refused)
    return page, 409 if refused else 422 if form.is_submitted() else 200


@bp.get("/matches/given-to-others")
@web.only(Role.COORDINATOR)
def given_to_others() -> str:
    """What the region's providers give in other regions; whom it helps is not named."""
    page = web.page_of(queries.given_to_others(g.person))
    return render("matches/given_to_others.html", page=page)


@bp.get("/matches/approvals/done")
@web.only(Role.COORDINATOR)
def approved() -> str:
    """What became of the matches that somebody chose to approve together."""
    known = approving.chosen_from(g.person, request.args.getlist("match", type=whole))
    return render("matches/approved.html", outcomes=approving.outcomes_of(known, g.person))


@bp.get("/matches/<int:id>")
@web.signed_in
def show(id: int) -> str:
    match = web.find(queries.shown_whole(g.person), id)
    return render(
        "matches/show.html",
        match=match,
        held=balances_of_match(match.id),
        history=history_of(match),
        panel_because=why_panel(match),
        is_uncovered=is_uncovered(match.provider_id, match.programme_id),
        considered=considered_for([match.need_id])[match.need_id],
        offer_changes=changed_since(match.offer_version),
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, match)},
        waits=_why_buttons_wait(match),
        sees_as=queries.audience_of(g.person, match),
        steps=stages_of_match(match, from_asking=bool(g.person.at(match.provider_id, *GIVING))),
        shows_reasons=bool(queries.audience_of(g.person, match)),
        shows_votes=_names_members(),
        reads_papers=_names_members() and match.sent_to_panel_at is not None,
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
        lambda: actions.counter_offer(match, form.terms, by=g.person),
        said="The new terms are proposed. Both directors now agree to them afresh.",
        show=url_for(".show", id=id),
        match=match,
    )


@bp.route("/matches/<int:id>/counter", methods=["GET", "POST"])
@web.signed_in
def counter(id: int) -> Page:
    """Fewer days or another start, in one step; the rest of the terms stays."""
    match = _find(id)
    web.asked(match, "counter_offer")
    form = CounterForm.for_match(match)
    return web.settle(
        form,
        "matches/counter.html",
        lambda: actions.counter_offer(match, form.terms(match), by=g.person),
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


@bp.get("/matches/<int:id>/papers")
@web.only(Role.PANEL, Role.COORDINATOR, Role.PROGRAMME_MANAGER)
def papers(id: int) -> str:
    """Everything for the panel on one page; not for members who stand aside because they belong."""
    match = _find(id)
    if g.person.holding(Role.PANEL) and panel_member(g.person, match) is None:
        raise NotAllowed(
            "You belong to one of the two authorities, or did in the last three years."
        )
    lines = [
        [line["criterion"].capitalize(), line["words"], f"{line['points']} of {line['most']}"]
        for line in match.reasons
        if "coordinator" in line["audience"]
    ]
    rows = {row.verb for row in taking.verbs_open_to(g.person, match)}
    return render(
        "matches/papers.html", papers=papers_of(match), lines=lines, can_vote="vote" in rows
    )


@bp.get("/matches/<int:id>/minutes")
@web.signed_in
def minutes(id: int) -> str:
    """What the panel decided and why; members' names are for those who oversee it."""
    match = web.find(queries.shown_whole(g.person), id)
    if match.sent_to_panel_at is None:
        raise NotPossible("This match has not been before the panel.")
    return render("matches/minutes.html", minutes=minutes_of(match), names_members=_names_members())


def _names_members() -> bool:
    return bool(g.person.holding(Role.PANEL, Role.COORDINATOR, Role.PROGRAMME_MANAGER))
