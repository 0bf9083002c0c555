"""Naming a deputy for a time and for some duties, and ending it sooner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.deputies.queries import may_be_named
from broker.duties import Duty
from broker.errors import NotRight
from broker.models.event import Event
from broker.models.person import Membership, Person
from broker.taking import start, take

LONGEST = timedelta(days=366)


def name(
    post: Membership,
    *,
    deputy: Person,
    duties: Sequence[Duty],
    starts_on: date,
    ends_on: date,
    by: Person,
) -> Membership:
    """Lend one's post to a deputy. NotRight where person, dates or duties do not fit."""
    if not duties:
        raise NotRight("Choose at least one thing to hand over.", "duties")
    if deputy not in may_be_named(post) or deputy.id == by.id:
        raise NotRight("Choose somebody from the list.", "deputy")
    _check_dates(post, starts_on, ends_on)
    if _stands_in_already(post, deputy, starts_on, ends_on):
        raise NotRight(f"{deputy.name} stands in already in that time. End that first.", "deputy")
    lent = Membership(
        person_id=deputy.id,
        role=post.role,
        authority_id=post.authority_id,
        region_id=post.region_id,
        starts_on=starts_on,
        ends_on=ends_on,
        deputy_for_id=by.id,
        duties=" ".join(duty.value for duty in Duty if duty in duties),
        named_at=clock.now(),
    )
    start(lent, "name", by=by)
    return lent


def _check_dates(post: Membership, starts_on: date, ends_on: date) -> None:
    if starts_on < clock.today():
        raise NotRight("Begin today or later: nothing is handed over backwards.", "starts_on")
    if ends_on < starts_on:
        raise NotRight("The last day comes before the first.", "ends_on")
    if ends_on - starts_on > LONGEST:
        raise NotRight("Name a deputy for a year at most; you can name them again.", "ends_on")
    if post.ends_on is not None and ends_on > post.ends_on:
        raise NotRight("Your own role ends before that day.", "ends_on")


def _stands_in_already(post: Membership, deputy: Person, first: date, last: date) -> bool:
    """One loan of a post to a person at a time, so that it is plain for whom they act."""
    lent = select(Membership).where(
        Membership.person_id == deputy.id,
        Membership.duties.is_not(None),
        Membership.ended_at.is_(None),
        Membership.starts_on <= last,
        Membership.ends_on >= first,
    )
    return any(post.is_same_post(other) for other in db.session.scalars(lent))


def end(lent: Membership, *, by: Person) -> Event:
    """End it at once; ended twice it stays as it was."""
    event = take(lent, "end", by=by)
    lent.ended_at = lent.ended_at or clock.now()
    db.session.flush()
    return event
