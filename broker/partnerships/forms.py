"""Forms about days. `days` stands first: refusals about totals belong to it."""

from __future__ import annotations

from broker import clock
from broker.clock import Quarter
from broker.days import format_days
from broker.fields import (
    DateField,
    DaysField,
    Form,
    LongTextField,
    NumberField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.partnership import SupportDay
from broker.partnerships.actions import ACTIVITY_LENGTH, HOW_GIVEN, MOST_PEOPLE
from broker.partnerships.queries import Movable
from broker.taking import REASON_LENGTH

A_DAY = 4


class ReviewForm(Form):
    reason = LongTextField(
        "What you looked at, and why it goes on",
        max_length=REASON_LENGTH,
        hint="Both authorities read this.",
    )


class LogForm(Form):
    days = DaysField("Days")
    given_on = DateField("Date")
    activity = TextField("What was done", max_length=ACTIVITY_LENGTH)
    delivery = RadiosField("How", choices=[(how.value, how.words) for how in HOW_GIVEN])
    people_count = NumberField(
        "How many people took part", least=1, most=MOST_PEOPLE, optional=True
    )

    @classmethod
    def after(cls, last: SupportDay | None) -> LogForm:
        """A form for today and one day, doing again what this person logged last."""
        return cls(
            days=A_DAY,
            given_on=clock.today(),
            activity=last.activity if last else "",
            delivery=last.delivery.value if last else HOW_GIVEN[0].value,
            people_count=last.people_count if last else 1,
        )


class MoveForm(Form):
    """Days to move from one quarter of a partnership to another."""

    days = DaysField("Days to move")
    source = SelectField("From")
    target = SelectField("To")
    reason = TextField("Why", max_length=500, optional=True)

    @classmethod
    def of(cls, movable: Movable) -> MoveForm:
        form = cls()
        form.source.choices = [
            _choice(quarter, f"{format_days(days)} still to give")
            for quarter, days in movable.left.items()
        ]
        form.target.choices = [
            ("", "Choose a quarter"),
            *(_choice(q, f"{format_days(days)} free") for q, days in movable.free.items()),
        ]
        return form

    @property
    def quarters(self) -> tuple[Quarter, Quarter]:
        return Quarter(int(self.source.data)), Quarter(int(self.target.data))


def _choice(quarter: Quarter, words: str) -> tuple[str, ...]:
    return str(quarter.ordinal), f"{quarter}: {words}"
