"""The words of a return."""

from __future__ import annotations

from broker.fields import Form, LongTextField
from broker.returns.actions import WORDS_LENGTH


class WordsForm(Form):
    outcomes = LongTextField("Outcomes: what changed", max_length=WORDS_LENGTH, optional=True)
    priorities = LongTextField(
        "Priorities for next quarter", max_length=WORDS_LENGTH, optional=True
    )
