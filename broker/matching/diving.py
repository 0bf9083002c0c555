"""From a mix of bundles to a plan, step by step: the largest shares are held, the rest mixed anew.

After each step the providers still open find new bundles among the needs still there, at the
prices of the new mix, so that the last of them choose as well as the first.
"""

from __future__ import annotations

import numpy as np

from broker.matching.arrays import Ints
from broker.matching.market import Bundle
from broker.matching.master import Fractions, Master
from broker.matching.pricing import Pricing
from broker.matching.rounding import rounded
from broker.matching.watch import Share

STEP = 0.04  # of all providers, whose bundles are held in a step
WIDTH = 16
KEEP = 4  # bundles of each provider in a round
ROUNDS = 2  # of new bundles in a step
WHOLE = 0.999  # a share that is held at once
SOME = 1e-6


class Dive:
    """`master` holds the known bundles and gets the new ones; it is left without any held."""

    def __init__(self, pricing: Pricing, master: Master, mix: Fractions) -> None:
        self._market, self._pricing, self._master = master.market, pricing, master
        self._mix = mix
        self._wanted = self._market.wanted.copy()
        self._is_open = np.ones(len(self._market.limit), np.bool_)

    def run(self, watch: Share) -> list[Bundle]:
        """Where time ends first, what is left is rounded."""
        while not watch.is_over() and self._hold() and self._is_open.any():
            if not self._mix_anew(watch):
                break
        self._master.let_go()
        return rounded(self._market, self._master.bundles, self._mix)

    def _hold(self) -> bool:
        """Hold the largest shares, as far as they leave each other room; no: there are none."""
        bundles, shares = self._master.bundles, self._mix.shares
        step = max(1, int(STEP * len(self._is_open)))
        held: list[int] = []
        for number in np.argsort(-shares, kind="stable").tolist():
            is_enough = len(held) >= step and shares[number] < WHOLE
            if is_enough or shares[number] < SOME:
                break
            if self._has_room(bundles[number]):
                self._close(bundles[number])
                held.append(number)
        self._master.hold(held)
        return bool(held)

    def _has_room(self, bundle: Bundle) -> bool:
        is_left = (self._wanted[self._market.needs_of(bundle)] > 0).all()
        return bool(self._is_open[bundle.provider] and is_left)

    def _close(self, bundle: Bundle) -> None:
        self._is_open[bundle.provider] = False
        self._wanted[self._market.needs_of(bundle)] -= 1

    def _mix_anew(self, watch: Share) -> bool:
        among = self._still_there()
        for _ in range(ROUNDS):
            mix = self._master.fractions(watch.left())
            if mix is None:
                return False
            self._mix = mix
            priced = self._pricing.price(mix.prices, width=WIDTH, among=among, keep=KEEP)
            if not self._master.add(self._master.welcome(priced.bundles, mix)):
                return True
        mix = self._master.fractions(watch.left())
        self._mix = mix or self._mix
        return mix is not None

    def _still_there(self) -> Ints:
        """Items of open providers and of needs that want more."""
        market = self._market
        return np.flatnonzero(self._is_open[market.provider] & (self._wanted[market.need] > 0))
