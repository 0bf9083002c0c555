"""The last event of every record, to be kept elsewhere: then nobody at this machine can change the
history, or write its anchors anew, without the copy saying so."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from broker.db import db
from broker.events import heads_at_end_of, heads_by
from broker.models.event import Event

HEAD = ("noun", "record", "event", "hash")


def written(day: date) -> Iterator[list[str]]:
    """Rows of a file: a line of heads for each record at the end of a day, and the anchor last."""
    yield list(HEAD)
    for row in db.session.execute(heads_by(day)):
        yield [str(part) for part in row]
    records, value = heads_at_end_of(day)
    yield ["anchor", day.isoformat(), str(records), value]


def differs(lines: Iterable[str]) -> Iterator[str]:
    """Say, in words, where the history here is not what a kept file says it was."""
    heads = 0
    for row in csv.reader(lines):
        if tuple(row) == HEAD or not row:
            continue
        if len(row) != len(HEAD):
            yield f"'{','.join(row)[:80]}' is no line of heads"
        elif row[0] == "anchor":
            yield from _anchor(row, heads)
        else:
            heads += 1
            yield from _head(row)


def _head(row: list[str]) -> Iterator[str]:
    noun, record_id, number, value = row
    if not all(one.isdecimal() and len(one) < 10 for one in (record_id, number)):
        yield f"'{','.join(row)[:80]}' is no line of heads"
        return
    of = {"noun": noun, "record_id": int(record_id), "number": int(number)}
    found = db.session.scalar(select(Event.hash).filter_by(**of))
    if found != value:
        why = "is gone" if found is None else "is not the one that was kept"
        yield f"{noun} {record_id}, event {number}: {why}"


def _anchor(row: list[str], heads: int) -> Iterator[str]:
    day, records, value = row[1:]
    if int(records) != heads:
        yield f"the file speaks of {records} records and has {heads}: lines are missing"
    if heads_at_end_of(date.fromisoformat(day)) != (int(records), value):
        yield f"anchor of {day}: the events up to that day are not what they were"
