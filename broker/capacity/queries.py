"""Questions about capacity: what a provider's own people see, and the free days anybody may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Select, select, tuple_

from broker import clock, ledger
from broker.clock import Quarter
from broker.db import db
from broker.ledger import SUMS, Balance
from broker.models.authority import Authority
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.match import Match
from broker.models.person import Person
from broker.models.programme import Programme
from broker.permissions import GIVING, capacities_seen_by

QUARTERS_SHOWN = 8
Pair = tuple[int, int]


# -- free days, for anybody -------------------------------------------------------------------


@dataclass(frozen=True)
class FreeDays:
    """Free quarter-days of this and coming quarters: confirmed, and promised to nobody."""

    by_quarter: Mapping[Quarter, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_quarter.values())

    @property
    def first(self) -> Quarter | None:
        """The first quarter with free days."""
        return min(self.by_quarter, default=None)


def free_days(pairs: Iterable[Pair]) -> dict[Pair, FreeDays]:
    """Free days of each (provider id, programme id), in two questions however many there are."""
    wanted = sorted(set(pairs))
    places = select(Capacity.id, Capacity.provider_id, Capacity.programme_id).where(
        tuple_(Capacity.provider_id, Capacity.programme_id).in_(wanted)
    )
    pair_of = {row.id: (row.provider_id, row.programme_id) for row in db.session.execute(places)}
    balances = ledger.balances(pair_of)
    found = {pair: free_in(balances[id_]) for id_, pair in pair_of.items() if id_ in balances}
    return {pair: found.get(pair, FreeDays()) for pair in wanted}


def free_in(balances: Mapping[Quarter, Balance]) -> FreeDays:
    """Of one capacity's balances, what is free from this quarter on, in order."""
    now = clock.this_quarter()
    coming = sorted(quarter for quarter in balances if quarter >= now)
    return FreeDays({q: balances[q].free for q in coming if balances[q].free > 0})


def bars(balances: Mapping[Quarter, Balance]) -> list[tuple[Quarter, dict[str, int]]]:
    """The coming quarters for a picture: the parts of each sum to its confirmed quarter-days."""
    shown = ((q, balances.get(q, Balance())) for q in clock.coming_quarters(QUARTERS_SHOWN))
    return [
        (q, {"committed": b.committed, "reserved": b.reserved, "free": b.free}) for q, b in shown
    ]


# -- for the provider's own people ------------------------------------------------------------


def giving_authorities(person: Person) -> list[Authority]:
    """The authorities for which the person publishes offers and confirms days, by name."""
    held = {m.authority_id: m.authority for m in person.holding(*GIVING) if m.authority}
    return sorted(held.values(), key=lambda authority: authority.name)


def capacities_visible_to(person: Person | None) -> Select[Capacity]:
    return select(Capacity).where(capacities_seen_by(person))


@dataclass(frozen=True)
class Place:
    """One programme in which an authority has, or could have, capacity."""

    provider: Authority
    programme: Programme
    capacity: Capacity | None
    balances: Mapping[Quarter, Balance]

    @property
    def free(self) -> FreeDays:
        return free_in(self.balances)

    def held_in(self, quarter: Quarter) -> Balance:
        return self.balances.get(quarter, Balance())

    @property
    def coming(self) -> Balance:
        """The sums over this and coming quarters."""
        now = clock.this_quarter()
        rows = [balance for quarter, balance in self.balances.items() if quarter >= now]
        return Balance(
            offered=sum(row.offered for row in rows),
            reserved=sum(row.reserved for row in rows),
            committed=sum(row.committed for row in rows),
            delivered=sum(row.delivered for row in rows),
        )


def places_of(person: Person) -> list[Place]:
    """Every programme open today, and every closed one with days in it, for each own authority."""
    known = db.session.scalars(capacities_visible_to(person)).unique().all()
    capacities = {(c.provider_id, c.programme_id): c for c in known}
    balances = ledger.balances(c.id for c in known)
    today = clock.today()
    places = []
    for provider in giving_authorities(person):
        for programme in programmes():
            capacity = capacities.get((provider.id, programme.id))
            if capacity is not None or programme.is_open_on(today):
                held = balances.get(capacity.id, {}) if capacity else {}
                places.append(Place(provider, programme, capacity, held))
    return places


def place_of(person: Person, authority_code: str, programme_code: str) -> Place | None:
    """One of the person's places, by the codes in its address."""
    return next(
        (
            place
            for place in places_of(person)
            if (place.provider.code, place.programme.code) == (authority_code, programme_code)
        ),
        None,
    )


def programmes() -> list[Programme]:
    return list(db.session.scalars(select(Programme).order_by(Programme.id)))


@dataclass(frozen=True)
class Holding:
    """What one match holds of a capacity, by quarter."""

    match: Match
    balances: Mapping[Quarter, Balance]


def holdings_of(capacity: Capacity) -> list[Holding]:
    """Who holds what of a capacity, the oldest match first."""
    rows = (
        select(LedgerEntry.match_id, LedgerEntry.quarter, *SUMS)
        .where(LedgerEntry.capacity_id == capacity.id, LedgerEntry.match_id.is_not(None))
        .group_by(LedgerEntry.match_id, LedgerEntry.quarter)
        .order_by(LedgerEntry.match_id, LedgerEntry.quarter)
    )
    held: dict[int, dict[Quarter, Balance]] = {}
    for match_id, quarter, *amounts in db.session.execute(rows):
        balance = Balance(*map(int, amounts))
        if match_id is not None and balance != Balance():
            held.setdefault(match_id, {})[quarter] = balance
    matches = select(Match).where(Match.id.in_(list(held))).order_by(Match.id)
    return [Holding(match, held[match.id]) for match in db.session.scalars(matches).unique()]
