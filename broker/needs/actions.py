"""Verbs of needs: described in private, shared, submitted, checked, opened, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from broker import clock, outbox, people
from broker.clock import Quarter
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.authority import Authority
from broker.models.match import MATCHES_LIVE, Conversation, ConversationState, Match
from broker.models.need import (
    Need,
    NeedOrigin,
    NeedPartner,
    Priority,
    Shape,
    Wish,
)
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.models.signing import Signer
from broker.needs.terms import (
    WORDS,
    NeedTerms,
    changed,
    check,
    check_start,
    keep_anonymous,
    terms_of,
    write,
)
from broker.signing.actions import keep
from broker.system import the_system
from broker.taking import lock, may, start, take

__all__ = ["NeedTerms", "keep_anonymous"]

TALKS_UNFINISHED = (ConversationState.ASKED, ConversationState.ACCEPTED)
REASON_LENGTH = 1000
PARTNERS = "Authorities preferred or not wanted"


# -- how the days spread ----------------------------------------------------------------------


def days_by_quarter(need: Need | NeedTerms) -> dict[Quarter, int]:
    """The quarter-days wanted in each quarter. Their sum is the days wanted, exactly.

    Whole quarter-days, earlier quarters first where they do not divide; a quarter that would get
    none is left out.
    """
    weights = _weights(need.shape, need.quarters_wanted)
    shares = [need.days_wanted * weight // sum(weights) for weight in weights]
    for early in range(need.days_wanted - sum(shares)):
        shares[early] += 1
    quarters = ((need.first_quarter + ahead, share) for ahead, share in enumerate(shares))
    return {quarter: share for quarter, share in quarters if share}


def _weights(shape: Shape, quarters: int) -> list[int]:
    """Even: all alike. Tapering: 4 3 2 1. More at the start: 3 3 1 1."""
    if shape is Shape.EVEN:
        return [1] * quarters
    if shape is Shape.TAPERING:
        return list(range(quarters, 0, -1))
    return [3 if ahead * 2 < quarters else 1 for ahead in range(quarters)]


def spreads(need: Need) -> list[tuple[Shape, dict[Quarter, int]]]:
    """How its days would spread by each shape."""
    terms = terms_of(need)
    return [(shape, days_by_quarter(replace(terms, shape=shape))) for shape in Shape]


# -- describing -------------------------------------------------------------------------------


def describe(
    *,
    receiver: Authority,
    programme: Programme,
    terms: NeedTerms,
    by: Person,
    is_illustrative: bool = False,
    origin: NeedOrigin = NeedOrigin.OWN,
    follows: Need | None = None,
) -> Need:
    """Write down a need, private to its own authority."""
    check(terms, receiver)
    check_start(terms)
    need = Need(
        receiver_id=receiver.id,
        programme_id=programme.id,
        created_by_id=by.id,
        is_illustrative=is_illustrative,
        origin=origin,
        follows=follows,
    )
    with db.session.no_autoflush:
        write(need, terms)
    start(need, "describe", by=by, detail=f"Follows need {follows.id}" if follows else "")
    return need


def edit(need: Need, terms: NeedTerms, *, by: Person, programme: Programme | None = None) -> None:
    """Change what a need says while only its own authority and its coordinator know of it."""
    check(terms, need.receiver)
    words = [WORDS[name] for name in changed(terms_of(need), terms)]
    if terms.first_quarter != need.first_quarter:
        check_start(terms)
    if programme is not None and programme.id != need.programme_id:
        words.append("Programme")
    take(need, "edit", by=by, detail=", ".join(words))
    if programme is not None:
        need.programme = programme
    with db.session.no_autoflush:
        write(need, terms)
    db.session.flush()


def write_in(
    need: Need, answers: Mapping[str, Any], *, by: Person, programme: Programme | None = None
) -> None:
    """Save a page of the task list; `answers` are fields of NeedTerms. The same again: nothing."""
    lock(need)
    may(need, "edit", by=by)
    now = terms_of(need)
    wanted = replace(now, **answers)
    is_moved = programme is not None and programme.id != need.programme_id
    if changed(now, wanted) or is_moved:
        edit(need, wanted, by=by, programme=programme)


def speak_of(need: Need, partner: Authority, *, wish: Wish, reason: str, by: Person) -> None:
    """Say of a possible provider that it is preferred, known or not wanted, and why."""
    if partner.id == need.receiver_id:
        raise NotRight("This is your own authority. Choose another.", "partner")
    if len(reason.strip()) > REASON_LENGTH:
        raise NotRight(f"Keep this to {REASON_LENGTH:,} characters.", "reason")
    take(need, "edit", by=by, detail=PARTNERS)
    row = next((row for row in need.partners if row.authority_id == partner.id), None)
    if row is None:
        row = NeedPartner(authority=partner)
        need.partners.append(row)
    row.wish, row.reason = wish, reason.strip()
    db.session.flush()


def unsay(need: Need, partner_id: int, *, by: Person) -> None:
    """Take back what was said of a possible provider."""
    take(need, "edit", by=by, detail=PARTNERS)
    need.partners = [row for row in need.partners if row.id != partner_id]
    db.session.flush()


def follow_on(need: Need, *, by: Person) -> Need:
    """A private copy of a need, linked to it, that begins where it ends."""
    take(need, "follow_on", by=by)
    terms = terms_of(need)
    begins = max(need.last_quarter + 1, clock.this_quarter())
    kept = [row for row in need.themes if not row.theme.is_retired]
    copied = replace(
        terms,
        first_quarter=begins,
        themes=tuple(row.theme for row in kept),
        counterparts=tuple(row.counterpart for row in kept),
        choices=tuple(choice for choice in need.choices if not choice.is_retired),
    )
    made = describe(
        receiver=need.receiver,
        programme=need.programme,
        terms=copied,
        by=by,
        is_illustrative=need.is_illustrative,
        origin=need.origin,
        follows=need,
    )
    for row in need.partners:
        made.partners.append(NeedPartner(authority=row.authority, wish=row.wish, reason=row.reason))
    db.session.flush()
    return made


def set_priority(need: Need, priority: Priority, *, because: str, by: Person) -> None:
    """The coordinator ranks a need for the region's rounds, and says why."""
    take(need, "set_priority", by=by, reason=because, detail=priority.words)
    need.priority, need.priority_because = priority, because.strip()
    db.session.flush()


# -- moving on --------------------------------------------------------------------------------


def submit(need: Need, *, by: Person, reason: str = "") -> None:
    """The director's sign-off, or a lead's press while it stands: the region sees the need."""
    take(need, "submit", by=by, reason=reason)
    if need.first_quarter < clock.this_quarter():
        raise NotPossible(f"{need.first_quarter} is over. Change the first quarter, then submit.")
    need.submitted_at = clock.now()
    if by.at(need.receiver_id, Role.DIRECTOR):
        keep(need, Signer.DIRECTOR, by=by)
    db.session.flush()


def grow(need: Need, *, by: Person, reason: str = "") -> None:
    """Take a small ask back to add to it. Its coordinator goes on reading it; talks go on; it is
    signed off and submitted again, as the larger need that it has become."""
    take(need, "grow", by=by, reason=reason)
    need.submitted_at = need.opened_at = None
    db.session.flush()


def send_back(need: Need, *, by: Person, reason: str = "") -> None:
    """Back to its authority, where it is private again."""
    take(need, "send_back", by=by, reason=reason)
    need.submitted_at = None
    db.session.flush()


def open_need(need: Need, *, by: Person, reason: str = "") -> None:
    """The coordinator opens it: the region's DfE lead and the programme's managers see it."""
    take(need, "open", by=by, reason=reason)
    need.opened_at = clock.now()
    db.session.flush()


def withdraw(need: Need, *, by: Person, reason: str = "") -> None:
    """Withdraw a need: what was asked about it lapses, live matches close with thanks."""
    take(need, "withdraw", by=by, reason=reason)
    live = select(Match).filter_by(need_id=need.id).where(Match.state.in_(MATCHES_LIVE))
    for match in db.session.scalars(live.order_by(Match.id)).unique().all():
        take(match, "close", by=the_system())
    talks = select(Conversation).filter_by(need_id=need.id).order_by(Conversation.id)
    unfinished = talks.where(Conversation.state.in_(TALKS_UNFINISHED))
    for conversation in db.session.scalars(unfinished).unique().all():
        _let_lapse(conversation)


def _let_lapse(conversation: Conversation) -> None:
    """End a conversation by the clock, and thank the provider, who need not answer any more."""
    event = take(conversation, "lapse", by=the_system())
    told = {p.id for p in people.receiving_side(conversation) + people.coordinators(conversation)}
    others = [person for person in people.providing_side(conversation) if person.id not in told]
    subject = f"{conversation.title}: not needed now, with thanks"
    outbox.tell(others, subject, about=conversation, event=event)


DEEDS = {
    "submit": submit,
    "grow": grow,
    "send_back": send_back,
    "open": open_need,
    "withdraw": withdraw,
}
