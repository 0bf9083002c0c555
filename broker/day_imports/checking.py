"""What a spreadsheet would do to the log: which rows are logged or confirmed, and which are not.

Read afresh whenever it is shown and when it is applied; `Found.seal` proves that both are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from broker.conditions import day_is_not_ahead
from broker.day_imports.columns import columns
from broker.day_imports.reading import Row, Wrong, rows_of
from broker.days import format_days
from broker.extras.rooms import Room, room_of
from broker.models.match import Side
from broker.models.partnership import Partnership, SupportDay
from broker.support_days.doubts import overlap, same_day
from broker.support_days.entry import Entry
from broker.support_days.queries import standing_on, support_types


@dataclass(frozen=True)
class Good:
    """A row that can be logged; `same` is the other side's day that it confirms instead."""

    row: int
    entry: Entry
    same: SupportDay | None
    doubt: str = ""


@dataclass(frozen=True)
class Found:
    """What a file would do. `rows` counts those with something in them."""

    rows: int
    good: Sequence[Good]
    wrong: Sequence[Wrong]

    @property
    def wrong_rows(self) -> int:
        return len({one.row for one in self.wrong})

    @property
    def quarter_days(self) -> int:
        return sum(one.entry.quarter_days for one in self.good if one.same is None)

    @property
    def confirms(self) -> int:
        return sum(one.same is not None for one in self.good)

    @property
    def seal(self) -> str:
        """A hash over all that would be done and left out."""
        does = [(one.row, repr(_facts(one.entry)), one.same and one.same.id) for one in self.good]
        return hashlib.sha256(repr((does, list(self.wrong))).encode()).hexdigest()


def _facts(entry: Entry) -> tuple[object, ...]:
    kind = entry.support_type.code if entry.support_type else ""
    said = (entry.activity, entry.provider_roles, entry.receiver_roles, entry.note, kind)
    how = (entry.delivery.value, entry.people_count, entry.is_extra)
    return entry.given_on, entry.quarter_days, *how, *said


def look(partnership: Partnership, content: bytes, side: Side) -> Found:
    """Read a file for a side of a partnership as its log stands; NotRight when it is no table."""
    rows = rows_of(content, columns(support_types()))
    entries = [row.entry for row in rows if row.entry]
    standing = standing_on(partnership, (entry.given_on for entry in entries))
    judge = _Judge(partnership, side, standing, room_of(partnership))
    good: list[Good] = []
    wrong: list[Wrong] = []
    for row in rows:
        wrong.extend(row.wrong)
        if row.entry is None:
            continue
        if problem := judge.problem(row, row.entry):
            wrong.append(problem)
        else:
            good.append(judge.take(row, row.entry))
    return Found(len(rows), good, wrong)


@dataclass
class _Judge:
    """Goes through the rows in their order, and knows what is used up and said by then."""

    partnership: Partnership
    side: Side
    standing: dict[date, list[SupportDay]]
    room: Room
    said: dict[tuple[object, ...], int] = field(default_factory=dict)
    given: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})

    def problem(self, row: Row, entry: Entry) -> Wrong | None:
        """The first thing that does not hold for a row whose cells are right by themselves."""
        checks = (
            ("given_on", self._wrong_date(entry)),
            ("given_on", self._said_twice(entry)),
            ("activity", self._logged_already(entry)),
            ("is_extra" if entry.is_extra else "quarter_days", self._too_many(entry)),
        )
        for key, words in checks:
            if words:
                return self._wrong(row, key, entry, words)
        return None

    def _wrong(self, row: Row, key: str, entry: Entry, words: str) -> Wrong:
        shown = {
            "given_on": entry.given_on.isoformat(),
            "quarter_days": format_days(entry.quarter_days),
            "activity": entry.activity,
            "is_extra": "yes",
        }
        heads = {"given_on": "Date", "quarter_days": "Days", "activity": "What was done"}
        heading = heads.get(key, "Extra")
        return Wrong(row.number, row.letters.get(key, ""), heading, shown[key], words)

    def _wrong_date(self, entry: Entry) -> str | None:
        day = SupportDay(partnership=self.partnership, given_on=entry.given_on)
        return day_is_not_ahead(day)

    def _said_twice(self, entry: Entry) -> str | None:
        first = self.said.get(_facts(entry))
        return f"This row says the same as row {first}." if first else None

    def _logged_already(self, entry: Entry) -> str | None:
        if self._same(entry):
            return None
        logged = self.standing.get(entry.given_on, ())
        if any(entry.is_told_by(day) for day in logged):
            return "This is in the log already: the same date, days and words."
        return None

    def _same(self, entry: Entry) -> SupportDay | None:
        return same_day(entry, self.standing.get(entry.given_on, ()), self.side)

    def _too_many(self, entry: Entry) -> str | None:
        if self._same(entry):
            return None
        room = self.room.extra if entry.is_extra else self.room.approved
        left = max(0, room - self.given[entry.is_extra])
        if entry.quarter_days <= left:
            return None
        which = "the extra days agreed" if entry.is_extra else "those approved"
        return f"{format_days(left)} of {which} are left after the rows above."

    def take(self, row: Row, entry: Entry) -> Good:
        """Count a row that holds."""
        self.said[_facts(entry)] = row.number
        logged = self.standing.get(entry.given_on, [])
        same = self._same(entry)
        if same:
            logged.remove(same)
            return Good(row.number, entry, same)
        self.given[entry.is_extra] += entry.quarter_days
        return Good(row.number, entry, None, overlap(entry, logged) or "")
