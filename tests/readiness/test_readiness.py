"""Readiness: checked with evidence, read by the authority first, conditions seen through."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from broker import clock
from broker.conditions import why_panel
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.models.need import Need, NeedState
from broker.models.readiness import Readiness, standing_check
from broker.needs import actions as needs
from broker.readiness import actions
from tests import make, people
from tests.client import PageClient

DAY = make.DAY


def large(**said: Any) -> Need:
    return make.need(days=30 * DAY, until="submitted", **said)


def test_a_need_opens_once_it_is_signed_checked_and_read(app: Flask) -> None:
    need, coordinator = large(), people.person("coordinator")
    for step in (
        lambda: make.checked(need),
        lambda: actions.see(need, comment="Fair.", by=people.person("receiver")),
        lambda: make.signed(need),
    ):
        with pytest.raises(NotPossible):
            needs.open_need(need, by=coordinator)
        step()
    needs.open_need(need, by=coordinator)
    assert need.state is NeedState.OPEN


def test_unread_it_counts_after_five_working_days(app: Flask) -> None:
    with clock.set_to(date(2026, 12, 23)):
        need = make.signed(make.checked(large()))
    for day, opens in ((date(2027, 1, 1), False), (date(2027, 1, 4), True)):
        with clock.set_to(day):
            said = need.readiness[0]
            assert said.was_shown is opens, (day, said.counts_from)


def test_not_ready_has_a_way_on_and_the_latest_check_counts(app: Flask) -> None:
    need = make.signed(large())
    make.checked(need, Readiness.NOT_READY)
    actions.see(need, comment="", by=people.person("receiver"))
    with pytest.raises(NotPossible):
        needs.open_need(need, by=people.person("coordinator"))
    make.opened(need)
    assert need.state is NeedState.OPEN


def test_a_follow_on_uses_a_check_that_is_fresh_and_counts_together_for_the_panel(
    app: Flask,
) -> None:
    first = large()
    make.opened(first, Readiness.CONDITIONAL)
    follow = needs.follow_on(first, by=people.person("receiver_lead"))
    assert standing_check(follow) is first.readiness[0]
    needs.submit(follow, by=people.person("receiver"))
    make.signed(follow)
    needs.open_need(follow, by=people.person("coordinator"))
    with clock.set_to(date(2027, 6, 1)):
        assert standing_check(follow) is None
    make.capacity()
    match = make.match(follow, make.offer())
    assert why_panel(match) == "the need is ready with conditions"


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"outcome": ""}, "Choose an answer to ‘Is the authority ready?’"),
    ({"outcome": "perfect"}, "must be one of the answers listed"),
    ({"evidence": ""}, "Fill in ‘What shows it, in short’"),
    ({"evidence": "x" * 4001}, "4,000 characters or fewer"),
    ({"outcome": "conditional"}, "Say which conditions"),
    ({"condition_1": "A lead is named."}, "Say who does it, and by when"),
    ({"outcome": "not_ready"}, "Say what follows"),
    ({"outcome": "not_ready", "way_on": "come_back"}, "Give the date on which you look again"),
    ({"met_plan": "yes"}, "Say what shows it."),
    ({"met_plan": "maybe"}, "must be one of the answers listed"),
    ({"due_1-day": "29", "due_1-month": "2", "due_1-year": "2027"}, "there is no 29 February"),
    (
        {
            "outcome": "not_ready",
            "way_on": "come_back",
            "come_back_on-day": "1",
            "come_back_on-month": "1",
            "come_back_on-year": "2020",
        },
        "still to come",
    ),
]


@pytest.mark.parametrize(("change", "said"), HOSTILE)
def test_a_check_that_does_not_hold_keeps_what_was_typed(
    client: PageClient, change: dict[str, str], said: str
) -> None:
    with transaction():
        need = large()
    kept = "Cymorth yng Ngŵyr, مساعدة"
    client.sign_in("coordinator").get(f"/needs/{need.id}/readiness")
    client.send(expect=422, **{"outcome": "ready", "evidence": kept, **change})
    assert said in client.text
    assert "evidence" in change or kept in client.text
    db.session.expire_all()
    assert need.readiness == []


def test_conditions_are_tracked_to_done_and_the_comment_travels(client: PageClient) -> None:
    with transaction():
        need = large()
    here = f"/needs/{need.id}"
    client.sign_in("coordinator").get(f"{here}/readiness")
    client.send(
        outcome="conditional",
        evidence="Papers.",
        met_children="partly",
        why_children="<script>heard</script>",
        condition_1="A lead for data is named.",
        who_1="Director",
        **{"due_1-day": "29", "due_1-month": "1", "due_1-year": "2027"},
    )
    client.sign_in("receiver_lead").get(f"{here}/readiness/read")
    assert "&lt;script&gt;heard" in client.text and "A lead for data is named." in client.text
    client.send(comment="We named one yesterday.")
    client.sign_in("coordinator").get(here)
    assert "We named one yesterday." in client.text
    client.press("Mark as done")
    assert "Mark as done" not in client.text and "Done" in client.text
    with transaction():
        made = db.session.get_one(Need, need.id)
        make.signed(made)
        needs.open_need(made, by=people.person("coordinator"))
    for name in ("dfe", "manager"):
        client.sign_in(name).get(here)
        assert "A lead for data" not in client.text and "yesterday" not in client.text
