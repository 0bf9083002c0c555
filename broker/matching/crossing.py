"""The best of two plans of one market, place by place where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import networkx as nx

from broker.matching.market import Bundle, Market


def crossed(market: Market, one: Sequence[Bundle], other: Sequence[Bundle]) -> list[Bundle]:
    """A plan worth at least as much as either, a bundle for every provider of `one`.

    Providers hang together where a need of a bundle that one plan has and the other has not is a
    need of the other's such bundle. Each such knot is taken from the plan that is worth more in
    it. Where a plan must keep to places or shortfall, those go over the knots: then the worthier
    plan is taken whole.
    """
    if market.places is not None or market.short is not None:
        return list(one if market.total(one) >= market.total(other) else other)
    ours, theirs = ({bundle.provider: bundle for bundle in plan} for plan in (one, other))
    for knot in _knots(market, ours, theirs):
        if _worth(market, theirs, knot) > _worth(market, ours, knot):
            ours |= {who: theirs[who] for who in knot}
    return list(ours.values())


def _knots(
    market: Market, ours: dict[int, Bundle], theirs: dict[int, Bundle]
) -> Iterator[list[int]]:
    """Sets of providers that can change sides without anybody else."""
    graph = nx.Graph()
    for who in sorted(ours):
        if ours[who] != theirs[who]:
            needs = {*market.needs_of(ours[who]).tolist(), *market.needs_of(theirs[who]).tolist()}
            graph.add_edges_from((("provider", who), ("need", need)) for need in needs)
    for tied in nx.connected_components(graph):
        yield sorted(who for kind, who in tied if kind == "provider")


def _worth(market: Market, plan: dict[int, Bundle], knot: Sequence[int]) -> float:
    return market.total([plan[who] for who in knot])
