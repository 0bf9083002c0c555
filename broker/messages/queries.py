"""Questions about messages: one's own, one's next digest, every kind, and what did not leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from broker import letters, outbox
from broker.account.queries import demonstration_ids
from broker.db import db
from broker.messages import digests
from broker.models.person import Person
from broker.models.work import Message
from broker.work.queries import waiting_on
from broker.workflow import BY_NAME

EXAMPLE = {
    "actor": "Leeds",
    "number": "12",
    "receiver": "Wirral",
    "provider": "Leeds",
    "offer": "Help at the front door",
    "authority": "Wirral",
    "programme": "Own days",
    "region": "North West",
    "quarter": "2026-27 Q2",
    "days": "1.5 days",
    "given_on": "9 November 2026",
    "lapses_on": "25 January 2027",
    "place": "Leeds",
    "principal": "Director, Leeds",
    "role": "Improvement lead",
    "starts_on": "23 November 2026",
    "until": "18 December 2026",
}


def messages_to(person: Person) -> Select[Message]:
    """A person's own messages, for finding one."""
    return select(Message).where(Message.to_id == person.id)


def newest_to(person: Person, limit: int = 500) -> Sequence[Message]:
    return db.session.scalars(messages_to(person).order_by(Message.id.desc()).limit(limit)).all()


@dataclass(frozen=True)
class Digest:
    """A digest as it would be written now."""

    subject: str
    body: str
    items: Sequence[Message]


def next_digest(person: Person) -> Digest:
    items = digests.told(person)
    return Digest(
        digests.subject_of(items),
        digests.body_of(items, waiting_on(person)) if items else "",
        items,
    )


@dataclass(frozen=True)
class Kind:
    """One kind of message with example facts; `told` says who hears, in words."""

    subject: str
    body: str
    told: str
    is_urgent: bool


def every_kind() -> list[Kind]:
    return [
        Kind(
            letters.subject_of(letter, EXAMPLE),
            letters.body_of(letter, EXAMPLE),
            _told(key),
            letter.is_urgent,
        )
        for key, letter in letters.LETTERS.items()
    ]


def _told(key: tuple[str, ...]) -> str:
    row = BY_NAME.get((key[0], key[1]))
    if row is None:
        return "who the clock reminds"
    return "; ".join(" ".join((group.__doc__ or "").split()) for group in row.tells)


def counts() -> list[tuple[str, int]]:
    """How many messages wait to leave, rest after a try, left, and were given up."""
    waiting = outbox.unsent()
    rests = Message.next_try_at.is_not(None)
    questions = (
        ("Wait to leave", waiting & ~rests),
        ("Wait for another try", waiting & rests),
        ("Have left", Message.sent_at.is_not(None)),
        ("Could not be delivered", Message.gave_up_at.is_not(None)),
    )
    return [
        (words, db.session.scalar(select(func.count(Message.id)).where(which)) or 0)
        for words, which in questions
    ]


def given_up(limit: int = 100) -> Sequence[Message]:
    lost = select(Message).where(Message.gave_up_at.is_not(None)).order_by(Message.id.desc())
    return db.session.scalars(lost.limit(limit)).all()


def not_delivered() -> Select[Message]:
    return select(Message).where(Message.gave_up_at.is_not(None))


def of_demonstration(kind: str, limit: int = 400) -> Sequence[Message]:
    """The newest messages to the demonstration's accounts; `kind` 'urgent' or 'digest' picks."""
    newest = select(Message).where(Message.to_id.in_(_ids())).order_by(Message.id.desc())
    if kind == "urgent":
        newest = newest.where(Message.is_urgent)
    elif kind == "digest":
        newest = newest.where(Message.kind == outbox.DIGEST)
    return db.session.scalars(newest.limit(limit)).all()


def _ids() -> Iterable[int]:
    return sorted(demonstration_ids())
