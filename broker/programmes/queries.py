"""Questions about programmes: which there are, who manages them, what is under way in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from broker import clock, ledger, region_sights
from broker.conditions import OPEN_NEEDS
from broker.db import db
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.match import Match, MatchState, Round, RoundState
from broker.models.need import Need
from broker.models.offer import Offer, OfferState, OfferVersion, offer_version_programme
from broker.models.partnership import PARTNERSHIPS_OPEN, Partnership
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme
from broker.models.return_ import RETURNS_OPEN, Return

ROUNDS_OPEN = (
    RoundState.QUEUED,
    RoundState.RUNNING,
    RoundState.INTERRUPTED,
    RoundState.SOLVED,
)


def programmes_visible_to(person: Person | None) -> Select[Programme]:
    return select(Programme).where(region_sights.programmes_seen_by(person))


def every(person: Person) -> list[Programme]:
    """Those that somebody sees, by name."""
    found = programmes_visible_to(person).order_by(func.lower(Programme.name), Programme.id)
    return list(db.session.scalars(found))


def managers_of(programmes: Iterable[Programme]) -> dict[int, list[Person]]:
    """Programme's id → who manages it today, by name."""
    found: dict[int, list[Person]] = {programme.id: [] for programme in programmes}
    held = select(Membership).join(Membership.person).options(joinedload(Membership.person))
    held = held.where(
        Membership.held_on(clock.today()),
        Membership.role == Role.PROGRAMME_MANAGER,
        Membership.programme_id.in_(found),
    )
    for one in db.session.scalars(held.order_by(Person.name, Person.id)).unique():
        found[one.programme_id or 0].append(one.person)
    return found


# -- what is under way ------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of record that can be under way: what it is called, and what happens to it once its
    programme is closed."""

    one: str
    many: str
    then: str
    counted: Select[int, int]  # programme's id, how many

    def words(self, count: int) -> str:
        return f"{count:,} {self.one if count == 1 else self.many}"


def _of(model: Any, state: ColumnElement[bool]) -> Select[int, int]:
    found: Select[int, int] = select(model.programme_id, func.count()).where(state)
    return found.group_by(model.programme_id)


def _offers() -> Select[int, int]:
    """Published offers by the programmes that their current version is open to."""
    place = offer_version_programme.c
    found: Select[int, int] = select(place.programme_id, func.count()).select_from(Offer)
    stands = (OfferVersion.offer_id == Offer.id) & (OfferVersion.number == Offer.number)
    found = found.join(OfferVersion, stands)
    found = found.join(offer_version_programme, place.version_id == OfferVersion.id)
    return found.where(Offer.state == OfferState.PUBLISHED).group_by(place.programme_id)


def _days_ahead() -> Select[int, int]:
    """Providers with confirmed days in a quarter after this one."""
    offered, *_ = ledger.SUMS
    ahead = (
        select(Capacity.programme_id, LedgerEntry.capacity_id)
        .join(Capacity, Capacity.id == LedgerEntry.capacity_id)
        .where(LedgerEntry.quarter > clock.this_quarter())
        .group_by(Capacity.programme_id, LedgerEntry.capacity_id)
        .having(offered.element > 0)
        .subquery()
    )
    return select(ahead.c.programme_id, func.count()).group_by(ahead.c.programme_id)


def kinds() -> tuple[Kind, ...]:
    talking = Match.state == MatchState.TALKING
    decided = Match.state.in_((MatchState.AGREED, MatchState.WITH_PANEL))
    return (
        Kind(
            "partnership",
            "partnerships",
            "Days, reviews and returns go on to the planned end. More days cannot be agreed.",
            _of(Partnership, Partnership.state.in_(PARTNERSHIPS_OPEN)),
        ),
        Kind(
            "match agreed by both sides",
            "matches agreed by both sides",
            "Approval goes on.",
            _of(Match, decided),
        ),
        Kind(
            "match that is talked about",
            "matches that are talked about",
            "Nothing can be agreed under this programme any more. Where the offer is open to "
            "another, new terms go on under that.",
            _of(Match, talking),
        ),
        Kind(
            "need that looks for help",
            "needs that look for help",
            "Help can still be agreed with offers that are open to another programme.",
            _of(Need, Need.state.in_(OPEN_NEEDS)),
        ),
        Kind(
            "published offer",
            "published offers",
            "Whatever is open to no other programme stays on the site, says that the programme is "
            "closed, and cannot be asked about.",
            _offers(),
        ),
        Kind(
            "round of the matcher",
            "rounds of the matcher",
            "No other round begins. What one suggests can be asked for where the offer is open to "
            "another programme.",
            _of(Round, Round.state.in_(ROUNDS_OPEN)),
        ),
        Kind(
            "provider with days in later quarters",
            "providers with days in later quarters",
            "Days that are free then are given to nobody.",
            _days_ahead(),
        ),
        Kind(
            "return that is being made",
            "returns that are being made",
            "All goes on as before, and later quarters ask for returns as long as days are given.",
            _of(Return, Return.state.in_(RETURNS_OPEN)),
        ),
    )


@dataclass(frozen=True)
class UnderWay:
    """How many of a kind are under way in a programme; never 0."""

    kind: Kind
    count: int

    @property
    def words(self) -> str:
        return self.kind.words(self.count)

    @property
    def then(self) -> str:
        return self.kind.then


def under_way(programme_ids: Collection[int]) -> dict[int, list[UnderWay]]:
    """Programme's id → what is under way in it; a question for each kind."""
    found: dict[int, list[UnderWay]] = {one: [] for one in programme_ids}
    for kind in kinds():
        for programme_id, count in db.session.execute(kind.counted):
            if programme_id in found:
                found[programme_id].append(UnderWay(kind, count))
    return found


def is_under_way(programme: Programme) -> bool:
    """Whether anything would be touched if it closed sooner."""
    return bool(under_way([programme.id])[programme.id])
