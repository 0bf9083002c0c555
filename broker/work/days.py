"""Support days that wait, one line for those of a partnership that wait for the same reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload

from broker import sights
from broker.days import format_days
from broker.db import db
from broker.models.partnership import SupportDay, SupportDayState
from broker.models.person import Person
from broker.outbox import path_of


@dataclass(frozen=True)
class Bundle:
    """Entries of one partnership in one state, logged by one side: who may do something to one of
    them may do it to all."""

    first: SupportDay
    count: int
    quarter_days: int
    since: datetime

    @property
    def title(self) -> str:
        if self.count == 1:
            return self.first.title
        days = format_days(self.quarter_days)
        return f"{days} in {self.count} entries: {self.first.partnership.title}"

    @property
    def path(self) -> str:
        page = path_of(self.first)
        is_to_confirm = self.count > 1 and self.first.state is SupportDayState.LOGGED
        return f"{page}/confirm" if is_to_confirm else page


def bundles_seen_by(person: Person, states: Collection[Enum]) -> Iterator[Bundle]:
    """Every entry in one of the states that a person may see, in bundles.

    Own entries stand apart: nobody confirms what they logged themselves.
    """
    alike = (
        SupportDay.partnership_id,
        SupportDay.state,
        SupportDay.logged_by_side,
        SupportDay.logged_by_id == person.id,
    )
    groups = (
        select(
            func.min(SupportDay.id).label("first"),
            func.count().label("entries"),
            func.sum(SupportDay.quarter_days).label("days"),
            func.min(SupportDay.state_since).label("since"),
        )
        .where(sights.support_days_seen_by(person), SupportDay.state.in_(states))
        .group_by(*alike)
        .subquery()
    )
    rows = (
        select(SupportDay, groups.c.entries, groups.c.days, groups.c.since)
        .join(groups, groups.c.first == SupportDay.id)
        .options(joinedload(SupportDay.partnership).lazyload("*"), lazyload(SupportDay.logged_by))
        .options(lazyload(SupportDay.support_type))
    )
    for first, entries, days, since in db.session.execute(rows).unique():
        yield Bundle(first, entries, days, since)
