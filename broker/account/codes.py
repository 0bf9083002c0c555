"""The forms that ask for a code: at the door, and on one's own page."""

from __future__ import annotations

from broker.fields import Form, TextField


class CodeField(TextField):
    """A code of an authenticator app, or a recovery code."""

    direction = "ltr"
    classes = "govuk-input--width-20"
    more = {"spellcheck": False, "autocapitalize": "none"}


class CodeForm(Form):
    code = CodeField(
        "Code",
        hint="The six digits that your authenticator app shows now, or one of your recovery codes.",
        max_length=40,
        autocomplete="one-time-code",
    )


class SetUpForm(Form):
    code = CodeField(
        "Code from the app",
        hint="The six digits that it shows now.",
        max_length=40,
        autocomplete="one-time-code",
    )
