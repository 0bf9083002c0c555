"""Jobs: work that outlives a request, held under a lease while it runs.

A job is claimed in one short transaction, does its work in transactions of its own, and is ended
in another. A worker that dies leaves a lease to expire; the job then says 'interrupted'.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from broker import clock
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.models.work import Job, JobState

LEASE = timedelta(minutes=3)
Work = Callable[[int, dict[str, Any]], None]


class Cancelled(Exception):
    """Somebody asked for the running job to stop."""


def enqueue(kind: str, key: str, **arguments: Any) -> None:
    """Queue work in the caller's transaction; a key that is there already changes nothing."""
    dialect = db.engine.dialect.name
    put = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Job)
    row = {
        "kind": kind,
        "key": key,
        "arguments": arguments,
        "state": JobState.QUEUED,
        "due_at": clock.now(),
        "progress": 0,
        "wants_cancel": False,
    }
    db.session.execute(put.values(**row).on_conflict_do_nothing())


def job_for(key: str) -> Job | None:
    return db.session.scalars(select(Job).filter_by(key=key)).one_or_none()


def claim(worker: str) -> tuple[int, str, dict[str, Any]] | None:
    """Take the oldest job that is due: (id, kind, arguments), or None when nothing waits."""
    with transaction():
        waiting = (
            select(Job)
            .where(Job.state == JobState.QUEUED)
            .order_by(Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        job = db.session.scalars(waiting).one_or_none()
        if job is None:
            return None
        job.state, job.worker = JobState.RUNNING, worker
        job.lease_until = clock.now() + LEASE
        return job.id, job.kind, job.arguments


def report(job_id: int, progress: int) -> None:
    """Say how far a job is (0 to 100), and keep its lease; Cancelled when it is to stop."""
    with transaction():
        job = db.session.get_one(Job, job_id, with_for_update=True)
        job.progress, job.lease_until = progress, clock.now() + LEASE
        wants_cancel = job.wants_cancel
    if wants_cancel:
        raise Cancelled


def finish(job_id: int, state: JobState, error: str | None = None) -> None:
    with transaction():
        job = db.session.get_one(Job, job_id, with_for_update=True)
        job.state, job.error = state, error
        job.finished_at, job.lease_until = clock.now(), None
        job.progress = 100 if state is JobState.DONE else job.progress


def interrupt_abandoned() -> list[Job]:
    """Mark jobs whose worker went silent; the caller decides what that means for their things."""
    with transaction():
        silent = select(Job).where(Job.state == JobState.RUNNING, Job.lease_until < clock.now())
        jobs = list(db.session.scalars(silent.with_for_update(skip_locked=True)))
        for job in jobs:
            job.state, job.finished_at = JobState.INTERRUPTED, clock.now()
            db.session.flush()
    return jobs


# -- by those who run the exchange ------------------------------------------------------------

ROUNDS = "round"  # begins the kinds that have pages, and a history, of their own


def listed(state: JobState | None = None) -> Select[Job]:
    """Every job, or those that stand so; the latest first."""
    every = select(Job).order_by(Job.id.desc())
    return every if state is None else every.filter_by(state=state)


def count(state: JobState | None) -> int:
    return db.session.scalar(select(func.count()).select_from(listed(state).subquery())) or 0


def some(state: JobState | None, offset: int, most: int) -> list[Job]:
    return list(db.session.scalars(listed(state).offset(offset).limit(most)))


def may_begin_again(job: Job) -> bool:
    ended = job.state in (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)
    return ended and not job.kind.startswith(ROUNDS)


def may_stop(job: Job) -> bool:
    is_open = job.state is JobState.QUEUED or (
        job.state is JobState.RUNNING and not job.wants_cancel
    )
    return is_open and not job.kind.startswith(ROUNDS)


def begin_again(job: Job) -> None:
    """Queue a job that broke off once more, as it was. What it does, it does once in any case."""
    _hold(job, may_begin_again)
    job.state, job.due_at, job.progress = JobState.QUEUED, clock.now(), 0
    job.wants_cancel, job.error, job.finished_at, job.worker = False, None, None, None
    db.session.flush()


def stop(job: Job) -> None:
    """Take a waiting job out of the queue; ask a running one to stop at its next step."""
    _hold(job, may_stop)
    if job.state is JobState.RUNNING:
        job.wants_cancel = True
    else:
        job.state, job.finished_at = JobState.CANCELLED, clock.now()
    db.session.flush()


def _hold(job: Job, may: Callable[[Job], bool]) -> None:
    """Lock a job and see it as it stands now; NotPossible where that may not be done to it."""
    db.session.refresh(job, with_for_update=True)
    if may(job):
        return
    if job.kind.startswith(ROUNDS):
        raise NotPossible("Rounds are cancelled, and run again, on their own pages.")
    name = f"{job.kind.capitalize()} {job.id}"
    raise NotPossible(
        f"{name} is {job.state.value}. Look at the list again: somebody may have been first."
    )
