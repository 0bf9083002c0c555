"""Ends: the three tests, homes for every strand, the report that its receiver reads first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from broker import clock, clockwork
from broker.db import db, transaction
from broker.endings import actions, queries
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.health.queries import health_for
from broker.models.partnership import Holds, Partnership, PartnershipState
from broker.models.work import Message
from broker.partnerships import actions as partnerships
from broker.plans.queries import standing_plan
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY


def test_no_planned_end_without_tests_homes_and_budget(app: Flask) -> None:
    within, by = make.tapering(), people.person("receiver")
    with pytest.raises(NotPossible, match="Record the three tests"):
        partnerships.end(within, reason="Done.", by=by)
    lead = people.person("giver_lead")
    for name in ("performance_met", "capacity_met", "succession_met"):
        actions.record_tests(within, make.met(**{name: False}), by=lead)
        with pytest.raises(NotPossible, match="not met"):
            partnerships.end(within, reason="Done.", by=by)
    actions.record_tests(within, make.met(budget_protected=False), by=lead)
    with pytest.raises(NotPossible, match="1 strand still needs a home"):
        partnerships.end(within, reason="Done.", by=by)
    plan = standing_plan(within)
    assert plan is not None
    actions.hand_over(within, plan.objectives[0], to_whom="Head", note="", by=lead)
    with pytest.raises(NotPossible, match="money"):
        partnerships.end(within, reason="Done.", by=by)
    actions.record_tests(within, make.met(), by=lead)
    partnerships.end(within, reason="Done.", by=by)
    assert within.state is PartnershipState.ENDED


def test_a_test_says_how_one_can_tell(app: Flask) -> None:
    within = make.tapering()
    with pytest.raises(NotRight) as refused:
        actions.record_tests(within, make.met(capacity=" "), by=people.person("giver"))
    assert refused.value.field == "capacity"


def test_what_was_approved_stays_to_be_read_after_the_end(app: Flask, client: PageClient) -> None:
    with transaction():
        within = make.ended()
    said = client.sign_in("receiver").get(f"/partnerships/{within.id}")
    assert "<b>8</b> days approved" in said and "Style:" not in said


def test_the_receiver_is_invited_to_help_others(app: Flask) -> None:
    make.ended()
    invited = {m.to.name for m in db.session.query(Message) if m.kind == "invitation"}
    assert invited == {"Improvement lead, Wirral"}  # the director ended it


@pytest.mark.parametrize("name", ["receiver", "giver"])
def test_either_side_ends_early_at_once_and_says_why_later_and_apart(
    app: Flask, client: PageClient, name: str
) -> None:
    with transaction():
        within = make.begun()
        partnerships.end_early(within, by=people.person(name))
    with clock.set_to(date(2027, 1, 12)):
        client.sign_in("receiver_lead").get(f"/partnerships/{within.id}/ending/why")
        client.send(expect=422, words="It was too much at once.")
        client.send(code="capacity", words="It was too much at once.")
        assert "It was too much at once." in client.follow()
        client.get(f"/partnerships/{within.id}/ending/why")
        client.send(expect=422, code="trust")
        client.sign_in("giver").get(f"/partnerships/{within.id}/ending/why")
        client.send(code="people", words="Our lead left.")
        assert "Our lead left." in client.follow() and "too much" not in client.text
        said = client.sign_in("coordinator").get(f"/partnerships/{within.id}/ending")
        assert "Our lead left." in said and "too much at once" in said
        for other in ("manager", "dfe"):
            said = client.sign_in(other).get(f"/partnerships/{within.id}/ending")
            assert "Our lead left." not in said and "too much" not in said


def test_the_report_is_read_by_its_receiver_before_anybody_outside(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        within = make.ended()
    page = f"/partnerships/{within.id}/ending"
    client.sign_in("giver_lead").get(f"{page}/report")
    client.send(expect=422, changed="Seen within a day.")
    assert "Seen within a day." in client.text
    answers = {"worked": "Sitting beside.", "did_not_work": "Meetings.", "carries_on": "The head."}
    client.send(changed="Seen within a day.", **answers)
    assert "Seen within a day." in client.follow()
    for name in ("coordinator", "manager", "dfe"):
        assert "Seen within a day." not in client.sign_in(name).get(page)
    client.sign_in("receiver").get(f"{page}/report/read")
    client.send(comment="We would add: it took longer.")
    client.follow()
    for name in ("coordinator", "manager", "dfe"):
        said = client.sign_in(name).get(page)
        assert "Seen within a day." in said and "it took longer" in said
    client.sign_in("giver_lead").get(f"{page}/report", expect=409)


def test_an_unread_report_goes_out_after_five_working_days(app: Flask, client: PageClient) -> None:
    with transaction():
        within = make.reported()
    page = f"/partnerships/{within.id}/ending"
    for ahead, is_out in ((4, False), (5, True)):
        with clock.set_to(clock.add_working_days(clock.today(), ahead)):
            said = client.sign_in("manager").get(page)
            assert ("Children are seen within a day." in said) is is_out


def test_whether_the_taper_was_kept_is_worked_out(app: Flask) -> None:
    within = make.begun()
    kept = queries.taper_words(queries.taper_of(within))
    assert kept.startswith("The taper was kept")
    make.day(within, quarter_days=DAY)
    words = queries.taper_words(queries.taper_of(within))
    assert words.startswith("The taper was not kept: 1 of 2 quarters") and "after" not in words


def _looked(within: Partnership, day: date, holds: Holds = Holds.YES) -> None:
    lead = people.person("receiver_lead")
    with clock.set_to(day):
        actions.look_back(within, holds, words="Visits are in time.", by=lead)


def test_the_receiver_looks_back_after_six_and_twelve_months_then_it_is_closed(
    app: Flask,
) -> None:
    within = make.ended()
    with pytest.raises(NotPossible, match="No look back is due"):
        _looked(within, date(2027, 5, 19))
    _looked(within, date(2027, 5, 20))
    assert within.state is PartnershipState.FOLLOWED_UP
    with pytest.raises(NotPossible, match="No look back is due"):
        _looked(within, date(2027, 11, 19))
    coordinator = people.person("coordinator")
    with clock.set_to(date(2027, 11, 21)), pytest.raises(NotPossible, match="after 12 months"):
        take(within, "close", by=coordinator)
    _looked(within, date(2027, 11, 22), Holds.PARTLY)
    with pytest.raises(NotAllowed):
        take(within, "close", by=people.person("receiver"))
    take(within, "close", by=coordinator)
    assert [one.months for one in within.follow_ups] == [6, 12]
    assert within.state is PartnershipState.CLOSED


def test_whether_it_holds_is_asked_once_by_feedback_or_by_the_look_back(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        within = make.ended()
    page = f"/partnerships/{within.id}"
    with clock.set_to(date(2027, 5, 20)), transaction():
        make.feedback(within, by="receiver_lead", holds=Holds.PARTLY)
    with clock.set_to(date(2027, 5, 21)):
        client.sign_in("receiver_lead").get(f"{page}/ending/look-back")
        assert "you said: <strong>In part" in client.text and 'name="holds"' not in client.text
        client.send(words="Most visits are in time.")
    with clock.set_to(date(2027, 11, 22)):
        client.get(f"{page}/ending/look-back")
        assert "you said" not in client.text
        client.send(holds="no", words="The team was dissolved.")
        client.get(f"{page}/feedback")
        assert 'name="holds"' not in client.text
        answers = {"outcomes_helped": "None now.", "what_worked": "The visits did."}
        client.send(part_in_plan="small", effectiveness="3", would_recommend="yes", **answers)
        db.session.expire_all()
        assert [one.holds for one in within.follow_ups] == [Holds.PARTLY, Holds.NO]
        assert [one.holds for one in within.feedback] == [Holds.PARTLY, None]
        found = health_for(people.person("coordinator"), within)
    said = {one.name: one.evidence for one in found.findings} if found else {}
    assert said["It holds after the end"] == (
        "No, it slipped back, by the receiver 12 months after."
    )


def test_the_clock_asks_for_the_look_back_once(app: Flask) -> None:
    with transaction():
        make.ended()
    for ahead in range(3):
        day = date(2027, 5, 20) + timedelta(days=ahead)
        with clock.set_to(datetime(day.year, day.month, day.day, 9, tzinfo=clock.LONDON)):
            clockwork.tick(clock.now())
    asked = [m for m in db.session.query(Message) if m.kind == "partnership look_back_due"]
    assert {m.to.name for m in asked} == {"Director, Wirral", "Improvement lead, Wirral"}
    assert len(asked) == 2


def test_what_is_still_needed_before_the_end_stands_on_one_page(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        within = make.tapering()
    page = f"/partnerships/{within.id}/ending"
    said = client.sign_in("receiver_lead").get(page)
    assert said.count(">To do<") == 3 and "1 strand still needs a home" in said
    client.get(f"{page}/strands/1")
    client.send(to_whom="Head of the front door", note="Audits each month.")
    client.get(f"{page}/tests")
    yes: dict[str, Any] = {
        f"{name}_met": "yes" for name in ("performance", "capacity", "succession")
    }
    client.send(expect=422, **yes)
    words = dict.fromkeys(("performance", "capacity", "succession", "budget"), "Seen.")
    client.send(**yes, **words, budget_protected="yes")
    assert client.follow().count(">Done<") == 3
    assert "Audits each month." in client.text
