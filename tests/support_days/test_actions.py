"""Logging from both sides: one visit is one day, both are told, and nothing is logged twice."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, ledger_check
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.work import Message
from broker.partnerships.queries import plan_of
from broker.support_days import actions, queries
from broker.support_days.entry import Entry
from tests import make, people
from tests.make import DAY
from tests.test_races import race

pytestmark = pytest.mark.postgres

TODAY = date(2026, 11, 20)
LATER = date(2026, 12, 18)


def entry(activity: str = "Visit", *, on: date = TODAY, quarter_days: int = DAY) -> Entry:
    return Entry(on, quarter_days, activity, Delivery.ON_SITE)


def log(within: Partnership, name: str, what: Entry, *, is_another: bool = False) -> SupportDay:
    return actions.log(within, what, is_another=is_another, by=people.person(name))


def standing() -> list[tuple[str, SupportDayState]]:
    days = db.session.scalars(select(SupportDay).order_by(SupportDay.id)).unique()
    return [(day.activity, day.state) for day in days]


def told_of(kind: str) -> set[str]:
    found = db.session.scalars(select(Message).where(Message.kind == f"support_day {kind}"))
    return {message.to.name for message in found}


def test_two_people_logging_the_same_day_from_both_sides_at_once_make_one_day_and_both_are_told(
    fresh_app: Flask,
) -> None:
    with fresh_app.app_context(), transaction():
        make.partnership()

    def by(name: str, activity: str) -> None:
        within = db.session.scalars(select(Partnership)).unique().one()
        assert within.title and within.match.days  # loaded, as a page would have it
        log(within, name, entry(activity))

    refused = race(
        fresh_app,
        lambda: by("giver_lead", "What Leeds calls it"),
        lambda: by("receiver_lead", "What Wirral calls it"),
    )
    with fresh_app.app_context():
        assert refused == []
        [(first, state)] = standing()
        assert state is SupportDayState.CONFIRMED
        day = db.session.scalars(select(SupportDay)).unique().one()
        second = next(event for event in history_of(day) if event.verb == "log_too")
        assert {first, second.detail} == {"What Leeds calls it", "What Wirral calls it"}
        assert plan_of(day.partnership).delivered == DAY
        both = {people.person(name).name for name in ("giver_lead", "receiver_lead")}
        assert both - {second.by.name} <= told_of("log_too")
        assert second.by.name in told_of("log")
        assert list(ledger_check.problems()) == []


def test_the_same_visit_logged_by_the_other_side_later_confirms_it(app: Flask) -> None:
    within = make.partnership()
    first = log(within, "receiver_lead", entry("Their words"))
    again = log(within, "practitioner", entry("Our words"))
    assert again is first and first.state is SupportDayState.CONFIRMED
    assert told_of("log_too") >= {people.person("receiver_lead").name}
    said = queries.words_about([first])[first.id]
    assert [event.detail for event in said] == ["Our words"]


@pytest.mark.parametrize(
    ("name", "quarter_days"),
    [("giver_lead", DAY), ("giver", DAY), ("receiver_lead", 2), ("receiver", 6)],
)
def test_anything_else_on_a_date_is_another_visit_only_if_somebody_says_so(
    app: Flask, name: str, quarter_days: int
) -> None:
    within = make.partnership()
    log(within, "giver_lead", entry("First"))
    again = entry("Second", quarter_days=quarter_days)
    with pytest.raises(NotRight, match="logged already: 1 day, ‘First’") as refused:
        log(within, name, again)
    assert refused.value.field == "is_another"
    log(within, name, again, is_another=True)
    assert plan_of(within).delivered == DAY + quarter_days


def test_a_void_day_stands_in_nobodys_way(app: Flask) -> None:
    within = make.partnership()
    day = log(within, "giver_lead", entry("A slip"))
    actions.void(day, reason="Wrong date.", by=people.person("giver"))
    log(within, "giver_lead", entry("The right one"))


def test_a_queried_day_is_never_confirmed_by_logging_it_again(app: Flask) -> None:
    within = make.partnership()
    day = log(within, "giver_lead", entry())
    actions.take(day, "query", by=people.person("receiver"), reason="Was it a whole day?")
    with pytest.raises(NotRight, match="queried"):
        log(within, "receiver_lead", entry())
    assert day.state is SupportDayState.QUERIED


def test_several_are_logged_together_or_not_at_all(app: Flask) -> None:
    within = make.partnership()
    with clock.set_to(LATER):
        dates = [date(2026, 12, n) for n in (1, 2, 3)]
        wanted = [entry(f"Visit {on.day}", on=on) for on in dates]
        too_early = entry(on=date(2026, 11, 1))
        with pytest.raises(actions.EntryWrong) as refused:
            with db.session.begin_nested():
                actions.log_several(within, [*wanted, too_early], by=people.person("giver"))
        assert (refused.value.number, refused.value.field) == (4, "given_on")
        assert standing() == []
        actions.log_several(within, wanted, by=people.person("giver"))
    assert [activity for activity, _ in standing()] == ["Visit 1", "Visit 2", "Visit 3"]


def test_two_visits_of_one_batch_on_one_date_are_two(app: Flask) -> None:
    within = make.partnership()
    both = [entry("Morning", quarter_days=2), entry("Afternoon", quarter_days=2)]
    actions.log_several(within, both, by=people.person("giver"))
    assert len(standing()) == 2


def test_of_two_alike_in_a_batch_one_confirms_and_the_other_is_logged(app: Flask) -> None:
    within = make.partnership()
    log(within, "receiver_lead", entry("Theirs", quarter_days=2))
    twice = [entry("One", quarter_days=2), entry("Two", quarter_days=2)]
    actions.log_several(within, twice, by=people.person("giver"))
    assert [state for _, state in standing()] == [SupportDayState.CONFIRMED, SupportDayState.LOGGED]


def test_all_that_waits_is_confirmed_in_one_press_by_the_other_side_alone(app: Flask) -> None:
    within = make.partnership()
    days = [make.day(within, quarter_days=1) for _ in range(3)]
    make.day(within, quarter_days=2, by="receiver_lead")
    receiver, giver = people.person("receiver_lead"), people.person("giver_lead")
    assert queries.waiting_for(receiver, within) == days
    assert len(queries.waiting_for(giver, within)) == 1
    assert queries.waiting_for(people.person("coordinator"), within) == []
    with pytest.raises(NotAllowed):
        actions.confirm_all(days, by=giver)
    with pytest.raises(NotRight):
        actions.confirm_all([], by=receiver)
    actions.confirm_all(days, by=receiver)
    with pytest.raises(NotPossible):
        actions.confirm_all(days, by=receiver)
    assert queries.waiting_for(receiver, within) == []


def test_the_list_of_late_days_is_those_that_say_so(app: Flask) -> None:
    within = make.partnership()
    for on in (TODAY, date(2026, 11, 21), date(2026, 11, 23), date(2026, 12, 4)):
        with clock.set_to(on):
            make.day(within, quarter_days=1, on=on)
    late = queries.Wanted(standing=queries.Standing.LATE)
    for number in range(1, 15):
        with clock.set_to(date(2026, 12, number)):
            found = db.session.scalars(queries.days_wanted(people.person("giver"), late)).unique()
            by_itself = [day for day in queries.log_of(within) if queries.is_overdue(day)]
            assert list(found) == by_itself
            assert queries.overdue_in(within) == len(by_itself)
    assert len(by_itself) == 3


def test_every_day_is_read_a_few_at_a_time_in_the_order_of_the_list(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = make.partnership()
    with clock.set_to(LATER):
        for number in range(7):
            make.day(within, quarter_days=1, on=date(2026, 12, 1 + number // 3))
    asked = queries.days_wanted(people.person("giver"), queries.Wanted())
    whole = list(db.session.scalars(asked).unique())
    for size in (1, 2, 3, 7, 8):
        monkeypatch.setattr(queries, "AT_A_TIME", size)
        assert list(queries.each(asked)) == whole
