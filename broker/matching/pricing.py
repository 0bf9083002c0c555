"""Which bundle is worth most to each provider at given prices of the needs: all at once.

A search by breadth over all providers together: level k holds bundles of k items. A bundle may
still gain no more than its items' values, less what their days cost at shadow prices, allow;
those that cannot beat the best are dropped. With a width, only the most promising of each
provider go on: then the best found may not be the best there is, but the bound still holds.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np

from broker.matching.arrays import Flags, Floats, Ints
from broker.matching.market import Bundle, Market
from broker.matching.packing import Words, packed
from broker.matching.prices import TINY, Priced, Prices
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
    """Bundles that may still grow. `upto`: value plus what the days left are worth."""

    provider: Ints
    next_group: Ints
    value: Floats
    upto: Floats
    free: Words
    left: Ints


class Pricing:
    """Remembers each provider's shadow prices of days from one call to the next."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.shadow = Shadow(market)
        self.days = packed(market.use, market.free)
        self._all = np.arange(market.size)

    def of(self, market: Market) -> Pricing:
        """The same items in another market, with what is known of the days' worth."""
        pricing = copy(self)
        pricing.market = market
        pricing.shadow = Shadow(market)
        pricing.shadow.prices = self.shadow.prices.copy()
        return pricing

    def price(
        self,
        prices: Prices,
        *,
        width: int,
        among: Ints | None = None,
        steps: int = 4,
        keep: int = 1,
    ) -> Priced:
        """`among`: the items to look at. `keep`: bundles of each provider to give back."""
        return self._search(prices, among, steps).run(_widths(width), keep)

    def all_within(
        self, prices: Prices, best: Floats, slack: float, *, most: int
    ) -> list[Bundle] | None:
        """Every bundle worth its provider's best less `slack`; None when that may be `most`.

        `best`: by provider, what is known to be reached.
        """
        search = self._search(prices, None, steps=20, slack=slack)
        search.best = np.maximum(search.best, best + search.offset - TINY)
        found = search.run([most], most)
        counts = np.bincount([one.provider for one in found.bundles], minlength=len(found.values))
        is_whole = not search.bound.any() and counts.max(initial=0) < most
        return found.bundles if is_whole else None

    def _search(
        self, prices: Prices, among: Ints | None, steps: int, slack: float = 0.0
    ) -> _Search:
        market, items = self.market, self._all if among is None else among
        gains = market.value[items] - prices.needs[market.need[items]] + prices.place
        bonus = prices.short + float(market.counts_short)
        extra = np.where(market.least > 0, bonus, 0.0)
        size = self._size_of_must(gains, bonus)
        gains = gains + size * market.must[items]
        worth = gains + extra[market.provider[items]] > TINY - slack
        offset = extra * market.least + size * market.musts
        return _Search(self, items[worth], gains[worth], extra, offset, steps, slack)

    def _size_of_must(self, gains: Floats, bonus: float) -> float:
        """More than any bundle can be worth without an item that it must hold."""
        if not self.market.must.any():
            return 0.0
        return float((np.abs(gains).max() + bonus + 1) * (self.market.limit.max() + 1) * 2)


class _Search:
    """`extra`: what each match up to the minimum earns; `offset`: what all values hold beyond
    their worth. Bundles within `slack` of the best are kept.
    """

    def __init__(
        self,
        pricing: Pricing,
        items: Ints,
        gains: Floats,
        extra: Floats,
        offset: Floats,
        steps: int,
        slack: float,
    ) -> None:
        self.offset, self.slack = offset, slack - TINY
        self.market, self.shadow, self.days = pricing.market, pricing.shadow, pricing.days
        self.extra = extra
        market = self.market
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
        self.sums = np.concatenate(([0.0], np.cumsum(np.maximum(nets[order], 0))))
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
            return _Front(who, who, none, none, self.days.free[who], who)
        worth = (self.shadow.prices[who] * market.free[who]).sum(axis=1) + self.most_bonus[who]
        free, limit = self.days.free[who], market.limit[who]
        return _Front(who, self.first_group[who], none, worth, free, limit)

    def _grow(self, front: _Front, width: int, keep: int) -> _Front | None:
        """Every bundle with each further item that fits and may pay; None when there is none."""
        parent, item = self._children(front, width)
        who = front.provider[parent]
        upto = front.upto[parent] + self.net[item]
        after = self.place[item] + 1
        ends = np.minimum(after + front.left[parent] - 1, self.end_group[who])
        most = upto + self.sums[ends] - self.sums[after]
        can = np.flatnonzero(most > self.best[who] - self.slack)
        can = can[self.days.fits(front.free[parent[can]], self.use[item[can]])]
        if not len(can):
            return None
        parent, item, who, most = parent[can], item[can], who[can], most[can]
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
            upto[can][grown],
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


def _widths(width: int) -> list[int]:
    widths = [width]
    while widths[0] > NARROW:
        widths.insert(0, max(NARROW, widths[0] // 8))
    return widths


def ranks(keys: Ints) -> Ints:
    """0, 1, 2 … within each run of equal keys."""
    starts: Flags = starts_of(keys)
    return np.arange(len(keys)) - firsts_of(starts)
