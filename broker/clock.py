"""Time: one clock for everybody, financial-year quarters and England's working days.

Nothing else in the project asks the machine for the time.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)
_offset = timedelta(0)


def now() -> datetime:
    """This moment in UTC, as the clock stands (it may be anchored to another day, or stopped)."""
    return _stopped_at.get() or datetime.now(UTC) + _offset


def by_the_wall() -> datetime:
    """This moment as everybody's clocks show it, however ours is anchored: for codes that an
    authenticator app works out from the time."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in London, where the days and quarters of this work are counted."""
    return now().astimezone(LONDON).date()


def anchor_to(day: date | None, at: time | None = None) -> None:
    """Let the whole process live on `day`; None: the real day. The time of day runs on, from the
    real one or, where `at` is given, from that time in London."""
    global _offset
    _offset = timedelta(0)
    if day is not None and at is not None:
        _offset = datetime.combine(day, at, LONDON) - now()
    elif day is not None:
        _offset = timedelta(days=(day - today()).days)


@contextmanager
def set_to(moment: date | datetime) -> Iterator[None]:
    """Within the block the clock stands still at `moment` (a date: 10 in the morning, London)."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(10), LONDON)
    token = _stopped_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.reset(token)


def is_stopped() -> bool:
    return _stopped_at.get() is not None


@dataclass(frozen=True, order=True)
class Quarter:
    """A financial-year quarter: Q1 is April to June. `ordinal` counts quarters from year 0."""

    ordinal: int

    @classmethod
    @lru_cache(maxsize=400)
    def at(cls, ordinal: int) -> Quarter:
        """The same value each time: pages of figures read thousands of these."""
        return cls(ordinal)

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year * 4 + (day.month - 1) // 3 - 1)

    @classmethod
    def named(cls, text: str) -> Quarter:
        """Read '2026-27 Q1'; ValueError when it is not a quarter."""
        years, _, number = text.partition(" Q")
        first, _, second = years.partition("-")
        if not (first.isdecimal() and len(first) == 4 and number in {"1", "2", "3", "4"}):
            raise ValueError(f"'{text}' is not a quarter. Write it like 2026-27 Q1.")
        if second != f"{(int(first) + 1) % 100:02}":
            raise ValueError(f"'{text}' is not a quarter. Write it like 2026-27 Q1.")
        return cls(int(first) * 4 + int(number) - 1)

    @property
    def year(self) -> int:
        """The calendar year in which this quarter's financial year starts."""
        return self.ordinal // 4

    @property
    def number(self) -> int:
        return self.ordinal % 4 + 1

    @property
    def first_day(self) -> date:
        later, month = divmod(self.ordinal % 4 * 3 + 3, 12)
        return date(self.year + later, month + 1, 1)

    @property
    def last_day(self) -> date:
        return (self + 1).first_day - timedelta(days=1)

    @property
    def months(self) -> str:
        return ("April to June", "July to September", "October to December", "January to March")[
            self.ordinal % 4
        ]

    def __add__(self, quarters: int) -> Quarter:
        return Quarter(self.ordinal + quarters)

    def __sub__(self, quarters: int) -> Quarter:
        return Quarter(self.ordinal - quarters)

    def __str__(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02} Q{self.number}"


def this_quarter() -> Quarter:
    return Quarter.of(today())


def coming_quarters(count: int = 8) -> list[Quarter]:
    """This quarter and those after it."""
    return [this_quarter() + ahead for ahead in range(count)]


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays in a year (library: holidays)."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


@lru_cache(maxsize=4096)
def add_working_days(day: date, count: int) -> date:
    """The date `count` working days after `day` (before it when negative); 0 gives `day`."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days come after `start`, up to and including `end`."""
    span = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=ahead)) for ahead in span)


def stood_since(day: date, count: int) -> datetime:
    """What began before this moment has stood for `count` working days by `day`."""
    last = day if is_working_day(day) else add_working_days(day, -1)
    first_too_late = add_working_days(add_working_days(last, -count), 1)
    return datetime.combine(first_too_late, time(), LONDON)


def add_months(day: date, count: int) -> date:
    """The same day of a later month; its last day where that month is shorter."""
    later, month = divmod(day.month - 1 + count, 12)
    year = day.year + later
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def return_opens(quarter: Quarter) -> date:
    """The first working day after the quarter's end."""
    return add_working_days(quarter.last_day, 1)


def return_due(quarter: Quarter, working_days: int = 20) -> date:
    return add_working_days(return_opens(quarter), working_days)
