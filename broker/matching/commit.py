"""The commitment round: who works with whom, from when, for how many days.

Level after level is settled over all parts of the round and then held: the least shortfall of
minimums, then the aim's own levels. Ties are broken by the stated order of `choices`.
"""

from __future__ import annotations

from collections.abc import Mapping

from broker.matching.bundling import Heard
from broker.matching.choices import Choice, Choices, Room, choices_of, components
from broker.matching.instance import Aim, Instance, Level, Match, Measure, Plan
from broker.matching.musts import musts_that_clash
from broker.matching.outcome import GAP, LEVELS, SECONDS, Settings, no_plan, plan_of
from broker.matching.part import Part
from broker.matching.watch import Report, Share, Stop, Watch

__all__ = ["GAP", "SECONDS", "Settings", "commit", "started_early"]


def commit(
    instance: Instance,
    settings: Settings | None = None,
    *,
    names: Mapping[str, str] | None = None,
    progress: Report | None = None,
    should_stop: Stop | None = None,
    start: Plan | None = None,
) -> Plan:
    """The best plan found within the settings, with its bound. `names`: ids in words.

    `progress` hears of each better plan or bound. `should_stop` is asked often; once it says
    yes, the best plan so far comes back. `start`: a plan to better, as far as it still holds.
    """
    settings = settings or Settings()
    watch = Watch(settings.seconds, should_stop=should_stop, progress=progress)
    choices = choices_of(instance, settings.seed)
    if causes := musts_that_clash(instance, choices):
        return no_plan(instance, settings, causes, watch.gone())
    solving = _Solving(choices, settings, watch, start)
    levels = solving.levels()
    matches = _matches(solving.parts)
    return plan_of(instance, settings, levels, matches, watch, names or {})


class _Solving:
    """All parts of a round and the time they share."""

    def __init__(
        self, choices: Choices, settings: Settings, watch: Watch, start: Plan | None
    ) -> None:
        fills = settings.aim is not Aim.FIT
        parts = components(choices)
        held = {(one.need, one.provider): one.start for one in start.matches} if start else {}
        self.parts = [Part(one, gap=settings.gap, fills_places=fills, start=held) for one in parts]
        self._measures = (Measure.SHORTFALL, *LEVELS[settings.aim])
        self._watch = watch

    def levels(self) -> list[Level]:
        return [self._settle(measure) for measure in self._measures]

    def _settle(self, measure: Measure) -> Level:
        if measure is Measure.LOWEST_POINTS:
            return self._raise_lowest()
        watch = self._level_watch(measure)
        bounds = {id(part): part.most(measure) for part in self.parts}
        for part, share in self._shares():
            most = bounds[id(part)]
            heard = self._heard(measure, part, most, sum(bounds.values()) - most)
            bounds[id(part)] = part.improve(
                measure, most=most, watch=watch.share(share), heard=heard
            )
            part.hold(measure)
        if measure is self._measures[-1]:
            self._finish()
        level = Level(measure, self._value(measure), sum(bounds.values()))
        self._watch.report(measure, level.value, level.bound)
        return level

    def _value(self, measure: Measure) -> int:
        return sum(part.value(measure) for part in self.parts)

    def _heard(self, measure: Measure, part: Part, most: int, others: int) -> Heard:
        """Puts what one part reports together with the rest, whose bounds come to `others`."""
        rest = self._value(measure) - part.value(measure)

        def heard(value: float, bound: float) -> None:
            self._watch.report(measure, rest + int(value), others + int(min(bound, float(most))))

        return heard

    def _level_watch(self, measure: Measure) -> Share:
        """The last level may use all the time left, an earlier one half of it."""
        return self._watch.share(1.0 if measure is self._measures[-1] else 0.5)

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
        known, possible, watch = 0, len(figures) - 1, self._level_watch(Measure.LOWEST_POINTS)
        low, high = 0, possible
        while low < high:
            middle = (low + high + 1) // 2
            answer = self._all_reach(parts, figures[middle], watch)
            if answer:
                low = known = middle
            else:
                high = middle - 1
                possible = high if answer is False and high < possible else possible
        for part in parts:
            part.allowed = part.without_below(figures[known])
        return Level(Measure.LOWEST_POINTS, figures[known], figures[possible])

    def _all_reach(self, parts: list[Part], lowest: int, watch: Share) -> bool | None:
        plans = [part.taken for part in parts]
        for part in parts:
            answer = part.reaches(lowest, watch=watch)
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
