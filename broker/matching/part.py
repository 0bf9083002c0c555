"""One part of a commitment round while it is being solved, level by level.

A part always holds a plan that keeps the musts and every level settled so far; HiGHS may only
better it. Its bounds hold whether or not HiGHS had the time to end.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from broker.matching.arrays import Flags, Floats
from broker.matching.bundling import Bundling, Heard
from broker.matching.choices import Choices, Room
from broker.matching.highs import Model, solve
from broker.matching.instance import Measure
from broker.matching.market import market_of
from broker.matching.musts import starts_of_musts
from broker.matching.watch import Share

EXACT_CHOICES = 200  # up to here a part is solved to the last point, whatever the gap asked for
CLOSER = 0.1  # of the gap asked for: seconds that are left are worth some points
ON_TIME = 0.8  # of the seconds left: branching looks at the clock between its steps alone
BRANCHED_CHOICES = 12_000  # up to here branching may close what the search by bundles leaves open


class Part:
    """`start`: (need id, provider id) → start of a plan to begin with, where it still holds."""

    def __init__(
        self,
        choices: Choices,
        *,
        gap: float,
        fills_places: bool,
        start: Mapping[tuple[str, str], int | None] | None = None,
    ) -> None:
        self.choices = choices
        self.gap = _gap_for(choices.size, gap)
        has_days = any(row.days for row in choices.rows)
        self._is_large = has_days and choices.size > EXACT_CHOICES
        self.allowed: Flags = np.ones(choices.size, np.bool_)
        self.held: dict[Measure, int] = {}
        self._fills_places = fills_places
        self._short = [n for n in choices.by_provider() if choices.providers[n].min_matches]
        self._pairs = _numbers_by_pair(choices)
        self.taken = self.filled(starts_of_musts(choices))
        if start:
            self._begin_with(start)

    def _begin_with(self, start: Mapping[tuple[str, str], int | None]) -> None:
        """Take the plan given when it holds the musts; what no longer fits is left out."""
        room, plan = Room(self.choices), []
        for number, row in enumerate(self.choices.rows):
            key = row.pair.need, row.pair.provider
            if key in start and (start[key] or 0) == row.start and room.fits(number):
                room.take(number)
                plan.append(number)
        if self._keeps_musts(plan):
            self.taken = self.filled(plan)

    def filled(self, taken: Sequence[int]) -> list[int]:
        """`taken` and every further choice that fits, the worthiest first."""
        room, plan = Room(self.choices), list(taken)
        for number in taken:
            room.take(number)
        for number in np.argsort(-self.choices.worth, kind="stable").tolist():
            if self._is_welcome(number) and room.fits(number):
                room.take(number)
                plan.append(number)
        return sorted(plan)

    def _is_welcome(self, number: int) -> bool:
        choices = self.choices
        adds = choices.worth[number] >= 0 and choices.points[number] >= 0
        return bool(self.allowed[number] and (adds or self._fills_places))

    def value(self, measure: Measure, taken: Sequence[int] | None = None) -> int:
        """What a plan (this part's own, when none is given) comes to. Shortfalls count down."""
        plan = list(self.taken if taken is None else taken)
        if measure is Measure.PLACES:
            return len(plan)
        if measure is Measure.POINTS:
            return int(self.choices.worth[plan].sum())
        if measure is Measure.LOWEST_POINTS:
            return int(self.choices.points[plan].min())
        return -sum(self._shortfalls(plan))

    def _shortfalls(self, plan: Sequence[int]) -> list[int]:
        counts: Counter[int] = Counter()
        for number in plan:
            counts[self.choices.rows[number].provider] += 1
        return [max(0, self.choices.providers[n].min_matches - counts[n]) for n in self._short]

    def most(self, measure: Measure) -> int:
        """A bound that needs no search: every need served as if it were alone."""
        if measure is Measure.SHORTFALL:
            return 0
        worths = self.choices.worth if measure is Measure.POINTS else np.ones(self.choices.size)
        best: dict[int, list[int]] = defaultdict(list)
        for (need, _), numbers in self._pairs.items():
            if self.allowed[numbers].any():
                best[need].append(max(0, int(worths[numbers].max())))
        wanted = self.choices.needs
        return sum(
            sum(sorted(values, reverse=True)[: wanted[need].providers_wanted])
            for need, values in best.items()
        )

    def improve(self, measure: Measure, *, most: int, watch: Share, heard: Heard) -> int:
        """Better this part's plan by one measure; gives the proven bound, not above `most`."""
        if self.value(measure) == most or watch.is_over():
            return most
        bounds = [float(most)]
        if self._is_large:
            bounds.append(self._by_bundles(measure, watch, heard))
        if self.choices.size <= BRANCHED_CHOICES and not self._is_near(measure, min(bounds)):
            bounds.append(self._by_branching(measure, watch))
        return max(math.floor(min(bounds) + 1e-6), self.value(measure))

    def _is_near(self, measure: Measure, bound: float) -> bool:
        missing = bound - self.value(measure)
        return missing < 1 - 1e-6 or missing <= self.gap * abs(bound)

    def _by_branching(self, measure: Measure, watch: Share) -> float:
        model, seconds = self._model(measure), watch.left()
        if seconds <= 0:
            return math.inf
        answer = solve(
            model,
            gap=self.gap,
            seconds=ON_TIME * seconds,
            start=self._start(),
            should_stop=watch.is_over,
        )
        if answer.values is not None:
            self._adopt(self._plan_of(answer.values), measure)
        return answer.bound

    def _by_bundles(self, measure: Measure, watch: Share, heard: Heard) -> float:
        market = market_of(self.choices, measure, self.allowed, self.held)
        plan = market.bundles(self.taken)
        found = Bundling(market, plan, gap=self.gap, watch=watch, heard=heard).run()
        self._adopt(market.choices(found.plan), measure)
        return found.bound

    def hold(self, measure: Measure) -> None:
        """From here on, no plan may be worse than this one by `measure`."""
        self.held[measure] = self.value(measure)

    def without_below(self, lowest: int) -> Flags:
        """The choices left when pairs with fewer points go, musts staying."""
        return np.asarray((self.choices.points >= lowest) | self.choices.must)

    def reaches(self, lowest: int, *, watch: Share) -> bool | None:
        """Whether all that is held can be held without pairs below `lowest`; None: not known.

        When it can, the part's plan becomes one that does.
        """
        allowed = self.without_below(lowest)
        if allowed[self.taken].all():
            return True
        if not allowed.any():
            return False
        if watch.is_over():
            return None
        if self._is_large:
            return self._reaches_by_bundles(allowed, watch)
        model = self._model(Measure.PLACES)
        model.upper[: self.choices.size] = allowed.astype(float).tolist()
        stop = watch.is_over
        answer = solve(model, gap=self.gap, seconds=watch.left(), should_stop=stop)
        if answer.is_impossible:
            return False
        if answer.values is None:
            return None
        return self._adopt(self._plan_of(answer.values), Measure.PLACES) or None

    def _reaches_by_bundles(self, allowed: Flags, watch: Share) -> bool | None:
        places = self.held[Measure.PLACES]
        held = dict(self.held)
        del held[Measure.PLACES]
        market = market_of(self.choices, Measure.PLACES, allowed, held, only_counts=True)
        start = market.bundles([number for number in self.taken if allowed[number]])
        found = Bundling(
            market, start, gap=0.0, watch=watch, heard=lambda *_: None, target=places
        ).run()
        if self._adopt(market.choices(found.plan), Measure.PLACES):
            return True
        return False if found.bound < places - 1e-6 else None

    def _plan_of(self, values: Floats) -> list[int]:
        return [int(n) for n in np.flatnonzero(values[: self.choices.size] > 0.5)]

    def _adopt(self, plan: list[int], measure: Measure) -> bool:
        """Take a plan if, in whole numbers, it holds and is no worse."""
        room = Room(self.choices)
        for number in plan:
            if not room.fits(number):
                return False
            room.take(number)
        floor = self.held | {measure: self.value(measure)}
        if not self._keeps_musts(plan) or any(self.value(m, plan) < v for m, v in floor.items()):
            return False
        self.taken = plan
        return True

    def _keeps_musts(self, plan: list[int]) -> bool:
        musts = sum(1 for numbers in self._pairs.values() if self.choices.must[numbers[0]])
        return int(self.choices.must[plan].sum()) == musts

    def _start(self) -> list[float]:
        flags = np.zeros(self.choices.size)
        flags[self.taken] = 1.0
        return [*flags.tolist(), *map(float, self._shortfalls(self.taken))]

    def _model(self, measure: Measure) -> Model:
        """Columns: the choices, then one shortfall for each provider with a minimum."""
        size, short = self.choices.size, len(self._short)
        worth = [0.0] * size
        if measure is Measure.PLACES:
            worth = [1.0] * size
        elif measure is Measure.POINTS:
            worth = self.choices.worth.astype(float).tolist()
        penalty = -1.0 if measure is Measure.SHORTFALL else 0.0
        minimums = [float(self.choices.providers[n].min_matches) for n in self._short]
        model = Model(worth + [penalty] * short, self.allowed.astype(float).tolist() + minimums)
        self._limit_needs(model)
        self._limit_providers(model)
        self._keep_minimums(model)
        self._keep_levels(model)
        return model

    def _limit_needs(self, model: Model) -> None:
        for need, numbers in self.choices.by_need().items():
            model.row(numbers, high=self.choices.needs[need].providers_wanted)
        for numbers in self._pairs.values():
            if self.choices.must[numbers[0]]:
                model.row(numbers, low=1, high=1)

    def _limit_providers(self, model: Model) -> None:
        for provider, numbers in self.choices.by_provider().items():
            limit = self.choices.providers[provider].max_matches
            if limit is not None and limit < len(numbers):
                model.row(numbers, high=limit)
            free = self.choices.providers[provider].free
            for quarter, most in enumerate(free or ()):
                self._limit_quarter(model, numbers, quarter, most)

    def _limit_quarter(self, model: Model, numbers: list[int], quarter: int, most: int) -> None:
        uses = {}
        for number in numbers:
            row = self.choices.rows[number]
            if 0 <= quarter - row.start < len(row.days) and row.days[quarter - row.start]:
                uses[number] = float(row.days[quarter - row.start])
        if sum(uses.values()) > most:
            model.row(list(uses), list(uses.values()), high=most)

    def _keep_minimums(self, model: Model) -> None:
        by_provider = self.choices.by_provider()
        for column, provider in enumerate(self._short, start=self.choices.size):
            least = self.choices.providers[provider].min_matches
            model.row([*by_provider[provider], column], low=least)

    def _keep_levels(self, model: Model) -> None:
        size = self.choices.size
        if (places := self.held.get(Measure.PLACES)) is not None:
            model.row(list(range(size)), low=places)
        if (shortfall := self.held.get(Measure.SHORTFALL)) is not None and self._short:
            model.row(list(range(size, size + len(self._short))), high=-shortfall)


def _gap_for(size: int, gap: float) -> float:
    """What a part is solved to: to the last point when small, closer than asked when middling."""
    if size <= EXACT_CHOICES:
        return 0.0
    return gap * CLOSER if size <= BRANCHED_CHOICES else gap


def _numbers_by_pair(choices: Choices) -> dict[tuple[int, int], list[int]]:
    pairs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, row in enumerate(choices.rows):
        pairs[row.need, row.provider].append(number)
    return pairs
