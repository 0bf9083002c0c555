"""How long what is held about people is kept: one table, printed in docs/retention.md, shown on the
privacy page, and carried out by the clock once a day.

What is to be kept for good (records, and the history of who did what) has no row here: of those a
person's name is taken out on request (broker/personal/actions.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Delete, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from broker.db import db
from broker.events import end_of
from broker.models.council_account import CouncilTrip
from broker.models.invitation import OneTimeLink
from broker.models.sign_in import KeptForm, SignInEvent, SignInSession, TryBudget
from broker.models.signing import SignLink
from broker.models.work import Job, JobState, Message, OneTimeKey

A_YEAR = 365


@dataclass(frozen=True)
class Kept:
    """What is kept for `days` after `since`, and why so long; `only` narrows which rows go."""

    what: str
    why: str
    days: int
    since: InstrumentedAttribute[Any]
    only: Callable[[], Any] | None = None

    @property
    def period(self) -> str:
        """30 days, 2 years."""
        years, days = divmod(self.days, A_YEAR)
        if years and not days:
            return "1 year" if years == 1 else f"{years} years"
        return f"{self.days} days" if self.days > 1 else "1 day"

    def goes(self, day: date) -> Delete:
        """The statement that removes what is older than this on a day."""
        old = delete(self.since.class_).where(self.since < end_of(day - timedelta(days=self.days)))
        return old.where(self.only()) if self.only else old


def _is_over() -> Any:
    return Job.state.in_((JobState.DONE, JobState.CANCELLED))


def _went_wrong() -> Any:
    return Job.state.in_((JobState.FAILED, JobState.INTERRUPTED))


def _gathers_nothing() -> Any:
    """No message that is still kept left in this one, a digest."""
    inside = aliased(Message)
    return ~exists(select(inside.id).where(inside.digest_id == Message.id))


RETENTION = (
    Kept(
        "Failed sign-ins: a hash of the address typed, and when",
        "to slow down guessing",
        30,
        TryBudget.tried_at,
    ),
    Kept(
        "Sign-ins and failed ones: when, how and with which browser, without addresses",
        "so that people see who used their account",
        396,
        SignInEvent.happened_at,
    ),
    Kept(
        "One-time links that were used or have expired: a hash",
        "so that a link is good once",
        30,
        OneTimeLink.expires_at,
    ),
    Kept(
        "Sessions, once nobody uses them",
        "so that people see where they are signed in",
        30,
        SignInSession.seen_at,
    ),
    Kept(
        "Ways to a council's own sign-in that nobody came back from: hashes",
        "so that whoever comes back is who went",
        1,
        CouncilTrip.begun_at,
    ),
    Kept(
        "Forms that were typed when a session ended, until they are sent",
        "so that nothing typed is lost",
        1,
        KeptForm.kept_at,
    ),
    Kept(
        "Keys that make a press count once, and where it led",
        "so that the Back button does nothing twice",
        30,
        OneTimeKey.pressed_at,
    ),
    Kept(
        "Messages to people, read or not",
        "so that they can look them up",
        2 * A_YEAR,
        Message.written_at,
        _gathers_nothing,
    ),
    Kept(
        "Links to sign a need by, as hashes, once they have run out",
        "to answer who was sent one",
        A_YEAR,
        SignLink.expires_at,
    ),
    Kept(
        "Work in the background that is done",
        "to see that it was done",
        90,
        Job.finished_at,
        _is_over,
    ),
    Kept(
        "Work in the background that failed, with its error",
        "to mend what made it fail",
        A_YEAR,
        Job.finished_at,
        _went_wrong,
    ),
)


def sweep(day: date) -> dict[str, int]:
    """Remove what is older than it is kept; how much, by what it is."""
    removed: dict[str, int] = {}
    for kept in RETENTION:
        gone: Any = db.session.execute(kept.goes(day))
        removed[kept.what] = gone.rowcount
    return removed
