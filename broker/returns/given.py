"""Days given, summed from the log by partnership and quarter, in as few questions as can be.

All amounts are whole quarter-days. A day counts in the quarter of the date it was given on.
confirmed + unconfirmed + queried = what the ledger counts as delivered; void days are in none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from operator import add, attrgetter, sub

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select, true

from broker.clock import Quarter
from broker.db import db
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay, SupportDayState


@dataclass(frozen=True)
class Days:
    """Quarter-days, and the number of records behind them; differences may be below zero.

    `confirmed` by both sides; `unconfirmed` logged by one; `queried` is left out of the rest.
    `on_site` and `remote` divide confirmed and unconfirmed; `records` counts those support days,
    and `extra` is what of them was agreed beyond the days approved.
    """

    confirmed: int = 0
    unconfirmed: int = 0
    queried: int = 0
    on_site: int = 0
    remote: int = 0
    records: int = 0
    extra: int = 0

    def __add__(self, other: Days) -> Days:
        return Days(*map(add, amounts_in(self), amounts_in(other)))

    def __sub__(self, other: Days) -> Days:
        return Days(*map(sub, amounts_in(self), amounts_in(other)))

    @property
    def delivered(self) -> int:
        """What the ledger counts."""
        return self.confirmed + self.unconfirmed + self.queried

    @property
    def counted(self) -> int:
        """What a return counts: queried days are left out."""
        return self.confirmed + self.unconfirmed


# Read in one go: England's dashboard adds thousands of these up.
amounts_in = attrgetter(*(field.name for field in fields(Days)))


def total(amounts: Iterable[Days]) -> Days:
    every = list(amounts)
    if len(every) < 2:
        return every[0] if every else Days()
    return Days(*map(sum, zip(*map(amounts_in, every), strict=True)))


def days_of(
    state: SupportDayState,
    delivery: Delivery,
    quarter_days: int,
    records: int,
    *,
    is_extra: bool = False,
) -> Days:
    """What support days in one state, given one way, add to the figures."""
    if state is SupportDayState.QUERIED:
        return Days(queried=quarter_days)
    is_confirmed = state is SupportDayState.CONFIRMED
    is_remote = delivery is Delivery.REMOTE
    return Days(
        confirmed=quarter_days if is_confirmed else 0,
        unconfirmed=0 if is_confirmed else quarter_days,
        remote=quarter_days if is_remote else 0,
        on_site=0 if is_remote else quarter_days,
        records=records,
        extra=quarter_days if is_extra else 0,
    )


def of_provider(provider_id: int | None) -> ColumnElement[bool]:
    """One provider's partnerships, or everybody's."""
    return true() if provider_id is None else Partnership.provider_id == provider_id


def given_in(quarter: Quarter) -> ColumnElement[bool]:
    """Support days that count and were given in the quarter."""
    return and_(COUNTS, _dated_in(quarter))


def _dated_in(quarter: Quarter) -> ColumnElement[bool]:
    return SupportDay.given_on.between(quarter.first_day, quarter.last_day)


ALIKE = (
    SupportDay.partnership_id,
    SupportDay.state,
    SupportDay.delivery,
    SupportDay.is_extra,
)


def days_given(
    programme_id: int, quarters: Collection[Quarter], *, only: int | None = None
) -> dict[tuple[Quarter, int], Days]:
    """(quarter, partnership's id) → its days, in one question; `only`: one provider's."""
    if not quarters:
        return {}
    number = case(*((_dated_in(quarter), quarter.ordinal) for quarter in quarters))
    rows = (
        select(
            number,
            *ALIKE,
            func.sum(SupportDay.quarter_days),
            func.count(),
        )
        .join(Partnership, Partnership.id == SupportDay.partnership_id)
        .where(
            Partnership.programme_id == programme_id,
            SupportDay.given_on.between(*_span(quarters)),
            or_(*(given_in(quarter) for quarter in quarters)),
            of_provider(only),
        )
        .group_by(number, *ALIKE)
    )
    found: dict[tuple[Quarter, int], Days] = {}
    for ordinal, partnership_id, state, delivery, is_extra, days, records in db.session.execute(
        rows
    ):
        key = Quarter(ordinal), partnership_id
        more = days_of(state, delivery, int(days), records, is_extra=is_extra)
        found[key] = found.get(key, Days()) + more
    return found


S = SupportDayState
COUNTS = SupportDay.state != S.VOID
# The date of the very first day given in the partnership that a question is about.
FIRST_DAY = (
    select(func.min(SupportDay.given_on))
    .where(SupportDay.partnership_id == Partnership.id, COUNTS)
    .correlate(Partnership)
    .scalar_subquery()
)


def given_between(first: date, last: date, partnerships: ColumnElement[bool]) -> Subquery:
    """By partnership's id, its quarter-days `confirmed`, `unconfirmed` and `queried` from `first`
    to `last`; how they were given is left out. None in a column: no days like that."""
    states = {"confirmed": S.CONFIRMED, "unconfirmed": S.LOGGED, "queried": S.QUERIED}
    sums = (
        func.sum(SupportDay.quarter_days).filter(SupportDay.state == state).label(name)
        for name, state in states.items()
    )
    return (
        select(SupportDay.partnership_id, *sums)
        .where(
            COUNTS,
            SupportDay.given_on.between(first, last),
            SupportDay.partnership_id.in_(select(Partnership.id).where(partnerships)),
        )
        .group_by(SupportDay.partnership_id)
        .subquery()
    )


def counted_by_provider(programme_id: int, quarters: Collection[Quarter]) -> dict[int, int]:
    """By provider's id, the quarter-days that returns count, over quarters in a row."""
    rows = (
        select(Partnership.provider_id, func.sum(SupportDay.quarter_days))
        .join(SupportDay, SupportDay.partnership_id == Partnership.id)
        .where(
            Partnership.programme_id == programme_id,
            COUNTS,
            SupportDay.state != S.QUERIED,
            SupportDay.given_on.between(*_span(quarters)),
        )
        .group_by(Partnership.provider_id)
    )
    return {id_: int(quarter_days) for id_, quarter_days in db.session.execute(rows)}


def _span(quarters: Collection[Quarter]) -> tuple[date, date]:
    return min(quarters).first_day, max(quarters).last_day
