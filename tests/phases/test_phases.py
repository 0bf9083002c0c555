"""Pausing, resuming, and spreading the days otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from broker import clock, ledger, ledger_check
from broker.clock import Quarter
from broker.db import transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.extension import ExtensionState
from broker.models.partnership import Partnership, PartnershipState
from broker.partnerships import actions as partnerships
from broker.phases import actions
from broker.phases.rhythm import PHASES
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

pytestmark = pytest.mark.postgres


def committed(within: Partnership) -> dict[Quarter, int]:
    held = ledger.balances_of_match(within.match_id)
    return {quarter: balance.committed for quarter, balance in held.items() if balance.committed}


def test_every_phase_has_its_rhythm_and_its_style() -> None:
    assert set(PHASES) == set(PartnershipState)


def test_a_pause_frees_the_quarters_ahead_and_keeps_the_present_one(app: Flask) -> None:
    within, by = make.steady(), people.person("receiver")
    first = make.next_quarter()
    with clock.set_to(first.first_day + timedelta(days=20)):
        make.day(within, on=clock.today())
        partnerships.move_days(within, source=first, target=first + 1, quarter_days=3 * DAY, by=by)
        with pytest.raises(NotRight):
            actions.pause(within, reason=" ", by=by)
        with pytest.raises(NotAllowed):
            actions.pause(within, reason="x", by=people.person("receiver_lead"))
        actions.pause(within, reason="A new director starts.", by=by)
        assert within.state is PartnershipState.PAUSED
        assert committed(within) == {first: 5 * DAY}
        assert actions.given_back(within) == {first + 1: 3 * DAY}
        assert list(ledger_check.problems()) == []
        with pytest.raises(NotPossible, match="paused"):
            make.day(within, on=clock.today())


def test_it_goes_on_in_the_phase_it_was_in_with_no_more_days_than_it_gave_back(
    app: Flask,
) -> None:
    within, by = make.steady(), people.person("giver")
    first = make.next_quarter()
    actions.pause(within, reason="Elections.", by=by)
    assert committed(within) == {}
    with pytest.raises(NotRight, match="gave back 8 days"):
        actions.resume(within, days={first + 1: 9 * DAY}, by=by)
    with pytest.raises(NotRight, match="is over"):
        actions.resume(within, days={first - 2: DAY}, by=by)
    actions.resume(within, days={first + 1: 6 * DAY}, by=by)
    assert within.state is PartnershipState.STEADY and committed(within) == {first + 1: 6 * DAY}
    assert list(ledger_check.problems()) == []


def test_days_that_somebody_else_took_meanwhile_are_not_there_to_resume(app: Flask) -> None:
    within, by = make.steady(), people.person("giver")
    first = make.next_quarter()
    actions.pause(within, reason="Elections.", by=by)
    make.capacity({first: 2 * DAY})
    with pytest.raises(NotPossible, match="2 days left"):
        actions.resume(within, days={first: 3 * DAY}, by=by)


def test_a_paused_partnership_may_end_early(app: Flask) -> None:
    within, by = make.steady(), people.person("receiver")
    actions.pause(within, reason="Elections.", by=by)
    partnerships.end_early(within, by=by)
    assert within.state is PartnershipState.ENDED_EARLY
    assert list(ledger_check.problems()) == []


def test_a_pause_closes_what_was_asked_for_on_top(app: Flask) -> None:
    within = make.begun()
    more = make.extension(within)
    actions.pause(within, reason="Elections.", by=people.person("giver"))
    assert more.state is ExtensionState.NOT_NEEDED_NOW
    assert list(ledger_check.problems()) == []


def test_days_are_spread_otherwise_in_one_step_and_fewer_go_back(app: Flask) -> None:
    within, by = make.partnership(), people.person("giver_lead")
    first = make.next_quarter()
    spread = {first: 2 * DAY, first + 1: 3 * DAY, first + 2: DAY}
    actions.vary(within, days=spread, reason="Two teams.", by=by)
    assert committed(within) == spread
    with pytest.raises(NotRight, match="Ask for more days"):
        actions.vary(within, days={first: 7 * DAY}, reason="More.", by=by)
    with pytest.raises(NotRight, match="as they stand"):
        actions.vary(within, days=spread, reason="Nothing.", by=by)
    with pytest.raises(NotRight, match="is over"):
        actions.vary(within, days={first - 2: DAY}, reason="Past.", by=by)
    assert list(ledger_check.problems()) == []


def test_days_are_not_spread_where_none_are_free_and_then_nothing_moves(app: Flask) -> None:
    within, by = make.partnership(), people.person("giver_lead")
    first = make.next_quarter()
    make.capacity({first + 1: DAY})
    with pytest.raises(NotPossible, match="1 day left"):
        actions.vary(within, days={first: DAY, first + 1: 6 * DAY}, reason="x", by=by)


def test_days_given_already_stay(app: Flask) -> None:
    within, by = make.partnership(), people.person("giver_lead")
    make.day(within, quarter_days=5 * DAY)
    with pytest.raises(NotRight, match="5 days have been given"):
        actions.vary(within, days={make.next_quarter(): 4 * DAY}, reason="x", by=by)


def test_pause_resume_and_spread_on_the_screen(app: Flask, client: PageClient) -> None:
    with transaction():
        within = make.steady()
    page, first = f"/partnerships/{within.id}", make.next_quarter()
    client.sign_in("giver_lead").get(f"{page}/vary")
    client.send(expect=422, reason="")
    days = {f"days_{first.ordinal}": "2", f"days_{first.ordinal + 1}": "6"}
    client.send(expect=422, **{**days, f"days_{first.ordinal}": "60"}, reason="Two teams.")
    assert "Ask for more days instead" in client.text and "Two teams." in client.text
    client.send(**days, reason="Two teams.")
    client.sign_in("receiver").get(page)
    assert "Nothing is given for now" in client.press("Pause", reason="A new director starts.")
    client.get(f"{page}/resume")
    client.send(expect=422, **{f"days_{first.ordinal}": "9"})
    client.send(**days)
    assert "Consulting" in client.get(page) or "consulting" in client.text
