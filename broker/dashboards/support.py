"""Days by quarter from the ledger, who gives to whom, and how partnerships stand and go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from broker import clock
from broker.balances import Balance, balances_by
from broker.clock import LONDON, Quarter
from broker.dashboards.scope import capacities_counted, partnerships_counted
from broker.dashboards.seats import Chosen
from broker.db import db
from broker.health.queries import temperatures
from broker.health.temperature import Temperature
from broker.models.authority import Authority, Region
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.match import Match
from broker.models.need import Need
from broker.models.partnership import PARTNERSHIPS_OPEN, Partnership, PartnershipState
from broker.models.person import Person
from broker.returns.figures import were_live
from broker.returns.given import FIRST_DAY, Days, given_between, total


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
    """What the ledger says of the providers counted, in two questions. A theme narrows nothing
    here: days that are free have none."""
    counted = capacities_counted(chosen)
    provider = {row[0]: row[1] for row in db.session.execute(counted)}
    found: dict[tuple[int, Quarter], Balance] = {}
    for capacity_id, quarter, balance in balances_by(
        LedgerEntry.capacity_id,
        LedgerEntry.quarter,
        LedgerEntry.capacity_id.in_(counted.with_only_columns(Capacity.id)),
        LedgerEntry.quarter.between(chosen.first, chosen.last),
    ):
        key = provider[capacity_id], quarter
        found[key] = found[key] + balance if key in found else balance
    return found


def by_quarter(cells: Cells, chosen: Chosen) -> list[Held]:
    found: dict[int, list[tuple[Quarter, Balance]]] = defaultdict(list)
    for (_, quarter), balance in cells.items():
        found[quarter.ordinal].append((quarter, balance))
    return [held_as(str(quarter), found[quarter.ordinal]) for quarter in chosen.quarters]


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
    """One partnership that was live, or was given days, in the quarters chosen: who gives to whom,
    its days in these quarters, when its need was submitted and when its very first day was."""

    id: int
    provider: Place
    receiver: Place
    days: Days
    submitted_at: datetime | None
    first_day: date | None

    @property
    def waited(self) -> int | None:
        """Days from the submitted need to the first day given; None: not yet, or given before it
        was written down here."""
        if self.submitted_at is None or self.first_day is None:
            return None
        days = (self.first_day - self.submitted_at.astimezone(LONDON).date()).days
        return days if days >= 0 else None


def givings(person: Person, chosen: Chosen, known: Mapping[int, Place]) -> list[Giving]:
    """By partnership's number; in one question."""
    counted = partnerships_counted(person, chosen)
    given = given_between(chosen.first.first_day, chosen.last.last_day, counted)
    rows = (
        select(
            Partnership.id,
            Partnership.provider_id,
            Partnership.receiver_id,
            Need.submitted_at,
            FIRST_DAY,
            given.c.confirmed,
            given.c.unconfirmed,
            given.c.queried,
        )
        .join(Match, Match.id == Partnership.match_id)
        .join(Need, Need.id == Match.need_id)
        .outerjoin(given, given.c.partnership_id == Partnership.id)
        .where(
            counted,
            or_(were_live(chosen.first, chosen.last), given.c.partnership_id.is_not(None)),
        )
        .order_by(Partnership.id)
    )
    return [
        Giving(
            id=id_,
            provider=known[provider],
            receiver=known[receiver],
            days=Days(*(int(days or 0) for days in amounts)),
            submitted_at=submitted,
            first_day=first_day,
        )
        for id_, provider, receiver, submitted, first_day, *amounts in db.session.execute(rows)
    ]


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
    out: dict[int, list[Flow]] = defaultdict(list)
    into: dict[int, list[Flow]] = defaultdict(list)
    places: dict[int, Place] = {}
    for flow in flows:
        out[flow.giver.id].append(flow)
        into[flow.receiver.id].append(flow)
        places |= {flow.giver.id: flow.giver, flow.receiver.id: flow.receiver}
    return [
        Shares(
            place,
            sum(flow.partnerships for flow in out[place.id]),
            total(flow.days for flow in out[place.id]),
            sum(flow.partnerships for flow in into[place.id]),
            total(flow.days for flow in into[place.id]),
        )
        for place in sorted(places.values(), key=lambda place: (place.name, place.id))
    ]


@dataclass(frozen=True)
class Phase:
    """Partnerships in one phase; how those that are under way go."""

    state: PartnershipState
    partnerships: int
    goes: Counter[Temperature]


def phases(person: Person, chosen: Chosen) -> list[Phase]:
    """As they stand today. How one that is over went is not asked here."""
    counted = partnerships_counted(person, chosen)
    rows = select(Partnership.state, func.count()).where(counted).group_by(Partnership.state)
    counts = {row[0]: row[1] for row in db.session.execute(rows)}
    goes: dict[PartnershipState, Counter[Temperature]] = defaultdict(Counter)
    for state, temperature in temperatures(counted, Partnership.state.in_(PARTNERSHIPS_OPEN)):
        goes[state][temperature] += 1
    return [
        Phase(state, counts[state], goes[state]) for state in PartnershipState if state in counts
    ]
