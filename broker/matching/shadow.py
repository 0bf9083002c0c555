"""Shadow prices of each provider's days: how much a free quarter-day is worth to it.

Any prices give a bound on a provider's best bundle; a few steps against what the best items
would overuse make the bound sharper. The sharpest prices are kept for the next call.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from broker.matching.arrays import Flags, Floats, Ints
from broker.matching.market import Market

STEP = 0.1


def starts_of(keys: Ints) -> Flags:
    """Where a run of equal keys begins."""
    starts: Flags = np.ones(len(keys), np.bool_)
    starts[1:] = keys[1:] != keys[:-1]
    return starts


def firsts_of(starts: Flags) -> Ints:
    """For each place, where its run begins."""
    firsts: Ints = np.flatnonzero(starts)
    found: Ints = firsts[np.cumsum(starts) - 1]
    return found


class Shadow:
    """`prices`: providers x quarters."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._free = market.free.astype(float)
        self.prices: Floats = np.zeros(market.free.shape)

    def cost(self, items: Ints) -> Floats:
        market = self._market
        use: Floats = np.einsum("ij,ij->i", market.use[items], self.prices[market.provider[items]])
        return use

    def sharpen(self, items: Ints, gains: Floats, steps: int) -> Floats:
        """Better prices by some steps; gives the bounds of all providers at the best."""
        overuse = self._overuse_of(items, gains)
        best, kept = np.full(len(self._free), np.inf), self.prices.copy()
        for step in range(steps + 1):
            bounds, excess = overuse(step < steps)
            better = bounds < best
            best[better], kept[better] = bounds[better], self.prices[better]
            if excess is not None:
                self._move(bounds, excess)
        self.prices = kept
        return best

    def _move(self, bounds: Floats, excess: Floats) -> None:
        excess[(excess < 0) & (self.prices <= 0)] = 0
        norm = (excess * excess).sum(axis=1)
        size = np.where(norm > 0, STEP * np.maximum(bounds, 0) / np.maximum(norm, 1e-9), 0)
        self.prices = np.maximum(0, self.prices + size[:, None] * excess)

    def _overuse_of(
        self, items: Ints, gains: Floats
    ) -> Callable[[bool], tuple[Floats, Floats | None]]:
        """At the prices of the moment: bounds, and by how much the best items overuse days."""
        market, count = self._market, len(self._free)
        starts = starts_of(market.group[items])
        first, at = np.flatnonzero(starts), np.cumsum(starts) - 1
        of = market.provider[items][first]
        begins = np.searchsorted(of, np.arange(count))

        def overuse(asked: bool) -> tuple[Floats, Floats | None]:
            net = gains - self.cost(items)
            nets = np.maximum.reduceat(net, first)
            order = np.lexsort((-nets, of))
            rank = np.empty(len(order), np.int64)
            rank[order] = np.arange(len(order)) - begins[of[order]]
            chosen = (nets > 0) & (rank < market.limit[of])
            bounds = np.bincount(of, np.where(chosen, nets, 0), count)
            bounds = bounds + (self.prices * self._free).sum(axis=1)
            if not asked:
                return bounds, None
            best = np.flatnonzero((net == nets[at]) & chosen[at])
            best = best[starts_of(at[best])] if len(best) else best
            return bounds, self._used(items[best]) - self._free

        return overuse

    def _used(self, items: Ints) -> Floats:
        market, count = self._market, len(self._free)
        used: Floats = np.zeros(self._free.shape)
        for quarter in range(market.use.shape[1]):
            days = market.use[items, quarter]
            used[:, quarter] = np.bincount(market.provider[items], days, count)
        return used
