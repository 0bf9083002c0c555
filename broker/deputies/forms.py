from __future__ import annotations

from broker.duties import Duty
from broker.fields import CheckboxesField, DateField, Form, SelectField


class DeputyForm(Form):
    deputy = SelectField("Who stands in for you?")
    duties = CheckboxesField(
        "What do you hand over?", choices=[(duty.value, duty.words) for duty in Duty]
    )
    starts_on = DateField("First day")
    ends_on = DateField("Last day")
