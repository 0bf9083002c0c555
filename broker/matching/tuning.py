"""Prices of the needs, felt out step by step: dearer where too many take, cheaper where none do.

Each step is cheap, so this is where a large search begins. Prices are judged by the best
bundles found, not by their bounds, which are loose in a narrow search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from broker.matching.market import Bundle, Market
from broker.matching.prices import Priced, Prices
from broker.matching.pricing import Pricing
from broker.matching.watch import Share

WIDTH = 6
FIRST_STEP = 0.05  # of what the prices would prove
PATIENCE = 8  # steps without better prices before they get smaller
SMALLER = 0.7


@dataclass(frozen=True)
class Tuned:
    """The best prices found, about what they would prove, and bundles good on the way."""

    prices: Prices
    value: float
    bundles: list[Bundle]


def tuned(pricing: Pricing, first: Prices, *, steps: int, watch: Share) -> Tuned:
    best, size, stale = Tuned(first, np.inf, []), 1.0, 0
    prices, bundles = first, []
    for step in range(steps):
        priced = pricing.price(prices, width=WIDTH, steps=3)
        value = prices.fixed(pricing.market) + float(priced.values.sum())
        if 2 * step >= steps:
            bundles += priced.bundles
        stale = 0 if value < best.value else stale + 1
        if value < best.value:
            best = Tuned(prices, value, bundles)
        if watch.is_over():
            break
        if stale == PATIENCE:
            size, stale, prices = size * SMALLER, 0, best.prices
        else:
            prices = _moved(prices, priced, pricing.market, size * FIRST_STEP * abs(best.value))
    return Tuned(best.prices, best.value, bundles)


def _moved(prices: Prices, priced: Priced, market: Market, step: float) -> Prices:
    """Against what the bundles leave of each need, and of what the plan must keep to."""
    spare = (market.wanted - market.taken(priced.bundles)).astype(float)
    spare[(prices.needs <= 0) & (spare > 0)] = 0
    place, short = _spare_of_kept(priced, market)
    if prices.place <= 0:
        place = min(place, 0.0)
    if prices.short <= 0:
        short = min(short, 0.0)
    size = step / max(float(spare @ spare) + place**2 + short**2, 1.0)
    return Prices(
        np.maximum(0, prices.needs - size * spare),
        max(0.0, prices.place - size * place),
        max(0.0, prices.short - size * short),
    )


def _spare_of_kept(priced: Priced, market: Market) -> tuple[float, float]:
    """Places beyond those to fill and shortfall short of what is allowed, scaled down."""
    scale = max(len(market.wanted), 1)
    place = short = 0.0
    if market.places is not None:
        place = (sum(len(one.items) for one in priced.bundles) - market.places) / scale
    if market.short is not None:
        busy = {one.provider for one in priced.bundles}
        idle = sum(least for who, least in enumerate(market.least.tolist()) if who not in busy)
        short = market.short - idle - sum(map(market.short_of, priced.bundles))
    return place, short / scale


def first_prices(market: Market) -> Prices:
    """Half of what the best item of a need gives, the same for all."""
    best = np.zeros(len(market.wanted))
    np.maximum.at(best, market.need, market.value)
    return Prices(np.full(len(best), float(best.mean()) / 2))
