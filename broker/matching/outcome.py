"""What a solved round says: its plan with levels, shortfalls, status and who is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from broker.matching.explain import left_out, words_of_shortfall
from broker.matching.instance import (
    Aim,
    Because,
    Instance,
    Level,
    Match,
    Measure,
    Plan,
    Shortfall,
    Status,
    Unmatched,
)
from broker.matching.watch import Watch

LEVELS = {
    Aim.FIT: (Measure.POINTS,),
    Aim.COVERAGE: (Measure.PLACES, Measure.POINTS),
    Aim.FAIR: (Measure.PLACES, Measure.LOWEST_POINTS, Measure.POINTS),
}
PROVEN = 0.0001  # a gap this small is called optimal
GAP = 0.001
SECONDS = 60.0


@dataclass(frozen=True)
class Settings:
    aim: Aim = Aim.FIT
    seed: int = 0
    seconds: float = SECONDS
    gap: float = GAP


def plan_of(
    instance: Instance,
    settings: Settings,
    levels: list[Level],
    matches: tuple[Match, ...],
    watch: Watch,
    names: Mapping[str, str],
) -> Plan:
    shortfalls = _shortfalls(instance, matches, names)
    levels = _with_lost_minimums(levels, sum(one.short for one in shortfalls))
    gap = next((level.gap for level in levels if level.gap > 0), 0.0)
    return Plan(
        status=_status(gap, settings.gap, watch),
        aim=settings.aim,
        levels=tuple(levels),
        shortfalls=shortfalls,
        points=levels[-1].value,
        bound=levels[-1].bound,
        gap=gap,
        seconds=round(watch.gone(), 4),
        matches=matches,
        unmatched=left_out(instance, matches, names),
    )


def _status(gap: float, asked: float, watch: Watch) -> Status:
    if gap <= PROVEN:
        return Status.OPTIMAL
    if gap <= asked:
        return Status.WITHIN_GAP
    return Status.CANCELLED if watch.is_cancelled else Status.TIME_LIMIT


def _with_lost_minimums(levels: list[Level], short: int) -> list[Level]:
    """The level of shortfalls stands in the plan only when there is one.

    Inside it counts down from 0 over the providers that can match at all.
    """
    first, *rest = levels
    if not short:
        return rest
    unproven = first.bound - first.value
    return [replace(first, value=short, bound=short - unproven), *rest]


def _shortfalls(
    instance: Instance, matches: tuple[Match, ...], names: Mapping[str, str]
) -> tuple[Shortfall, ...]:
    counts = Counter(match.provider for match in matches)
    short = [one for one in instance.providers if counts[one.id] < one.min_matches]
    return tuple(
        Shortfall(
            one.id,
            one.min_matches,
            counts[one.id],
            words_of_shortfall(instance, one, counts[one.id], names),
        )
        for one in sorted(short, key=lambda provider: provider.id)
    )


def no_plan(
    instance: Instance, settings: Settings, causes: tuple[Because, ...], seconds: float
) -> Plan:
    clash = Because("musts_clash", "There is no plan: pairs that must match cannot all match.")
    unmatched = [
        Unmatched(need.id, need.providers_wanted, (clash,))
        for need in sorted(instance.needs, key=lambda one: one.id)
        if need.providers_wanted
    ]
    return Plan(
        status=Status.INFEASIBLE,
        aim=settings.aim,
        levels=(),
        shortfalls=(),
        points=0,
        bound=0,
        gap=0.0,
        seconds=round(seconds, 4),
        matches=(),
        unmatched=tuple(unmatched),
        causes=causes,
    )
