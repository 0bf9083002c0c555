"""Questions about needs, from what the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, lazyload

from broker import clock
from broker.clock import LONDON
from broker.db import db
from broker.models.authority import Authority
from broker.models.match import Conversation, Match, Suggestion
from broker.models.need import Need, NeedState, NeedTheme
from broker.models.offer import Offer
from broker.models.person import Person
from broker.models.programme import Choice, Programme, Theme
from broker.models.readiness import ReadinessCheck
from broker.permissions import (
    RECEIVING,
    coordinator_of_the_region,
    director_of_the_receiver,
    lead_of_the_receiver,
)
from broker.sights import needs_seen_by

OFFERS_BY_TITLE = joinedload(Suggestion.offer).selectinload(Offer.current).lazyload("*")
ORDERS = {
    "newest": ("Newest first", Need.id.desc()),
    "waiting": ("Longest in this state first", Need.state_since),
    "start": ("Earliest start first", Need.first_quarter),
}


@dataclass(frozen=True)
class Wanted:
    """What a list is searched for, filtered and sorted by."""

    words: str = ""
    state: NeedState | None = None
    theme_id: int | None = None
    order: str = "newest"


def needs_visible_to(person: Person | None) -> Select[Need]:
    return select(Need).where(needs_seen_by(person))


def listed(person: Person, wanted: Wanted) -> list[Need]:
    """The needs the person may see; every word must stand in the title or the authority's name."""
    scope = needs_visible_to(person).order_by(ORDERS[wanted.order][1], Need.id.desc())
    if wanted.state is not None:
        scope = scope.where(Need.state == wanted.state)
    if wanted.theme_id is not None:
        about = select(NeedTheme.need_id).where(NeedTheme.theme_id == wanted.theme_id)
        scope = scope.where(Need.id.in_(about))
    terms = wanted.words.casefold().split()
    found = db.session.scalars(scope).unique()
    return [need for need in found if all(term in _text(need) for term in terms)]


def _text(need: Need) -> str:
    return f"{need.title} {need.receiver.name}".casefold()


def age_in_words(need: Need) -> str:
    """How long it has been in its state: 'today', 'for 1 day', 'for 12 days'."""
    days = (clock.today() - need.state_since.astimezone(LONDON).date()).days
    if days < 1:
        return "today"
    return f"for {days} {'day' if days == 1 else 'days'}"


def is_inside(person: Person, need: Need) -> bool:
    """Of its own authority, or coordinator of its region: may see what was said about it."""
    tests = (director_of_the_receiver, lead_of_the_receiver, coordinator_of_the_region)
    return any(test(person, need) for test in tests)


def is_own(person: Person, need: Need) -> bool:
    return person.at(need.receiver_id, *RECEIVING) is not None


@dataclass(frozen=True)
class Around:
    """What stands around a need, for those inside."""

    suggestions: list[Suggestion]
    conversations: dict[int, Conversation]
    matches: list[Match]


def around(need: Need) -> Around:
    """Its suggestions, the conversations they led to (by suggestion), and its matches."""
    suggestions = (
        select(Suggestion)
        .filter_by(need_id=need.id)
        .order_by(Suggestion.id)
        .options(lazyload(Suggestion.need), OFFERS_BY_TITLE)
    )
    talks = select(Conversation).filter_by(need_id=need.id).options(lazyload(Conversation.need))
    matches = select(Match).filter_by(need_id=need.id).order_by(Match.id)
    return Around(
        suggestions=list(db.session.scalars(suggestions).unique()),
        conversations={
            talk.suggestion_id: talk
            for talk in db.session.scalars(talks.options(lazyload(Conversation.offer))).unique()
        },
        matches=list(db.session.scalars(matches.options(lazyload(Match.need))).unique()),
    )


def readiness_of(need: Need) -> list[ReadinessCheck]:
    """Its readiness checks, the latest first."""
    checks = select(ReadinessCheck).filter_by(need_id=need.id)
    return list(db.session.scalars(checks.order_by(ReadinessCheck.id.desc())))


def receiving_authorities(person: Person) -> list[Authority]:
    """The authorities for which the person may describe a need or ask."""
    held = {m.authority_id: m.authority for m in person.holding(*RECEIVING) if m.authority}
    return sorted(held.values(), key=lambda authority: authority.name)


def others(receiver: Authority) -> list[Authority]:
    """Every other authority, by name."""
    wanted = select(Authority).where(Authority.id != receiver.id).order_by(Authority.name)
    return list(db.session.scalars(wanted))


def open_programmes() -> list[Programme]:
    today = clock.today()
    found = db.session.scalars(select(Programme).order_by(Programme.id))
    return [programme for programme in found if programme.is_open_on(today)]


def themes() -> list[Theme]:
    """The themes one can choose: those that stand under a heading."""
    wanted = select(Theme).where(Theme.parent_id.is_not(None), Theme.is_retired.is_(False))
    ordered = wanted.order_by(Theme.position, Theme.id).options(joinedload(Theme.parent))
    return list(db.session.scalars(ordered))


def choices(kind: str) -> list[Choice]:
    """The entries of an editable list that can be chosen now."""
    wanted = select(Choice).filter_by(kind=kind, is_retired=False)
    return list(db.session.scalars(wanted.order_by(Choice.position)))
