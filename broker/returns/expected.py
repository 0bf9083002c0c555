"""Which providers a return is expected of: those with days or a partnership in the quarter, or
with days of a frozen quarter that are still to be carried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, case, or_, select

from broker import clock, ledger
from broker.clock import LONDON, Quarter
from broker.db import db
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.partnership import Partnership, SupportDay
from broker.models.programme import Programme
from broker.models.return_ import Freeze

Expected = dict[tuple[int, Quarter], set[int]]


def programmes_with_returns() -> list[Programme]:
    """Every programme whose policy asks for returns."""
    every = db.session.scalars(select(Programme).order_by(Programme.name))
    return [programme for programme in every if programme.policy.has_returns]


def expected(programme_ids: Collection[int], quarters: Collection[Quarter]) -> Expected:
    """(programme's id, quarter) → ids of the providers, in four questions.

    A provider counts with confirmed days in the quarter, where its programme was open in it; with
    committed or delivered days, or with a partnership that was live on a day of it, in any case.
    One whose days of a frozen quarter were logged or changed since counts in the first quarter
    after it that is not frozen.
    """
    found: Expected = defaultdict(set)
    _with_days(found, programme_ids, quarters)
    _with_partnerships(found, programme_ids, quarters)
    _with_late_days(found, programme_ids, quarters)
    return found


def is_expected(provider_id: int, programme_id: int, quarter: Quarter) -> bool:
    return provider_id in expected([programme_id], [quarter])[programme_id, quarter]


def _with_days(found: Expected, programmes: Collection[int], quarters: Collection[Quarter]) -> None:
    offered, _, committed, delivered, _ = ledger.SUMS
    is_used = or_(committed.element > 0, delivered.element > 0)
    key = Capacity.programme_id, LedgerEntry.quarter, Capacity.provider_id, Programme.closes_on
    rows = (
        select(*key, is_used)
        .join(Capacity, Capacity.id == LedgerEntry.capacity_id)
        .join(Programme, Programme.id == Capacity.programme_id)
        .where(Capacity.programme_id.in_(programmes), LedgerEntry.quarter.in_(quarters))
        .group_by(*key)
        .having(or_(offered.element > 0, is_used))
    )
    for programme_id, quarter, provider_id, closes_on, used in db.session.execute(rows):
        if used or closes_on is None or quarter.first_day <= closes_on:
            found[programme_id, quarter].add(provider_id)


def _with_partnerships(
    found: Expected, programmes: Collection[int], quarters: Collection[Quarter]
) -> None:
    rows = select(
        Partnership.programme_id,
        Partnership.provider_id,
        Partnership.opened_at,
        Partnership.ended_at,
    ).where(Partnership.programme_id.in_(programmes))
    for programme_id, provider_id, opened_at, ended_at in db.session.execute(rows):
        first, last = _quarter_of(opened_at), _quarter_of(ended_at or clock.now())
        for quarter in quarters:
            if first <= quarter <= last:
                found[programme_id, quarter].add(provider_id)


def _with_late_days(
    found: Expected, programmes: Collection[int], quarters: Collection[Quarter]
) -> None:
    freezes = select(Freeze.programme_id, Freeze.quarter, Freeze.frozen_at)
    frozen = {
        (programme_id, quarter): frozen_at
        for programme_id, quarter, frozen_at in db.session.execute(
            freezes.where(Freeze.programme_id.in_(programmes))
        )
    }
    if not frozen:
        return
    is_late = {
        key: and_(
            Partnership.programme_id == key[0],
            SupportDay.given_on.between(key[1].first_day, key[1].last_day),
            SupportDay.state_since > frozen_at,
        )
        for key, frozen_at in frozen.items()
    }
    number = case(*((late, key[1].ordinal) for key, late in is_late.items()))
    rows = (
        select(Partnership.programme_id, Partnership.provider_id, number)
        .join(SupportDay, SupportDay.partnership_id == Partnership.id)
        .where(or_(*is_late.values()))
        .distinct()
    )
    for programme_id, provider_id, ordinal in db.session.execute(rows):
        carrying = Quarter(ordinal) + 1
        while (programme_id, carrying) in frozen:
            carrying += 1
        if carrying in quarters:
            found[programme_id, carrying].add(provider_id)


def _quarter_of(moment: datetime) -> Quarter:
    return Quarter.of(moment.astimezone(LONDON).date())
