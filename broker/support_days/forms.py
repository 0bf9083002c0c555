"""Forms about support days. `days` stands first: refusals about totals belong to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from broker import clock
from broker.errors import NotPossible, NotRight
from broker.extras.rooms import Room
from broker.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    DaysField,
    Form,
    LongTextField,
    NumberField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.match import Side
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay
from broker.models.programme import Choice
from broker.support_days.actions import EntryWrong
from broker.support_days.doubts import doubts_about
from broker.support_days.entry import (
    ACTIVITY_LENGTH,
    HOW_GIVEN,
    MOST_PEOPLE,
    NOTE_LENGTH,
    ROLES_LENGTH,
    Entry,
)
from broker.web import format_date

A_DAY = 4
ROWS, MOST_ROWS = 5, 20
MORE = ("support_type", "people_count", "provider_roles", "receiver_roles", "note")


class WhatForm(Form):
    """What was given, apart from when and how long. `more` opens the part that is folded."""

    activity = TextField("What was done", max_length=ACTIVITY_LENGTH)
    delivery = RadiosField("How", choices=[(how.value, how.words) for how in HOW_GIVEN])
    support_type = SelectField("Kind of help", optional=True)
    people_count = NumberField(
        "How many people took part", least=1, most=MOST_PEOPLE, optional=True
    )
    provider_roles = TextField(
        "Who gave it", max_length=ROLES_LENGTH, optional=True, hint="Roles, never names."
    )
    receiver_roles = TextField(
        "Who took part", max_length=ROLES_LENGTH, optional=True, hint="Roles, never names."
    )
    is_extra = CheckboxField("These are extra days, beyond those approved")
    note = LongTextField(
        "Note", max_length=NOTE_LENGTH, rows=3, optional=True, hint="Both authorities read this."
    )
    is_another = CheckboxField("I have looked at this. Log it as it stands")

    kinds: Sequence[Choice] = ()
    doubts: Sequence[str] = ()
    logged: Sequence[SupportDay] = ()
    room: Room

    @classmethod
    def after(
        cls, last: SupportDay | None, partnership: Partnership, kinds: Sequence[Choice], room: Room
    ) -> Any:
        """A form for today and one day, doing again what was logged last."""
        form = cls(
            **cls.begin(),
            **_again(last, partnership),
            is_extra=bool(room.extra and not room.approved),
        )
        form.kinds, form.room = kinds, room
        form["support_type"].choices = [("", "Not said"), *((k.code, k.name) for k in kinds)]
        return form

    @classmethod
    def begin(cls) -> dict[str, Any]:
        """What stands in the fields of when and how long."""
        return {}

    @property
    def is_open(self) -> bool:
        return any(self[name].errors for name in MORE)

    def what(self) -> dict[str, Any]:
        """The part of an entry that this form asks for, as Entry names it."""
        kind = next((k for k in self.kinds if k.code == self.support_type.data), None)
        return {
            "activity": self.activity.data,
            "delivery": Delivery(self.delivery.data),
            "support_type": kind,
            "people_count": self.people_count.data or 1,
            "provider_roles": self.provider_roles.data,
            "receiver_roles": self.receiver_roles.data,
            "is_extra": bool(self.room.agreed and self.is_extra.data),
            "note": self.note.data,
        }

    def keep(
        self,
        partnership: Partnership,
        entries: Sequence[Entry],
        side: Side,
        log: Callable[[bool], Sequence[SupportDay]],
    ) -> None:
        """Log the entries; `log` is told whether they are other visits. NotRight, so that nothing
        is kept, where something gives pause and nobody has ticked that it is right. What cannot be
        at all is refused first."""
        self.doubts = doubts_about(partnership, entries, side)
        self.logged = log(bool(self.doubts or self.is_another.data))
        if self.doubts and not self.is_another.data:
            raise NotRight("Look at this again. Tick the box if it is right.", field="is_another")


def _again(last: SupportDay | None, partnership: Partnership) -> dict[str, Any]:
    if last is None:
        return {
            "activity": partnership.title,
            "delivery": HOW_GIVEN[0].value,
            "people_count": 1,
        }
    return {
        "activity": last.activity,
        "delivery": last.delivery.value,
        "people_count": last.people_count,
        "support_type": last.support_type.code if last.support_type else "",
        "provider_roles": last.provider_roles,
        "receiver_roles": last.receiver_roles,
    }


class LogForm(WhatForm):
    days = DaysField("Days")
    given_on = DateField("Date")

    @classmethod
    def begin(cls) -> dict[str, Any]:
        return {"days": A_DAY, "given_on": clock.today()}

    @property
    def entry(self) -> Entry:
        when = {"given_on": self.given_on.data, "quarter_days": self.days.data}
        return Entry(**when, **self.what())


class SeveralForm(WhatForm):
    """Several dates with the same kind of help. A line counts once it has a date or words."""

    lines: range

    @classmethod
    def of(cls, lines: int) -> type[SeveralForm]:
        """The form with so many lines."""
        fields: dict[str, Any] = {"lines": range(1, min(max(lines, 1), MOST_ROWS) + 1)}
        for n in fields["lines"]:
            fields[f"given_on_{n}"] = DateField(f"Date {n}", optional=True, hint="")
            fields[f"days_{n}"] = DaysField(f"Days {n}", optional=True)
            words = f"What was done on date {n}, if something else"
            fields[f"activity_{n}"] = TextField(words, max_length=ACTIVITY_LENGTH, optional=True)
        made: type[SeveralForm] = type("LinesForm", (cls,), fields)
        made.first_days = {f"days_{n}": A_DAY for n in fields["lines"]}
        return made

    first_days: dict[str, int] = {}

    @classmethod
    def begin(cls) -> dict[str, Any]:
        return {**cls.first_days, "given_on_1": clock.today()}

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_right = bool(super().validate(*args, **kwargs))
        for n in self.used:
            for name, words in (("given_on", "Fill in the date"), ("days", "Fill in the days")):
                field = self[f"{name}_{n}"]
                if field.data is None and not field.errors:
                    field.errors = [f"{words} of line {n}, or empty the line."]
                    is_right = False
        if not self.used and is_right:
            self["given_on_1"].errors = ["Fill in at least one date."]
            is_right = False
        return is_right

    @property
    def used(self) -> list[int]:
        """The numbers of the lines that something was typed into, besides the days."""
        return [n for n in self.lines if self._is_used(n)]

    def _is_used(self, n: int) -> bool:
        date = self[f"given_on_{n}"]
        return bool(date.data or date.errors or self[f"activity_{n}"].data)

    @property
    def entries(self) -> list[Entry]:
        what = self.what()
        return [
            Entry(
                given_on=self[f"given_on_{n}"].data,
                quarter_days=self[f"days_{n}"].data,
                **{**what, "activity": self[f"activity_{n}"].data or what["activity"]},
            )
            for n in self.used
        ]

    def at_line(self, wrong: NotRight | NotPossible) -> NotRight | NotPossible:
        """The refusal of one entry, at the field of its line; any other as it is."""
        if not isinstance(wrong, EntryWrong):
            return wrong
        n = self.used[wrong.number - 1]
        field = {"given_on": f"given_on_{n}", "days": f"days_{n}"}.get(wrong.field, wrong.field)
        return NotRight(f"Line {n}: {wrong.words}", field=field)


class ConfirmForm(Form):
    days = CheckboxesField("Days that you confirm")

    @classmethod
    def of(cls, waiting: Sequence[SupportDay]) -> ConfirmForm:
        form = cls(days=[day.id for day in waiting])
        form.days.choices = [_choice(day) for day in waiting]
        return form


def _choice(day: SupportDay) -> tuple[str, ...]:
    people = "1 person" if day.people_count == 1 else f"{day.people_count} people"
    extra = ". Extra days" if day.is_extra else ""
    logged = f"Logged by {day.logged_by.name}, {format_date(day.logged_at)}"
    return str(day.id), day.title, f"{day.delivery.words}, {people}. {logged}{extra}."
