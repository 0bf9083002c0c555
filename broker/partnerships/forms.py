"""The form for logging support days. `days` stands first: refusals about the total belong to it."""

from __future__ import annotations

from broker import clock
from broker.fields import (
    DateField,
    DaysField,
    Form,
    LongTextField,
    NumberField,
    RadiosField,
    TextField,
)
from broker.models.partnership import SupportDay
from broker.partnerships.actions import ACTIVITY_LENGTH, HOW_GIVEN, MOST_PEOPLE
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
