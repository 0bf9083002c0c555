"""The search by bundles from end to end: a plan and a bound for one level of a large part."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from broker.matching.arrays import Floats
from broker.matching.beside import Beside
from broker.matching.blocks import PROVIDERS, Blocks
from broker.matching.crossing import crossed
from broker.matching.diving import Dive
from broker.matching.generation import Bound, generate
from broker.matching.market import Bundle, Market
from broker.matching.master import Fractions, Master
from broker.matching.prices import TINY, Priced, Prices
from broker.matching.pricing import Pricing
from broker.matching.rounding import keeps, rounded
from broker.matching.settling import GAP, can_settle, settled
from broker.matching.tuning import first_prices, tuned
from broker.matching.watch import Share, Watch

Heard = Callable[[float, float], None]  # value and bound so far
ROUNDS = 60
AGAIN = 4
TUNING_TIME, GENERATING_TIME, DIVING_TIME, PROVING_TIME = 0.2, 0.3, 0.2, 0.35
FEW_STEPS = 10  # of tuning, in a small part
NARROW = 16
EXACT = 0.0001  # of the bound: what may stay open
BUNDLES = 20_000  # that a wide search looks at together, about
CHOOSING_TIME = 0.2  # of what is left: not all of it, since a closer look comes after
SMALL_GENERATING_TIME, SMALL_PROVING_TIME = 0.8, 0.7  # a small part's last bundles settle it
MOST = 3000  # bundles of one provider that may be chosen among at the end
NODES = 5000
CLOSE = 0.0025  # the gap, as a share, from which such a choice is tried
CLOSING_SECONDS = 0.1
BLOCK_SECONDS = 0.05  # that the one block of a small part takes, about
STALE = 3  # times every provider may be looked at without a better plan


@dataclass(frozen=True)
class Found:
    plan: list[Bundle]
    bound: float


class Bundling:
    """`plan`: one that holds, to begin with. `target`: a value that is enough, or refused."""

    def __init__(
        self,
        market: Market,
        plan: Sequence[Bundle],
        *,
        gap: float,
        watch: Share,
        heard: Heard,
        target: int | None = None,
    ) -> None:
        self._target = np.inf if target is None else target
        self.market, self.plan = market, list(plan)
        self._gap, self._watch, self._heard = gap, watch, heard
        self._told: tuple[float, float] | None = None
        self._pricing = Pricing(market)
        self._master = Master(market, range(len(market.limit)))
        self._is_small = len(market.limit) <= PROVIDERS
        self._wide = max(64, min(1024, BUNDLES // len(market.limit)))
        self._beside = Beside(market.size)
        self._told_beside: list[Bundle] = []

    def run(self) -> Found:
        try:
            return self._run()
        finally:
            self._beside.end()

    def _run(self) -> Found:
        market, watch = self.market, self._watch
        steps = FEW_STEPS if self._is_small else 20 + len(market.wanted) // 8
        start = tuned(
            self._pricing, first_prices(market), steps=steps, watch=watch.share(TUNING_TIME)
        )
        self.bound = Bound(np.inf, start.prices, start.value)
        self._master.add(self.plan)
        self._master.add(Bundle(who, ()) for who in range(len(market.limit)))
        self._master.add(start.bundles)
        worths = self._generated_and_proven()
        self._better(worths)
        return Found(self.plan, self.bound.value)

    def _generated_and_proven(self) -> Floats:
        """Again while proving turns up bundles that better the mix, in a small part."""
        for _ in range(AGAIN if self._is_small else 1):
            mix = self._generated()
            if self._is_small and not self.is_done():
                self._take(self._whole(self._master, CHOOSING_TIME))
            known = len(self._master.bundles)
            worths = self._prove(mix)
            if mix is None or self.is_done() or self._watch.is_over():
                break
            new = self._master.bundles[known:]
            if not self._master.welcome(new, mix):
                break
        return worths

    def is_done(self) -> bool:
        """Whether the plan is near enough to the bound; what counts is whole numbers."""
        value, bound = self.market.total(self.plan), self.bound.value
        if self._target < np.inf and (value >= self._target or bound < self._target - TINY):
            return True
        is_best = bound < math.floor(value + 1e-6) + 1 - 1e-6
        return is_best or bound - value <= self._gap * abs(bound)

    def _begin_beside(self, mix: Fractions) -> None:
        """Let a second process better the plan while this one goes on."""
        seconds = self._watch.left()

        def work() -> None:
            self._watch, self._heard = Watch(seconds).share(1.0), lambda *_: None
            self._by_blocks(mix.prices, mix.worths, chance=1)

        if not self._is_small and seconds > 0 and not self.is_done():
            self._beside.begin(work)

    def _exchange(self) -> None:
        """Join the plan with the other process's, and let it read what came of that."""
        found = self._beside.theirs.read()
        if found is not None:
            self._take(crossed(self.market, self.plan, self.market.bundles(found)))
        if self.plan is not self._told_beside:
            if self._beside.ours.write(self.market.choices(self.plan)):
                self._told_beside = self.plan

    def _tell(self) -> None:
        self._exchange()
        news = self.market.total(self.plan), self.bound.value
        if news != self._told:
            self._told = news
            self._heard(*news)

    def _generated(self) -> Fractions | None:
        mix = generate(
            self._pricing,
            self._master,
            self.bound,
            rounds=ROUNDS,
            widths=(NARROW, self._wide),
            gap=self._gap / 4,
            watch=self._watch.share(SMALL_GENERATING_TIME if self._is_small else GENERATING_TIME),
        )
        if mix is not None:
            self._take(rounded(self.market, self._master.bundles, mix))
            self._begin_beside(mix)
            self._tell()
            if not self.is_done():
                dive = Dive(self._pricing, self._master, mix)
                self._take(dive.run(self._watch.share(DIVING_TIME)))
        self._tell()
        return mix

    def _take(self, plan: list[Bundle]) -> None:
        is_better = self.market.total(plan) > self.market.total(self.plan)
        if is_better and keeps(self.market, plan):
            self.plan = plan

    def _prove(self, mix: Fractions | None) -> Floats:
        """A sharper bound by wider looks at the last prices; gives each provider's worth."""
        watch = self._watch.share(SMALL_PROVING_TIME if self._is_small else PROVING_TIME)
        self._prices = self.bound.prices if mix is None else mix.prices
        for width in (self._wide, 4 * self._wide, 16 * self._wide):
            priced = self._pricing.price(self._prices, width=width, steps=20, keep=8)
            self._master.add(priced.bundles)
            self.bound.take(self.market, priced, self._prices)
            self._tell()
            is_exact = float((priced.bounds - priced.values).sum()) < EXACT * abs(self.bound.value)
            if is_exact or watch.is_over() or self.is_done():
                break
        return self._settle(priced, watch)

    def _settle(self, priced: Priced, watch: Share) -> Floats:
        """Branching for the providers that are still open, the widest open first."""
        values, bounds = priced.values.copy(), priced.bounds.copy()
        fixed, value = self._prices.fixed(self.market), self.market.total(self.plan)

        def near(bounds: Floats) -> bool:
            bound = fixed + float(bounds.sum())
            return bound - value <= self._gap * abs(bound)

        for who in np.argsort(values - bounds, kind="stable").tolist():
            is_closed = bounds[who] - values[who] < EXACT * abs(self.bound.value) / len(values)
            if is_closed or watch.is_over() or near(bounds):
                break
            if can_settle(self.market, self._prices, who):
                seconds = watch.left()
                known = values[who]
                bound, bundle = settled(
                    self._pricing, self._prices, who, known=known, seconds=seconds
                )
                bounds[who] = min(bounds[who], bound)
                values[who] = min(bounds[who], max(values[who], bound / (1 + GAP)))
                self._master.add([] if bundle is None else [bundle])
        self._proven = fixed + float(bounds.sum())
        self.bound.value = min(self.bound.value, self._proven)
        self._tell()
        return values

    def _better(self, worths: Floats) -> None:
        if self._is_small:
            self._close(worths)
        self._by_blocks(self._prices, worths)
        if self._is_small and not self.is_done():
            self._close(worths)

    def _by_blocks(self, prices: Prices, worths: Floats, *, chance: int = 0) -> None:
        """Block after block while that betters the plan; a small part is one block."""
        blocks = Blocks(self._pricing, prices, worths, self._master.bundles, chance=chance)
        stale, looks = 0, max(1, STALE * len(self.market.limit) // PROVIDERS)
        while stale < looks and not self._is_over():
            before = self.plan
            self.plan = blocks.bettered(before, self._watch)
            self._tell()
            stale = stale + 1 if self.plan is before else 0
            if self._is_small:
                break

    def _is_over(self) -> bool:
        least = BLOCK_SECONDS if self._is_small else 0.0
        return self.is_done() or self._watch.left() <= least or self._beside.is_left_alone()

    def _whole(self, master: Master, share: float = 1.0) -> list[Bundle]:
        seconds = self._watch.left() * share
        return master.whole(self.plan, nodes=NODES, seconds=seconds, gap=self._gap)

    def _close(self, worths: Floats) -> None:
        """The choice among all bundles that a plan near the bound could hold, when they are few.

        A plan short of the bound by less than `slack` holds no other.
        """
        slack = min(self._proven - self.market.total(self.plan), CLOSE * abs(self._proven))
        if self._watch.left() < CLOSING_SECONDS:
            return
        bundles = self._pricing.all_within(
            self._prices, worths, slack, most=MOST, is_over=self._watch.is_over
        )
        if bundles is None:
            return
        master = Master(self.market, range(len(self.market.limit)))
        master.add(bundles)
        master.add(Bundle(who, ()) for who in range(len(self.market.limit)))
        self._take(self._whole(master))
        most = max(master.bound, self._proven - slack, self.market.total(self.plan))
        self.bound.value = min(self.bound.value, most)
        self._tell()
