"""What the clock does: anchor, open returns, review eligibility, remind, lapse, put search right,
remove what was kept long enough.

Each day's work is done once, in the order of the days, however long nobody wound the clock. Every
step runs behind one lock, in transactions that are short (broker/turns.py), and repeating it
changes nothing; so two clocks running at once do no harm, nobody waits for long, and what broke
off is done by the next.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from broker import clock, events, jobs, reminders, retention, turns
from broker.agreements import leads
from broker.capacity.actions import tell_of_expired
from broker.clock import LONDON
from broker.copies import keeping
from broker.db import db, keep_and_go_on, transaction
from broker.endings.actions import tell_of_looks_back
from broker.exceptions.actions import expire_due
from broker.facts.review import review
from broker.feedback import due
from broker.memberships import actions as roles
from broker.messages import digests
from broker.models.work import Setting
from broker.prospectus.faces import rewrite
from broker.pulse import actions as pulses
from broker.returns.actions import open_due
from broker.showings import actions as showings
from broker.system import the_system

BEGINS = time(0, 15, tzinfo=UTC)  # when yesterday's last transactions have ended
DONE = "clock"  # the setting that says which day's work was done last

STEPS: tuple[Callable[[date], object], ...] = (
    lambda day: events.make_anchor(day - timedelta(days=1)),
    lambda day: open_due(by=the_system()),
    lambda day: tell_of_expired(by=the_system()),
    lambda day: expire_due(by=the_system()),
    lambda day: review(by=the_system()),
    lambda day: pulses.close_due(day, by=the_system()),
    lambda day: showings.let_pass(day, by=the_system()),
    lambda day: due.remind(day),
    lambda day: reminders.remind(day),
    lambda day: reminders.lapse(day, by=the_system()),
    lambda day: tell_of_looks_back(),
    lambda day: roles.run_out(day, by=the_system()),
    lambda day: leads.follow_directors(),
    lambda day: rewrite(),
    lambda day: retention.sweep(day),
)


def queue_today() -> None:
    """Queue what a day begins with and its digests, each once (the key says which day)."""
    now = clock.now()
    local = now.astimezone(LONDON)
    if now.astimezone(UTC).timetz() >= BEGINS:
        _queue("day", now.astimezone(UTC).date())
        if keeping.folder_set():
            _queue("backup", now.astimezone(UTC).date())
    if local.time() >= digests.HOUR and clock.is_working_day(local.date()):
        _queue("digests", local.date())


def _queue(kind: str, day: date) -> None:
    key = f"{kind}-{day.isoformat()}"
    known = jobs.job_for(key)
    db.session.rollback()
    if known is None:
        with transaction():
            jobs.enqueue(kind, key)


def send_digests(job_id: int, arguments: dict[str, Any]) -> None:
    """The worker's job: the digests that are due now."""
    digests.write_due()


def _nobody_asks() -> None:
    """Nobody waits to hear that the work goes on."""


def begin_day(job_id: int, arguments: dict[str, Any]) -> None:
    """The worker's job: whatever is due by now. Its lease is kept by the clock that runs on."""
    running = copy_context()  # the day is lived through at an hour at which the clock stands still
    tick(clock.now(), goes_on=lambda: running.run(jobs.report, job_id, 50))


def tick(until: datetime, *, goes_on: Callable[[], None] = _nobody_asks) -> list[date]:
    """Do what is due by a moment and was not done yet; the days whose work was done.

    A day that is still ahead is lived through at its own hour, so that its history says so.
    `goes_on` is called outside any transaction, at each turn and after each step.
    """
    now, done = clock.now(), []
    for day in _days_due(until):
        with clock.set_to(max(now, datetime.combine(day, BEGINS))):
            for step in STEPS:
                _behind_the_lock(day, step, goes_on)
                goes_on()
            _behind_the_lock(day, _note_done)
        done.append(day)
        _digest(day, now, until)
    if (today := until.astimezone(LONDON).date()) not in done:
        _digest(today, now, until)
    return done


def _days_due(until: datetime) -> list[date]:
    """The days after the last one done, up to the moment's; the first clock begins today."""
    moment = until.astimezone(UTC)
    last = moment.date() if moment.timetz() >= BEGINS else moment.date() - timedelta(days=1)
    done = db.session.get(Setting, DONE)
    first = (
        date.fromisoformat(done.value) + timedelta(days=1)
        if done
        else min(last, clock.now().astimezone(UTC).date())
    )
    db.session.rollback()
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


class _DoneByAnother(Exception):
    """Another clock has done the day in between two turns of a step."""


def _behind_the_lock(
    day: date, step: Callable[[date], object], goes_on: Callable[[], None] = _nobody_asks
) -> None:
    """Run one step of a day, in transactions of its own, unless another clock has done that day."""
    next_turn = partial(_next_turn, day, goes_on)
    with suppress(_DoneByAnother), transaction(), turns.given_by(next_turn):
        put = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        start = {"name": DONE, "value": (day - timedelta(days=1)).isoformat()}
        db.session.execute(put(Setting).values(**start).on_conflict_do_nothing())
        _hold(day)
        step(day)


def _next_turn(day: date, goes_on: Callable[[], None]) -> None:
    """Keep what was done so far, say so, and go on behind the lock."""
    keep_and_go_on(between=goes_on)
    _hold(day)


def _hold(day: date) -> None:
    """Wait for the lock; raise _DoneByAnother where the day has been done."""
    done = db.session.scalars(
        select(Setting)
        .filter_by(name=DONE)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if done.value >= day.isoformat():
        raise _DoneByAnother


def _note_done(day: date) -> None:
    db.session.get_one(Setting, DONE).value = day.isoformat()


def _digest(day: date, now: datetime, until: datetime) -> None:
    """Write the day's digests once its hour has come."""
    if (hour := datetime.combine(day, digests.HOUR, LONDON)) <= until:
        with clock.set_to(max(now, hour)):
            digests.write_due()
