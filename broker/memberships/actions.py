"""Ending a role, changing its last day, and giving it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from broker import clock, sessions
from broker.account_conditions import others_in
from broker.db import db
from broker.errors import NotRight
from broker.models.event import Event
from broker.models.person import Membership, Person, Role
from broker.taking import lock, take
from broker.turns import in_turns

SURE = "Tick the box: nobody would be director of {} after that. Invite whoever follows, too."


def end(
    held: Membership,
    *,
    last_day: date | None,
    reason: str = "",
    is_sure: bool = False,
    by: Person,
) -> Event:
    """End a role with a day, or (None) at once. Who holds no role any longer is signed out."""
    _check_last_day(held, last_day)
    if held.role is Role.DIRECTOR and not is_sure and not others_in(held):
        raise NotRight(SURE.format(held.place), "is_sure")
    event = take(held, "end", by=by, reason=reason, detail=_said(last_day))
    held.ends_on = last_day or held.ends_on
    if last_day is None:
        _stop(held)
    _end_deputies(held, last_day)
    return event


def _check_last_day(held: Membership, last_day: date | None) -> None:
    if last_day is not None and last_day < max(clock.today(), held.starts_on):
        raise NotRight("The last day is today or later, and not before the first.", "last_day")


def _said(last_day: date | None) -> str:
    return f"last day {last_day.isoformat()}" if last_day else "at once"


def _stop(held: Membership) -> None:
    held.ended_at = held.ended_at or clock.now()
    db.session.flush()
    if not held.person.held_today:
        sessions.end_all(held.person)


def _end_deputies(held: Membership, last_day: date | None) -> None:
    """What somebody has lent of a post goes no further than the post."""
    lent = select(Membership).filter_by(
        deputy_for_id=held.person_id, role=held.role, ended_at=None,
        authority_id=held.authority_id, region_id=held.region_id,
    )  # fmt: skip
    for one in _on_loan(db.session.scalars(lent)):
        if last_day is None or one.starts_on > last_day:
            one.ended_at = clock.now()
        elif one.ends_on is None or one.ends_on > last_day:
            one.ends_on = last_day
    db.session.flush()


def _on_loan(found: Iterable[Membership]) -> list[Membership]:
    return [one for one in found if one.is_named]


def change_end(held: Membership, *, last_day: date | None, by: Person) -> Event:
    """Another last day, or (None) no last day any longer."""
    _check_last_day(held, last_day)
    said = _said(last_day) if last_day else "no last day"
    event = take(held, "change_end", by=by, detail=said)
    held.ends_on = last_day
    if last_day is not None:
        _end_deputies(held, last_day)
    db.session.flush()
    return event


def give_back(held: Membership, *, by: Person) -> Event:
    """Undo the end of a role: it is held again from now on, without a last day."""
    event = take(held, "give_back", by=by)
    held.ended_at = held.ends_on = None
    db.session.flush()
    return event


def run_out(day: date, *, by: Person) -> int:
    """Note which roles came to their last day before `day`, and sign out who holds none; how many.
    What waits for a role waits for everybody who holds it, so that it waits on for the others."""
    over = select(Membership).where(
        Membership.ends_on < day, Membership.ended_at.is_(None), Membership.duties.is_(None)
    )
    found = db.session.scalars(over.order_by(Membership.id)).all()
    for held in in_turns(found):
        lock(held)
        if held.ended_at is None:  # nobody ended it meanwhile
            take(held, "run_out", by=by)
            _stop(held)
    return len(found)
