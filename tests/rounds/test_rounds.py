"""Rounds propose and never assign; shortlists say why, to those who may know."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, jobs, worker
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.models.match import Origin, Round, RoundState, SuggestionState
from broker.models.work import Job, JobState
from broker.permissions import coordinator_with_fresh_eyes as fresh
from broker.rounds import actions, queries, running
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

pytestmark = pytest.mark.postgres


def ask_for_round() -> int:
    with transaction():
        round_ = actions.run(
            programme=people.programme(),
            region=people.region(people.NORTH_WEST),
            aim="fit",
            by=people.person("coordinator"),
        )
        return round_.id


def solved(round_id: int) -> Round:
    """Let the worker take its turns; the round as it stands then."""
    while worker.once("test"):
        pass
    db.session.rollback()
    return db.session.get_one(Round, round_id)


@pytest.fixture
def some_needs(app: Flask) -> None:
    with transaction():
        make.capacity()
        make.offer()
        make.need(title="Fits well")
        make.need(title="Too much", days=300 * DAY)
        make.need(until="private", title="A private worry")
        make.need(until="in_confidence", title="A shared worry")
        make.need(until="submitted", title="Not open yet")


def test_a_round_proposes_and_says_who_is_left_out_and_why(some_needs: None) -> None:
    round_ = solved(ask_for_round())
    assert round_.state is RoundState.SOLVED
    proposed, left = queries.plan_of(round_)
    assert [one.need.title for one in proposed] == ["Fits well"]
    assert [one.need.title for one in left] == ["Too much"] and left[0].because


def test_what_is_not_open_never_reaches_a_rounds_inputs(some_needs: None) -> None:
    round_ = solved(ask_for_round())
    titles = set(round_.inputs["names"].values())
    assert titles.isdisjoint({"A private worry", "A shared worry", "Not open yet"})


def test_adopting_makes_suggestions_and_the_receiver_hears_first(some_needs: None) -> None:
    round_id = ask_for_round()
    solved(round_id)
    with transaction():
        made = actions.adopt(db.session.get_one(Round, round_id), by=people.person("coordinator"))
    assert [s.state for s in made] == [SuggestionState.MADE]
    assert made[0].origin is Origin.ROUND and made[0].reasons
    with pytest.raises(NotPossible), transaction():
        actions.adopt(db.session.get_one(Round, round_id), by=people.person("coordinator"))


def test_who_adopted_a_round_does_not_approve_its_matches(some_needs: None) -> None:
    round_id = ask_for_round()
    solved(round_id)
    with transaction():
        [suggestion] = actions.adopt(
            db.session.get_one(Round, round_id), by=people.person("coordinator")
        )
        match = make.match_from(suggestion)
        assert fresh(people.person("coordinator"), match) is None
        assert fresh(people.person("deputy"), match) is not None


def test_a_cancelled_round_is_not_run(some_needs: None) -> None:
    round_id = ask_for_round()
    with transaction():
        actions.cancel(db.session.get_one(Round, round_id), by=people.person("deputy"))
    round_ = solved(round_id)
    assert round_.state is RoundState.CANCELLED and round_.result is None


def test_a_round_that_is_cancelled_before_it_begins_to_solve_stops(
    some_needs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker looks at its job once a second; here every look is a second later."""
    seconds = count(1.0)
    monkeypatch.setattr(running, "monotonic", lambda: next(seconds))
    round_id = ask_for_round()
    claimed = None
    while claimed is None or claimed[1] != "round":
        claimed = jobs.claim("test")
        assert claimed is not None
    prepared = running._begin(round_id)
    assert prepared is not None
    watch = running._Watch(claimed[0], round_id, 30.0)
    assert not watch.should_stop()
    with transaction():
        actions.cancel(db.session.get_one(Round, round_id), by=people.person("coordinator"))
    assert watch.should_stop() and watch.should_stop(), "once asked to stop, it stays stopped"
    worker.run(*claimed)
    db.session.rollback()
    stopped = db.session.get_one(Round, round_id)
    assert stopped.state is RoundState.CANCELLED and stopped.result is None


def test_a_worker_that_dies_leaves_the_round_interrupted(some_needs: None) -> None:
    round_id = ask_for_round()
    claimed = None
    while claimed is None or claimed[1] != "round":
        claimed = jobs.claim("one that dies")
        assert claimed is not None
    running._begin(round_id)
    with clock.set_to(clock.now() + timedelta(minutes=10)):
        worker.once("another")
    db.session.rollback()
    assert db.session.get_one(Round, round_id).state is RoundState.INTERRUPTED
    assert db.session.get_one(Job, claimed[0]).state is JobState.INTERRUPTED


def test_the_same_job_is_queued_once(app: Flask) -> None:
    for _ in range(2):
        with transaction():
            jobs.enqueue("day", "day-2026-11-20")
    assert len(db.session.scalars(select(Job)).all()) == 1


def test_a_job_that_fails_says_so_and_the_worker_goes_on(app: Flask) -> None:
    with transaction():
        jobs.enqueue("round", "round-999", round_id=999)
    while worker.once("test"):
        pass
    db.session.rollback()
    failed = jobs.job_for("round-999")
    assert failed is not None and failed.state is JobState.FAILED and failed.error


@pytest.mark.parametrize("aim", ["", "best", "fit" * 200, "<script>"])
def test_a_round_with_an_unknown_aim_is_refused_in_words(client: PageClient, aim: str) -> None:
    client.sign_in("coordinator").get("/rounds/new")
    programme = str(people.programme().id)
    page = client.send(422, aim=aim, programme=programme)
    assert "Something needs putting right" in page


def test_another_regions_needs_and_programmes_cannot_be_asked_for(client: PageClient) -> None:
    region = str(people.region(people.YORKSHIRE).id)
    programme = str(people.programme().id)
    client.sign_in("coordinator").get("/rounds/new")
    client.send(422, region=region, programme=programme, aim="fit")
