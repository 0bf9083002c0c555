"""Forms about more days."""

from __future__ import annotations

from datetime import date

from broker.clock import coming_quarters
from broker.extensions.actions import BECAUSE_LENGTH
from broker.fields import DateField, Form, LongTextField, QuarterDaysForm, RadiosField
from broker.models.match import Vote

AHEAD = 8


class ProposeForm(QuarterDaysForm):
    """Days on top of those approved, by quarter."""

    @classmethod
    def of(cls, exit_on: date) -> ProposeForm:
        after = {
            "exit_on": DateField("The help would then end on"),
            "because": LongTextField("What are the days for?", max_length=BECAUSE_LENGTH),
        }
        return cls.over(coming_quarters(AHEAD), {}, after=after, typed={"exit_on": exit_on})


class VoteOnMoreForm(Form):
    vote = RadiosField("Your vote", choices=[(vote.value, vote.words) for vote in Vote])
    reason = LongTextField("Your reason", max_length=BECAUSE_LENGTH)
