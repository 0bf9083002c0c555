"""Confirmed days: set by quarter, never below what is promised, written down in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from broker import ledger, ledger_check
from broker.capacity import actions
from broker.capacity.queries import free_days, holdings_of
from broker.clock import Quarter, this_quarter
from broker.db import transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.models.ledger import Capacity
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def the_ledger_holds_afterwards(app: Flask) -> Iterator[None]:
    with transaction():
        yield
    assert list(ledger_check.problems()) == []


def _confirm(days: dict[Quarter, int], by: str = "giver", at_once: int | None = None) -> Capacity:
    return actions.confirm(
        provider=people.authority(people.GIVER),
        programme=people.programme(),
        days=days,
        by=people.person(by),
        at_once=at_once,
    )


def _now(capacity: Capacity) -> dict[Quarter, int]:
    return {q: b.offered for q, b in ledger.balances([capacity.id])[capacity.id].items()}


def test_first_days_are_confirmed_where_no_row_stood() -> None:
    now = this_quarter()
    capacity = _confirm({now: 50, now + 1: 0}, by="giver_lead")
    assert _now(capacity) == {now: 50}
    assert capacity.at_once == people.programme().policy.partnerships_at_once
    [event] = history_of(capacity)
    assert event.detail == f"{now}: 0 → 12.5 days"


def test_days_go_up_and_down_and_quarters_not_named_stay() -> None:
    now = this_quarter()
    capacity = _confirm({now: 40, now + 1: 40})
    _confirm({now: 20})
    _confirm({now + 1: 44}, at_once=2)
    assert _now(capacity) == {now: 20, now + 1: 44}
    assert capacity.at_once == 2
    assert history_of(capacity)[0].detail == (
        f"{now + 1}: 10 → 11 days; partnerships at once: 4 → 2"
    )


def test_what_does_not_change_is_not_written_down() -> None:
    capacity = _confirm({this_quarter(): 40}, at_once=4)
    _confirm({this_quarter(): 40}, at_once=4)
    assert len(history_of(capacity)) == 1


def test_confirmed_days_do_not_fall_below_what_is_promised() -> None:
    capacity = make.capacity()
    make.agreed(make.match())  # reserves 8 days in the next quarter
    with pytest.raises(NotPossible, match="8 days of 2026-27 Q4 are already promised"):
        _confirm({make.next_quarter(): 31})
    _confirm({make.next_quarter(): 32})
    assert (
        free_days([(capacity.provider_id, capacity.programme_id)])[
            capacity.provider_id, capacity.programme_id
        ].total
        == 3 * 10 * DAY
    )


@pytest.mark.parametrize("name", ["receiver", "second_giver", "practitioner", "coordinator"])
def test_only_its_own_director_or_lead_confirms(name: str) -> None:
    with pytest.raises(NotAllowed):
        _confirm({this_quarter(): 4}, by=name)


def test_days_out_of_bounds_and_past_quarters_are_refused() -> None:
    for days in (-1, 20_001):
        with pytest.raises(NotRight):
            _confirm({this_quarter(): days})
    with pytest.raises(NotPossible, match="is over"):
        _confirm({this_quarter() - 1: 4})
    for at_once in (-1, 5):
        with pytest.raises(NotRight, match="from 0 to 4"):
            _confirm({}, at_once=at_once)


def test_a_closed_programme_takes_no_more_days() -> None:
    people.programme().closes_on = date(2026, 10, 1)
    with pytest.raises(NotPossible, match="not open"):
        _confirm({this_quarter(): 4})


def test_free_days_are_right_as_they_are_reserved_and_committed() -> None:
    capacity = make.capacity()
    pair = (capacity.provider_id, capacity.programme_id)
    assert (free_days([pair])[pair].total, free_days([pair])[pair].first) == (
        160,
        make.next_quarter(),
    )
    match = make.agreed(make.match())
    assert free_days([pair])[pair].by_quarter[make.next_quarter()] == 8
    make.partnership(match)
    assert free_days([pair])[pair].total == 128
    [held] = holdings_of(capacity)
    assert held.match is match and held.balances[make.next_quarter()].committed == 32


def test_free_days_of_a_quarter_that_is_over_have_expired() -> None:
    from broker import clock

    with clock.set_to(date(2026, 9, 20)):
        capacity = _confirm({Quarter.of(date(2026, 9, 20)): 40})
    pair = (capacity.provider_id, capacity.programme_id)
    assert free_days([pair, (1, 2)])[pair].total == 0 and free_days([]) == {}
