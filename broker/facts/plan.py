"""What a file of facts would do: which rows it adds, changes and leaves out, and what follows.

A plan is made anew when it is applied, and must then be the one that was shown, to the letter.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update

from broker import sheets
from broker.db import Base, db
from broker.facts import layouts
from broker.facts.places import places
from broker.facts.reading import READERS
from broker.facts.review import Change, foresee
from broker.facts.steps import Step
from broker.models.fact_import import Kind
from broker.models.offer import Offer, OfferState

SHOWN_OF_EACH = 200


@dataclass(frozen=True)
class Consequence:
    """What a review would do to one offer or partnership, in words for an administrator."""

    verb: str
    what: str
    why: str


@dataclass(frozen=True)
class Plan:
    """Every row's step, and what follows from them. `unchanged` rows say what is known already."""

    kind: Kind
    layout: str
    steps: tuple[Step, ...]
    unchanged: int
    consequences: tuple[Consequence, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(step.does for step in self.steps)

    @property
    def changes_something(self) -> bool:
        return any(step.writes for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """What is kept and shown: counts, the first rows of each sort, every consequence."""
        by_sort: Counter[str] = Counter()
        rows = []
        for step in self.steps:
            by_sort[step.does] += 1
            if by_sort[step.does] <= SHOWN_OF_EACH:
                rows.append(
                    {"row": step.row, "does": step.does, "what": step.what, "says": step.says}
                )
        return {
            "layout": self.layout,
            "counts": {**self.counts, "unchanged": self.unchanged},
            "rows": rows,
            "consequences": [vars(one) for one in self.consequences],
        }

    def sha256(self) -> str:
        """The hash over everything that the plan would do."""
        steps = [[s.row, s.does, s.what, s.says, str(s.writes)] for s in self.steps]
        follows = [vars(one) for one in self.consequences]
        text = json.dumps([self.kind.value, self.layout, steps, self.unchanged, follows])
        return hashlib.sha256(text.encode()).hexdigest()


def plan(kind: Kind, content: bytes, *, source: str) -> Plan:
    """Read a file and compare it with what is known. NotRight when it cannot be read."""
    found = layouts.find(kind, sheets.read(content))
    steps, unchanged = [], 0
    for step in _steps(found, kind, source):
        if step.does == "unchanged":
            unchanged += 1
        else:
            steps.append(step)
    consequences = _consequences(steps) if kind is Kind.JUDGEMENTS else ()
    return Plan(kind, found.layout.name, tuple(steps), unchanged, tuple(consequences))


def _steps(found: layouts.Found, kind: Kind, source: str) -> Iterator[Step]:
    known = places()
    reader = READERS[kind](known, f"{found.layout.name}, {source}"[:200])
    for number, cells in found.lines:
        for own in found.layout.read(cells, known):
            yield reader.step(number, own)
    yield from reader.at_the_end()


def _consequences(steps: list[Step]) -> list[Consequence]:
    """Write the steps, look at what a review would do, and take them back."""
    savepoint = db.session.begin_nested()
    touched = write(steps)
    said = [_in_words(change) for change in foresee(touched)]
    savepoint.rollback()
    db.session.expire_all()
    return said


def write(steps: list[Step] | tuple[Step, ...]) -> set[int]:
    """Write every step that has something to write; the ids of the authorities it is about."""
    touched: set[int] = set()
    for step in steps:
        for model, row_id, values in step.writes:
            touched |= _write(model, row_id, values)
    db.session.expire_all()
    return touched


def _write(model: type[Base], row_id: int | None, values: dict[str, Any]) -> set[int]:
    if row_id is None:
        db.session.execute(insert(model).values(**values))
    else:
        db.session.execute(update(model).where(model.__table__.c.id == row_id).values(**values))
    place = values.get("authority_id")
    return set() if place is None else {place}


def _in_words(change: Change) -> Consequence:
    """Administrators read the words of what is public, and the number of anything else."""
    thing = change.thing
    if isinstance(thing, Offer):
        is_public = thing.state is OfferState.PUBLISHED
        what = f"Offer {thing.id}, {thing.provider.name}, {thing.programme.name}"
        return Consequence(change.verb, f"{what}: {thing.title}" if is_public else what, change.why)
    what = f"Partnership {thing.id}, {thing.provider.name} gives, {thing.programme.name}"
    return Consequence(change.verb, what, change.why)
