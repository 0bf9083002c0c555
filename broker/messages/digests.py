"""The digest: one message a day at most to each person, of all that was not urgent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, exists, select, update

from broker import clock, letters, outbox, wishes
from broker.clock import LONDON
from broker.db import db, transaction
from broker.models.person import DigestWish, Person
from broker.models.work import Message
from broker.work.queries import Waiting, waiting_on

HOUR = time(7, 30)  # London
REACHES_BACK = timedelta(days=14)


def write_due() -> int:
    """Write the digests that are due now, each in a transaction of its own; how many."""
    local = clock.now().astimezone(LONDON)
    if local.time() < HOUR or not clock.is_working_day(local.date()):
        return 0
    expecting = db.session.execute(_expecting()).all()
    people = [id_ for id_, wish in expecting if wishes.is_wanted_on(local.date(), wish)]
    db.session.rollback()
    written = 0
    for person_id in people:
        with transaction():
            written += _write(db.session.get_one(Person, person_id))
    return written


def _key(person: Person) -> str:
    return f"digest-{clock.today()}-person-{person.id}"


def _expecting() -> Select[int, DigestWish]:
    """People with something to be told who have had no digest today."""
    said = exists().where(Message.to_id == Person.id, *_open())
    start = datetime.combine(clock.today(), time(), LONDON)
    had = exists().where(
        Message.to_id == Person.id, Message.kind == outbox.DIGEST, Message.written_at >= start
    )
    return select(Person.id, Person.digest).where(said, ~had).order_by(Person.id)


def _open() -> tuple[ColumnElement[bool], ...]:
    return (
        Message.is_urgent.is_(False),
        Message.kind != outbox.DIGEST,
        Message.digest_id.is_(None),
        Message.sent_at.is_(None),
        Message.written_at > clock.now() - REACHES_BACK,
    )


def told(person: Person) -> Sequence[Message]:
    """What their next digest tells, oldest first."""
    mine = select(Message).where(Message.to_id == person.id, *_open()).order_by(Message.id)
    return db.session.scalars(mine).all()


def _write(person: Person) -> bool:
    """Write a person's digest and put what it tells into it; False when another has."""
    items = told(person)
    if not items:
        return False
    digest_id = outbox.put_once(
        key=_key(person),
        to_id=person.id,
        kind=outbox.DIGEST,
        subject=subject_of(items),
        body=body_of(items, waiting_on(person)),
        path="/your-work",
    )
    if digest_id is None:
        return False
    inside = update(Message).where(Message.id.in_([item.id for item in items]))
    db.session.execute(inside.values(digest_id=digest_id))
    return True


def subject_of(items: Sequence[Message]) -> str:
    count = len(items)
    return f"Support Exchange: {count} {'thing' if count == 1 else 'things'} to know"


def body_of(items: Sequence[Message], waiting: Sequence[Waiting]) -> str:
    """What happened, newest last, each with its page; then how much waits and from when."""
    site = current_app.config["SETTINGS"].site
    lines = [f"- {item.body.replace(chr(10) * 2, ' ')}\n  {site}{item.path}" for item in items]
    return "\n\n".join(["What is new for you:", *lines, _what_waits(waiting)])


def _what_waits(waiting: Sequence[Waiting]) -> str:
    if not waiting:
        return "Nothing waits on you."
    first = letters.in_words(waiting[0].due)
    late = sum(one.is_late for one in waiting)
    count = f"{len(waiting)} {'thing waits' if len(waiting) == 1 else 'things wait'} on you"
    return (
        f"{count}, {late} of them late. See them all:"
        if late
        else f"{count}, the first by {first}. See them all:"
    )
