"""Forms about days. `days` stands first: refusals about totals belong to it."""

from __future__ import annotations

from broker.clock import Quarter
from broker.days import format_days
from broker.fields import (
    DaysField,
    Form,
    LongTextField,
    SelectField,
    TextField,
)
from broker.partnerships.queries import Movable
from broker.taking import REASON_LENGTH


class ReviewForm(Form):
    reason = LongTextField(
        "What you looked at, and why it goes on",
        max_length=REASON_LENGTH,
        hint="Both authorities read this.",
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
