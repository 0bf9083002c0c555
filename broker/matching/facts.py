"""What the rule book looks at: plain facts about a need, an offer and the world around them.

None, or an empty set where a set is asked for, means: not known or not said. Days are whole
quarter-days, quarters are indexes into `World.quarters`, authorities go by one key each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

Words = frozenset[str]
NOTHING: Words = frozenset()


class Evidence(StrEnum):
    """What backs an offer's claim about a theme, strongest first."""

    EVALUATED = "evaluated"
    OWN_IMPROVEMENT = "own_improvement"
    PUBLISHED = "published"
    STATED = "stated"


class Delivery(StrEnum):
    ON_SITE = "on_site"
    REMOTE = "remote"
    EITHER = "either"


class Outcome(StrEnum):
    """What one side said after a conversation."""

    YES = "yes"
    NOT_NOW = "not_now"
    NO = "no"


class Grade(StrEnum):
    """A judgement's grade, best first."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"


@dataclass(frozen=True)
class Theme:
    """`parent`: the code of its heading; `area`: the judgement area that it belongs to."""

    code: str
    name: str
    parent: str | None = None
    area: str | None = None


@dataclass(frozen=True)
class OfferedTheme:
    theme: Theme
    evidence: Evidence = Evidence.STATED


@dataclass(frozen=True)
class Neighbour:
    """A statistical neighbour: rank 1 is the closest; band as published."""

    rank: int
    band: str | None = None


@dataclass(frozen=True)
class AuthorityFacts:
    """`population`: children aged 0-17. `deprivation`: a share from 0 to 1. Position in degrees."""

    key: str
    name: str
    region: str | None = None
    type: str | None = None
    population: int | None = None
    deprivation: float | None = None
    rural_band: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    neighbours: Mapping[str, Neighbour] | None = None


@dataclass(frozen=True)
class Conversation:
    """What each side said; None, nothing yet."""

    receiver: Outcome | None = None
    provider: Outcome | None = None


@dataclass(frozen=True)
class NeedFacts:
    """`days`: wanted, by quarter from its start. `use`: how the receiver may use the programme.

    `avoids`, `declined` and `opted_out` hold provider keys: avoided by the receiver, declined by
    either side before for this need, and providers that chose not to help with it.
    """

    id: str
    receiver: AuthorityFacts
    programmes: tuple[str, ...]
    themes: tuple[Theme, ...]
    days: tuple[int, ...]
    starts: tuple[int, ...]
    days_least: int | None = None
    is_open: bool = True
    is_ready: bool = True
    use: str | None = None
    support_types: Words = NOTHING
    modes: Words = NOTHING
    styles: Words = NOTHING
    levels: Words = NOTHING
    roles: Words = NOTHING
    excluded_modes: Words = NOTHING
    delivery: Delivery | None = None
    commitment_months: int | None = None
    preferred: Words = NOTHING
    knows: Words = NOTHING
    avoids: Words = NOTHING
    declined: Words = NOTHING
    opted_out: Words = NOTHING
    conversations: Mapping[str, Conversation] = field(default_factory=dict)
    priority: int = 1

    @cached_property
    def days_wanted(self) -> int:
        return sum(self.days)

    @cached_property
    def theme_codes(self) -> Words:
        return frozenset(theme.code for theme in self.themes)

    @cached_property
    def headings(self) -> Words:
        return frozenset(theme.parent for theme in self.themes if theme.parent)


@dataclass(frozen=True)
class OfferFacts:
    """`days_least` and `days_most` are for one partnership.

    `helps_uses`, `helps_regions`, `helps_types`: whom it can help; None, anybody.
    `journey`: judgement area → (earlier grade, latest grade) of the provider itself.
    `feedback`: mean of what those helped before said, 0 to 1. `avoids`: receiver keys.
    `why_not_eligible`: words, when the programme's rules keep the provider out.
    """

    id: str
    version: str
    provider: AuthorityFacts
    programme: str
    title: str
    themes: tuple[OfferedTheme, ...]
    days_least: int | None = None
    days_most: int | None = None
    is_published: bool = True
    why_not_eligible: str | None = None
    support_types: Words = NOTHING
    modes: Words = NOTHING
    styles: Words = NOTHING
    levels: Words = NOTHING
    roles: Words = NOTHING
    delivery: Delivery | None = None
    commitment_months: int | None = None
    first_quarter: int | None = None
    last_quarter: int | None = None
    helps_uses: Words | None = None
    helps_regions: Words | None = None
    helps_types: Words | None = None
    preferred: Words = NOTHING
    avoids: Words = NOTHING
    journey: Mapping[str, tuple[Grade, Grade]] | None = None
    helped_before: int | None = None
    feedback: float | None = None

    @cached_property
    def theme_codes(self) -> Words:
        return frozenset(one.theme.code for one in self.themes)

    @cached_property
    def codes_and_headings(self) -> Words:
        headings = {one.theme.parent for one in self.themes if one.theme.parent}
        return self.theme_codes | headings


Supply = tuple[str, str]  # provider key, programme code


@dataclass(frozen=True)
class World:
    """What neither a need nor an offer says.

    `free`: quarter-days by quarter; a supply that is absent has none; None, capacity is not
    known at all. `limits` without a supply: no limit. `averages`: criterion code → what an
    unknown value counts as; where absent, the mean of the known pairs of the same scoring.
    """

    quarters: tuple[str, ...]
    free: Mapping[Supply, tuple[int, ...]] | None = None
    live: Mapping[Supply, int] = field(default_factory=dict)
    limits: Mapping[Supply, int] = field(default_factory=dict)
    open_programmes: Words | None = None
    exceptions: frozenset[Supply] = frozenset()
    conflicts: frozenset[frozenset[str]] = frozenset()
    weights: Mapping[str, int] | None = None
    floor: int = 0
    averages: Mapping[str, float] = field(default_factory=dict)

    def free_of(self, supply: Supply) -> tuple[int, ...] | None:
        if self.free is None:
            return None
        return self.free.get(supply, (0,) * len(self.quarters))
