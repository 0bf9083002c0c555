"""A search by breadth for the best bundles of all providers together.

Level k holds bundles of k items. A bundle that cannot beat the best goes no further. With a
width, only the most promising of each provider go on: then the best found may not be the best
there is, but the bound still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from broker.matching.arrays import Flags, Floats, Ints
from broker.matching.market import Bundle, Market
from broker.matching.packing import Packing, Words
from broker.matching.prices import TINY, Priced
from broker.matching.reach import SHARES, Further
from broker.matching.shadow import Shadow, firsts_of, starts_of

NARROW = 16
FAN = 12  # groups that a narrow search looks at after a bundle's last
GOOD = 0.8  # of the best value: a bundle worth noting


@dataclass
class _Level:
    """Bundles of one size: the one each grew from (in the level before), and its last item."""

    parent: Ints
    item: Ints
    grown: Ints


@dataclass(frozen=True)
class _Front:
    """Bundles that may still grow. `spare`: worth of the days left; `upto`: with the value."""

    provider: Ints
    next_group: Ints
    value: Floats
    upto: Floats
    spare: Floats
    free: Words
    left: Ints


def never() -> bool:
    return False


class Search:
    """`extra`: what each match up to the minimum earns; `offset`: what all values hold beyond
    their worth. Bundles within `slack` of the best are kept. `gives_up`, asked before each level,
    ends a search whose answer would be of no use; then `gave_up`, and the bounds do not hold.
    """

    gives_up: Callable[[], bool] = staticmethod(never)
    gave_up = False

    def __init__(
        self,
        market: Market,
        shadow: Shadow,
        days: Packing,
        items: Ints,
        gains: Floats,
        extra: Floats,
        offset: Floats,
        steps: int,
        slack: float,
    ) -> None:
        self.offset, self.slack = offset, slack - TINY
        self.market, self.shadow, self.days = market, shadow, days
        self.extra = extra
        self.most_bonus = extra * np.minimum(market.least, market.limit)
        count = len(market.limit)
        self.best = np.zeros(count)
        self.bound = np.full(count, np.inf)
        self.levels: list[_Level] = []
        self.found: list[tuple[Ints, Floats, Ints, Ints]] = []
        if len(items):
            tops = self.shadow.sharpen(items, gains, steps) + self.most_bonus
            self._lay_out(items, gains, tops)
        else:
            self.items = items

    def _lay_out(self, items: Ints, gains: Floats, tops: Floats) -> None:
        """Sort groups by what is left of them after their days are paid, best first."""
        market, count = self.market, len(self.market.limit)
        net = gains - self.shadow.cost(items)
        can = tops[market.provider[items]] + np.minimum(net, 0) > -self.slack
        items, gains, net = items[can], gains[can], net[can]
        starts = starts_of(market.group[items])
        at = np.cumsum(starts) - 1
        first = np.flatnonzero(starts)
        nets = np.maximum.reduceat(net, first) if len(first) else net[:0]
        of = market.provider[items][first]
        order = np.lexsort((-nets, of))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        by = np.argsort(place[at], kind="stable")
        self.items, self.gains, self.net = items[by], gains[by], net[by]
        self.place = place[at][by]
        self.use = self.days.use[self.items]
        self.tops = nets[order]
        self.sums = np.concatenate(([0.0], np.cumsum(np.maximum(self.tops, 0))))
        self.first_group = np.searchsorted(of[order], np.arange(count))
        self.end_group = np.searchsorted(of[order], np.arange(count), side="right")
        self.first_item = np.searchsorted(self.place, np.arange(len(order) + 1))

    def run(self, widths: list[int], keep: int) -> Priced:
        """One width after the other, each only for the providers that are still open."""
        bundles: list[Bundle] = []
        for width in widths:
            bundles += self._run(width, keep)
        bundles = [one for one in bundles if self.market.has_musts(one)]
        bounds = np.maximum(self.best, self.bound)
        return Priced(self.best - self.offset, bounds - self.offset, bundles)

    def _run(self, width: int, keep: int) -> list[Bundle]:
        self.levels, self.found = [], []
        front: _Front | None = self._root()
        while front is not None and len(front.provider):
            if self.gives_up():
                self.gave_up = True
                break
            front = self._grow(front, width, keep)
        return self._bundles(keep)

    def _root(self) -> _Front:
        market = self.market
        is_open = self.bound > self.best + TINY
        self.bound[is_open] = 0.0
        who = np.unique(market.provider[self.items])
        who = who[is_open[who]]
        none = np.zeros(len(who))
        if not len(who):
            return _Front(who, who, none, none, none, self.days.free[who], who)
        spare = (self.shadow.prices[who] * market.free[who]).sum(axis=1)
        upto, free = spare + self.most_bonus[who], self.days.free[who]
        return _Front(who, self.first_group[who], none, upto, spare, free, market.limit[who])

    def _grow(self, front: _Front, width: int, keep: int) -> _Front | None:
        """Every bundle with each further item that fits and may pay; None when there is none."""
        parent, item = self._children(front, width)
        parent, item, most = self._promising(front, parent, item, width)
        if not len(item):
            return None
        who = front.provider[parent]
        value = front.value[parent] + self.gains[item]
        value += np.where(len(self.levels) < self.market.least[who], self.extra[who], 0.0)
        self._note(who, value, keep)
        grown = self._widest(who, most, width)
        self.levels.append(_Level(parent, item, grown))
        parent, item = parent[grown], item[grown]
        return _Front(
            who[grown],
            self.place[item] + 1,
            value[grown],
            front.upto[parent] + self.net[item],
            front.spare[parent] - (self.gains[item] - self.net[item]),
            front.free[parent] - self.use[item],
            front.left[parent] - 1,
        )

    def _children(self, front: _Front, width: int) -> tuple[Ints, Ints]:
        """Each bundle with the items after its own. A narrow search takes only the next groups;
        as groups stand best first, those beyond promise no more than the first of them.
        """
        last = self.end_group[front.provider]
        stop = np.minimum(last, front.next_group + FAN) if width <= NARROW else last
        upto = self.sums[np.minimum(stop + front.left, last)] - self.sums[stop]
        cut = np.flatnonzero((stop < last) & (front.left > 0))
        np.maximum.at(self.bound, front.provider[cut], (front.upto + upto)[cut])
        begin, end = self.first_item[front.next_group], self.first_item[stop]
        count = np.where(front.left > 0, end - begin, 0)
        parent = np.repeat(np.arange(len(count)), count)
        offset = np.arange(len(parent)) - np.repeat(np.cumsum(count) - count, count)
        return parent, begin[parent] + offset

    def _promising(
        self, front: _Front, parent: Ints, item: Ints, width: int
    ) -> tuple[Ints, Ints, Floats]:
        """Those that fit and may beat the best, with what they may come to."""
        fits = self.days.fits(front.free[parent], self.use[item])
        parent, item = parent[fits], item[fits]
        if not len(item):
            return parent, item, np.zeros(0)
        most = self._most(front, parent, item, width)
        can = np.flatnonzero(most > self.best[front.provider[parent]] - self.slack)
        return parent[can], item[can], most[can]

    def _most(self, front: _Front, parent: Ints, item: Ints, width: int) -> Floats:
        place, net, upto = self.place[item], self.net[item], front.upto[parent]
        further = Further(parent, place, front.left)
        rest, missing = further.in_order(self.tops[place])
        if width <= NARROW:
            return upto + net + rest + self._beyond(front, parent, missing)
        most, days, spare = upto + net + rest, self.gains[item] - net, front.spare[parent]
        for share in SHARES:
            gains = net + (1 - share) * days
            at_share = upto - (1 - share) * spare + gains + further.at_most(gains)
            most = np.minimum(most, at_share)
        return most

    def _beyond(self, front: _Front, parent: Ints, missing: Ints) -> Floats:
        """What groups that a narrow search does not look at could add."""
        last = self.end_group[front.provider]
        stop = np.minimum(last, front.next_group + FAN)
        last, stop = last[parent], stop[parent]
        most: Floats = self.sums[np.minimum(stop + missing, last)] - self.sums[stop]
        return most

    def _note(self, who: Ints, value: Floats, keep: int) -> None:
        best = self.best
        np.maximum.at(best, who, value)
        enough = np.minimum(GOOD * best[who], best[who] - self.slack)
        good = np.flatnonzero(value >= enough)
        order = good[np.lexsort((-value[good], who[good]))]
        top = order[ranks(who[order]) < keep]
        depth = np.full(len(top), len(self.levels))
        self.found.append((who[top], value[top], depth, top))

    def _widest(self, who: Ints, most: Floats, width: int) -> Ints:
        """Which go on. What those dropped for width could come to is kept in the bound."""
        can = np.flatnonzero(most > self.best[who] - self.slack)
        order = can[np.lexsort((-most[can], who[can]))]
        rank = ranks(who[order])
        dropped = order[rank >= width]
        np.maximum.at(self.bound, who[dropped], most[dropped])
        return order[rank < width]

    def _bundles(self, keep: int) -> list[Bundle]:
        if not self.found:
            return []
        who, value, depth, at = (np.concatenate(one) for one in zip(*self.found, strict=True))
        order = np.lexsort((-value, who))
        best = order[ranks(who[order]) < keep]
        return [Bundle(int(who[n]), self._items(int(depth[n]), int(at[n]))) for n in best]

    def _items(self, depth: int, at: int) -> tuple[int, ...]:
        items = []
        while True:
            level = self.levels[depth]
            items.append(int(self.items[level.item[at]]))
            if depth == 0:
                return tuple(sorted(items))
            at, depth = int(self.levels[depth - 1].grown[level.parent[at]]), depth - 1


def ranks(keys: Ints) -> Ints:
    """0, 1, 2 … within each run of equal keys."""
    starts: Flags = starts_of(keys)
    return np.arange(len(keys)) - firsts_of(starts)
