"""How much may yet be added to a bundle: bounds on what its further items gain.

The worth of a bundle's days left, at shadow prices, says how much; but it counts days that no
item can use. At a share of those prices, down to none, unused days count less and items more.
Each bound looks only at groups that fit the days left, and the least of all bounds holds.
"""

from __future__ import annotations

import numpy as np

from broker.matching.arrays import Floats, Ints
from broker.matching.shadow import starts_of

SHARES = (0.0, 0.3, 0.6)  # of the shadow prices
LOSS = 1e-13  # of a long sum: more than its rounding loses


class Further:
    """Bundles with the items that each may take next.

    `parent` and `group` number the bundle and the group of every item, ascending, groups best
    first; `left`: by bundle, how many items it may still take.
    """

    def __init__(self, parent: Ints, group: Ints, left: Ints) -> None:
        starts = starts_of(parent * (int(group.max(initial=0)) + 1) + group)
        self._first = np.flatnonzero(starts)
        self._after = np.cumsum(starts)  # the group that follows an item's own
        owner, bundles = parent[self._first], np.arange(len(left))
        self._begins = np.searchsorted(owner, bundles, side="left")
        self._ends = np.searchsorted(owner, bundles, side="right")
        self._parent = parent
        self._left = left[parent] - 1

    def in_order(self, tops: Floats) -> tuple[Floats, Ints]:
        """After each item, the sum of the groups next in order, and how many were missing.

        `tops`: of each item's group, the best of all its items, so that they only fall.
        """
        sums, _ = self._sums(tops)
        upto = np.minimum(self._after + self._left, self._ends[self._parent])
        return sums[upto] - sums[self._after] + LOSS * sums[-1], self._after + self._left - upto

    def at_most(self, gains: Floats) -> Floats:
        """After each item: all that follows or, if less, as many times the best as may be taken."""
        sums, best = self._sums(gains)
        highest = np.zeros(len(self._begins))
        busy = np.flatnonzero(self._ends > self._begins)
        highest[busy] = np.maximum.reduceat(best, self._begins[busy])
        follows = sums[self._ends[self._parent]] - sums[self._after] + LOSS * sums[-1]
        most: Floats = np.minimum(follows, self._left * highest[self._parent])
        return most

    def _sums(self, figures: Floats) -> tuple[Floats, Floats]:
        best = np.maximum(np.maximum.reduceat(figures, self._first), 0)
        return np.concatenate(([0.0], np.cumsum(best))), best
