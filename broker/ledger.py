"""The days ledger: the only writer of its entries. Its figures are summed in broker/balances.py.

All amounts are whole quarter-days. Free days of a quarter that is over have expired: they are of
no use to anybody, without an entry that says so (docs/adr/0010). Before anything is counted for a
decision, the one capacity row of that provider and programme is locked, and the sum comes in a
second statement; so two people racing for the last days cannot both have them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from broker import clock
from broker.balances import (
    SUMS,
    Balance,
    Balances,
    balances,
    balances_of_match,
    held_for_needs,
    nets,
    partnerships_of,
    undelivered,
)
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.errors import NotPossible
from broker.models.event import Event
from broker.models.ledger import COUNTERS, Capacity, EntryKind, LedgerEntry
from broker.models.match import Match
from broker.models.partnership import Partnership, SupportDay
from broker.models.programme import Programme

__all__ = [
    "SUMS",
    "Balance",
    "Balances",
    "balances",
    "balances_of_match",
    "held_for_needs",
    "partnerships_of",
    "undelivered",
]

K = EntryKind


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


def _write(
    capacity: Capacity,
    quarter: Quarter,
    kind: EntryKind,
    quarter_days: int,
    event: Event,
    *,
    match_id: int | None = None,
    support_day_id: int | None = None,
    corrects_id: int | None = None,
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
            corrects_id=corrects_id,
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


def set_indicated(capacity: Capacity, wanted: Mapping[Quarter, int], event: Event) -> None:
    """Make the likely days of each quarter what is wanted. Nobody can be promised any of them."""
    lock([capacity.id])
    now = balances([capacity.id]).get(capacity.id, {})
    for quarter, quarter_days in sorted(wanted.items()):
        if change := quarter_days - now.get(quarter, Balance()).indicated:
            kind = K.INDICATE if change > 0 else K.UNINDICATE
            _write(capacity, quarter, kind, abs(change), event)
    db.session.flush()


def firm_up(capacity: Capacity, quarters: Iterable[Quarter], event: Event) -> None:
    """Turn the likely days of some quarters into confirmed ones."""
    lock([capacity.id])
    now = balances([capacity.id]).get(capacity.id, {})
    for quarter in sorted(quarters):
        if likely := now.get(quarter, Balance()).indicated:
            _write(capacity, quarter, K.UNINDICATE, likely, event)
            _write(capacity, quarter, K.OFFER, likely, event)
    db.session.flush()


def reserve(match: Match, event: Event) -> None:
    """Hold a match's days for it. NotPossible, with what is left, when they are not free."""
    capacity = _locked_for(match)
    for row in match.days:
        if row.quarter < clock.this_quarter():
            raise NotPossible(f"{row.quarter} is over. Choose a later start.")
        _check_room(capacity, match, row.quarter, row.quarter_days)
        _write(capacity, row.quarter, K.RESERVE, row.quarter_days, event, match_id=match.id)
    db.session.flush()


def _check_room(capacity: Capacity, match: Match, quarter: Quarter, quarter_days: int) -> None:
    """NotPossible, with what is left, unless a quarter has the days and the room for a match."""
    name = match.provider.name
    free = balances([capacity.id]).get(capacity.id, {}).get(quarter, Balance()).free
    if quarter_days > free:
        raise NotPossible(
            f"{name} has {format_days(max(free, 0))} left in {quarter}; this asks for "
            f"{format_days(quarter_days)}. Agree fewer days or another quarter."
        )
    others = partnerships_of([capacity.id])[capacity.id][quarter] - {match.id}
    if len(others) >= capacity.at_once:
        raise NotPossible(
            f"{name} takes {capacity.at_once} partnerships at once and has that many in {quarter}. "
            f"Choose another quarter."
        )


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


def record(
    match: Match, given: Mapping[Quarter, int], to_come: Mapping[Quarter, int], event: Event
) -> None:
    """Commit the days of a match that was agreed elsewhere.

    Days that were given take what is free in their quarter; what is lacking there is offered with
    them, because it was given. NotPossible where a quarter to come has fewer free.
    """
    capacity = _locked_for(match)
    free = {q: b.free for q, b in balances([capacity.id]).get(capacity.id, {}).items()}
    for quarter, quarter_days in sorted(given.items()):
        if (lacking := quarter_days - free.get(quarter, 0)) > 0:
            _write(capacity, quarter, K.OFFER, lacking, event)
        _write(capacity, quarter, K.COMMIT, quarter_days, event, match_id=match.id)
    db.session.flush()
    for quarter, quarter_days in sorted(to_come.items()):
        _check_room(capacity, match, quarter, quarter_days)
        _write(capacity, quarter, K.COMMIT, quarter_days, event, match_id=match.id)
    db.session.flush()


def release(partnership: Partnership, event: Event) -> None:
    """Give back the committed days that a partnership did not use, the latest quarters' first."""
    _give_back(partnership.match, event)


def release_ahead(match: Match, event: Event) -> None:
    """Give back those of the quarters after this one."""
    _give_back(match, event, after=clock.this_quarter())


def _give_back(match: Match, event: Event, *, after: Quarter | None = None) -> None:
    capacity = _locked_for(match)
    held = balances_of_match(match.id)
    unused = sum(b.committed for b in held.values()) - sum(b.delivered for b in held.values())
    for quarter in sorted(held, reverse=True):
        spare = max(0, held[quarter].committed - held[quarter].delivered)
        is_wanted = after is None or quarter > after
        if is_wanted and (give_back := min(unused, spare)):
            _write(capacity, quarter, K.UNCOMMIT, give_back, event, match_id=match.id)
            unused -= give_back
    db.session.flush()


def release_from(match: Match, quarter: Quarter, event: Event) -> None:
    """Give back a match's committed days of one quarter that were given in none."""
    capacity = _locked_for(match)
    if unused := undelivered(balances_of_match(match.id), quarter):
        _write(capacity, quarter, K.UNCOMMIT, unused, event, match_id=match.id)
    db.session.flush()


def move(match: Match, source: Quarter, target: Quarter, quarter_days: int, event: Event) -> None:
    """Put a match's committed days into another quarter; the total stays what it was.

    NotPossible when fewer are left undelivered in the one, or free in the other.
    """
    capacity = _locked_for(match)
    held = balances_of_match(match.id).get(source, Balance())
    left = max(0, held.committed - held.delivered)
    if quarter_days > left:
        raise NotPossible(
            f"{format_days(left)} of {source} are committed and not delivered, so "
            f"{format_days(quarter_days)} cannot be moved from it."
        )
    _check_room(capacity, match, target, quarter_days)
    _write(capacity, source, K.UNCOMMIT, quarter_days, event, match_id=match.id)
    _write(capacity, target, K.COMMIT, quarter_days, event, match_id=match.id)
    db.session.flush()


def reserve_more(match: Match, days: Mapping[Quarter, int], event: Event) -> None:
    """Hold days on top of those of a match. NotPossible, with what is left, when not free."""
    _put(match, days, K.RESERVE, event)


def take_up(match: Match, days: Mapping[Quarter, int], event: Event) -> None:
    """Commit days to a match again, or more. NotPossible, with what is left, when not free."""
    _put(match, days, K.COMMIT, event)


def _put(match: Match, days: Mapping[Quarter, int], kind: EntryKind, event: Event) -> None:
    capacity = _locked_for(match)
    for quarter, quarter_days in sorted(days.items()):
        if quarter < clock.this_quarter():
            raise NotPossible(f"{quarter} is over. Choose a later quarter.")
        _check_room(capacity, match, quarter, quarter_days)
        _write(capacity, quarter, kind, quarter_days, event, match_id=match.id)
    db.session.flush()


def spread(match: Match, wanted: Mapping[Quarter, int], event: Event) -> None:
    """Make the committed days of some quarters (those that change) what is wanted; the caller has
    seen to it that the total does not rise. NotPossible where they are not free."""
    capacity = _locked_for(match)
    held = balances_of_match(match.id)
    changes = {q: days - held.get(q, Balance()).committed for q, days in wanted.items()}
    for quarter, change in sorted(changes.items(), key=lambda row: (row[1], row[0])):
        if change > 0:
            _check_room(capacity, match, quarter, change)
        kind = K.COMMIT if change > 0 else K.UNCOMMIT
        _write(capacity, quarter, kind, abs(change), event, match_id=match.id)
        db.session.flush()


def correct(entry: LedgerEntry, quarter_days: int, event: Event) -> None:
    """Put right an entry by another that takes `quarter_days` of it back. Both stay for good.

    NotPossible where it would leave a quarter with less than nothing.
    """
    [capacity] = lock([entry.capacity_id])
    kind, match_id = COUNTERS[entry.kind], entry.match_id
    _write(capacity, entry.quarter, kind, quarter_days, event,
           match_id=match_id, corrects_id=entry.id)  # fmt: skip
    db.session.flush()
    after = balances([capacity.id])[capacity.id][entry.quarter]
    of_match = balances_of_match(match_id).values() if match_id is not None else ()
    overdrawn = sum(b.delivered - b.committed for b in of_match) > 0
    if overdrawn or min(after.offered, after.committed, after.indicated, after.free) < 0:
        raise NotPossible(
            f"Taking back {format_days(quarter_days)} would leave less than nothing in "
            f"{entry.quarter}, because days of it are promised or given. Take back fewer."
        )


def hand_over(
    source: Capacity,
    target: Capacity,
    event: Event,
    *,
    match_ids: Collection[int],
    free: Mapping[Quarter, tuple[int, int]],
) -> None:
    """Give the days of some matches, and of each quarter some free and some likely days, to another
    capacity: by counter-entries here and the same entries there, so that every sum holds.
    """
    lock([source.id, target.id])
    for quarter, (spare, likely) in sorted(free.items()):
        _shift(source, target, quarter, (K.RETRACT, K.OFFER), spare, event)
        _shift(source, target, quarter, (K.UNINDICATE, K.INDICATE), likely, event)
    held = [row for row in _held_in(source) if row[0] in match_ids]
    for match_id, quarter, day_id, (undo, redo), quarter_days in held:
        ids = {"match_id": match_id, "support_day_id": day_id}
        _write(source, quarter, undo, quarter_days, event, **ids)
        if redo is not K.DELIVER:
            _shift(source, target, quarter, (K.RETRACT, K.OFFER), quarter_days, event)
        _write(target, quarter, redo, quarter_days, event, **ids)
    db.session.flush()


def _shift(
    source: Capacity,
    target: Capacity,
    quarter: Quarter,
    kinds: tuple[EntryKind, EntryKind],
    quarter_days: int,
    event: Event,
) -> None:
    if quarter_days:
        _write(source, quarter, kinds[0], quarter_days, event)
        _write(target, quarter, kinds[1], quarter_days, event)


Held = tuple[int, Quarter, int | None, tuple[EntryKind, EntryKind], int]


def _held_in(capacity: Capacity) -> list[Held]:
    """What each match (and each of its support days) has in a capacity by quarter, with the kinds
    that undo it and do it again; committed before delivered."""
    pairs = ((K.UNRESERVE, K.RESERVE), (K.UNCOMMIT, K.COMMIT), (K.VOID, K.DELIVER))
    return [
        (match_id, quarter, day_id, (undo, redo), quarter_days)
        for undo, redo in pairs
        for match_id, quarter, day_id, quarter_days in nets(capacity.id, redo, undo)
    ]


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
    ids = {"match_id": day.partnership.match_id, "support_day_id": day.id}
    _write(capacity, Quarter.of(day.given_on), kind, day.quarter_days, event, **ids)
    db.session.flush()
