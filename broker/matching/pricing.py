"""Which bundle is worth most to each provider at given prices of the needs: all at once."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

import numpy as np

from broker.matching.arrays import Floats, Ints
from broker.matching.market import Bundle, Market
from broker.matching.packing import packed
from broker.matching.prices import TINY, Priced, Prices
from broker.matching.searching import NARROW, Search, never
from broker.matching.shadow import Shadow


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
        self,
        prices: Prices,
        best: Floats,
        slack: float,
        *,
        most: int,
        is_over: Callable[[], bool] = never,
    ) -> list[Bundle] | None:
        """Every bundle worth its provider's best less `slack`; None when that may be `most`, or
        when the time is over before all are found.

        `best`: by provider, what is known to be reached.
        """
        search = self._search(prices, None, steps=20, slack=slack)
        search.best = np.maximum(search.best, best + search.offset - TINY)
        search.gives_up = lambda: bool(search.bound.any()) or is_over()
        found = search.run([most], most)
        counts = np.bincount([one.provider for one in found.bundles], minlength=len(found.values))
        was_whole = not search.gave_up and not search.bound.any()
        is_whole = was_whole and counts.max(initial=0) < most
        return found.bundles if is_whole else None

    def _search(self, prices: Prices, among: Ints | None, steps: int, slack: float = 0.0) -> Search:
        market, items = self.market, self._all if among is None else among
        gains = market.value[items] - prices.needs[market.need[items]] + prices.place
        bonus = prices.short + float(market.counts_short)
        extra = np.where(market.least > 0, bonus, 0.0)
        size = self._size_of_must(gains, bonus)
        gains = gains + size * market.must[items]
        worth = gains + extra[market.provider[items]] > TINY - slack
        offset = extra * market.least + size * market.musts
        return Search(
            market, self.shadow, self.days, items[worth], gains[worth], extra, offset, steps, slack
        )

    def _size_of_must(self, gains: Floats, bonus: float) -> float:
        """More than any bundle can be worth without an item that it must hold."""
        if not self.market.must.any():
            return 0.0
        return float((np.abs(gains).max(initial=0) + bonus + 1) * (self.market.limit.max() + 1) * 2)


def _widths(width: int) -> list[int]:
    widths = [width]
    while widths[0] > NARROW:
        widths.insert(0, max(NARROW, widths[0] // 8))
    return widths
