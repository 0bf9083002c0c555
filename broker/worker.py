"""The worker: runs jobs, sends messages, keeps the clock. One command, started by `make run`."""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
import traceback
from types import FrameType

from sqlalchemy.exc import DBAPIError

from broker import clockwork, jobs, mail
from broker.copies import keeping
from broker.db import db
from broker.errors import NotPossible
from broker.models.work import JobState
from broker.one_time_links import actions as one_time_links
from broker.operations.notices import is_writing_closed
from broker.rounds import running as rounds

log = logging.getLogger(__name__)

WORK: dict[str, jobs.Work] = {
    "round": rounds.run,
    "round further": rounds.look_further,
    "day": clockwork.begin_day,
    "digests": clockwork.send_digests,
    "backup": keeping.make_and_thin_out,
    "send link": one_time_links.send,
}
PAUSE = 1.0
NICENESS = 10  # pages come first


class Stopping:
    """Set by a signal; looked at between two pieces of work."""

    asked = False

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


def run_until_stopped() -> None:
    os.nice(NICENESS)
    stopping = Stopping()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stopping.ask)
    me = f"{socket.gethostname()}:{os.getpid()}"
    while not stopping.asked:
        if not turn(me):
            time.sleep(PAUSE)


def turn(me: str) -> bool:
    """As `once`; a database that is away for a while is waited for."""
    try:
        return once(me)
    except DBAPIError:
        db.session.remove()
        log.exception("the database did not do it; the next turn tries again")
        return False


def run_once() -> None:
    """Do everything that is due now, and stop. Asked for by hand, it keeps no quiet hours."""
    me = f"{socket.gethostname()}:{os.getpid()}"
    while once(me, at_any_hour=True):
        pass
    mail.send_waiting(at_any_hour=True)
    db.session.remove()


def once(me: str, *, at_any_hour: bool = False) -> bool:
    """One turn: queue what the day asks for, send what waits, run one job. True when one ran."""
    if is_writing_closed():
        db.session.remove()
        return False
    clockwork.queue_today()
    mail.send_waiting(at_any_hour=at_any_hour)
    for job in jobs.interrupt_abandoned():
        if job.kind == "round":
            rounds.interrupted(job.arguments["round_id"])
    claimed = jobs.claim(me)
    if claimed is None:
        db.session.remove()
        return False
    run(*claimed)
    return True


def run(job_id: int, kind: str, arguments: dict[str, object]) -> None:
    """Do one claimed job and end it, whatever becomes of it."""
    try:
        WORK[kind](job_id, arguments)
    except jobs.Cancelled:
        jobs.finish(job_id, JobState.CANCELLED)
    except NotPossible as refusal:
        db.session.rollback()
        log.exception("job %s failed", job_id)
        jobs.finish(job_id, JobState.FAILED, refusal.words)
    except Exception:  # the worker outlives any job; the trace is kept with it
        db.session.rollback()
        log.exception("job %s failed", job_id)
        jobs.finish(job_id, JobState.FAILED, traceback.format_exc(limit=20)[-4000:])
    else:
        jobs.finish(job_id, JobState.DONE)
    finally:
        db.session.remove()
