"""Messages: written in the same transaction as the change, sent by the worker, never lost.

A message says what happened, what to do, by when, and where to look (broker/letters.py). It never
carries a reason, a note or anything else that people typed about a need, a talk or a match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from broker import clock
from broker.db import db
from broker.letter import Letter
from broker.letters import Facts, body_of, letter_for, subject_of
from broker.models.event import Event
from broker.models.person import Person
from broker.models.work import Message

PATHS = {
    "offer": "/offers/{0.id}",
    "need": "/needs/{0.id}",
    "suggestion": "/needs/{0.need_id}#suggestions",
    "suggested_need": "/suggested-needs/{0.id}",
    "live_help": "/help/{0.receiver_id}",
    "conversation": "/conversations/{0.id}",
    "match": "/matches/{0.id}",
    "recording": "/agreed-elsewhere/{0.id}",
    "partnership": "/partnerships/{0.id}",
    "support_day": "/partnerships/{0.partnership_id}/days",
    "showing": "/to-read/{0.id}",
    "pulse": "/pulses/{0.id}",
    "review": "/reviews/{0.id}",
    "feedback": "/partnerships/{0.partnership_id}/how-it-went",
    "working_agreement": "/partnerships/{0.partnership_id}/agreement",
    "extension": "/extensions/{0.id}",
    "plan": "/partnerships/{0.partnership_id}/plan",
    "extra": "/partnerships/{0.partnership_id}/days",
    "day_import": "/days/imports/{0.id}",
    "return": "/returns/{0.id}",
    "return_section": "/returns/sections/{0.id}",
    "round": "/rounds/{0.id}",
    "freeze": "/programme/freezes/{0.id}",
    "capacity": "/capacity/{0.id}",
    "grant": "/grants/{0.id}",
    "api_token": "/programme/tokens/{0.id}",
    "exception": "/exceptions/{0.id}",
    "fact_import": "/facts/imports/{0.id}",
    "authority": "/authorities/{0.code}",
    "intervention": "/interventions/{0.id}",
    "notice": "/running",
    "programme": "/programmes/{0.id}",
    "person": "/me",
    "deputy": "/me/deputies",
    "membership": "/me",
    "invitation": "/people",
}


DIGEST = "digest"
LEASE = timedelta(minutes=2)  # longer than a mail server is waited for
LONGEST_REST = timedelta(hours=4)  # between two tries


def path_of(thing: Any) -> str:
    """The address of the page that shows a thing."""
    return PATHS[thing.noun].format(thing)


def tell(
    people: Iterable[Person], subject: str, *, about: Any, event: Event, kind: str = "event"
) -> None:
    """Write a message with a subject of its own to each person, except to the one who did it; one
    of a kind per event."""
    letter = Letter(subject=_plain(subject), todo="See what it says and what to do next.")
    _tell(people, letter, Facts(about), about=about, event=event, kind=kind)


def tell_of(
    people: Iterable[Person], *, about: Any, event: Event, state: Enum | None, actor: str
) -> None:
    """Write the letter of what happened to each person, except to the one who did it; but of what
    was done to somebody's own account they hear, lest it was not them."""
    letter = letter_for(about.noun, event.verb, state)
    _tell(people, letter, Facts(about, actor), about=about, event=event, kind="event")


def _tell(
    people: Iterable[Person], letter: Letter, facts: Facts, *, about: Any, event: Event, kind: str
) -> None:
    for person in {p.id: p for p in people if p.id != event.by_id or p is about}.values():
        db.session.add(
            Message(
                key=f"{kind}-{event.id}-person-{person.id}",
                to_id=person.id,
                kind=f"{event.noun} {event.verb}" if kind == "event" else kind,
                is_urgent=letter.is_urgent,
                subject=subject_of(letter, facts),
                body=body_of(letter, facts),
                path=letter.path or path_of(about),
            )
        )


def remind(people: Iterable[Person], verb: str, *, about: Any, since: date | None = None) -> None:
    """Write a reminder of the clock to each person, once for as long as the thing stands so, or
    once for what has waited `since` a day."""
    letter, facts = letter_for(about.noun, verb), Facts(about)
    since = since or about.state_since.astimezone(clock.LONDON).date()
    for person in {p.id: p for p in people}.values():
        put_once(
            key=f"{about.noun}-{about.id}-{verb}-{since}-person-{person.id}",
            to_id=person.id,
            kind=f"{about.noun} {verb}",
            is_urgent=letter.is_urgent,
            subject=subject_of(letter, facts),
            body=body_of(letter, facts),
            path=letter.path or path_of(about),
        )


def put_once(**message: Any) -> int | None:
    """Write a message unless one with its key is there; the new one's id, if it is new."""
    dialect = db.engine.dialect.name
    put = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Message)
    row = {"written_at": clock.now(), "is_urgent": False, "attempts": 0, **message}
    fresh = put.values(**row).on_conflict_do_nothing().returning(Message.id)
    return db.session.scalar(fresh)


def _plain(text: str) -> str:
    """Words as they are, though they hold braces."""
    return text.replace("{", "{{").replace("}", "}}")


def unsent() -> ColumnElement[bool]:
    """Messages that are to leave by themselves and have not: urgent ones and digests."""
    leaves = or_(Message.is_urgent, Message.kind == DIGEST)
    is_open = Message.sent_at.is_(None) & Message.gave_up_at.is_(None)
    return leaves & is_open & Message.digest_id.is_(None)


def _ready() -> ColumnElement[bool]:
    """Waiting, and neither resting after a try nor in the hands of another worker."""
    now = clock.now()
    is_due = or_(
        Message.next_try_at.is_(None),
        Message.next_try_at <= now,
        Message.next_try_at > now + LONGEST_REST,  # begun by a clock that was put back since
    )
    return unsent() & is_due


def waiting(limit: int = 100, *, only: Sequence[str] = ()) -> list[Message]:
    """Messages to send now, oldest first; of some kinds `only`."""
    ready = select(Message).where(_ready()).order_by(Message.id).limit(limit)
    if only:
        ready = ready.where(Message.kind.in_(only))
    return list(db.session.scalars(ready))


def claim(message_id: int) -> bool:
    """Take a message in hand for LEASE, so that no other worker sends it meanwhile; False when
    another has. Whoever dies with it in hand leaves it to be sent again after that."""
    taken = update(Message).where(Message.id == message_id, _ready())
    taken = taken.values(next_try_at=clock.now() + LEASE).returning(Message.id)
    return db.session.scalar(taken) is not None


def written_of(event: Event, person: Person) -> Message:
    """The message that told somebody of an event."""
    key = f"event-{event.id}-person-{person.id}"
    return db.session.scalars(select(Message).filter_by(key=key)).one()


def mark_sent(message_id: int) -> None:
    message = db.session.get_one(Message, message_id)
    message.sent_at, message.last_error = clock.now(), None
