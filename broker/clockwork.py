"""What the clock does: once a day it anchors, opens returns, reviews eligibility, lapses, and
puts the search index right."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import select

from broker import clock, events, jobs
from broker.capacity.actions import tell_of_expired
from broker.db import db, transaction
from broker.exceptions.actions import expire_due
from broker.facts.review import review
from broker.models.match import Conversation, ConversationState, Match, MatchState
from broker.models.person import Person
from broker.prospectus.faces import rewrite
from broker.returns.actions import open_due
from broker.system import the_system
from broker.taking import take

LAPSES_AFTER = 45
WAITING_TALKS = (ConversationState.ASKED,)
WAITING_MATCHES = (MatchState.AGREED, MatchState.WITH_PANEL)


def queue_today() -> None:
    """Queue the day's work, once a day (the key says which day), soon after midnight UTC."""
    now = clock.now().astimezone(UTC)
    if now.hour == 0 and now.minute < 15:
        return
    key = f"day-{now.date().isoformat()}"
    known = jobs.job_for(key)
    db.session.rollback()
    if known is None:
        with transaction():
            jobs.enqueue("day", key)


def begin_day(job_id: int, arguments: dict[str, Any]) -> None:
    """A day's work, step by step, each in its own transaction and safe to repeat."""
    with transaction():
        events.make_anchor(clock.now().astimezone(UTC).date() - timedelta(days=1))
    jobs.report(job_id, 25)
    with transaction():
        open_due(by=the_system())
    with transaction():
        tell_of_expired(by=the_system())
    jobs.report(job_id, 50)
    with transaction():
        expire_due(by=the_system())
        review(by=the_system())
    jobs.report(job_id, 75)
    with transaction():
        lapse_what_waited_too_long(by=the_system())
    with transaction():
        rewrite()


def lapse_what_waited_too_long(*, by: Person) -> None:
    """Asks unanswered and matches undecided for 45 working days lapse; their days go back."""
    oldest = clock.add_working_days(clock.today(), -LAPSES_AFTER)
    talks = select(Conversation).where(Conversation.state.in_(WAITING_TALKS))
    matches = select(Match).where(Match.state.in_(WAITING_MATCHES))
    for thing in [*db.session.scalars(talks).unique(), *db.session.scalars(matches).unique()]:
        if thing.state_since.date() < oldest:
            take(thing, "lapse", by=by)
