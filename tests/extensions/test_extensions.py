"""More days: agreed by both, reserved, approved as a match is, and by the panel at 90 days."""

from __future__ import annotations

import pytest
from flask import Flask

from broker import ledger, ledger_check
from broker.clock import Quarter
from broker.db import transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.extensions import actions
from broker.models.extension import Extension, ExtensionState
from broker.models.match import Vote
from broker.models.partnership import Partnership
from broker.partnerships import actions as partnerships
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

pytestmark = pytest.mark.postgres


def balance(within: Partnership, quarter: Quarter) -> ledger.Balance:
    return ledger.balances_of_match(within.match_id).get(quarter, ledger.Balance())


def to_panel(days: int = 2 * DAY) -> Extension:
    """An extension that brings all days to the number from which the panel decides."""
    own = people.programme()
    own.rules = {**own.rules, "panel_from": 10 * DAY}
    return make.extension(make.begun(), days=days)


def test_days_are_reserved_once_both_agree_and_committed_once_approved(app: Flask) -> None:
    within, first = make.begun(), make.next_quarter()
    more = make.extension(within, agreed=False)
    actions.agree(more, by=people.person("receiver"))
    assert balance(within, first).reserved == 0
    with pytest.raises(NotPossible, match="Your side has agreed"):
        actions.agree(more, by=people.person("receiver"))
    actions.agree(more, by=people.person("giver"))
    assert balance(within, first).reserved == 2 * DAY
    assert list(ledger_check.problems()) == []
    actions.approve(more, by=people.person("coordinator"))
    assert balance(within, first).committed == 10 * DAY
    assert [row.quarter_days for row in within.match.days] == [10 * DAY]
    assert list(ledger_check.problems()) == []


@pytest.mark.parametrize("name", ["receiver", "giver", "manager", "far_coordinator", "panel_1"])
def test_nobody_approves_but_the_region(app: Flask, name: str) -> None:
    more = make.extension(make.begun())
    with pytest.raises(NotAllowed):
        actions.approve(more, by=people.person(name))


def test_from_ninety_days_in_all_the_panel_decides_again(app: Flask) -> None:
    more = to_panel()
    with pytest.raises(NotPossible, match="The panel decides"):
        actions.approve(more, by=people.person("coordinator"))
    actions.send_to_panel(more, by=people.person("coordinator"))
    with pytest.raises(NotRight):
        actions.vote(more, vote=Vote.FOR, reason=" ", by=people.person("panel_1"))
    for number in (1, 2, 3):
        member = people.person(f"panel_{number}")
        actions.vote(more, vote=Vote.FOR, reason="It helps.", by=member)
    assert more.state is ExtensionState.APPROVED
    assert balance(more.partnership, make.next_quarter()).committed == 10 * DAY
    assert list(ledger_check.problems()) == []


def test_one_day_below_the_coordinator_decides(app: Flask) -> None:
    more = to_panel(days=2 * DAY - 1)
    with pytest.raises(NotPossible, match="within what a coordinator"):
        actions.send_to_panel(more, by=people.person("coordinator"))
    actions.approve(more, by=people.person("coordinator"))


def test_what_the_panel_refuses_goes_back(app: Flask) -> None:
    more = to_panel()
    actions.send_to_panel(more, by=people.person("coordinator"))
    for number in (1, 2, 3):
        member = people.person(f"panel_{number}")
        actions.vote(more, vote=Vote.AGAINST, reason="Long enough.", by=member)
    assert more.state is ExtensionState.NOT_APPROVED
    assert balance(more.partnership, make.next_quarter()).reserved == 0
    assert list(ledger_check.problems()) == []


def test_a_tie_defers_once_and_nobody_votes_twice(app: Flask) -> None:
    own = people.programme()
    own.rules = {**own.rules, "quorum": 2}
    more = to_panel()
    actions.send_to_panel(more, by=people.person("coordinator"))
    for sitting in (1, 2):
        actions.vote(more, vote=Vote.FOR, reason="Yes.", by=people.person("panel_1"))
        if sitting == 1:
            with pytest.raises(NotAllowed, match="already"):
                actions.vote(more, vote=Vote.FOR, reason="Yes.", by=people.person("panel_1"))
        actions.vote(more, vote=Vote.AGAINST, reason="No.", by=people.person("panel_2"))
    assert more.state is ExtensionState.NOT_APPROVED


def test_what_is_not_free_is_not_promised(app: Flask) -> None:
    more = make.extension(make.begun(), days=3 * DAY, agreed=False)
    actions.agree(more, by=people.person("receiver"))
    with pytest.raises(NotPossible, match="2 days left"):
        actions.agree(more, by=people.person("giver"))


def test_one_at_a_time_for_a_live_partnership_with_days_and_words(app: Flask) -> None:
    within, by, first = make.begun(), people.person("giver"), make.next_quarter()
    usual = {"days": {first: DAY}, "exit_on": first.last_day, "because": "x", "by": by}
    for wrong in ({"days": {first: 0}}, {"because": " "}, {"days": {first - 2: DAY}},
                  {"exit_on": (first - 1).last_day}):  # fmt: skip
        with pytest.raises(NotRight):
            actions.propose(within, **(usual | wrong))
    make.extension(within)
    with pytest.raises(NotPossible, match="already"):
        actions.propose(within, **usual)


def test_an_early_end_closes_it_and_gives_its_days_back(app: Flask) -> None:
    within = make.begun()
    more = make.extension(within)
    partnerships.end_early(within, by=people.person("giver"))
    assert more.state is ExtensionState.NOT_NEEDED_NOW
    assert list(ledger_check.problems()) == []


def test_more_days_from_asking_to_approval_on_the_screen(app: Flask, client: PageClient) -> None:
    with transaction():
        within = make.begun()
    first = make.next_quarter()
    client.sign_in("receiver").get(f"/partnerships/{within.id}/extend")
    client.send(expect=422, because="Tŷ Ŵyn <b>")
    assert "Tŷ Ŵyn &lt;b&gt;" in client.text
    client.send(**{f"days_{first.ordinal}": "1.5"}, because="A second team.")
    assert "1.5 days" in client.follow() and "9.5 days" in client.text
    page = client.response.request.path
    client.press("Agree to more days")
    client.sign_in("manager").get(page)
    client.sign_in("other").get(page, expect=404)
    client.sign_in("panel_1").get(page, expect=404)
    client.sign_in("giver").get(page)
    client.press("Agree to more days")
    client.sign_in("coordinator").get(page)
    assert "Approved" in client.press("Approve more days")
    assert "1.5 days more" in client.sign_in("giver").get(f"/partnerships/{within.id}")


def test_the_panel_sees_it_once_asked_and_votes_on_the_page(app: Flask, client: PageClient) -> None:
    with transaction():
        more = to_panel()
        actions.send_to_panel(more, by=people.person("coordinator"))
    client.sign_in("panel_1").get(f"/extensions/{more.id}/vote")
    client.send(expect=422, reason="Why not")
    client.send(vote="for", reason="It helps.")
    assert "With panel" in client.follow() and "It helps." not in client.text
