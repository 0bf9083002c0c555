"""The administrators' form of a notice."""

from __future__ import annotations

from broker.fields import CheckboxField, Form, TextField
from broker.operations.notices import LENGTH


class NoticeForm(Form):
    words = TextField(
        "What people should know",
        hint="It stands at the top of every page. Say until when.",
        max_length=LENGTH,
    )
    closes_writing = CheckboxField(
        "Close writing: people can read everything, and nothing is changed until it is taken down"
    )
