"""Days by quarter from the ledger, who gives to whom, and how partnerships stand and go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from broker import clock
from broker.balances import Balance, balances_by
from broker.clock import LONDON, Quarter
from broker.dashboards.scope import capacities_counted, partnerships_counted
from broker.dashboards.seats import Chosen
from broker.db import db
from broker.health.facts import LOADS
from broker.health.queries import temperatures_of
from broker.health.temperature import Temperature
from broker.models.authority import Authority, Region
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.match import Match
from broker.models.need import Need
from broker.models.partnership import PARTNERSHIPS_OPEN, Partnership, PartnershipState
from broker.models.person import Person
from broker.returns.given import Days, given_between, total


@dataclass(frozen=True)
class Place:
    """An authority as the figures name it."""

    id: int
    code: str
    name: str
    region: str


def places() -> dict[int, Place]:
    rows = select(Authority.id, Authority.code, Authority.name, Region.name).join(Authority.region)
    return {row[0]: Place(*row) for row in db.session.execute(rows)}


@dataclass(frozen=True)
class Held:
    """Days of somebody (a quarter, a region, a provider), in quarter-days. `still`: committed and
    not given yet; `free`: of quarters that are not over."""

    name: str
    offered: int
    free: int
    reserved: int
    committed: int
    delivered: int
    code: str = ""

    @property
    def still(self) -> int:
        return max(0, self.committed - self.delivered)


Cells = Mapping[tuple[int, Quarter], Balance]  # by provider's id and quarter


def days_held(chosen: Chosen) -> Cells:
    """What the ledger says of the providers counted, in one question. A theme narrows nothing here:
    days that are free have none."""
    rows = balances_by(Capacity.provider_id, LedgerEntry.quarter)
    narrowed = rows.join(Capacity, Capacity.id == LedgerEntry.capacity_id).where(
        LedgerEntry.capacity_id.in_(capacities_counted(chosen)),
        LedgerEntry.quarter.between(chosen.first, chosen.last),
    )
    amounts: dict[tuple[int, Quarter], Balance] = {}
    for provider_id, quarter, kind, quarter_days in db.session.execute(narrowed):
        key = provider_id, quarter
        amounts[key] = amounts.get(key, Balance()).moved(kind, int(quarter_days))
    return amounts


def by_quarter(cells: Cells, chosen: Chosen) -> list[Held]:
    return [
        held_as(str(quarter), [(q, b) for (_, q), b in cells.items() if q == quarter])
        for quarter in chosen.quarters
    ]


def by_region(cells: Cells, known: Mapping[int, Place]) -> list[Held]:
    return _grouped(cells, lambda id_: (known[id_].region, ""))


def by_provider(cells: Cells, known: Mapping[int, Place]) -> list[Held]:
    return _grouped(cells, lambda id_: (known[id_].name, known[id_].code))


def _grouped(cells: Cells, named: Callable[[int], tuple[str, str]]) -> list[Held]:
    found: dict[tuple[str, str], list[tuple[Quarter, Balance]]] = defaultdict(list)
    for (provider_id, quarter), balance in cells.items():
        found[named(provider_id)].append((quarter, balance))
    return [held_as(name, found[name, code], code) for name, code in sorted(found)]


def held_as(name: str, some: Iterable[tuple[Quarter, Balance]], code: str = "") -> Held:
    every = list(some)
    now = clock.this_quarter()
    return Held(
        name=name,
        code=code,
        offered=sum(one.offered for _, one in every),
        free=sum(one.free for quarter, one in every if quarter >= now),
        reserved=sum(one.reserved for _, one in every),
        committed=sum(one.committed for _, one in every),
        delivered=sum(one.delivered for _, one in every),
    )


@dataclass(frozen=True)
class Giving:
    """One partnership that is counted: who gives to whom, its days in the quarters chosen, when
    its need was submitted and when its first day was."""

    id: int
    provider: Place
    receiver: Place
    state: PartnershipState
    is_in_span: bool
    days: Days
    submitted_on: date | None
    first_day: date | None

    @property
    def waited(self) -> int | None:
        """Days from the submitted need to the first day given; None: not yet, or given before it
        was written down here."""
        if self.submitted_on is None or self.first_day is None:
            return None
        days = (self.first_day - self.submitted_on).days
        return days if days >= 0 else None


def givings(person: Person, chosen: Chosen, known: Mapping[int, Place]) -> list[Giving]:
    """Every partnership counted, by its number; in two questions."""
    counted = partnerships_counted(person, chosen)
    first, last = chosen.first.first_day, chosen.last.last_day
    given = given_between(first, last, counted)
    rows = (
        select(
            Partnership.id,
            Partnership.provider_id,
            Partnership.receiver_id,
            Partnership.state,
            Partnership.opened_at,
            Partnership.ended_at,
            Need.submitted_at,
        )
        .join(Match, Match.id == Partnership.match_id)
        .join(Need, Need.id == Match.need_id)
        .where(counted)
        .order_by(Partnership.id)
    )
    nothing: tuple[date | None, Days] = None, Days()
    found = []
    for id_, provider, receiver, state, opened, ended, submitted in db.session.execute(rows):
        first_day, days = given.get(id_, nothing)
        lived = _day(opened) <= last and (ended is None or _day(ended) >= first)
        found.append(
            Giving(
                id=id_,
                provider=known[provider],
                receiver=known[receiver],
                state=state,
                is_in_span=lived or bool(days.delivered),
                days=days,
                submitted_on=_day(submitted) if submitted else None,
                first_day=first_day,
            )
        )
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


@dataclass(frozen=True)
class Flow:
    """What one (an authority or a region) gives another."""

    giver: Place
    receiver: Place
    partnerships: int
    days: Days


def pairs(every: Iterable[Giving]) -> list[Flow]:
    """Who gives to whom in the quarters chosen, those with most days first."""
    found: dict[tuple[int, int], list[Giving]] = defaultdict(list)
    for one in every:
        if one.is_in_span:
            found[one.provider.id, one.receiver.id].append(one)
    flows = [
        Flow(some[0].provider, some[0].receiver, len(some), total(one.days for one in some))
        for some in found.values()
    ]
    return sorted(flows, key=lambda f: (-f.days.counted, f.giver.name, f.receiver.name))


@dataclass(frozen=True)
class Between:
    """What the authorities of one region give those of another."""

    giving: str
    receiving: str
    partnerships: int
    days: Days


def between_regions(flows: Iterable[Flow]) -> list[Between]:
    found: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in flows:
        found[flow.giver.region, flow.receiver.region].append(flow)
    return [
        Between(*key, sum(f.partnerships for f in some), total(f.days for f in some))
        for key, some in sorted(found.items())
    ]


@dataclass(frozen=True)
class Shares:
    """What one authority gives and gets, in partnerships and days."""

    place: Place
    gives: int
    given: Days
    receives: int
    received: Days


def by_authority(flows: list[Flow]) -> list[Shares]:
    """Everybody who gives or receives, by name."""
    out: dict[Place, list[Flow]] = defaultdict(list)
    into: dict[Place, list[Flow]] = defaultdict(list)
    for flow in flows:
        out[flow.giver].append(flow)
        into[flow.receiver].append(flow)
    return [
        Shares(
            place,
            sum(flow.partnerships for flow in out[place]),
            total(flow.days for flow in out[place]),
            sum(flow.partnerships for flow in into[place]),
            total(flow.days for flow in into[place]),
        )
        for place in sorted({*out, *into}, key=lambda place: (place.name, place.id))
    ]


@dataclass(frozen=True)
class Phase:
    """Partnerships in one phase; how those that are under way go."""

    state: PartnershipState
    partnerships: int
    goes: Counter[Temperature]


def phases(every: Iterable[Giving]) -> list[Phase]:
    """As they stand today. How one that is over went is not asked here."""
    states = {one.id: one.state for one in every}
    going = [id_ for id_, state in states.items() if state in PARTNERSHIPS_OPEN]
    wanted = select(Partnership).where(Partnership.id.in_(going)).options(*LOADS)
    temperatures = temperatures_of(db.session.scalars(wanted).unique().all())
    counts = Counter(states.values())
    return [
        Phase(
            state,
            counts[state],
            Counter(found for id_, found in temperatures.items() if states[id_] is state),
        )
        for state in PartnershipState
        if counts[state]
    ]
