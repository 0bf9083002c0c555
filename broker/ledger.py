"""The days ledger: the only writer of its entries, and the only source of figures in days.

All amounts are whole quarter-days. Free = (offer - retract) - (reserve - unreserve) -
(commit - uncommit). Free days of a quarter that is over have expired. Before anything is counted
for a decision, the one capacity row of that provider and programme is locked, and the sum comes in
a second statement; so two people racing for the last days cannot both have them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from broker import clock
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.errors import NotPossible
from broker.models.event import Event
from broker.models.ledger import Capacity, EntryKind, LedgerEntry
from broker.models.match import Match
from broker.models.partnership import Partnership, SupportDay
from broker.models.programme import Programme

K = EntryKind


@dataclass(frozen=True)
class Balance:
    """Quarter-days of one quarter."""

    offered: int = 0
    reserved: int = 0
    committed: int = 0
    delivered: int = 0

    @property
    def free(self) -> int:
        return self.offered - self.reserved - self.committed


def capacity_of(provider_id: int, programme: Programme) -> Capacity:
    """The capacity row of a provider in a programme, made on first use (by one of two racers)."""
    values = {
        "provider_id": provider_id,
        "programme_id": programme.id,
        "at_once": programme.policy.partnerships_at_once,
    }
    dialect = db.engine.dialect.name
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Capacity)
    db.session.execute(insert.values(**values).on_conflict_do_nothing())
    found = select(Capacity).filter_by(provider_id=provider_id, programme_id=programme.id)
    return db.session.scalars(found).one()


def lock(capacity_ids: Iterable[int]) -> list[Capacity]:
    """Hold the capacity rows, in id order, until the transaction ends."""
    rows = (
        select(Capacity)
        .where(Capacity.id.in_(list(capacity_ids)))
        .order_by(Capacity.id)
        .with_for_update(of=Capacity)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(rows))


def _locked_for(match: Match) -> Capacity:
    """The capacity row that a match's days come from, held until the transaction ends."""
    capacity = capacity_of(match.provider_id, match.programme)
    [capacity] = lock([capacity.id])
    return capacity


def _net(plus: EntryKind, minus: EntryKind) -> ColumnElement[int]:
    sign = case((LedgerEntry.kind == plus, 1), (LedgerEntry.kind == minus, -1), else_=0)
    return func.coalesce(func.sum(sign * LedgerEntry.quarter_days), 0)


SUMS = (
    _net(K.OFFER, K.RETRACT).label("offered"),
    _net(K.RESERVE, K.UNRESERVE).label("reserved"),
    _net(K.COMMIT, K.UNCOMMIT).label("committed"),
    _net(K.DELIVER, K.VOID).label("delivered"),
)

Balances = dict[int, dict[Quarter, Balance]]


def balances(capacity_ids: Iterable[int]) -> Balances:
    """The balance of every quarter with entries, for many capacities in one question."""
    rows = (
        select(LedgerEntry.capacity_id, LedgerEntry.quarter, *SUMS)
        .where(LedgerEntry.capacity_id.in_(list(capacity_ids)))
        .group_by(LedgerEntry.capacity_id, LedgerEntry.quarter)
    )
    found: Balances = defaultdict(dict)
    for capacity_id, quarter, *amounts in db.session.execute(rows):
        found[capacity_id][quarter] = Balance(*map(int, amounts))
    return found


def balances_of_match(match_id: int) -> dict[Quarter, Balance]:
    """What one match reserves, has committed and has been given, by quarter."""
    rows = (
        select(LedgerEntry.quarter, *SUMS)
        .where(LedgerEntry.match_id == match_id)
        .group_by(LedgerEntry.quarter)
        .order_by(LedgerEntry.quarter)
    )
    return {quarter: Balance(*map(int, a)) for quarter, *a in db.session.execute(rows)}


def partnerships_of(capacity_ids: Iterable[int]) -> dict[int, dict[Quarter, set[int]]]:
    """Which matches hold days of each capacity in each quarter."""
    held = _net(K.RESERVE, K.UNRESERVE) + _net(K.COMMIT, K.UNCOMMIT)
    rows = (
        select(LedgerEntry.capacity_id, LedgerEntry.quarter, LedgerEntry.match_id)
        .where(LedgerEntry.capacity_id.in_(list(capacity_ids)), LedgerEntry.match_id.is_not(None))
        .group_by(LedgerEntry.capacity_id, LedgerEntry.quarter, LedgerEntry.match_id)
        .having(held > 0)
    )
    found: dict[int, dict[Quarter, set[int]]] = defaultdict(lambda: defaultdict(set))
    for capacity_id, quarter, match_id in db.session.execute(rows):
        if match_id is not None:
            found[capacity_id][quarter].add(match_id)
    return found


def held_for_needs(need_ids: Iterable[int]) -> Counter[int]:
    """Quarter-days that matches hold for each need, reserved and committed together."""
    held = _net(K.RESERVE, K.UNRESERVE) + _net(K.COMMIT, K.UNCOMMIT)
    rows = (
        select(Match.need_id, held)
        .join(LedgerEntry, LedgerEntry.match_id == Match.id)
        .where(Match.need_id.in_(list(need_ids)))
        .group_by(Match.need_id)
    )
    return Counter({need_id: int(days) for need_id, days in db.session.execute(rows)})


def _write(
    capacity: Capacity,
    quarter: Quarter,
    kind: EntryKind,
    quarter_days: int,
    event: Event,
    *,
    match_id: int | None = None,
    support_day_id: int | None = None,
) -> None:
    db.session.add(
        LedgerEntry(
            capacity_id=capacity.id,
            quarter=quarter,
            kind=kind,
            quarter_days=quarter_days,
            event_id=event.id,
            match_id=match_id,
            support_day_id=support_day_id,
        )
    )


def set_confirmed(capacity: Capacity, wanted: Mapping[Quarter, int], event: Event) -> None:
    """Make the confirmed days of each quarter what is wanted, by offering or retracting.

    NotPossible when a quarter would fall below what is already reserved and committed in it.
    """
    lock([capacity.id])
    now = balances([capacity.id]).get(capacity.id, {})
    for quarter, quarter_days in sorted(wanted.items()):
        balance = now.get(quarter, Balance())
        held = balance.reserved + balance.committed
        if quarter_days < held:
            raise NotPossible(
                f"{format_days(held)} of {quarter} are already promised, so the confirmed days "
                f"cannot go below that."
            )
        if change := quarter_days - balance.offered:
            kind = K.OFFER if change > 0 else K.RETRACT
            _write(capacity, quarter, kind, abs(change), event)
    db.session.flush()


def reserve(match: Match, event: Event) -> None:
    """Hold a match's days for it. NotPossible, with what is left, when they are not free."""
    capacity = _locked_for(match)
    now = balances([capacity.id]).get(capacity.id, {})
    others = partnerships_of([capacity.id])[capacity.id]
    for row in match.days:
        free = now.get(row.quarter, Balance()).free
        if row.quarter < clock.this_quarter():
            raise NotPossible(f"{row.quarter} is over. Choose a later start.")
        if row.quarter_days > free:
            raise NotPossible(
                f"{match.provider.name} has {format_days(max(free, 0))} left in {row.quarter}; "
                f"this asks for {format_days(row.quarter_days)}. Agree fewer days or another start."
            )
        if len(others[row.quarter] - {match.id}) >= capacity.at_once:
            raise NotPossible(
                f"{match.provider.name} takes {capacity.at_once} partnerships at once and has "
                f"that many in {row.quarter}. Choose another start."
            )
        _write(capacity, row.quarter, K.RESERVE, row.quarter_days, event, match_id=match.id)
    db.session.flush()


def unreserve(match: Match, event: Event) -> None:
    """Give back whatever a match holds in reserve (nothing, when it holds nothing)."""
    capacity = _locked_for(match)
    for quarter, balance in balances_of_match(match.id).items():
        if balance.reserved:
            _write(capacity, quarter, K.UNRESERVE, balance.reserved, event, match_id=match.id)
    db.session.flush()


def commit(match: Match, event: Event) -> None:
    """Turn what is reserved for a match into committed days."""
    capacity = _locked_for(match)
    for quarter, balance in balances_of_match(match.id).items():
        if balance.reserved:
            _write(capacity, quarter, K.UNRESERVE, balance.reserved, event, match_id=match.id)
            _write(capacity, quarter, K.COMMIT, balance.reserved, event, match_id=match.id)
    db.session.flush()


def release(partnership: Partnership, event: Event) -> None:
    """Give back the committed days that a partnership did not use."""
    match = partnership.match
    capacity = _locked_for(match)
    held = balances_of_match(match.id)
    unused = sum(b.committed for b in held.values()) - sum(b.delivered for b in held.values())
    for quarter in sorted(held, reverse=True):
        if give_back := min(unused, held[quarter].committed):
            _write(capacity, quarter, K.UNCOMMIT, give_back, event, match_id=match.id)
            unused -= give_back
    db.session.flush()


def deliver(day: SupportDay, event: Event) -> None:
    """Count a support day as given. NotPossible beyond the partnership's committed total."""
    match = day.partnership.match
    capacity = _locked_for(match)
    held = balances_of_match(match.id).values()
    left = sum(b.committed for b in held) - sum(b.delivered for b in held)
    if day.quarter_days > left:
        raise NotPossible(
            f"This partnership has {format_days(max(left, 0))} left of those approved, and this "
            f"would log {format_days(day.quarter_days)}. Check the days you typed."
        )
    _write_day(capacity, day, K.DELIVER, event)


def void(day: SupportDay, event: Event) -> None:
    """Take a support day out of the count again."""
    _write_day(_locked_for(day.partnership.match), day, K.VOID, event)


def _write_day(capacity: Capacity, day: SupportDay, kind: EntryKind, event: Event) -> None:
    _write(
        capacity,
        Quarter.of(day.given_on),
        kind,
        day.quarter_days,
        event,
        match_id=day.partnership.match_id,
        support_day_id=day.id,
    )
    db.session.flush()
