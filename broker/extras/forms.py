"""The form for days beyond those approved."""

from __future__ import annotations

from broker import clock
from broker.clock import Quarter
from broker.extras.actions import AHEAD, BECAUSE_LENGTH
from broker.fields import DaysField, Form, LongTextField, SelectField


class ProposeForm(Form):
    days = DaysField("Extra days")
    quarter = SelectField(
        "Quarter in which they are given",
        choices=lambda: [(str(q.ordinal), str(q)) for q in clock.coming_quarters(AHEAD)],
    )
    because = LongTextField(
        "Why they are needed", max_length=BECAUSE_LENGTH, hint="Both authorities read this."
    )

    @property
    def chosen(self) -> Quarter:
        return Quarter(int(self.quarter.data))
