"""Bettering a plan block by block: some providers that want the same needs choose anew together.

A block is chosen where the plan loses most against the bound. What the other providers take
stays as it is; the block's own bundles are generated anew and the best choice among them is
found by branching.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from broker.matching.arrays import Flags, Floats, Ints
from broker.matching.generation import Bound, generate
from broker.matching.market import Bundle, Market
from broker.matching.master import Master
from broker.matching.prices import TINY, Prices
from broker.matching.pricing import Pricing
from broker.matching.watch import Share

PROVIDERS = 28  # in a block
NODES = 300
ROUNDS = 8
WIDTHS = (16, 64)
NEAR = 0.15  # of the mean value: an item this far from paying still ties its provider to a need
POOL = 30  # known bundles of each provider to begin with


class Blocks:
    """`bundles`: known ones, to begin with. `chance`: where to look is drawn from it."""

    def __init__(
        self,
        pricing: Pricing,
        prices: Prices,
        worths: Floats,
        bundles: Sequence[Bundle],
        *,
        chance: int = 0,
    ) -> None:
        self.market, self.pricing, self.prices = pricing.market, pricing, prices
        self.worths = worths
        self._chance = random.Random(chance)
        self._near = self._ties()
        self._known: dict[int, list[Bundle]] = {}
        for one in sorted(set(bundles), key=lambda one: (self._loss(one), one)):
            known = self._known.setdefault(one.provider, [])
            if len(known) < POOL:
                known.append(one)

    def _ties(self) -> Flags:
        """providers x needs: whether the provider might want the need at its price."""
        market = self.market
        near: Flags = np.zeros((len(market.limit), len(market.wanted)), np.bool_)
        gains = market.value - self.prices.needs[market.need]
        ties = gains > -NEAR * np.abs(market.value).mean()
        near[market.provider[ties], market.need[ties]] = True
        return near

    def _loss(self, bundle: Bundle) -> float:
        """What a provider could have beyond its bundle at the prices."""
        prices, market = self.prices, self.market
        worth = market.value_of(bundle) - float(prices.needs[market.needs_of(bundle)].sum())
        worth += prices.place * len(bundle.items) - prices.short * market.short_of(bundle)
        return float(self.worths[bundle.provider]) - worth

    def bettered(self, plan: list[Bundle], watch: Share) -> list[Bundle]:
        """The plan with one block chosen anew; the same plan when that found nothing better."""
        block = self._block(plan)
        inside = [one for one in plan if one.provider in block]
        outside = [one for one in plan if one.provider not in block]
        market = self.market.without(outside)
        chosen = self._chosen(market, sorted(block), inside, watch)
        return outside + chosen if market.total(chosen) > market.total(inside) + TINY else plan

    def _chosen(
        self, market: Market, block: list[int], inside: list[Bundle], watch: Share
    ) -> list[Bundle]:
        pricing = self.pricing.of(market)
        is_in = np.zeros(len(market.limit), np.bool_)
        is_in[block] = True
        among = np.flatnonzero(is_in[market.provider] & (market.wanted[market.need] > 0))
        master = Master(market, block)
        master.add(inside)
        master.add(Bundle(who, ()) for who in block if not market.musts[who])
        master.add(one for who in block for one in self._known.get(who, ()) if fits(market, one))
        bound = Bound(np.inf, self.prices)
        generate(
            pricing, master, bound, among=among, rounds=ROUNDS, widths=WIDTHS, gap=0.0, watch=watch
        )
        return master.whole(inside, nodes=NODES, seconds=watch.left())

    def _block(self, plan: list[Bundle]) -> set[int]:
        count = len(self.market.limit)
        if count <= PROVIDERS:
            return set(range(count))
        ties = self._near[:, self._near[self._centre(plan)]].sum(axis=1) + 0.0
        ties *= [self._chance.uniform(0.3, 1) for _ in range(count)]
        return set(np.argsort(-ties, kind="stable")[:PROVIDERS].tolist())

    def _centre(self, plan: list[Bundle]) -> int:
        """A provider, the likelier the more the plan loses at it or at a need it might take."""
        losses = np.zeros(len(self.market.limit))
        for one in plan:
            losses[one.provider] = max(0.0, self._loss(one))
        spare = (self.market.wanted - self.market.taken(plan)) * self.prices.needs
        losses += self._near @ (spare / np.maximum(self._near.sum(axis=0), 1))
        losses += 1e-6
        return self._chance.choices(range(len(losses)), losses.tolist())[0]


def fits(market: Market, bundle: Bundle) -> bool:
    needs: Ints = market.needs_of(bundle)
    return bool((market.wanted[needs] > 0).all())
