from broker.fields import CheckboxField, Form, LongTextField


class EraseForm(Form):
    reason = LongTextField(
        "Why, without naming them", max_length=2000, hint="Such as: asked for it on leaving."
    )
    is_sure = CheckboxField(
        "I know that this cannot be undone", must=True, says="Tick that you know this is for good"
    )
