"""Forms of the staff pulse: how many links, and the three statements."""

from __future__ import annotations

from broker.fields import Form, NumberField, RadiosField
from broker.models.pulse import RATINGS, Statement
from broker.pulse.actions import MOST_LINKS

WORDS = {1: "Disagree", 2: "Rather disagree", 3: "Neither", 4: "Rather agree", 5: "Agree"}


class LinksForm(Form):
    count = NumberField(
        "How many of your staff do you ask?",
        hint="One link for each. Nothing is shown unless five or more people of the two "
        "authorities answer.",
        least=1,
        most=MOST_LINKS,
    )


class PulseForm(Form):
    """The three statements, in their order."""

    @property
    def ratings(self) -> dict[Statement, int]:
        return {one: int(self[one.name.lower()].data) for one in Statement}


for _statement in Statement:
    _choices = [(str(rating), WORDS[rating]) for rating in RATINGS]
    setattr(PulseForm, _statement.name.lower(), RadiosField(_statement.value, choices=_choices))
