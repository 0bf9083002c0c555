"""From talking to approved: terms, agreement, decision."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from broker import clock, outbox, people, voting
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.ledger import held_for_needs
from broker.matches.terms import Terms, carry_forward, check, in_words, put_days, write
from broker.models.event import Event
from broker.models.match import (
    Agreement,
    Conversation,
    Match,
    MatchState,
    Side,
    Vote,
)
from broker.models.need import Need, NeedState
from broker.models.person import Person
from broker.needs.actions import days_by_quarter
from broker.partnerships.actions import open_for
from broker.partnerships.sides import side_of
from broker.system import the_system
from broker.taking import lock, may, start, take


def begin(conversation: Conversation, *, by: Person) -> Match:
    """Start a match's terms from what the need wants and the offer can give."""
    need, offer = conversation.need, conversation.offer
    version = offer.current
    match = Match(
        conversation_id=conversation.id,
        need_id=need.id,
        offer_version_id=version.id,
        receiver_id=conversation.receiver_id,
        provider_id=conversation.provider_id,
        programme_id=offer.programme_on(clock.today(), first=need.programme).id,
        origin=conversation.suggestion.origin,
        originated_by_id=conversation.suggestion.made_by_id,
        points=conversation.suggestion.points,
        reasons=conversation.suggestion.reasons,
    )
    most = min(version.most, _days_left(need) or version.most)
    put_days(match, within(days_by_quarter(need), most))
    carry_forward(match, need, version)
    start(match, "talk", by=by)
    return match


def within(days: Mapping[Quarter, int], most: int) -> dict[Quarter, int]:
    """The days, cut to at most `most` quarter-days in all: earlier quarters are kept first."""
    kept: dict[Quarter, int] = {}
    for quarter in sorted(days):
        if room := min(days[quarter], most - sum(kept.values())):
            kept[quarter] = room
    return kept


def counter_offer(match: Match, terms: Terms, *, by: Person) -> Event:
    """Propose other terms; what was agreed before no longer counts."""
    lock(match)
    check(terms, match.offer_version.most)
    event = take(match, "counter_offer", by=by, detail=in_words(match))
    write(match, terms)
    _settle_programme(match)
    match.terms_number += 1
    db.session.flush()
    return event


def _settle_programme(match: Match) -> None:
    """Where its programme is closed by now and the offer is open to another, new terms are under
    that one."""
    today, offer = clock.today(), match.offer_version.offer
    if not match.programme.is_open_on(today):
        match.programme = offer.programme_on(today, first=match.need.programme)


def agree(match: Match, *, by: Person, reason: str = "") -> Event:
    """One director agrees; when both have, the days are reserved and rivals close with thanks."""
    lock(match.need)
    lock(match)
    may(match, "agree", by=by)
    side = side_of(match, by)
    if match.state is MatchState.TALKING:
        _check_open_to(match, side)
        match.agreements.append(
            Agreement(side=side, terms_number=match.terms_number, agreed_by_id=by.id)
        )
        db.session.flush()
    event = take(match, "agree", by=by, detail=in_words(match))
    if match.state is MatchState.AGREED:
        match.agreed_at = clock.now()
        outbox.remind(people.coordinators_across(match), "tell_other_region", about=match)
        _close_rivals(match)
    return event


def _check_open_to(match: Match, side: Side) -> None:
    if side in match.sides_agreed:
        raise NotPossible("Your side has agreed to these terms. The other side's director is next.")
    left, wanted = _days_left(match.need), match.need.days_wanted
    if not left:
        raise NotPossible(
            "Another match that both sides agreed covers this need. If it falls through, this one "
            "can be agreed."
        )
    if left < wanted and match.total_days > left:
        raise NotPossible(
            f"Another match covers part of this need, which still wants {format_days(left)}. "
            f"Propose terms of that many days or fewer."
        )


def _close_rivals(match: Match) -> None:
    """Others who talked about the same need are thanked; a remainder of days keeps it open."""
    if _days_left(match.need):
        return
    rivals = select(Match).where(
        Match.need_id == match.need_id,
        Match.id != match.id,
        Match.state == MatchState.TALKING,
    )
    for rival in db.session.scalars(rivals).unique():
        take(rival, "close", by=the_system())


def _days_left(need: Need) -> int:
    """Quarter-days of a need that no agreed or approved match holds; never below 0."""
    return max(need.days_wanted - held_for_needs([need.id])[need.id], 0)


def send_back(match: Match, *, by: Person, reason: str = "") -> Event:
    """Ask the two sides a question; both directors agree afresh, to new terms or to the same."""
    event = take(match, "send_back", by=by, reason=reason)
    match.terms_number += 1
    match.agreed_at = None
    db.session.flush()
    return event


def explain_one(match: Match, *, because: str, by: Person) -> Event:
    """Record why considering one provider was enough."""
    lock(match)
    because = because.strip()
    if not because:
        raise NotRight("Say why one provider was enough, in a sentence.", field="because")
    event = take(match, "explain_one", by=by, detail=because)
    match.only_one_because = because
    return event


def approve(match: Match, *, by: Person, reason: str = "") -> Event:
    """The receiving region approves: days are committed and the partnership opens."""
    lock(match.need)
    event = take(match, "approve", by=by, reason=reason)
    _after_approval(match)
    return event


def send_to_panel(match: Match, *, by: Person, reason: str = "") -> Event:
    event = take(match, "send_to_panel", by=by, reason=reason)
    match.sent_to_panel_at = clock.now()
    return event


def vote(match: Match, *, vote: Vote, reason: str, by: Person) -> Event:
    """A panel member votes or stands aside, once in a sitting; the last needed vote decides."""
    lock(match.need)
    event = voting.cast(match, vote, reason=reason, by=by)
    if match.state is MatchState.APPROVED:
        _after_approval(match)
    return event


def _after_approval(match: Match) -> None:
    """The partnership opens, and the need is matched, or part-matched where days are left."""
    system = the_system()
    open_for(match, by=system)
    if match.need.state not in (NeedState.OPEN, NeedState.PART_MATCHED):
        return
    verb = "part_match" if _days_left(match.need) else "match"
    take(match.need, verb, by=system)
