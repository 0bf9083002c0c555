"""The grid of days: programmes down, coming quarters across, and the terms of each programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import request

from broker.capacity.actions import NOTE_LENGTH, Plan, Wrong
from broker.capacity.queries import QUARTERS_SHOWN, Place
from broker.clock import Quarter, coming_quarters
from broker.days import format_days
from broker.fields import DaysField, Form, LongTextField, SelectField, TextField
from broker.fields.typed import whole
from broker.models.ledger import Backfill
from broker.models.programme import Programme

ROWS = (("confirmed", "Confirmed"), ("indicated", "Likely, not funded yet"))
BACKFILL = [("", "Not said"), *((one.value, one.words) for one in Backfill)]


def cell_name(part: str, programme: Programme, quarter: Quarter) -> str:
    """A cell's field, named for the quarter itself: a form that is sent after a quarter has ended
    cannot put its days one quarter on."""
    return f"{part}_{programme.id}_{quarter.ordinal}"


def term_name(part: str, programme: Programme) -> str:
    return f"{part}_{programme.id}"


def field_of(wrong: Wrong, programme: Programme) -> str:
    if wrong.quarter is None:
        return term_name(wrong.part, programme)
    return cell_name(wrong.part, programme, wrong.quarter)


class GridForm(Form):
    """Days by programme and quarter (`confirmed_1_8107` …), and each programme's terms."""

    places: Sequence[Place]
    quarters: list[Quarter]
    opened_with: dict[str, int]
    cell_name = staticmethod(cell_name)
    term_name = staticmethod(term_name)
    rows = ROWS

    @classmethod
    def for_places(cls, places: Sequence[Place]) -> GridForm:
        """A form for the coming quarters, filled with what stands so far."""
        quarters = coming_quarters(QUARTERS_SHOWN)
        fields: dict[str, object] = {}
        for place in places:
            fields |= _fields(place, quarters)
        typed = {name: value for place in places for name, value in _typed(place, quarters)}
        form: GridForm = type("FilledGridForm", (cls,), fields)(data=typed)
        form.places, form.quarters = places, quarters
        form.opened_with = {}
        for place, part, quarter in form._cells():
            form._open(place, part, quarter)
        return form

    def _cells(self) -> Iterator[tuple[Place, str, Quarter]]:
        return (
            (place, part, quarter)
            for place in self.places
            for part, _ in ROWS
            for quarter in self.quarters
        )

    def _open(self, place: Place, part: str, quarter: Quarter) -> None:
        """Note what stood in a cell when the page was opened. A cell that is left alone shows
        what stands in it now."""
        name, now = cell_name(part, place.programme, quarter), held(part, place, quarter)
        was = request.form.get(f"was_{name}", now, type=whole)
        if self[name].raw_data and (self[name].data or 0) == was and not self[name].errors:
            self[name].process_data(now or None)
            was = now
        self.opened_with[name] = was

    def clashes(self) -> Iterator[tuple[str, Wrong]]:
        """Cells that were changed here and, since the page was opened, by somebody else too."""
        for place in self.places:
            for part, _ in ROWS:
                for quarter in self._changed(part, place):
                    now = held(part, place, quarter)
                    name = cell_name(part, place.programme, quarter)
                    if self.opened_with[name] != now:
                        words = (
                            f"{quarter}: somebody made this {format_days(now)} since you opened "
                            f"the page. Press again if yours is right."
                        )
                        yield place.programme.code, Wrong(part, quarter, words)

    def plans(self) -> dict[Programme, Plan]:
        """What was changed, programme by programme; an emptied cell means no days."""
        return {place.programme: plan for place in self.places if (plan := self._plan(place))}

    def _plan(self, place: Place) -> Plan | None:
        confirmed, indicated = (self._changed(part, place) for part, _ in ROWS)
        at_once = int(self[term_name("at_once", place.programme)].data)
        backfill = self[term_name("backfill", place.programme)].data
        note = self[term_name("note", place.programme)].data or ""
        stood = place.capacity
        plan = Plan(
            confirmed=confirmed,
            indicated=indicated,
            at_once=at_once if at_once != _at_once(place) else None,
            backfill=Backfill(backfill) if backfill else None,
            note=note if note != (stood.note if stood else "") else None,
        )
        kept = Plan(backfill=stood.backfill if stood else None)
        return plan if plan not in (Plan(), kept) else None

    def _changed(self, part: str, place: Place) -> dict[Quarter, int]:
        names = {q: cell_name(part, place.programme, q) for q in self.quarters}
        sent = {q: self[name].data or 0 for q, name in names.items() if self[name].raw_data}
        return {q: days for q, days in sent.items() if days != self.opened_with[names[q]]}


def held(part: str, place: Place, quarter: Quarter) -> int:
    """The quarter-days that stand in a cell now."""
    balance = place.held_in(quarter)
    return balance.offered if part == "confirmed" else balance.indicated


def _at_once(place: Place) -> int:
    most = place.programme.policy.partnerships_at_once
    return place.capacity.at_once if place.capacity else most


def _fields(place: Place, quarters: Sequence[Quarter]) -> dict[str, object]:
    programme = place.programme
    most = programme.policy.partnerships_at_once
    fields: dict[str, object] = {
        cell_name(part, programme, q): DaysField(
            f"{programme.name}, {words.lower()}, {q} ({q.months})", optional=True
        )
        for part, words in ROWS
        for q in quarters
    }
    fields[term_name("at_once", programme)] = SelectField(
        "Partnerships at once, in any one quarter",
        choices=[(str(n), str(n)) for n in range(most + 1)],
    )
    fields[term_name("backfill", programme)] = SelectField(
        "Backfill",
        choices=BACKFILL,
        optional=True,
        hint="Is the work of those who give the days covered at home? Readers are told when not.",
    )
    fields[term_name("note", programme)] = LongTextField(
        "Note", max_length=NOTE_LENGTH, rows=2, optional=True
    )
    return fields


def _typed(place: Place, quarters: Sequence[Quarter]) -> Iterator[tuple[str, int | str | None]]:
    for part, _ in ROWS:
        for quarter in quarters:
            yield (
                cell_name(part, place.programme, quarter),
                held(part, place, quarter) or None,
            )
    stood = place.capacity
    yield term_name("at_once", place.programme), str(_at_once(place))
    backfill = stood.backfill if stood else None
    yield term_name("backfill", place.programme), backfill.value if backfill else ""
    yield term_name("note", place.programme), stood.note if stood else ""


class CorrectForm(Form):
    """How much of an entry is taken back, and why."""

    days = DaysField("Days to take back")
    reason = TextField("Why", max_length=500)
