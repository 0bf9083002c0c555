"""The day's work: anchors yesterday, opens what is due, lets what waited too long lapse; once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import clock, clockwork, events, jobs, ledger, ledger_check, reminders, turns, worker
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.matches import actions as matches
from broker.models.authority import Grade, Judgement
from broker.models.event import Anchor, Event
from broker.models.match import Conversation, ConversationState, Match, MatchState
from broker.models.offer import Offer, OfferState
from broker.models.person import Person
from broker.models.readiness import Readiness
from broker.models.return_ import Return
from broker.models.work import Job, JobState
from broker.returns import actions as returns
from broker.system import the_system
from tests import make, people
from tests.make import DAY

NIGHT = datetime(2026, 11, 20, 1, tzinfo=UTC)


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def days_work() -> None:
    """Let the worker do everything that is due."""
    while worker.once("test"):
        pass
    failed = db.session.scalars(select(Job.error).where(Job.state == JobState.FAILED)).all()
    assert failed == []
    db.session.rollback()


def kinds() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(Job.kind)))


def the_days_job() -> Job:
    return db.session.scalars(select(Job).filter_by(kind="day")).one()


def fingerprint() -> tuple[int, ...]:
    return tuple(count(model) for model in (Anchor, Event, Return, Job))


# -- once a day -------------------------------------------------------------------------------


def test_the_days_work_is_queued_once_however_often_it_is_asked_for(app: Flask) -> None:
    for _ in range(3):
        clockwork.queue_today()
    assert kinds() == {"day": 1, "digests": 1}
    with clock.set_to(clock.today() + timedelta(days=1)):  # a Saturday
        clockwork.queue_today()
    assert kinds() == {"day": 2, "digests": 1}
    with clock.set_to(datetime(2026, 11, 23, 7, 29, tzinfo=UTC)):
        clockwork.queue_today()
    assert kinds() == {"day": 3, "digests": 1}


def test_the_days_work_waits_until_yesterdays_last_transactions_have_ended(app: Flask) -> None:
    with clock.set_to(datetime(2026, 11, 21, 0, 14, tzinfo=UTC)):
        clockwork.queue_today()
        assert count(Job) == 0
    with clock.set_to(datetime(2026, 11, 21, 0, 15, tzinfo=UTC)):
        clockwork.queue_today()
        assert count(Job) == 1


def test_yesterday_is_anchored_and_a_changed_history_no_longer_fits(app: Flask) -> None:
    with clock.set_to(date(2026, 11, 19)), transaction():
        make.need()
    days_work()
    [anchor] = db.session.scalars(select(Anchor))
    assert anchor.day == date(2026, 11, 19) and anchor.records > 0
    assert list(events.verify()) == []


def test_repeating_a_days_work_changes_nothing(app: Flask) -> None:
    _with_return_due()
    with clock.set_to(date(2027, 1, 4)):
        days_work()
        before = fingerprint()
        clockwork.begin_day(the_days_job().id, {})
        days_work()
        assert fingerprint() == before


def test_a_days_work_that_broke_off_is_done_by_repeating_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_return_due()

    def broken(*, by: object) -> None:
        raise RuntimeError("power cut")

    with clock.set_to(date(2027, 1, 4)):
        with monkeypatch.context() as cut:
            cut.setattr(clockwork, "open_due", broken)
            worker.once("test")
        job = the_days_job()
        assert job.state is JobState.FAILED and "power cut" in (job.error or "")
        assert (count(Anchor), count(Return)) == (1, 0)
        clockwork.begin_day(job.id, {})
        assert (count(Anchor), count(Return)) == (1, 1)


# -- in turns ---------------------------------------------------------------------------------


def _with_two_returns_due() -> None:
    pip = people.programme("pip")
    with transaction():
        for name in ("giver", "second_giver"):
            make.capacity({clock.this_quarter(): 5 * DAY}, programme=pip, giver=name)


def test_what_a_step_has_done_is_kept_before_it_goes_on_to_the_next_thing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody waits, for a lock that it holds, until it has gone over the whole country."""
    _with_two_returns_due()
    open_one = returns._open_or_nil
    monkeypatch.setattr(turns, "LONGEST", 0)

    def power_cut(*which: Any, by: Person) -> Return:
        if db.session.scalars(select(Return.id)).all():
            raise RuntimeError("power cut")
        return open_one(*which, by=by)

    with clock.set_to(date(2027, 1, 4)):
        with monkeypatch.context() as cut:
            cut.setattr(returns, "_open_or_nil", power_cut)
            worker.once("test")
        job = the_days_job()
        assert "power cut" in (job.error or "") and count(Return) == 1
        clockwork.begin_day(job.id, {})
        assert count(Return) == 2


def test_a_step_stops_at_its_next_turn_once_another_clock_has_done_the_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_two_returns_due()
    monkeypatch.setattr(turns, "LONGEST", 0)
    day = date(2027, 1, 4)

    def done_by_another(of_day: date, goes_on: Callable[[], None]) -> None:
        clockwork._note_done(of_day)
        keep_and_go_on(of_day, goes_on)

    keep_and_go_on = clockwork._next_turn
    monkeypatch.setattr(clockwork, "_next_turn", done_by_another)
    with clock.set_to(day):
        clockwork._behind_the_lock(day, lambda of_day: returns.open_due(by=the_system()))
        assert count(Return) == 1


def test_a_days_work_that_takes_long_is_not_taken_for_interrupted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is kept in every turn, by a clock that does not stand still as the day's does."""
    day, seen = clock.today(), []

    def two_minutes_each(of_day: date) -> None:
        for minute in turns.in_turns((2, 4, 6)):
            clock.anchor_to(day, at=time(1, minute))
            seen.append(db.session.scalar(select(Job.lease_until)))

    clock.anchor_to(day, at=time(1))
    monkeypatch.setattr(turns, "LONGEST", 0)
    monkeypatch.setattr(clockwork, "STEPS", (two_minutes_each,))
    clockwork.queue_today()
    claimed = jobs.claim("test")
    assert claimed is not None
    clockwork.begin_day(claimed[0], {})
    for lease_until, minute in zip(seen, (2, 4, 6), strict=True):
        assert lease_until is not None
        assert lease_until > datetime.combine(day, time(1, minute), UTC)


# -- returns ----------------------------------------------------------------------------------


def _with_return_due() -> None:
    """Leeds has days under Partners in Practice in October to December."""
    pip = people.programme("pip")
    with transaction():
        make.capacity({clock.this_quarter(): 5 * DAY}, programme=pip)


def test_a_quarters_returns_open_on_the_first_working_day_after_it_and_once(app: Flask) -> None:
    _with_return_due()
    for day, opened in (
        (date(2026, 12, 31), 0),
        (date(2027, 1, 1), 0),  # a bank holiday
        (date(2027, 1, 3), 0),
        (date(2027, 1, 4), 1),
        (date(2027, 1, 5), 1),
        (date(2027, 3, 31), 1),
    ):
        with clock.set_to(day):
            days_work()
            assert count(Return) == opened, day


# -- lapsing ----------------------------------------------------------------------------------

WAITED = date(2026, 11, 20)
LAST_DAY = clock.add_working_days(WAITED, 45)


def lapse(on: date) -> None:
    with clock.set_to(on), transaction():
        reminders.lapse(on, by=the_system())


def test_an_ask_lapses_after_forty_five_working_days_without_an_answer(app: Flask) -> None:
    with clock.set_to(WAITED), transaction():
        make.conversation()
    talk = db.session.scalars(select(Conversation)).unique().one()
    lapse(LAST_DAY)
    assert talk.state is ConversationState.ASKED
    lapse(clock.add_working_days(LAST_DAY, 1))
    assert talk.state is ConversationState.LAPSED


@pytest.mark.parametrize("with_panel", [False, True], ids=["agreed", "with the panel"])
def test_an_undecided_match_lapses_and_its_days_are_free_again(
    app: Flask, with_panel: bool
) -> None:
    with clock.set_to(WAITED), transaction():
        capacity = make.capacity({make.next_quarter() + 1: 30 * DAY})
        need = make.need(until="submitted", days=24 * DAY, first=make.next_quarter() + 1)
        outcome = Readiness.CONDITIONAL if with_panel else Readiness.READY
        match = make.agreed(make.match(make.opened(need, outcome)))
        if with_panel:
            matches.send_to_panel(match, by=people.person("coordinator"))
    [balance] = ledger.balances([capacity.id])[capacity.id].values()
    assert balance.free == 6 * DAY
    lapse(LAST_DAY)
    assert match.state is not MatchState.LAPSED
    lapse(clock.add_working_days(LAST_DAY, 1))
    assert match.state is MatchState.LAPSED
    [balance] = ledger.balances([capacity.id])[capacity.id].values()
    assert balance.free == 30 * DAY
    assert list(ledger_check.problems()) == []


def test_what_was_answered_does_not_lapse(app: Flask) -> None:
    with clock.set_to(WAITED), transaction():
        make.capacity({make.next_quarter() + 1: 30 * DAY})
        talk = make.conversation()
        conversations.accept(talk, by=people.person("giver"))
    lapse(date(2027, 3, 1))
    db.session.rollback()
    assert db.session.scalars(select(Match.state)).all() == [MatchState.TALKING]


def test_lapsing_twice_writes_one_event(app: Flask) -> None:
    with clock.set_to(WAITED), transaction():
        make.conversation()
    for _ in range(2):
        lapse(date(2027, 3, 1))
    lapsed = select(func.count(Event.id)).where(Event.verb == "lapse")
    assert db.session.scalar(lapsed) == 1


# -- eligibility ------------------------------------------------------------------------------


def test_the_day_suspends_offers_of_a_provider_that_may_no_longer_give(app: Flask) -> None:
    with transaction():
        offer = make.offer()
        db.session.add(
            Judgement(
                authority_id=offer.provider_id,
                framework="ILACS",
                kind="inspection",
                published_on=date(2026, 11, 18),
                overall=Grade.INADEQUATE,
                leaders=Grade.INADEQUATE,
                help_and_protection=Grade.INADEQUATE,
                children_in_care=Grade.INADEQUATE,
                care_leavers=Grade.INADEQUATE,
                source="a letter",
                is_official=False,
            )
        )
    days_work()
    assert db.session.scalars(select(Offer.state)).all() == [OfferState.SUSPENDED]


# -- jobs -------------------------------------------------------------------------------------


def test_a_worker_that_went_silent_leaves_its_job_interrupted(app: Flask) -> None:
    with clock.set_to(NIGHT):
        clockwork.queue_today()
        assert jobs.claim("first") is not None
        assert jobs.claim("second") is None
        assert jobs.interrupt_abandoned() == []
    with clock.set_to(NIGHT + jobs.LEASE + timedelta(seconds=1)):
        [job] = jobs.interrupt_abandoned()
        assert job.state is JobState.INTERRUPTED
