"""Messages: written in the same transaction as the change, sent by the worker, never lost.

A message says what happened and where to look. It never carries a reason, a note or anything
else that one side wrote for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.models.event import Event
from broker.models.person import Person
from broker.models.work import Message

PATHS = {
    "offer": "/offers/{0.id}",
    "need": "/needs/{0.id}",
    "suggestion": "/needs/{0.need_id}/shortlist",
    "conversation": "/conversations/{0.id}",
    "match": "/matches/{0.id}",
    "partnership": "/partnerships/{0.id}",
    "support_day": "/partnerships/{0.partnership_id}",
    "return": "/returns/{0.id}",
    "round": "/rounds/{0.id}",
    "freeze": "/programme/freezes/{0.id}",
    "capacity": "/capacity/{0.id}",
    "exception": "/exceptions/{0.id}",
    "fact_import": "/facts/imports/{0.id}",
    "authority": "/authorities/{0.code}",
    "intervention": "/interventions/{0.id}",
    "person": "/me",
}


def path_of(thing: Any) -> str:
    """The address of the page that shows a thing."""
    return PATHS[thing.noun].format(thing)


def tell(
    people: Iterable[Person], subject: str, *, about: Any, event: Event, kind: str = "event"
) -> None:
    """Write one message to each person, except to the one who did it; one of a kind per event."""
    for person in {p.id: p for p in people if p.id != event.by_id}.values():
        db.session.add(
            Message(
                key=f"{kind}-{event.id}-person-{person.id}",
                to_id=person.id,
                subject=subject[:200],
                body=f"{subject}.\n\nSee what it says and what to do next.",
                path=path_of(about),
            )
        )


def waiting(limit: int = 100) -> list[Message]:
    """Messages not sent yet, oldest first."""
    unsent = select(Message).where(Message.sent_at.is_(None)).order_by(Message.id).limit(limit)
    return list(db.session.scalars(unsent))


def mark_sent(message_id: int) -> None:
    db.session.get_one(Message, message_id).sent_at = clock.now()
