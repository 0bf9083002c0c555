"""What administrators do about how somebody signs in: for a lost phone, or a browser that
is not theirs."""

from __future__ import annotations

from broker import sessions
from broker.account import door, second_step
from broker.models.event import Event
from broker.models.person import Person
from broker.models.sign_in import Happened
from broker.taking import take


def reset_second_step(person: Person, *, reason: str, by: Person) -> Event:
    """Take the app and the recovery codes away, and end every session: whoever has the phone now
    is out. Where a role needs a second step, the next sign-in asks to set it up anew."""
    event = take(person, "reset_second_step", by=by, reason=reason)
    second_step.take_away(person)
    _end_all(person)
    return event


def end_sessions(person: Person, *, by: Person, reason: str = "") -> Event:
    event = take(person, "end_sessions", by=by, reason=reason)
    _end_all(person)
    return event


def _end_all(person: Person) -> None:
    sessions.end_all(person)
    door.note(Happened.ENDED_ELSEWHERE, person_id=person.id, detail="all, by an administrator")
