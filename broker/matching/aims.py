"""What each aim would give and what it costs: the same round solved under every aim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from broker.matching.instance import Aim, Instance, Measure, Plan
from broker.matching.outcome import Settings
from broker.matching.watch import Stop
from broker.matching.writing import Json


class Solver(Protocol):
    """`commit` or `introduce`."""

    def __call__(
        self,
        instance: Instance,
        settings: Settings,
        *,
        names: Mapping[str, str] | None = None,
        should_stop: Stop | None = None,
    ) -> Plan: ...


@dataclass(frozen=True)
class Price:
    """What a plan under another aim has beyond this one; `points` below 0 is what it costs.

    `is_proven`: both plans are the best there are under their aims.
    """

    aim: Aim
    plan: Plan
    points: int
    places: int
    lowest_points: int
    is_proven: bool

    def text(self) -> str:
        """'fair costs 212 points, fills 1 place more and raises the lowest points by 30'"""
        parts = [_points(self.points), _places(self.places), _lowest(self.lowest_points)]
        said = [part for part in parts if part]
        told = " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)
        return f"{self.aim} {told}." if told else f"{self.aim} gives the same."


def other_aims(
    instance: Instance,
    plan: Plan,
    settings: Settings,
    solver: Solver,
    *,
    should_stop: Stop | None = None,
) -> tuple[Price, ...]:
    """Each aim but the plan's own, solved with the same settings."""
    prices = []
    for aim in Aim:
        if aim is not plan.aim:
            other = solver(instance, replace(settings, aim=aim), should_stop=should_stop)
            prices.append(_price(plan, other))
    return tuple(prices)


def prices_json(prices: Iterable[Price]) -> list[Json]:
    return [
        {
            "aim": price.aim.value,
            "points": price.points,
            "places": price.places,
            "lowest_points": price.lowest_points,
            "is_proven": price.is_proven,
            "text": price.text(),
        }
        for price in prices
    ]


def _price(plan: Plan, other: Plan) -> Price:
    ours, theirs = figures(plan), figures(other)
    more = {measure: theirs[measure] - ours[measure] for measure in ours}
    return Price(
        other.aim,
        other,
        points=more[Measure.POINTS],
        places=more[Measure.PLACES],
        lowest_points=more[Measure.LOWEST_POINTS],
        is_proven=not any(level.gap for one in (plan, other) for level in one.levels),
    )


def figures(plan: Plan) -> dict[Measure, int]:
    """What a plan comes to by every measure, whatever its aim."""
    return {
        Measure.POINTS: plan.points,
        Measure.PLACES: len(plan.matches),
        Measure.LOWEST_POINTS: min((match.points for match in plan.matches), default=0),
    }


def _points(more: int) -> str:
    if not more:
        return ""
    return f"costs {-more} points" if more < 0 else f"gives {more} points more"


def _places(more: int) -> str:
    count = abs(more)
    places = f"{count} place{'' if count == 1 else 's'}"
    return f"fills {places} {'more' if more > 0 else 'fewer'}" if more else ""


def _lowest(more: int) -> str:
    if not more:
        return ""
    return f"{'raises' if more > 0 else 'lowers'} the lowest points by {abs(more)}"
