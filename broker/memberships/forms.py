"""The forms of inviting somebody and of ending a role."""

from __future__ import annotations

from broker.fields import (
    CheckboxField,
    DateField,
    EmailField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)

AT_ONCE, ON_A_DAY = "at_once", "on_a_day"


class InviteForm(Form):
    name = TextField("Their name", max_length=120)
    email = EmailField(
        "Their work e-mail address", hint="The invitation goes there.", autocomplete="off"
    )
    role = SelectField("Role")
    place = SelectField("Where", hint="Some roles are held for all England.", optional=True)
    ends_on = DateField("Last day", optional=True)


class EndForm(Form):
    when = RadiosField(
        "When does it end?",
        choices=[
            (AT_ONCE, "At once", "They are signed out if they hold no other role."),
            (ON_A_DAY, "After a day", "They hold it until that day is over."),
        ],
    )
    last_day = DateField("Last day", optional=True)
    reason = LongTextField("Why", max_length=2000, rows=3, optional=True)
    is_sure = CheckboxField("Nobody will be director here after that, and I know it")


class LastDayForm(Form):
    last_day = DateField("Last day", hint="Leave it empty for no last day.", optional=True)
