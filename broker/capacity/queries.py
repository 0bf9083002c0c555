"""Questions about capacity: what a provider's own people see, and the free days anybody may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import joinedload

from broker import clock, ledger
from broker.clock import Quarter
from broker.db import db
from broker.ledger import SUMS, Balance, Balances
from broker.models.authority import Authority
from broker.models.ledger import Backfill, Capacity, LedgerEntry
from broker.models.match import Match
from broker.models.partnership import PARTNERSHIPS_OPEN, Partnership
from broker.models.person import Person
from broker.models.programme import Programme
from broker.permissions import GIVING
from broker.sights import capacities_seen_by

QUARTERS_SHOWN = 8
Pair = tuple[int, int]


# -- free days, for anybody -------------------------------------------------------------------


@dataclass(frozen=True)
class FreeDays:
    """Free quarter-days of this and coming quarters: confirmed, and promised to nobody.

    `likely` are the quarters in which more days are likely; how many is for nobody to count on.
    """

    by_quarter: Mapping[Quarter, int] = field(default_factory=dict)
    likely: tuple[Quarter, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.by_quarter.values())

    @property
    def first(self) -> Quarter | None:
        """The first quarter with free days."""
        return min(self.by_quarter, default=None)


def free_days(pairs: Iterable[Pair]) -> dict[Pair, FreeDays]:
    """Free days of each (provider id, programme id), in two questions however many there are; none
    in a programme that is not open today."""
    wanted = sorted(set(pairs))
    places = select(Capacity.id, Capacity.provider_id, Capacity.programme_id).where(
        tuple_(Capacity.provider_id, Capacity.programme_id).in_(wanted),
        Capacity.programme.has(Programme.are_open_on(clock.today())),
    )
    pair_of = {row.id: (row.provider_id, row.programme_id) for row in db.session.execute(places)}
    balances = ledger.balances(pair_of)
    found = {pair: free_in(balances[id_]) for id_, pair in pair_of.items() if id_ in balances}
    return {pair: found.get(pair, FreeDays()) for pair in wanted}


def free_in(balances: Mapping[Quarter, Balance]) -> FreeDays:
    """Of one capacity's balances, what is free from this quarter on, in order."""
    now = clock.this_quarter()
    coming = sorted(quarter for quarter in balances if quarter >= now)
    return FreeDays(
        {q: balances[q].free for q in coming if balances[q].free > 0},
        tuple(q for q in coming if balances[q].indicated > 0),
    )


def free_under(programme: Programme, balances: Mapping[Quarter, Balance]) -> FreeDays:
    """As `free_in`; none where the programme is not open today."""
    return free_in(balances) if programme.is_open_on(clock.today()) else FreeDays()


def is_uncovered(provider_id: int, programme_id: int) -> bool:
    """The provider said that the work of those who give the days is not covered at home."""
    said = select(Capacity.backfill).filter_by(provider_id=provider_id, programme_id=programme_id)
    return db.session.scalar(said) is Backfill.NOT_SECURED


def bars(balances: Mapping[Quarter, Balance]) -> list[tuple[Quarter, dict[str, int]]]:
    """The coming quarters for a picture: the parts of each sum to its confirmed quarter-days."""
    shown = ((q, balances.get(q, Balance())) for q in clock.coming_quarters(QUARTERS_SHOWN))
    return [(quarter, _parts(balance)) for quarter, balance in shown]


def _parts(balance: Balance) -> dict[str, int]:
    """Delivered days beyond what the quarter commits used days of other quarters."""
    delivered = min(balance.delivered, balance.committed)
    return {
        "delivered": delivered,
        "committed": balance.committed - delivered,
        "reserved": balance.reserved,
        "free": balance.free,
    }


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
    def order(self) -> tuple[str, int]:
        return self.provider.name, self.programme.id

    @property
    def backfill_words(self) -> str:
        backfill = self.capacity.backfill if self.capacity else None
        return backfill.words if backfill else ""

    @property
    def text(self) -> str:
        """What a search looks in."""
        return f"{self.provider.name} {self.programme.name}".casefold()

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
            indicated=sum(row.indicated for row in rows),
        )


def places_of(person: Person) -> list[Place]:
    """Every programme open today, and every closed one with days in it, for each own authority;
    for a programme's managers, every provider that has said something of its days."""
    known = db.session.scalars(capacities_visible_to(person)).unique().all()
    balances = ledger.balances(c.id for c in known)
    own = {provider.id for provider in giving_authorities(person)}
    places = [_place(capacity, balances) for capacity in known]
    kept = [place for place in places if place.provider.id in own or place.balances]
    ordered = sorted([*kept, *_new_places(person, known)], key=lambda place: place.order)
    return sorted(ordered, key=lambda place: place.provider.id not in own)


def _place(capacity: Capacity, balances: Balances) -> Place:
    held = balances.get(capacity.id, {})
    return Place(capacity.provider, capacity.programme, capacity, held)


def _new_places(person: Person, known: Iterable[Capacity]) -> list[Place]:
    """The programmes open today in which an own authority has said nothing yet."""
    said, today = {(c.provider_id, c.programme_id) for c in known}, clock.today()
    open_now = [programme for programme in programmes() if programme.is_open_on(today)]
    return [
        Place(provider, programme, None, {})
        for provider in giving_authorities(person)
        for programme in open_now
        if (provider.id, programme.id) not in said
    ]


def giving_authority(person: Person, code: str) -> Authority | None:
    """One of the authorities for which the person sets out days, by its code."""
    return next((one for one in giving_authorities(person) if one.code == code), None)


def grid_of(person: Person, provider: Authority) -> list[Place]:
    """The rows of a provider's grid: the programmes open today."""
    today = clock.today()
    return [
        place
        for place in places_of(person)
        if place.provider.id == provider.id and place.programme.is_open_on(today)
    ]


def programmes() -> list[Programme]:
    return list(db.session.scalars(select(Programme).order_by(Programme.id)))


@dataclass(frozen=True)
class QuarterRow:
    """One quarter of one capacity, for the file to download."""

    place: Place
    quarter: Quarter
    balance: Balance

    @property
    def free(self) -> int:
        return 0 if self.quarter < clock.this_quarter() else self.balance.free

    @property
    def expired(self) -> int:
        """What was free of a quarter that is over."""
        return self.balance.free - self.free


def quarter_rows(places: Iterable[Place]) -> list[QuarterRow]:
    return [
        QuarterRow(place, quarter, place.balances[quarter])
        for place in places
        for quarter in sorted(place.balances)
    ]


@dataclass(frozen=True)
class Holding:
    """What one match holds of a capacity, by quarter, and the partnership that it became."""

    match: Match
    balances: Mapping[Quarter, Balance]
    partnership_id: int | None


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
    working = select(Partnership.match_id, Partnership.id).where(Partnership.match_id.in_(held))
    partnerships = {row.match_id: row.id for row in db.session.execute(working)}
    return [
        Holding(match, held[match.id], partnerships.get(match.id))
        for match in db.session.scalars(matches).unique()
    ]


def entries_visible_to(person: Person | None) -> Select[LedgerEntry]:
    seen = select(Capacity.id).where(capacities_seen_by(person))
    return select(LedgerEntry).where(LedgerEntry.capacity_id.in_(seen))


def entries_of(capacity: Capacity) -> list[LedgerEntry]:
    """Every entry of a capacity, newest first, with who made it and for which match."""
    entries = (
        select(LedgerEntry)
        .filter_by(capacity_id=capacity.id)
        .options(joinedload(LedgerEntry.event), joinedload(LedgerEntry.match))
        .order_by(LedgerEntry.id.desc())
    )
    return list(db.session.scalars(entries).unique())


def corrections_of(capacity: Capacity) -> dict[int, int]:
    """Of the entries that were put right: their ids → the ids of what puts them right."""
    rows = select(LedgerEntry.corrects_id, LedgerEntry.id).where(
        LedgerEntry.capacity_id == capacity.id, LedgerEntry.corrects_id.is_not(None)
    )
    return {wrong: right for wrong, right in db.session.execute(rows) if wrong is not None}


def corrected_by(entry: LedgerEntry) -> LedgerEntry | None:
    """The entry that takes another one back, if there is one."""
    return db.session.scalars(select(LedgerEntry).filter_by(corrects_id=entry.id)).one_or_none()


def is_at_work(match_id: int) -> bool:
    """Whether a match became a partnership that is live."""
    live = select(Partnership.id).where(
        Partnership.match_id == match_id, Partnership.state.in_(PARTNERSHIPS_OPEN)
    )
    return db.session.scalar(live) is not None
