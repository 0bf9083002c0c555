"""The one form of a saved search."""

from __future__ import annotations

from broker.fields import Form, TextField
from broker.prospectus.actions import NAME_LENGTH


class NameForm(Form):
    name = TextField(
        "Name of this search", hint="Such as: Front door, near us.", max_length=NAME_LENGTH
    )
