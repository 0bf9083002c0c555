"""How long it took from a submitted need to the first day given, in spans of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from broker.dashboards.seats import Chosen
from broker.dashboards.support import Giving

SPANS = (
    (28, "Under 4 weeks"),
    (56, "4 to 8 weeks"),
    (91, "8 to 13 weeks"),
    (182, "13 to 26 weeks"),
)
LONGEST = "26 weeks or longer"


@dataclass(frozen=True)
class Wait:
    """Partnerships whose first day came within a span of time after the need was submitted."""

    name: str
    partnerships: int


def waiting(every: Iterable[Giving], chosen: Chosen) -> list[tuple[Giving, int]]:
    """Partnerships whose very first day fell in the quarters chosen, and the days it took."""
    first, last = chosen.first.first_day, chosen.last.last_day
    begun = ((one, one.waited) for one in every if one.first_day)
    return [
        (one, days)
        for one, days in begun
        if days is not None and one.first_day and first <= one.first_day <= last
    ]


def waits_name(days: int) -> str:
    """The span that so many days fall in."""
    return next((name for most, name in SPANS if days < most), LONGEST)


def waits(days: Iterable[int]) -> list[Wait]:
    """Every span, empty ones too."""
    counts = Counter(map(waits_name, days))
    return [Wait(name, counts[name]) for name in (*(name for _, name in SPANS), LONGEST)]
