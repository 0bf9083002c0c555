"""A partnership's temperature in words, for coordinators, with what to do first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from broker.health.checks import Finding, Stands

ENOUGH = 3  # checks that must be known before anything is said


class Temperature(Enum):
    """In the order in which a coordinator looks at them."""

    TALK = "talk"
    WORD = "word"
    EARLY = "early"
    WELL = "well"
    PAUSED = "paused"
    OVER = "over"

    @property
    def words(self) -> str:
        return {
            "talk": "Needs a talk soon",
            "word": "Worth a word",
            "early": "Too early to say",
            "well": "Going well",
            "paused": "Paused",
            "over": "Ended, and it holds or is not asked yet",
        }[self.value]


FIRST = {
    Temperature.EARLY: "Ask how the first weeks were, and when the first review is.",
    Temperature.WELL: "Nothing to do. Say so to both leads.",
    Temperature.PAUSED: "Ask both leads when it goes on.",
    Temperature.OVER: "Nothing to do now.",
}


@dataclass(frozen=True)
class Health:
    """All checks of one partnership, and what they come to."""

    findings: Sequence[Finding]
    is_live: bool
    is_over: bool

    @cached_property
    def temperature(self) -> Temperature:
        if self._with(Stands.ACT):
            return Temperature.TALK
        if self._with(Stands.LOOK):
            return Temperature.WORD
        if not self.is_live:
            return Temperature.OVER if self.is_over else Temperature.PAUSED
        return Temperature.WELL if len(self._with(Stands.WELL)) >= ENOUGH else Temperature.EARLY

    @property
    def worries(self) -> list[Finding]:
        """What asks for something, the most pressing first."""
        return [*self._with(Stands.ACT), *self._with(Stands.LOOK)]

    @property
    def todo(self) -> str:
        """What to do first."""
        if self.worries:
            return self.worries[0].todo
        return FIRST[self.temperature]

    def _with(self, stands: Stands) -> list[Finding]:
        return [finding for finding in self.findings if finding.stands is stands]
