"""Forms that spread days over the quarters ahead."""

from __future__ import annotations

from collections.abc import Mapping

from broker.clock import Quarter, coming_quarters
from broker.fields import LongTextField, QuarterDaysForm
from broker.taking import REASON_LENGTH

AHEAD = 8


class ResumeForm(QuarterDaysForm):
    """The days to take up again, as they were, in quarters that are still ahead."""

    @classmethod
    def of(cls, given_back: Mapping[Quarter, int]) -> ResumeForm:
        return cls.over(coming_quarters(AHEAD), given_back, after={})


class VaryForm(QuarterDaysForm):
    """The days of this quarter and those ahead, as they are to be."""

    @classmethod
    def of(cls, committed: Mapping[Quarter, int]) -> VaryForm:
        reason = LongTextField("Why?", max_length=REASON_LENGTH, rows=3)
        return cls.over(coming_quarters(AHEAD), committed, after={"reason": reason})
