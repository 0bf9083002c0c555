"""What an authority says about something that speaks of it."""

from __future__ import annotations

from broker.fields import Form, LongTextField
from broker.showings.actions import COMMENT_LENGTH


class SeenForm(Form):
    comment = LongTextField(
        "What you want to say about it",
        hint="It goes with these words, wherever they are read.",
        max_length=COMMENT_LENGTH,
        optional=True,
    )
