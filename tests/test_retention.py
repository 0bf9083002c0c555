"""What is kept long enough goes, once a day, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import clock, clockwork, retention
from broker.db import db, transaction
from broker.models.event import Event
from broker.models.sign_in import TryBudget
from broker.models.work import Job, JobState, Message, OneTimeKey
from broker.retention import RETENTION
from tests import people


@pytest.mark.parametrize("kept", RETENTION, ids=lambda kept: kept.what[:20])
def test_each_period_says_itself_and_why(kept: retention.Kept) -> None:
    assert kept.why and kept.days >= 1 and kept.period.split()[0].isdecimal()


def _left() -> dict[str, int]:
    tables = (TryBudget, OneTimeKey, Message, Job)
    return {
        one.__tablename__: db.session.scalar(select(func.count()).select_from(one)) or 0
        for one in tables
    }


def _of_age(days: int) -> None:
    """One of each thing as old as that."""
    then = clock.now() - timedelta(days=days)
    someone = people.person("giver").id
    digest = Message(key=f"d{days}", to_id=someone, subject="", body="", path="", written_at=then)
    db.session.add(digest)
    db.session.flush()
    told = {"to_id": someone, "subject": "", "body": "", "path": "", "written_at": then}
    db.session.add_all(
        [
            TryBudget(key=f"t{days}", tried_at=then),
            OneTimeKey(person_id=someone, key=f"k{days}", pressed_at=then),
            Message(key=f"m{days}", digest_id=digest.id, **told),
            Job(kind="a", key=f"j{days}", state=JobState.DONE, finished_at=then),
            Job(kind="a", key=f"f{days}", state=JobState.FAILED, finished_at=then),
            Job(kind="a", key=f"q{days}", state=JobState.QUEUED),
        ]
    )


def test_the_clock_removes_what_is_older_than_it_is_kept(app: Flask) -> None:
    with transaction():
        for days in (1, 29, 40, 100, 400, 800):
            _of_age(days)
    history = db.session.scalar(select(func.count(Event.id)))
    with transaction():
        retention.sweep(clock.today())
    assert _left() == {"try_budget": 2, "one_time_key": 2, "message": 11, "job": 13}
    with transaction():
        retention.sweep(clock.today())
    assert _left()["message"] == 10, "a digest goes once what it gathered is gone"
    assert db.session.scalar(select(func.count(Event.id))) == history
    assert any("sweep" in step.__code__.co_names for step in clockwork.STEPS)
