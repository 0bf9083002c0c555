"""The history: events chained per record, and the daily anchor over all chains.

An event's hash covers its canonical text (ids, states, moment, and hashes of the free text) and
the hash before it. So erasing a name, or moving to another database, leaves every chain true,
while a changed, missing or invented event does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Protocol

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from broker import clock
from broker.db import db
from broker.models.event import Anchor, Event
from broker.models.person import Membership, Person

START = "0" * 64


class Recorded(Protocol):
    """Anything with a history."""

    id: int

    @property
    def noun(self) -> str: ...


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    thing: Recorded,
    verb: str,
    *,
    by: Person,
    acting: Membership | None = None,
    from_state: Enum | None = None,
    to_state: Enum | None = None,
    reason: str = "",
    detail: str = "",
) -> Event:
    """Write down what happened to `thing`, at the end of its chain."""
    number, hash_before = _end_of_chain(thing.noun, thing.id)
    event = Event(
        noun=thing.noun,
        record_id=thing.id,
        number=number + 1,
        verb=verb,
        from_state=from_state.value if from_state else None,
        to_state=to_state.value if to_state else None,
        happened_at=_moment(),
        by_id=by.id,
        on_behalf_of_id=acting.deputy_for_id if acting else None,
        reason=reason or None,
        detail=detail or None,
    )
    event.canonical = canonical_text(event)
    event.hash = digest(hash_before + event.canonical)
    db.session.add(event)
    db.session.flush()
    return event


def _moment() -> datetime:
    """Now; but no day that was anchored takes up more, though a clock ran ahead and was put back:
    what happens in it again is dated to its end."""
    last = db.session.scalar(select(func.max(Anchor.day)))
    return clock.now() if last is None else max(clock.now(), end_of(last))


def _end_of_chain(noun: str, record_id: int) -> tuple[int, str]:
    """The number and the hash of a record's last event; (0, START) before the first."""
    chain = select(Event.number, Event.hash).where(Event.noun == noun, Event.record_id == record_id)
    last = db.session.execute(chain.order_by(Event.number.desc()).limit(1)).first()
    return (last.number, last.hash) if last else (0, START)


def canonical_text(event: Event) -> str:
    """The text that is hashed: every fact of the event, with free text as its own hash."""
    facts = [
        event.noun,
        event.record_id,
        event.number,
        event.verb,
        event.from_state,
        event.to_state,
        event.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.by_id,
        event.on_behalf_of_id,
        digest(event.reason) if event.reason else None,
        digest(event.detail) if event.detail else None,
    ]
    return json.dumps(facts, separators=(",", ":"))


def last_event(noun: str, record_id: int, *, verb: str = "") -> Event | None:
    """The latest event of a record, or the latest by which a verb was done to it."""
    of_record = select(Event).filter_by(noun=noun, record_id=record_id).options(lazyload("*"))
    if verb:
        of_record = of_record.filter_by(verb=verb)
    return db.session.scalars(of_record.order_by(Event.number.desc()).limit(1)).first()


def history_of(thing: Recorded) -> list[Event]:
    """The events of one record, newest first."""
    of_record = select(Event).filter_by(noun=thing.noun, record_id=thing.id)
    return list(db.session.scalars(of_record.order_by(Event.number.desc())))


def verify() -> Iterator[str]:
    """Say, in words, every place where a chain or an anchor no longer holds."""
    erased = words_erased()
    before: Event | None = None
    ordered = select(Event).order_by(Event.noun, Event.record_id, Event.number)
    for event in db.session.scalars(ordered.execution_options(yield_per=500)):
        same = before and (before.noun, before.record_id) == (event.noun, event.record_id)
        yield from _broken_links(before if same else None, event, erased)
        before = event
    for anchor in db.session.scalars(select(Anchor).order_by(Anchor.day)):
        if (anchor.records, anchor.hash) != heads_at_end_of(anchor.day):
            yield f"anchor of {anchor.day}: the events up to that day are not what they were"


def words_erased() -> set[int]:
    """The events in which words were erased, by their ids, as the erasures themselves say."""
    said = select(Event.detail).filter_by(noun=Person.noun, verb="erase")
    return {int(one) for detail in db.session.scalars(said) for one in (detail or "").split()}


def _facts_hashed(event: Event) -> str:
    """The canonical text of an event as it stands; of words erased, the hashes that were kept."""
    now = canonical_text(event)
    if not event.has_words_erased:
        return now
    facts, kept = json.loads(now), json.loads(event.canonical)
    return json.dumps([*facts[:-2], *kept[-2:]], separators=(",", ":"))


def _broken_links(before: Event | None, event: Event, erased: set[int]) -> Iterator[str]:
    name = f"{event.noun} {event.record_id}, event {event.number}"
    if event.number != (before.number + 1 if before else 1):
        yield f"{name}: an event before it is missing"
    if event.has_words_erased and event.id not in erased:
        yield f"{name}: its words are said to be erased, and no erasure says so"
    if event.canonical != _facts_hashed(event):
        yield f"{name}: its facts are not those that were hashed"
    if event.hash != digest((before.hash if before else START) + event.canonical):
        yield f"{name}: its hash does not follow from the event before it"


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)


def heads_by(day: date) -> Select[str, int, int, str]:
    """Noun, record, number and hash of every record's last event by the end of `day` (UTC)."""
    last = (
        select(Event.noun, Event.record_id, func.max(Event.number).label("number"))
        .where(Event.happened_at < end_of(day))
        .group_by(Event.noun, Event.record_id)
        .subquery()
    )
    return (
        select(Event.noun, Event.record_id, Event.number, Event.hash)
        .join(
            last,
            (Event.noun == last.c.noun)
            & (Event.record_id == last.c.record_id)
            & (Event.number == last.c.number),
        )
        .order_by(Event.noun, Event.record_id)
    )


def heads_at_end_of(day: date) -> tuple[int, str]:
    """How many records had events by the end of `day` (UTC), and the hash over their last ones."""
    hasher, count = hashlib.sha256(), 0
    for row in db.session.execute(heads_by(day)):
        hasher.update("|".join(map(str, row)).encode() + b"\n")
        count += 1
    return count, hasher.hexdigest()


def make_anchor(day: date) -> Anchor | None:
    """Anchor a day that is over; None when it is anchored already.

    Called by the clock some minutes after midnight UTC, when no transaction of that day is open.
    """
    if db.session.get(Anchor, day) is not None:
        return None
    records, value = heads_at_end_of(day)
    anchor = Anchor(day=day, records=records, hash=value, made_at=clock.now())
    db.session.add(anchor)
    db.session.flush()
    return anchor
