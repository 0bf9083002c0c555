"""The forms behind one-time links."""

from __future__ import annotations

from broker.fields import EmailField, Form, PasswordField, TextField

WORDS = "12 characters or more. Three or four words that do not belong together do well."


class JoinForm(Form):
    name = TextField("Your name", max_length=120, autocomplete="name")
    password = PasswordField("Choose a password", hint=WORDS, autocomplete="new-password")


class AcceptForm(Form):
    """For who has a password already: one press."""


class ResetForm(Form):
    password = PasswordField("New password", hint=WORDS, autocomplete="new-password")


class ForgottenForm(Form):
    email = EmailField("E-mail address", autocomplete="username")
