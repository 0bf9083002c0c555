"""Work that broke off is begun again, and work that should not run is stopped: on the page and by
command."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from broker import clock, jobs, worker
from broker.cli.running import let_end
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.models.work import Job, JobState, Message
from tests import people
from tests.client import PageClient


def job(kind: str = "day", state: JobState = JobState.QUEUED, error: str | None = None) -> int:
    with transaction():
        made = Job(kind=kind, key=f"{kind}-of-a-test", state=state, error=error)
        if state not in (JobState.QUEUED, JobState.RUNNING):
            made.finished_at = clock.now()
        db.session.add(made)
        db.session.flush()
        return made.id


def state_of(number: int) -> JobState:
    db.session.expire_all()
    return db.session.get_one(Job, number).state


def test_an_administrator_reads_what_went_wrong_and_does_it_again(
    app: Flask, client: PageClient
) -> None:
    number = job(state=JobState.FAILED, error="Traceback <of> it")
    page = client.sign_in("administrator").get("/running/jobs?state=failed")
    assert f"Day {number}" in page and "Traceback &lt;of&gt; it" in page and "Stop" not in page
    assert "It waits for the worker." in client.press("Do it again")
    assert state_of(number) is JobState.QUEUED
    assert jobs.claim("a worker") == (number, "day", {})


def test_what_is_filtered_away_says_so(app: Flask, client: PageClient) -> None:
    job()
    assert 'type="search"' not in client.sign_in("administrator").get("/running/jobs")
    assert "Nothing stands so" in client.sign_in("administrator").get("/running/jobs?state=failed")
    assert "Day" in client.get("/running/jobs?state=whatever")


def test_a_waiting_job_is_taken_out_and_a_running_one_is_asked_to_stop(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = job()
    with transaction():
        jobs.stop(db.session.get_one(Job, number))
    assert state_of(number) is JobState.CANCELLED and jobs.claim("a worker") is None
    with transaction():
        jobs.begin_again(db.session.get_one(Job, number))

    def asked_meanwhile(job_id: int, _arguments: object) -> None:
        with transaction():
            jobs.stop(db.session.get_one(Job, job_id))
        jobs.report(job_id, 50)

    monkeypatch.setitem(worker.WORK, "day", asked_meanwhile)
    claimed = jobs.claim("a worker")
    assert claimed is not None
    worker.run(*claimed)
    assert state_of(number) is JobState.CANCELLED


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_nothing_is_done_again_that_has_not_broken_off(app: Flask, state: JobState) -> None:
    number = job(state=state)
    with pytest.raises(NotPossible, match="somebody may have been first"):
        jobs.begin_again(db.session.get_one(Job, number))


@pytest.mark.parametrize("kind", ["round", "round further"])
def test_rounds_keep_to_their_own_pages(app: Flask, client: PageClient, kind: str) -> None:
    number = job(kind=kind)
    page = client.sign_in("administrator").get("/running/jobs")
    assert kind.capitalize() in page and "Stop" not in page
    with pytest.raises(NotPossible, match="their own pages"):
        jobs.stop(db.session.get_one(Job, number))
    with transaction():
        db.session.get_one(Job, number).state = JobState.FAILED
    assert "Do it again" not in client.get("/running/jobs")
    with pytest.raises(NotPossible, match="their own pages"):
        jobs.begin_again(db.session.get_one(Job, number))


def given_up() -> int:
    with transaction():
        message = Message(key="lost", to_id=people.person("giver").id, subject="S", body="B")
        message.path, message.attempts, message.last_error = "/", 9, "refused"
        message.gave_up_at = clock.now()
        db.session.add(message)
        db.session.flush()
        return message.id


def test_commands_say_and_do_the_same(app: Flask) -> None:
    number, letter = job(state=JobState.INTERRUPTED), given_up()

    def said(*words: str, code: int = 0) -> str:
        result = app.test_cli_runner().invoke(args=["admin", *words])
        assert result.exit_code == code, result.output
        return result.output

    assert said("jobs", "list", "--state", "interrupted").startswith(f"{number}\tday\tinterrupted")
    assert "waits for the worker" in said("jobs", "again", str(number))
    assert "somebody may have been first" in said("jobs", "again", str(number), code=1)
    assert "stopped" in said("jobs", "stop", str(number))
    assert "No job has the number 99" in said("jobs", "stop", "99", code=1)
    assert said("outbox", "list", "--given-up") == f"{letter}\tnote\t9\trefused\n"
    assert "Not given up: 77" in said("outbox", "again", "77", code=1)
    assert "Give the numbers" in said("outbox", "again", code=2)
    assert "1 will be tried again" in said("outbox", "again", "--all")
    assert said("outbox", "list", "--given-up") == ""
    with transaction():
        resting = db.session.get_one(Message, letter)
        resting.is_urgent, resting.attempts = True, 1
        resting.next_try_at = clock.now() + timedelta(hours=1)
    assert f"{letter}\tnote\t1\t" in said("outbox", "list")
    for group in ("people", "facts", "clock"):
        assert "Usage" in said(group, "--help")


def test_a_process_that_does_not_end_is_ended() -> None:
    deaf = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", deaf], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.terminate()
        let_end(child, within=0.2)
        assert child.returncode == -9


def test_the_worker_waits_for_a_database_that_is_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_me: str) -> bool:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr(worker, "once", away)
    assert worker.turn("test") is False
    monkeypatch.undo()
    assert worker.turn("test") is True, "and then goes on: the day's work"
