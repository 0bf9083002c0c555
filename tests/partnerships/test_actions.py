"""Opening partnerships, logging and settling support days, ending."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from broker import clock, ledger, ledger_check
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.models.match import Side
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, PartnershipState, SupportDay, SupportDayState
from broker.models.person import Membership, Role
from broker.models.work import Message
from broker.partnerships import actions, queries
from broker.support_days import actions as support_days
from broker.support_days import queries as day_queries
from broker.support_days.entry import Entry
from broker.taking import take
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.postgres


def log(within: Partnership, name: str = "giver_lead", **values: object) -> SupportDay:
    given: dict[str, object] = {
        "given_on": clock.today(),
        "quarter_days": DAY,
        "activity": "Observed practice",
        "delivery": Delivery.REMOTE,
    }
    entry = Entry(**(given | values))
    return support_days.log(within, entry, is_another=True, by=people.person(name))


def test_a_partnership_opens_with_the_aims_of_its_terms(app: Flask) -> None:
    opened = make.partnership()
    assert opened.state is PartnershipState.SETTING_UP
    assert opened.aims == "Children are seen sooner."
    assert opened.title == opened.match.need.title
    assert [event.verb for event in history_of(opened)] == ["open"]


def test_both_sides_and_practitioners_may_log(app: Flask) -> None:
    within = make.partnership()
    sides = {
        name: log(within, name, quarter_days=n).logged_by_side
        for n, name in enumerate(
            ("giver", "giver_lead", "practitioner", "receiver", "receiver_lead"), 1
        )
    }
    assert sides == {
        "giver": Side.PROVIDER,
        "giver_lead": Side.PROVIDER,
        "practitioner": Side.PROVIDER,
        "receiver": Side.RECEIVER,
        "receiver_lead": Side.RECEIVER,
    }
    assert queries.plan_of(within).delivered == 15


@pytest.mark.parametrize("name", ["coordinator", "dfe", "manager", "other", "second_giver"])
def test_nobody_else_may_log(app: Flask, name: str) -> None:
    with pytest.raises(NotAllowed):
        log(make.partnership(), name)


def test_nobody_logs_for_both_sides(app: Flask) -> None:
    within = make.partnership()
    lead = people.person("giver_lead")
    lead.memberships.append(
        Membership(role=Role.IMPROVEMENT_LEAD, authority=within.receiver, starts_on=people.START)
    )
    db.session.flush()
    with pytest.raises(NotAllowed, match="both"):
        log(within)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quarter_days": 0}, "days"),
        ({"quarter_days": -4}, "days"),
        ({"activity": "   "}, "activity"),
        ({"activity": "x" * 201}, "activity"),
        ({"delivery": Delivery.EITHER}, "delivery"),
        ({"people_count": 0}, "people_count"),
        ({"people_count": 10**12}, "people_count"),
        ({"given_on": date(2027, 1, 1)}, "given_on"),
        ({"given_on": date(1900, 1, 1)}, "given_on"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(
    app: Flask, values: dict[str, object], field: str
) -> None:
    within = make.partnership()
    with pytest.raises(NotRight) as refused:
        log(within, **values)
    assert refused.value.field == field


def test_no_more_days_than_approved_and_the_refusal_says_what_is_left(app: Flask) -> None:
    within = make.partnership()
    log(within, quarter_days=7 * DAY)
    with pytest.raises(NotPossible, match="1 day left"):
        log(within, quarter_days=2 * DAY)


def test_the_side_that_did_not_log_confirms(app: Flask) -> None:
    day = make.day(make.partnership())
    with pytest.raises(NotAllowed):
        take(day, "confirm", by=people.person("giver"))
    with pytest.raises(NotAllowed):
        take(day, "confirm", by=people.person("practitioner"))
    take(day, "confirm", by=people.person("receiver_lead"))
    assert day.state is SupportDayState.CONFIRMED


def test_a_queried_day_is_answered_and_both_read_why(app: Flask) -> None:
    day = make.day(make.partnership())
    take(day, "query", by=people.person("receiver"), reason="Was this a half day?")
    take(day, "answer", by=people.person("giver_lead"), reason="A whole one, with travel.")
    said = day_queries.words_about([day])[day.id]
    assert [event.reason for event in said] == [
        "Was this a half day?",
        "A whole one, with travel.",
    ]
    assert day.state is SupportDayState.LOGGED


def test_a_void_day_no_longer_counts(app: Flask) -> None:
    within = make.partnership()
    day = make.day(within)
    with pytest.raises(NotRight):
        support_days.void(day, reason="", by=people.person("giver"))
    support_days.void(day, reason="Logged twice.", by=people.person("giver"))
    assert queries.plan_of(within).delivered == 0
    assert not list(ledger_check.problems())


def test_a_day_not_confirmed_within_ten_working_days_is_overdue(app: Flask) -> None:
    day = make.day(make.partnership())
    assert not day_queries.is_overdue(day)
    with clock.set_to(clock.add_working_days(clock.today(), 10)):
        assert not day_queries.is_overdue(day)
    with clock.set_to(clock.add_working_days(clock.today(), 11)):
        assert day_queries.is_overdue(day)
        take(day, "confirm", by=people.person("receiver"))
        assert not day_queries.is_overdue(day)


def test_an_early_end_gives_unused_days_back_and_stops_the_log(app: Flask) -> None:
    within = make.partnership()
    make.day(within)
    actions.end_early(within, reason="Our priorities moved.", by=people.person("receiver"))
    assert within.state is PartnershipState.ENDED_EARLY
    assert within.ended_at is not None
    assert queries.plan_of(within).left == 0
    assert not list(ledger_check.problems())
    with pytest.raises(NotPossible, match="ended"):
        make.day(within)


def test_a_partnership_walks_its_phases_to_a_planned_end(app: Flask) -> None:
    within = make.ready_to_end()
    assert within.state is PartnershipState.TAPERING
    actions.end(within, reason="The three tests are met.", by=people.person("receiver"))
    assert within.state is PartnershipState.ENDED
    balance = ledger.balances_of_match(within.match_id).values()
    assert sum(b.committed for b in balance) == 0


def test_no_message_carries_a_reason(app: Flask) -> None:
    day = make.day(make.partnership())
    take(day, "query", by=people.person("receiver"), reason="A private worry")
    support_days.void(day, reason="A secret slip", by=people.person("giver"))
    texts = [m.subject + m.body for m in db.session.query(Message)]
    assert texts and not [t for t in texts if "worry" in t or "slip" in t]


def test_the_day_before_opening_is_refused_and_the_opening_day_is_not(app: Flask) -> None:
    within = make.partnership()
    with pytest.raises(NotRight, match="opened on"):
        log(within, given_on=clock.today() - timedelta(days=1))
    assert log(within, given_on=within.opened_at.date())
