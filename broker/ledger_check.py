"""Proof that the ledger holds: every figure in days equals its entries, and every rule about them.

Written apart from the writer (broker/ledger.py) and from the sums that pages show
(broker/balances.py), from the product's rules alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from broker.balances import balances
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.models.event import Event
from broker.models.extension import Extension, ExtensionDays, ExtensionState
from broker.models.extra import Extra, ExtraState
from broker.models.ledger import Capacity, EntryKind, LedgerEntry
from broker.models.match import Match, MatchDays, MatchState
from broker.models.partnership import Partnership, SupportDay, SupportDayState

PAIRS = {
    EntryKind.INDICATE: ("indicated", 1),
    EntryKind.UNINDICATE: ("indicated", -1),
    EntryKind.OFFER: ("offered", 1),
    EntryKind.RETRACT: ("offered", -1),
    EntryKind.RESERVE: ("reserved", 1),
    EntryKind.UNRESERVE: ("reserved", -1),
    EntryKind.COMMIT: ("committed", 1),
    EntryKind.UNCOMMIT: ("committed", -1),
    EntryKind.DELIVER: ("delivered", 1),
    EntryKind.VOID: ("delivered", -1),
}
RESERVING = {MatchState.AGREED, MatchState.WITH_PANEL}


def problems() -> Iterator[str]:
    """Everything that does not add up, one line each, in words."""
    entries = db.session.execute(
        select(
            LedgerEntry.capacity_id,
            LedgerEntry.quarter,
            LedgerEntry.kind,
            LedgerEntry.quarter_days,
            LedgerEntry.match_id,
            LedgerEntry.support_day_id,
        ).order_by(LedgerEntry.id)
    ).all()
    by_quarter: Counter[tuple[int, int, str]] = Counter()
    by_match: Counter[tuple[int | None, int, str]] = Counter()
    by_day: Counter[int] = Counter()
    for capacity_id, quarter, kind, quarter_days, match_id, day_id in entries:
        figure, sign = PAIRS[kind]
        by_quarter[capacity_id, quarter.ordinal, figure] += sign * quarter_days
        by_match[match_id, quarter.ordinal, figure] += sign * quarter_days
        if day_id is not None:
            by_day[day_id] += sign * quarter_days
        yield from _never_below(by_quarter, capacity_id, quarter.ordinal, str(quarter))
        if (match_id is None) != (figure in ("offered", "indicated")):
            yield f"match {match_id}: an entry of kind {kind.value} is not for a match, or is"
    yield from _matches(by_match)
    yield from _support_days(by_day)
    yield from _partnerships(by_match)
    yield from _extras()
    yield from _figures(by_quarter)
    yield from _strangers()
    yield from _corrections()


def _never_below(
    sums: Counter[tuple[int, int, str]], capacity_id: int, quarter: int, name: str
) -> Iterator[str]:
    """After each entry, no figure and no free days are below zero."""
    figures = ("offered", "reserved", "committed", "indicated")
    held = {f: sums[capacity_id, quarter, f] for f in figures}
    free = held["offered"] - held["reserved"] - held["committed"]
    for figure, amount in held.items():
        if amount < 0:
            yield f"capacity {capacity_id}, {name}: {figure} fell to {format_days(amount)}"
    if free < 0:
        yield f"capacity {capacity_id}, {name}: free days fell to {format_days(free)}"


def _figures(sums: Counter[tuple[int, int, str]]) -> Iterator[str]:
    """What the pages show is what the entries add up to."""
    shown = balances({capacity_id for capacity_id, _, _ in sums})
    for (capacity_id, quarter, figure), amount in sums.items():
        said = getattr(shown[capacity_id][Quarter(quarter)], figure)
        if said != amount:
            yield f"capacity {capacity_id}: {figure} shows as {format_days(said)}, not {amount / 4}"


def _matches(sums: Counter[tuple[int | None, int, str]]) -> Iterator[str]:
    """A match reserves its days while agreed or with the panel, and those of an extension while
    that is; and nothing otherwise."""
    wanted: Counter[tuple[int | None, int, str]] = Counter()
    terms = select(MatchDays.match_id, MatchDays.quarter, MatchDays.quarter_days, Match.state).join(
        Match, Match.id == MatchDays.match_id
    )
    for match_id, quarter, quarter_days, state in db.session.execute(terms):
        if state in RESERVING:
            wanted[match_id, quarter.ordinal, "reserved"] = quarter_days
    more = (
        select(Partnership.match_id, ExtensionDays.quarter, ExtensionDays.quarter_days)
        .join(Extension, Extension.id == ExtensionDays.extension_id)
        .join(Partnership, Partnership.id == Extension.partnership_id)
        .where(Extension.state.in_([ExtensionState.AGREED, ExtensionState.WITH_PANEL]))
    )
    for match_id, quarter, quarter_days in db.session.execute(more):
        wanted[match_id, quarter.ordinal, "reserved"] += quarter_days
    kept = {key: n for key, n in sums.items() if key[2] == "reserved" and n}
    for key in sorted({*wanted, *kept}, key=str):
        if wanted[key] != kept.get(key, 0):
            yield (
                f"match {key[0]}: reserves {format_days(kept.get(key, 0))} in quarter {key[1]}, "
                f"its terms say {format_days(wanted[key])}"
            )


def _support_days(sums: Counter[int]) -> Iterator[str]:
    """Each logged day is counted once; a void one not at all."""
    days = db.session.execute(select(SupportDay.id, SupportDay.state, SupportDay.quarter_days))
    for day_id, state, quarter_days in days:
        should = 0 if state is SupportDayState.VOID else quarter_days
        if sums[day_id] != should:
            yield f"support day {day_id}: counts {format_days(sums[day_id])}, not {should / 4}"


def _partnerships(sums: Counter[tuple[int | None, int, str]]) -> Iterator[str]:
    """Days are committed for partnerships only, and no more are delivered than committed."""
    totals: Counter[tuple[int | None, str]] = Counter()
    for (match_id, _, figure), amount in sums.items():
        totals[match_id, figure] += amount
    known = set(db.session.scalars(select(Partnership.match_id)))
    for match_id in sorted({key[0] for key in totals if key[0] is not None}):
        committed, delivered = totals[match_id, "committed"], totals[match_id, "delivered"]
        if committed and match_id not in known:
            yield f"match {match_id}: {format_days(committed)} committed without a partnership"
        if delivered > committed:
            yield (
                f"match {match_id}: {format_days(delivered)} delivered, more than the "
                f"{format_days(committed)} committed"
            )


def _extras() -> Iterator[str]:
    """Extra days were committed as agreed, and no more were given as extra than that."""
    agreed: Counter[int] = Counter()
    committed = (
        select(func.coalesce(func.sum(LedgerEntry.quarter_days), 0))
        .join(Event, Event.id == LedgerEntry.event_id)
        .where(
            LedgerEntry.kind == EntryKind.COMMIT,
            Event.noun == Extra.noun,
            Event.record_id == Extra.id,
        )
        .scalar_subquery()
    )
    for extra, days in db.session.execute(select(Extra, committed)).unique():
        should = extra.quarter_days if extra.state is ExtraState.AGREED else 0
        agreed[extra.partnership_id] += should
        if days != should:
            yield f"extra days {extra.id}: {format_days(days)} committed, not {format_days(should)}"
    given = (
        select(SupportDay.partnership_id, func.sum(SupportDay.quarter_days))
        .where(SupportDay.is_extra, SupportDay.state != SupportDayState.VOID)
        .group_by(SupportDay.partnership_id)
    )
    for partnership_id, days in db.session.execute(given):
        if days > agreed[partnership_id]:
            yield f"partnership {partnership_id}: {format_days(days)} given as extra, not agreed"


def _strangers() -> Iterator[str]:
    """No capacity holds days for a match of another provider or programme. What was handed over to
    a successor stands there with what took it back beside it."""
    rows = db.session.execute(
        select(LedgerEntry)
        .join(Match, Match.id == LedgerEntry.match_id)
        .join(Capacity, Capacity.id == LedgerEntry.capacity_id)
        .where(
            (Match.provider_id != Capacity.provider_id)
            | (Match.programme_id != Capacity.programme_id)
        )
    ).scalars()
    left: Counter[tuple[int, int | None, int, str]] = Counter()
    for entry in rows:
        figure, sign = PAIRS[entry.kind]
        key = entry.capacity_id, entry.match_id, entry.quarter.ordinal, figure
        left[key] += sign * entry.quarter_days
    for (capacity_id, match_id, _, figure), amount in left.items():
        if amount:
            yield (
                f"capacity {capacity_id}: {format_days(amount)} {figure} for match {match_id}, "
                f"which belongs to another provider or programme"
            )


def _corrections() -> Iterator[str]:
    """A correction takes back a part of one entry: same days, same match, the other direction."""
    entry, wrong = aliased(LedgerEntry), aliased(LedgerEntry)
    pairs = select(entry, wrong).join(wrong, wrong.id == entry.corrects_id)
    for made, corrected in db.session.execute(pairs):
        (figure, sign), (was, way) = PAIRS[made.kind], PAIRS[corrected.kind]
        same = [
            (one.capacity_id, one.quarter, one.match_id, name)
            for one, name in ((made, figure), (corrected, was))
        ]
        if same[0] != same[1] or sign == way or made.quarter_days > corrected.quarter_days:
            yield f"entry {made.id}: it does not take back a part of entry {corrected.id}"
