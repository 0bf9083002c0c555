"""One provider's best bundle by branching: for the few that a search by breadth leaves open."""

from __future__ import annotations

import numpy as np

from broker.matching.arrays import Floats, Ints
from broker.matching.highs import Model, solve
from broker.matching.market import Bundle, Market
from broker.matching.prices import TINY, Prices
from broker.matching.pricing import Pricing

GAP = 0.005


def settled(
    pricing: Pricing, prices: Prices, provider: int, *, known: float, seconds: float
) -> tuple[float, Bundle | None]:
    """A bound on what any of a provider's bundles is worth at these prices, and a good bundle.

    Only for a provider without musts, and without a minimum where a missing match counts.
    `known`: what a bundle is worth that is already known.
    """
    market = pricing.market
    gains = market.value - prices.needs[market.need] + prices.place
    items = np.flatnonzero((market.provider == provider) & (gains > TINY))
    model = _model(market, provider, items, gains)
    answer = solve(model, gap=GAP, seconds=seconds, is_little=True)
    if answer.values is None:
        return max(answer.bound, known), None
    chosen = items[answer.values > 0.5]
    return max(answer.bound, known), Bundle(provider, tuple(chosen.tolist()))


def can_settle(market: Market, prices: Prices, provider: int) -> bool:
    counts = market.counts_short or prices.short > 0
    return not market.musts[provider] and not (counts and market.least[provider])


def _model(market: Market, provider: int, items: Ints, gains: Floats) -> Model:
    model = Model(gains[items].tolist(), [1.0] * len(items))
    model.row(list(range(len(items))), high=float(market.limit[provider]))
    for need in np.unique(market.need[items]):
        model.row(np.flatnonzero(market.need[items] == need).tolist(), high=1)
    for quarter, free in enumerate(market.free[provider].tolist()):
        use = market.use[items, quarter]
        busy = np.flatnonzero(use)
        if use.sum() > free:
            model.row(busy.tolist(), use[busy].astype(float).tolist(), high=free)
    return model
