"""The commitment round: who works with whom, from when, for how many days.

Level after level is settled over all parts of the round and then held: the least shortfall of
minimums, then the aim's own levels. Ties are broken by the stated order of `choices`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from broker.matching.choices import Choice, Choices, Room, choices_of, components
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
from broker.matching.musts import musts_that_clash
from broker.matching.part import Part

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


def commit(
    instance: Instance,
    settings: Settings | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> Plan:
    """The best plan found within the settings, with its bound. `names`: ids in words."""
    settings, began = settings or Settings(), perf_counter()
    choices = choices_of(instance, settings.seed)
    if causes := musts_that_clash(instance, choices):
        return _no_plan(instance, settings, causes, perf_counter() - began)
    solving = _Solving(choices, settings, began + settings.seconds)
    levels = solving.levels()
    matches = _matches(solving.parts)
    return _plan(instance, settings, levels, matches, began, names or {})


class _Solving:
    """All parts of a round and the time they share."""

    def __init__(self, choices: Choices, settings: Settings, ends: float) -> None:
        fills = settings.aim is not Aim.FIT
        parts = components(choices)
        self.parts = [Part(one, gap=settings.gap, fills_places=fills) for one in parts]
        self._measures = (Measure.SHORTFALL, *LEVELS[settings.aim])
        self._ends = ends

    def levels(self) -> list[Level]:
        return [self._settle(measure) for measure in self._measures]

    def _settle(self, measure: Measure) -> Level:
        if measure is Measure.LOWEST_POINTS:
            return self._raise_lowest()
        ends, bound = self._level_ends(measure), 0
        for part, share in self._shares():
            seconds = (ends - perf_counter()) * share
            bound += part.improve(measure, seconds=seconds)
            part.hold(measure)
        if measure is self._measures[-1]:
            self._finish()
        return Level(measure, sum(part.value(measure) for part in self.parts), bound)

    def _level_ends(self, measure: Measure) -> float:
        """The last level may use all the time left, an earlier one half of it."""
        now = perf_counter()
        return self._ends if measure is self._measures[-1] else now + (self._ends - now) / 2

    def _shares(self) -> list[tuple[Part, float]]:
        """Each part with its share of the time then left, by size."""
        left, shares = sum(part.choices.size for part in self.parts), []
        for part in self.parts:
            shares.append((part, part.choices.size / left))
            left -= part.choices.size
        return shares

    def _raise_lowest(self) -> Level:
        """The lowest points over the whole plan, by halving the figures that it can be."""
        parts = [part for part in self.parts if part.taken]
        if not parts:
            return Level(Measure.LOWEST_POINTS, 0, 0)
        value = min(part.value(Measure.LOWEST_POINTS) for part in parts)
        figures = sorted({int(p) for part in parts for p in part.choices.points if p >= value})
        musts = [int(p) for part in parts for p in part.choices.points[part.choices.must]]
        figures = [figure for figure in figures if not musts or figure <= min(musts)]
        known, possible, ends = 0, len(figures) - 1, self._level_ends(Measure.LOWEST_POINTS)
        low, high = 0, possible
        while low < high:
            middle = (low + high + 1) // 2
            answer = self._all_reach(parts, figures[middle], ends)
            if answer:
                low = known = middle
            else:
                high = middle - 1
                possible = high if answer is False and high < possible else possible
        for part in parts:
            part.allowed = part.without_below(figures[known])
        return Level(Measure.LOWEST_POINTS, figures[known], figures[possible])

    def _all_reach(self, parts: list[Part], lowest: int, ends: float) -> bool | None:
        plans = [part.taken for part in parts]
        for part in parts:
            answer = part.reaches(lowest, seconds=ends - perf_counter())
            if not answer:
                for one, plan in zip(parts, plans, strict=True):
                    one.taken = plan
                return answer
        return True

    def _finish(self) -> None:
        for part in self.parts:
            part.taken = started_early(part.choices, part.filled(part.taken))


def started_early(choices: Choices, taken: list[int]) -> list[int]:
    """The same matches, each in turn moved to the first start that the others leave room for."""
    room, plan = Room(choices), []
    for number in taken:
        room.take(number)
    starts: dict[tuple[int, int], list[int]] = {}
    for number, row in enumerate(choices.rows):
        starts.setdefault((row.need, row.provider), []).append(number)
    for number in taken:
        row = choices.rows[number]
        room.give_back(number)
        first = next(one for one in starts[row.need, row.provider] if room.fits(one))
        room.take(first)
        plan.append(first)
    return plan


def _matches(parts: list[Part]) -> tuple[Match, ...]:
    rows = [part.choices.rows[number] for part in parts for number in part.taken]
    return tuple(_match(row) for row in sorted(rows, key=lambda r: (r.pair.need, r.pair.provider)))


def _match(row: Choice) -> Match:
    pair = row.pair
    start = row.start if pair.days else None
    return Match(pair.need, pair.provider, pair.offer, start, pair.days, pair.points)


def _plan(
    instance: Instance,
    settings: Settings,
    levels: list[Level],
    matches: tuple[Match, ...],
    began: float,
    names: Mapping[str, str],
) -> Plan:
    shortfalls = _shortfalls(instance, matches, names)
    levels = _with_lost_minimums(levels, sum(one.short for one in shortfalls))
    gap = next((level.gap for level in levels if level.gap > 0), 0.0)
    return Plan(
        status=_status(gap, settings.gap),
        aim=settings.aim,
        levels=tuple(levels),
        shortfalls=shortfalls,
        points=levels[-1].value,
        bound=levels[-1].bound,
        gap=gap,
        seconds=round(perf_counter() - began, 4),
        matches=matches,
        unmatched=left_out(instance, matches, names),
    )


def _status(gap: float, asked: float) -> Status:
    if gap <= PROVEN:
        return Status.OPTIMAL
    return Status.WITHIN_GAP if gap <= asked else Status.TIME_LIMIT


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


def _no_plan(
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
