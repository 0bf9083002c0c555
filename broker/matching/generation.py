"""Generating bundles until no other could better the mix of those known.

Prices for the next bundles are drawn towards those with the best bound, which keeps them from
jumping about. Bundles are looked for narrowly first, wider when nothing new turns up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from broker.matching.arrays import Ints
from broker.matching.market import Market
from broker.matching.master import Fractions, Master
from broker.matching.prices import Priced, Prices
from broker.matching.pricing import Pricing
from broker.matching.watch import Share

KEEP = 4  # bundles of each provider in a round
FEW = 0.15  # new bundles by provider, below which the search goes wider
WIDER = 4


@dataclass
class Bound:
    """`value`: no plan is worth more. `prices`: the best so far, by about what they prove."""

    value: float
    prices: Prices
    about: float = np.inf

    def take(self, market: Market, priced: Priced, prices: Prices) -> None:
        fixed = prices.fixed(market)
        self.value = min(self.value, fixed + float(priced.bounds.sum()))
        if fixed + float(priced.values.sum()) < self.about:
            self.about, self.prices = fixed + float(priced.values.sum()), prices


def generate(
    pricing: Pricing,
    master: Master,
    bound: Bound,
    *,
    among: Ints | None = None,
    rounds: int,
    widths: tuple[int, int],
    gap: float,
    watch: Share,
) -> Fractions | None:
    """The last mix; None when time ended before the first. Betters `bound` on the way.

    `widths`: of the search for bundles, first and last.
    """
    width, pull, found = widths[0], 0.5, None
    for _ in range(rounds):
        mix = master.fractions(watch.left())
        if mix is None or watch.is_over():
            return mix or found
        found = mix
        prices = bound.prices.mixed(mix.prices, pull)
        priced = pricing.price(prices, width=width, among=among, keep=KEEP)
        bound.take(master.market, priced, prices)
        new = master.add(master.welcome(priced.bundles, mix))
        if bound.value - mix.value <= gap * abs(bound.value):
            break
        if new < FEW * len(priced.values):
            if not new and pull == 0 and width >= widths[1]:
                break
            pull = max(0.0, pull - 0.25)
            width = min(width * WIDER, widths[1])
    return found
