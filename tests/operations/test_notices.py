"""A notice reaches everybody; while it closes writing, everything is read and nothing is lost."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import clock, jobs, worker
from broker.db import db, transaction
from broker.models.event import Event
from broker.models.need import Need
from broker.models.work import Job, JobState
from broker.operations.notices import notice_now
from tests import make
from tests.client import PageClient

WORDS = "Back at noon – <b>Ærø</b> 🙂"


def counted() -> tuple[int | None, int | None]:
    return tuple(db.session.scalar(select(func.count()).select_from(one)) for one in (Event, Need))


def test_everybody_reads_a_notice_until_it_is_taken_down(app: Flask, client: PageClient) -> None:
    client.sign_in("administrator").get("/running/notice")
    client.send(words=WORDS)
    assert "It is up, on every page." in client.get("/running")
    for name in (None, "receiver", "manager"):
        page = client.sign_in(name).get("/offers") if name else PageClient(app).get("/offers")
        assert "Back at noon" in page and "<b>Ærø" not in str(page)
    client.sign_in("administrator")
    up = notice_now()
    assert up is not None
    client.post(f"/running/notices/{up.id}/take_down", {})
    assert "Back at noon" not in PageClient(app).get("/offers")
    assert "Back at noon" in client.get("/running"), "the page keeps those that were up"


def test_a_new_notice_takes_the_place_of_the_one_that_is_up(app: Flask) -> None:
    with transaction():
        first, second = make.notice("One"), make.notice("Two")
    assert notice_now() is second and first.state.value == "taken_down"


def test_while_writing_is_closed_a_press_changes_nothing_and_says_so(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        make.notice(closes_writing=True)
    client.sign_in("receiver")
    before = counted()
    answer = client.browser.post("/needs/new", data={"csrf_token": client.token(), "title": "Ours"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "300"
    assert "what you typed is still there" in answer.text and "Back at noon." in answer.text
    db.session.rollback()
    assert counted() == before
    assert client.browser.get("/needs").status_code == 200


def test_who_closed_writing_can_open_it_again(app: Flask, client: PageClient) -> None:
    with transaction():
        made = make.notice(closes_writing=True)
    client.sign_in("administrator")
    client.post(f"/running/notices/{made.id}/take_down", {})
    assert notice_now() is None
    client.sign_in("receiver")
    answer = client.browser.post("/needs/new", data={"csrf_token": client.token()})
    assert answer.status_code == 422


def test_the_worker_rests_while_writing_is_closed(app: Flask) -> None:
    with transaction():
        make.notice(closes_writing=True)
        jobs.enqueue("day", "day:kept", day=clock.today().isoformat())
    assert worker.once("here", at_any_hour=True) is False
    assert db.session.scalars(select(Job.state)).all() == [JobState.QUEUED]


@pytest.mark.parametrize("words", ["", "   ", "x" * 301])
def test_a_notice_without_words_or_with_too_many_is_refused(
    app: Flask, client: PageClient, words: str
) -> None:
    client.sign_in("administrator")
    answer = client.browser.post(
        "/running/notice", data={"csrf_token": client.token(), "words": words}
    )
    assert answer.status_code == 422 and notice_now() is None


def test_those_at_the_machine_can_do_the_same(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert "writing is closed" in run(args=["admin", "notice", WORDS, "--close-writing"]).output
    said = run(args=["admin", "status"]).output
    assert "writing\tclosed" in said and f"notice\t{WORDS}" in said and "jobs queued\t" in said
    assert "taken down" in run(args=["admin", "notice", "--take-down"]).output
    assert "None was up" in run(args=["admin", "notice", "--take-down"]).output
    for wrong in (["admin", "notice"], ["admin", "notice", "x", "--take-down"]):
        assert run(args=wrong).exit_code == 2
    assert run(args=["admin", "notice", "x" * 301]).exit_code == 1
