"""The form of signing in."""

from __future__ import annotations

from broker.fields import EmailField, Form, PasswordField


class SignInForm(Form):
    email = EmailField("E-mail address", autocomplete="username")
    password = PasswordField("Password", autocomplete="current-password")
