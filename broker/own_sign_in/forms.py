"""The forms of one's own sign-in."""

from __future__ import annotations

from broker.fields import Form, PasswordField

WORDS = "12 characters or more. Three or four words that do not belong together do well."


class PasswordForm(Form):
    password = PasswordField("Your password now", autocomplete="current-password")
    new_password = PasswordField("New password", hint=WORDS, autocomplete="new-password")


class FirstPasswordForm(Form):
    new_password = PasswordField("New password", hint=WORDS, autocomplete="new-password")


class ProofForm(Form):
    password = PasswordField("Your password", autocomplete="current-password")
