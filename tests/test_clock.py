"""Quarters, working days and the one clock."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import clock
from broker.clock import Quarter

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_day_lies_in_its_own_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert Quarter.named(str(quarter)) == quarter


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 3, 31), "2025-26 Q4"),
        (date(2026, 4, 1), "2026-27 Q1"),
        (date(2026, 12, 31), "2026-27 Q3"),
        (date(2027, 1, 1), "2026-27 Q4"),
        (date(2000, 2, 29), "1999-00 Q4"),
    ],
)
def test_financial_year_starts_in_april(day: date, name: str) -> None:
    assert str(Quarter.of(day)) == name


@pytest.mark.parametrize("text", ["", "2026", "2026-28 Q1", "2026-27 Q5", "26-27 Q1", "2026-27Q1"])
def test_what_is_not_a_quarter_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quarter"):
        Quarter.named(text)


def test_bank_holidays_and_weekends_are_not_working_days() -> None:
    assert not clock.is_working_day(date(2026, 12, 25))
    assert not clock.is_working_day(date(2026, 12, 28)), "Boxing Day's substitute"
    assert not clock.is_working_day(date(2026, 8, 31)), "England's summer bank holiday"
    assert clock.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert clock.add_working_days(date(2026, 12, 29), -1) == date(2026, 12, 24)


def test_a_return_opens_on_the_first_working_day_after_its_quarter() -> None:
    assert clock.return_opens(Quarter.named("2025-26 Q4")) == date(2026, 4, 1)
    assert clock.return_opens(Quarter.named("2026-27 Q3")) == date(2027, 1, 4)
    assert clock.return_due(Quarter.named("2026-27 Q3")) == date(2027, 2, 1)


@given(DAYS, st.integers(0, 60))
def test_counting_working_days_undoes_adding_them(day: date, count: int) -> None:
    assert clock.working_days_between(day, clock.add_working_days(day, count)) == count


def test_the_day_is_counted_in_london_not_in_utc() -> None:
    with clock.set_to(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 1)
        assert str(clock.this_quarter()) == "2026-27 Q2"


def test_the_clock_can_be_set_and_comes_back() -> None:
    before = clock.today()
    with clock.set_to(date(2031, 2, 3)):
        assert clock.today() == date(2031, 2, 3)
        with clock.set_to(date(2032, 2, 29)):
            assert clock.today() == date(2032, 2, 29)
        assert clock.today() == date(2031, 2, 3)
    assert clock.today() == before
