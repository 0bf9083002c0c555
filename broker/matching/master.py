"""The choice among known bundles: at most one a provider, no need served too often.

Solved over fractions it prices the needs; solved in whole bundles it is a plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from broker.matching.arrays import Floats
from broker.matching.highs import LONGEST, new_highs
from broker.matching.market import Bundle, Market
from broker.matching.prices import TINY, Prices

INFINITE = highspy.kHighsInf
DUAL, PRIMAL = 1, 4  # simplex: after bundles are held; after new ones came
BY_INTERIOR_POINT = 800  # rows from which the first solution comes by interior point


@dataclass(frozen=True)
class Fractions:
    """`worths`: by provider, what its place in the plan earns beyond the needs' prices."""

    value: float
    prices: Prices
    worths: Floats
    shares: Floats


class Master:
    """`providers`: those that choose here. Only needs that `bundles` mention become rows."""

    def __init__(self, market: Market, providers: Sequence[int]) -> None:
        self.market = market
        self.bundles: list[Bundle] = []
        self.bound = math.inf
        self._known: set[Bundle] = set()
        self._held: list[int] = []
        self._is_new, self._has_news_held = True, False
        self._row = {provider: row for row, provider in enumerate(providers)}
        self._providers = list(providers)
        self._highs = new_highs()
        self._set_up()

    def _set_up(self) -> None:
        highs, market = self._highs, self.market
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("random_seed", 0)
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        nothing = np.array([], np.int32), np.array([], np.float64)
        for provider in self._providers:
            low = 1.0 if market.musts[provider] or market.least[provider] else 0.0
            highs.addRow(low, 1.0, 0, *nothing)
        for wanted in market.wanted.tolist():
            highs.addRow(-INFINITE, float(wanted), 0, *nothing)
        self._first_need = len(self._providers)
        self._places = self._first_need + len(market.wanted)
        highs.addRow(-INFINITE if market.places is None else market.places, INFINITE, 0, *nothing)
        highs.addRow(-INFINITE, INFINITE if market.short is None else market.short, 0, *nothing)

    def add(self, bundles: Iterable[Bundle]) -> int:
        """How many of them were new."""
        new = [one for one in dict.fromkeys(bundles) if one not in self._known]
        if not new:
            return 0
        columns = [self._column(one) for one in new]
        sizes = [len(rows) for rows, _ in columns]
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int32)
        self._highs.addCols(
            len(new),
            np.array([self.market.value_of(one) for one in new]),
            np.zeros(len(new)),
            np.full(len(new), INFINITE),
            int(sum(sizes)),
            starts,
            np.array([row for rows, _ in columns for row in rows], np.int32),
            np.array([figure for _, figures in columns for figure in figures]),
        )
        self.bundles += new
        self._known.update(new)
        return len(new)

    def _column(self, bundle: Bundle) -> tuple[list[int], list[float]]:
        needs = self.market.needs_of(bundle)
        rows = [self._row[bundle.provider], *(needs + self._first_need).tolist()]
        figures = [1.0] * len(rows)
        if self.market.places is not None and bundle.items:
            rows, figures = [*rows, self._places], [*figures, float(len(bundle.items))]
        short = self.market.short_of(bundle)
        if self.market.short is not None and short:
            rows, figures = [*rows, self._places + 1], [*figures, float(short)]
        return rows, figures

    def fractions(self, seconds: float) -> Fractions | None:
        """The best mix of bundles and its prices; None when time ended first."""
        highs = self._highs
        by_interior = self._is_new and self._places > BY_INTERIOR_POINT
        highs.setOptionValue("solver", "ipm" if by_interior else "simplex")
        highs.setOptionValue("simplex_strategy", DUAL if self._has_news_held else PRIMAL)
        self._is_new = self._has_news_held = False
        highs.setOptionValue("time_limit", highs.getRunTime() + min(max(seconds, 0.01), LONGEST))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = highs.getSolution()
        duals = np.array(solution.row_dual)
        needs = np.maximum(duals[self._first_need : self._places], 0)
        worths = np.zeros(len(self.market.limit))
        worths[self._providers] = duals[: self._first_need]
        place, short = max(-duals[self._places], 0.0), max(duals[self._places + 1], 0.0)
        prices = Prices(needs, float(place), float(short))
        return Fractions(
            highs.getObjectiveValue(), prices, worths, np.array(solution.col_value, np.float64)
        )

    def hold(self, numbers: Sequence[int]) -> None:
        """From here on, these bundles are in every mix."""
        for number in numbers:
            self._highs.changeColBounds(number, 1.0, 1.0)
        self._held += numbers
        self._has_news_held = True

    def let_go(self) -> None:
        for number in self._held:
            self._highs.changeColBounds(number, 0.0, INFINITE)
        self._held = []

    def gains(self, bundle: Bundle, at: Fractions) -> float:
        """How much better than its provider's place a bundle is at those prices."""
        prices, market = at.prices, self.market
        worth = market.value_of(bundle) - float(prices.needs[market.needs_of(bundle)].sum())
        worth += prices.place * len(bundle.items) - prices.short * market.short_of(bundle)
        return worth - float(at.worths[bundle.provider])

    def welcome(self, bundles: Iterable[Bundle], at: Fractions) -> list[Bundle]:
        return [one for one in bundles if self.gains(one, at) > TINY]

    def whole(
        self, start: Sequence[Bundle], *, nodes: int, seconds: float, gap: float = 0.0
    ) -> list[Bundle]:
        """The best plan of known bundles that some branching finds, at least `start`.

        Within `gap` of `self.bound` it ends: no plan of known bundles is worth more than that.
        """
        self.add(start)
        highs, count = self._highs, len(self.bundles)
        numbers = np.arange(count, dtype=np.int32)
        kind = highspy.HighsVarType
        highs.changeColsIntegrality(count, numbers, np.array([kind.kInteger] * count))
        highs.setOptionValue("solver", "choose")
        highs.setOptionValue("mip_max_nodes", nodes)
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("presolve", "off")  # bundles leave nothing to simplify
        highs.setOptionValue("time_limit", highs.getRunTime() + min(max(seconds, 0.01), LONGEST))
        known = highspy.HighsSolution()
        chosen = set(start)
        known.col_value = [float(one in chosen) for one in self.bundles]
        highs.setSolution(known)
        highs.run()
        values = highs.getSolution().col_value
        self.bound = highs.getInfo().mip_dual_bound
        highs.changeColsIntegrality(count, numbers, np.array([kind.kContinuous] * count))
        plan = [one for one, share in zip(self.bundles, values, strict=True) if share > 0.5]
        return self._completed(plan)

    def _completed(self, plan: list[Bundle]) -> list[Bundle]:
        busy = {one.provider for one in plan}
        return plan + [Bundle(who, ()) for who in self._providers if who not in busy]
