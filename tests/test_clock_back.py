"""A machine whose clock ran ahead and is put right: nothing breaks, nobody is kept out for long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, clockwork, events, jobs, ledger_check, mail, outbox, worker
from broker.account.actions import hash_password
from broker.account.pace import LONGEST_WAIT
from broker.db import db, transaction
from broker.models.event import Event
from broker.models.match import Match, MatchState
from broker.models.work import Job, JobState, Message
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

AHEAD = [timedelta(hours=1), timedelta(days=1)]
PASSWORD = "Steady hands, 7 kites & ŵyr"


@pytest.mark.postgres
@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_what_was_done_ahead_of_time_stands_and_work_goes_on(
    app: Flask, client: PageClient, ahead: timedelta
) -> None:
    with clock.set_to(clock.now() + ahead):
        with transaction():
            make.capacity()
            match = make.agreed(make.match(make.need(days=4 * DAY)))
            match_id = match.id
        while worker.once("ahead"):
            pass
        client.sign_in("coordinator")
    assert "Approve" in client.get(f"/matches/{match_id}"), "who came in stays in"
    with transaction():
        day = make.day(make.partnership(db.session.get_one(Match, match_id)))
        take(day, "confirm", by=people.person("receiver"))
    while worker.once("put right"):
        pass
    assert db.session.get_one(Match, match_id).state is MatchState.APPROVED
    assert not db.session.scalars(select(Job).filter_by(state=JobState.FAILED)).all()
    assert list(ledger_check.problems()) == [] and list(events.verify()) == []
    numbers = select(Event.number).filter_by(noun="match", record_id=match_id).order_by(Event.id)
    told = list(db.session.scalars(numbers))
    assert told == sorted(told) == list(range(1, len(told) + 1)), "history keeps its order"


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_days_work_done_ahead_of_its_day_is_not_done_again(app: Flask, ahead: timedelta) -> None:
    with clock.set_to(clock.now() + ahead):
        clockwork.tick(clock.now())
    db.session.rollback()
    before = db.session.query(Event).count(), db.session.query(Message).count()
    clockwork.tick(clock.now())
    assert (db.session.query(Event).count(), db.session.query(Message).count()) == before


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_who_guessed_while_the_clock_was_ahead_waits_no_longer_than_a_guesser_does(
    app: Flask, client: PageClient, ahead: timedelta
) -> None:
    with transaction():
        owner = people.person("giver")
        owner.password_hash = hash_password(PASSWORD)
        email = owner.email
    with clock.set_to(clock.now() + ahead):
        for answer in (422, 422, 422, 422, 422, 429):
            client.get("/sign-in")
            client.send(expect=answer, email=email, password="a guess")
    with clock.set_to(clock.now() + 2 * LONGEST_WAIT):
        client.get("/sign-in")
        client.send(expect=302, email=email, password=PASSWORD)


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_what_rests_or_waits_from_ahead_of_time_rests_no_longer_than_it_would(
    app: Flask, ahead: timedelta
) -> None:
    with clock.set_to(clock.now() + ahead), transaction():
        make.conversation()
        [tried, *_] = outbox.waiting()
        mail.put_off(tried, OSError("no line"))
        jobs.enqueue("digests", "ahead")
    tried_id = tried.id
    with clock.set_to(clock.now() + mail.RESTS[-1]):
        assert tried_id in [one.id for one in outbox.waiting()]
    assert jobs.claim("put right") is not None
