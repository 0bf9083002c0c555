"""Prices of the needs, and what the bundles of providers come to at them."""

from __future__ import annotations

from dataclasses import dataclass

from broker.matching.arrays import Floats
from broker.matching.market import Bundle, Market

TINY = 1e-7


@dataclass(frozen=True)
class Prices:
    """`needs`: by need; `place`: what a filled place earns; `short`: what a missing one costs."""

    needs: Floats
    place: float = 0.0
    short: float = 0.0

    def mixed(self, other: Prices, share: float) -> Prices:
        """`share` of these, the rest of the others."""
        return Prices(
            share * self.needs + (1 - share) * other.needs,
            share * self.place + (1 - share) * other.place,
            share * self.short + (1 - share) * other.short,
        )

    def fixed(self, market: Market) -> float:
        """What a bound holds beside the bundles."""
        kept = self.short * (market.short or 0) - self.place * (market.places or 0)
        return float(self.needs @ market.wanted) + kept


@dataclass(frozen=True)
class Priced:
    """By provider: the best value found and a bound on it. `bundles`: good ones, best first."""

    values: Floats
    bounds: Floats
    bundles: list[Bundle]
