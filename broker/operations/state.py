"""How the exchange stands: its schema, its jobs, its messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from broker import clock
from broker.config import ROOT
from broker.db import db
from broker.models.event import Anchor
from broker.models.work import Job, JobState, Message


def schema() -> str | None:
    """The version that the database is at."""
    found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@lru_cache(maxsize=1)
def schema_of_code() -> str | None:
    """The version that this code was written for."""
    head: str | None = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    return head


def why_not_ready() -> str | None:
    """In words, why pages cannot be served now; None when they can."""
    try:
        here = schema()
    except DBAPIError:
        db.session.rollback()
        return "The database does not answer, or has no schema."
    if here != schema_of_code():
        return f"The database's schema is {here}; this code needs {schema_of_code()}."
    return None


@dataclass(frozen=True)
class Stands:
    """All of it for the page. `jobs` and `messages` are counts by state; `wait` is in words."""

    why_not_ready: str | None
    kind: str
    schema: str | None
    anchored_on: date | None
    jobs: dict[str, int]
    broken_jobs: list[Job]
    wait: str
    messages: dict[str, int]
    posts: bool


def stands(*, posts: bool) -> Stands:
    """`posts`: whether messages can leave by post."""
    seconds = oldest_job_waits()
    return Stands(
        why_not_ready=why_not_ready(),
        kind={"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.engine.dialect.name],
        schema=schema(),
        anchored_on=db.session.scalar(select(func.max(Anchor.day))),
        jobs=jobs_by_state(),
        broken_jobs=_broken_jobs(),
        wait="Nothing waits" if not seconds else f"{seconds / 60:.0f} minutes",
        messages=messages_by_state(),
        posts=posts,
    )


def _broken_jobs() -> list[Job]:
    broken = Job.state.in_((JobState.FAILED, JobState.INTERRUPTED))
    return list(db.session.scalars(select(Job).where(broken).order_by(Job.id.desc()).limit(10)))


def jobs_by_state() -> dict[str, int]:
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    found: dict[JobState, int] = {row[0]: row[1] for row in rows}
    return {state.value: found.get(state, 0) for state in JobState}


def messages_by_state() -> dict[str, int]:
    """`waiting` are yet to leave; `given up` could not be delivered; `sent` left."""
    states = {
        "sent": Message.sent_at.is_not(None),
        "given up": Message.gave_up_at.is_not(None),
        "waiting": Message.sent_at.is_(None) & Message.gave_up_at.is_(None),
    }
    counts = select(*(func.count().filter(one) for one in states.values()))
    return dict(zip(states, db.session.execute(counts).one(), strict=True))


def oldest_job_waits() -> float:
    """Seconds since the longest waiting job became due; 0 when none waits."""
    due = select(func.min(Job.due_at)).where(Job.state == JobState.QUEUED)
    since = db.session.scalar(due.where(Job.due_at <= clock.now()))
    return 0.0 if since is None else (clock.now() - since).total_seconds()
