"""Processes side by side: nothing promised twice, and nothing half done when one dies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import events, ledger_check
from broker.config import ROOT
from broker.db import db, transaction
from broker.matches import actions as matches
from broker.models.event import Event
from broker.models.ledger import LedgerEntry
from broker.models.match import Agreement, Match, MatchState
from broker.models.work import Message
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.postgres
Racer = subprocess.Popen[str]


@pytest.fixture
def started() -> Iterator[list[Racer]]:
    """The processes of a test; those still running at its end are ended."""
    racers: list[Racer] = []
    yield racers
    for racer in racers:
        racer.kill()
        racer.communicate()


@pytest.fixture
def two(fresh_app: Flask) -> tuple[int, int]:
    """Two needs of ten days each, one agreement short, and ten days to be had."""
    with fresh_app.app_context():
        with transaction():
            make.capacity({make.next_quarter(): 10 * DAY})
            first, second = (_one_short(title) for title in ("First", "Second"))
            ids = first.id, second.id
        db.session.remove()
    return ids


def _one_short(title: str) -> Match:
    match = make.match(make.need(title=title, days=10 * DAY), make.offer(title=f"For {title}"))
    matches.agree(match, by=people.person("receiver"))
    return match


def start(app: Flask, deed: str, match_id: int, started: list[Racer]) -> Racer:
    """A process that stands ready to do a deed."""
    database, var = app.config["SQLALCHEMY_DATABASE_URI"], str(app.config["SETTINGS"].var)
    racer = subprocess.Popen(
        [sys.executable, "-m", "tests.racer", database, var, deed, str(match_id)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    started.append(racer)
    assert said(racer) == "ready"
    return racer


def said(racer: Racer) -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def go(racer: Racer) -> None:
    assert racer.stdin is not None
    racer.stdin.write("go\n")
    racer.stdin.flush()


def sizes() -> list[int | None]:
    """How much stands in every table that agreeing writes to."""
    models = (LedgerEntry, Event, Message, Agreement)
    return [db.session.scalar(select(func.count()).select_from(model)) for model in models]


def test_two_processes_racing_for_the_last_days_get_one_promise_and_one_refusal(
    fresh_app: Flask, two: tuple[int, int], started: list[Racer]
) -> None:
    racers = [start(fresh_app, "agree", match_id, started) for match_id in two]
    for racer in racers:
        go(racer)
    agreed, refused = sorted(said(racer) for racer in racers)
    assert agreed == "agreed"
    assert refused.startswith("refused: ") and "has 0 days left" in refused
    with fresh_app.app_context():
        states = {state.value for state in db.session.scalars(select(Match.state))}
        assert states == {"agreed", "talking"}
        assert list(ledger_check.problems()) == [] and list(events.verify()) == []


def test_a_process_killed_in_the_middle_leaves_nothing_half_done_and_nobody_waiting(
    fresh_app: Flask, two: tuple[int, int], started: list[Racer]
) -> None:
    with fresh_app.app_context():
        before = sizes()
        db.session.remove()
    dying = start(fresh_app, "hang", two[0], started)
    next_one = start(fresh_app, "agree", two[1], started)
    go(dying)
    assert said(dying) == "in the middle"
    go(next_one)
    dying.kill()
    assert dying.wait(30) < 0
    assert said(next_one) == "agreed"
    with fresh_app.app_context():
        first, second = (db.session.get_one(Match, match_id) for match_id in two)
        assert (first.state, second.state) == (MatchState.TALKING, MatchState.AGREED)
        assert len(first.agreements) == 1 and len(second.agreements) == 2
        assert all(after > earlier for after, earlier in zip(sizes(), before, strict=True))
        assert list(ledger_check.problems()) == [] and list(events.verify()) == []


def test_a_process_killed_alone_leaves_the_database_as_it_was(
    fresh_app: Flask, two: tuple[int, int], started: list[Racer]
) -> None:
    with fresh_app.app_context():
        before = sizes()
        db.session.remove()
    dying = start(fresh_app, "hang", two[0], started)
    go(dying)
    assert said(dying) == "in the middle"
    dying.kill()
    dying.wait(30)
    with fresh_app.app_context():
        assert sizes() == before
        assert list(ledger_check.problems()) == [] and list(events.verify()) == []
