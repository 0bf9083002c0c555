"""The values of a commitment round: what goes in and what comes out.

Days are whole quarter-days everywhere inside: 80 is 20 days. Quarters and starts are indexes
into `Instance.quarters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

QUARTER_DAYS = 4  # in one day


class Aim(StrEnum):
    """What a plan is to be good at, settled level by level."""

    FIT = "fit"
    COVERAGE = "coverage"
    FAIR = "fair"


class Measure(StrEnum):
    """What one level counts. All are as high as possible, but `SHORTFALL`, as low."""

    SHORTFALL = "shortfall"
    PLACES = "places"
    LOWEST_POINTS = "lowest_points"
    POINTS = "points"


class Status(StrEnum):
    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    TIME_LIMIT = "time_limit"
    CANCELLED = "cancelled"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class Provider:
    """`free`: quarter-days per quarter; None, no limit. `max_matches` None: no limit."""

    id: str
    free: tuple[int, ...] | None = None
    max_matches: int | None = None
    min_matches: int = 0


@dataclass(frozen=True)
class Need:
    """`days`: quarter-days from its start on, one figure a quarter; empty, only counts bind."""

    id: str
    days: tuple[int, ...] = ()
    starts: tuple[int, ...] = (0,)
    weight: int = 1
    providers_wanted: int = 1


@dataclass(frozen=True)
class Pair:
    """A possible match. `days` and `starts` are the pair's own or, failing those, its need's."""

    need: str
    provider: str
    offer: str
    points: int
    days: tuple[int, ...] = ()
    must: bool = False
    starts: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Instance:
    quarters: tuple[str, ...]
    providers: tuple[Provider, ...]
    needs: tuple[Need, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Match:
    """`start` is None when the pair has no days."""

    need: str
    provider: str
    offer: str
    start: int | None
    days: tuple[int, ...]
    points: int


@dataclass(frozen=True)
class Level:
    """`bound`: no plan that keeps the levels before at their values does better than this."""

    measure: Measure
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """The distance from the bound, as a share of it; 0 when the bound is 0."""
        return abs(self.bound - self.value) / abs(self.bound) if self.bound else 0.0


@dataclass(frozen=True)
class Shortfall:
    provider: str
    min_matches: int
    matches: int
    text: str

    @property
    def short(self) -> int:
        return self.min_matches - self.matches


@dataclass(frozen=True)
class Change:
    """What would let a need match, all of it together and the rest of the plan as it is.

    `more_days`: (quarter, quarter-days) of the provider; `more_matches`: on top of its limit.
    """

    provider: str
    start: int | None
    more_days: tuple[tuple[int, int], ...] = ()
    more_matches: int = 0


@dataclass(frozen=True)
class Because:
    """Why a need is left out: `providers` is the blocking set, `would_match_if` alternatives."""

    code: str
    text: str
    providers: tuple[str, ...] = ()
    would_match_if: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Unmatched:
    """`missing`: the providers that the need wants and does not get."""

    need: str
    missing: int
    because: tuple[Because, ...]


@dataclass(frozen=True)
class Plan:
    status: Status
    aim: Aim
    levels: tuple[Level, ...]
    shortfalls: tuple[Shortfall, ...]
    points: int
    bound: int
    gap: float
    seconds: float
    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    causes: tuple[Because, ...] = ()


@dataclass(frozen=True)
class StatedMatch:
    """A match as somebody wrote it; None where they left it out."""

    need: str
    provider: str
    offer: str | None = None
    start: int | None = None
    days: tuple[int, ...] | None = None
    points: int | None = None


@dataclass(frozen=True)
class StatedPlan:
    """A plan as somebody wrote it, to be judged; None where nothing is claimed.

    `shortfalls`: (provider, matches short). `unmatched`: needs.
    """

    matches: tuple[StatedMatch, ...]
    points: int | None = None
    shortfalls: tuple[tuple[str, int], ...] | None = None
    unmatched: tuple[str, ...] | None = None
    is_infeasible: bool = False
