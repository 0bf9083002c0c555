"""Days are never promised twice, and every figure equals its entries."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from broker import ledger, ledger_check
from broker.clock import this_quarter
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.matches import actions as matches
from broker.models.event import Event
from broker.models.ledger import EntryKind, LedgerEntry
from broker.models.match import MatchState
from broker.models.need import NeedState
from broker.partnerships import actions as partnerships
from broker.taking import take
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def the_ledger_holds_afterwards(app: Flask) -> object:
    yield
    db.session.rollback()
    assert list(ledger_check.problems()) == []


def _balance(quarter: int = 1) -> ledger.Balance:
    capacity = ledger.capacity_of(people.authority("Leeds").id, people.programme())
    return ledger.balances([capacity.id])[capacity.id][this_quarter() + quarter]


def test_agreement_reserves_approval_commits_and_delivery_counts() -> None:
    with transaction():
        match = make.agreed()
        assert _balance() == ledger.Balance(offered=40, reserved=32)
        partnership = make.partnership(match)
        assert _balance() == ledger.Balance(offered=40, committed=32)
        make.day(partnership, quarter_days=6)
    held = ledger.balances_of_match(match.id)
    assert sum(b.delivered for b in held.values()) == 6


def test_one_agreement_alone_reserves_nothing() -> None:
    with transaction():
        make.capacity()
        match = make.match()
        matches.agree(match, by=people.person("receiver"))
        assert match.state is MatchState.TALKING
    assert _balance().reserved == 0


@pytest.mark.parametrize(
    ("verb", "who"), [("decline", "giver"), ("decline", "receiver"), ("send_back", "coordinator")]
)
def test_reserved_days_go_back_when_a_match_falls_through(verb: str, who: str) -> None:
    with transaction():
        match = make.agreed()
        take(match, verb, by=people.person(who), reason="Circumstances changed")
    assert _balance() == ledger.Balance(offered=40)


def test_an_agreement_beyond_what_is_free_is_refused_with_what_is_left() -> None:
    with transaction():
        make.capacity({make.next_quarter(): 5 * DAY})
        match = make.match()
    with pytest.raises(NotPossible, match="has 5 days left in 2026-27 Q4; this asks for 8 days"):
        with transaction():
            make.agreed(match)


def test_an_agreement_with_a_provider_who_never_confirmed_days_is_refused() -> None:
    with transaction():
        match = make.match()
    with pytest.raises(NotPossible, match="has 0 days left"), transaction():
        make.agreed(match)


def test_confirmed_days_cannot_go_below_what_is_promised() -> None:
    with transaction():
        make.agreed()
    with pytest.raises(NotPossible, match="8 days of 2026-27 Q4 are already promised"):
        with transaction():
            make.capacity({make.next_quarter(): 2 * DAY})
    with transaction():
        make.capacity({make.next_quarter(): 8 * DAY})
    assert _balance().free == 0


def test_a_provider_takes_only_so_many_partnerships_at_once() -> None:
    with transaction():
        make.capacity(at_once=1)
        make.agreed(make.match(make.need(days=1 * DAY)))
        second = make.match(make.need(days=1 * DAY), make.offer(title="Another offer"))
    with pytest.raises(NotPossible, match="takes 1 partnerships? at once"), transaction():
        make.agreed(second)


def test_more_days_than_approved_cannot_be_logged() -> None:
    with transaction():
        partnership = make.partnership()
        make.day(partnership, quarter_days=7 * DAY)
    with pytest.raises(NotPossible, match="1 day left"), transaction():
        make.day(partnership, quarter_days=DAY + 1)


def test_a_void_day_frees_what_it_took() -> None:
    with transaction():
        partnership = make.partnership()
        day = make.day(partnership, quarter_days=8 * DAY)
        take(day, "void", by=people.person("giver_lead"), reason="Entered twice")
        make.day(partnership, quarter_days=8 * DAY)


def test_ending_early_gives_back_the_days_not_used() -> None:
    with transaction():
        partnership = make.partnership()
        make.day(partnership, quarter_days=3 * DAY)
        partnerships.end_early(partnership, by=people.person("receiver"), reason="Leaders changed")
    assert _balance().free == 40 - 12
    assert partnership.match.need.state is NeedState.OPEN, "it looks for help again"


def test_the_check_names_a_figure_that_does_not_add_up() -> None:
    with transaction():
        match = make.agreed()
        capacity = ledger.capacity_of(match.provider_id, match.programme)
        event = db.session.scalars(select(Event).limit(1)).one()
        db.session.add(
            LedgerEntry(
                capacity_id=capacity.id,
                quarter=make.next_quarter(),
                kind=EntryKind.UNRESERVE,
                quarter_days=4,
                event_id=event.id,
                match_id=match.id,
            )
        )
        db.session.flush()
        assert [line for line in ledger_check.problems() if f"match {match.id}" in line]
        db.session.rollback()
