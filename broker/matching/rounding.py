"""From bundles that want the same needs to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from broker.matching.arrays import Floats
from broker.matching.market import Bundle, Market
from broker.matching.master import Fractions


def rounded(market: Market, bundles: Sequence[Bundle], mix: Fractions) -> list[Bundle]:
    """The bundles with the largest shares first, without needs that are gone, then filled."""
    order = np.argsort(-mix.shares[: len(bundles)], kind="stable")
    chosen = [bundles[n] for n in order.tolist() if mix.shares[n] > 1e-6]
    return filled(market, _trimmed(market, chosen), market.value - mix.prices.needs[market.need])


def _trimmed(market: Market, wishes: Iterable[Bundle]) -> list[Bundle]:
    """One bundle for each provider that has a wish, needs going to whoever comes first."""
    wanted, plan = market.wanted.copy(), {}
    for wish in wishes:
        if wish.provider in plan:
            continue
        items = tuple(item for item in wish.items if wanted[market.need[item]] > 0)
        wanted[market.need[list(items)]] -= 1
        plan[wish.provider] = Bundle(wish.provider, items)
    return list(plan.values())


def filled(market: Market, plan: Sequence[Bundle], worth: Floats) -> list[Bundle]:
    """A bundle for every provider: those given, and every item of use that still fits."""
    held = {one.provider: list(one.items) for one in plan}
    wanted = market.wanted - market.taken(plan)
    free, left = market.free.copy(), market.limit.copy()
    for one in plan:
        free[one.provider] -= market.use[list(one.items)].sum(axis=0)
        left[one.provider] -= len(one.items)
    groups = {int(market.group[item]) for one in plan for item in one.items}
    for item in np.argsort(-worth, kind="stable").tolist():
        who, need, use = market.provider[item], market.need[item], market.use[item]
        if wanted[need] < 1 or left[who] < 1 or market.value[item] < 0:
            continue
        if int(market.group[item]) in groups or (use > free[who]).any():
            continue
        groups.add(int(market.group[item]))
        wanted[need] -= 1
        left[who] -= 1
        free[who] -= use
        held.setdefault(int(who), []).append(item)
    return [Bundle(who, tuple(sorted(held.get(who, ())))) for who in range(len(market.limit))]


def keeps(market: Market, plan: Sequence[Bundle]) -> bool:
    """Whether a plan has the musts and all that it must keep to."""
    places = sum(len(one.items) for one in plan)
    short = sum(map(market.short_of, plan))
    return (
        all(map(market.has_musts, plan))
        and (market.places is None or places >= market.places)
        and (market.short is None or short <= market.short)
    )
