"""The graph of possible pairs: providers → needs, each edge with its offer and points.

It feeds rounds, pictures and figures alike. Nodes are ("provider", key) and ("need", id).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np

from broker.matching.arrays import Flags, Ints
from broker.matching.criteria import CRITERIA
from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.fitting import pair_days, starts_in_window, supply_of
from broker.matching.instance import Instance, Need, Pair, Provider
from broker.matching.order import seeded_rank
from broker.matching.scores import Explanation, Scores, score
from broker.matching.sifting import Sieve

Node = tuple[str, str]
CODES = tuple(criterion.code for criterion in CRITERIA)


def build(
    needs: Sequence[NeedFacts], offers: Sequence[OfferFacts], world: World, *, seed: int = 0
) -> nx.DiGraph[Any]:
    """One edge per possible provider and need: its best offer, ties in the seeded order.

    Edges carry `offer`, `version`, `programme`, `points`, `parts` (by criterion, in the order of
    CRITERIA), `row` and `column` (into `graph.graph["scores"]`).
    """
    possible = _possible(needs, offers, world)
    scores = score(needs, offers, world, possible=possible)
    graph: nx.DiGraph[Any] = nx.DiGraph(scores=scores)
    graph.add_nodes_from((("need", need.id), {"need": need}) for need in needs)
    graph.add_nodes_from((_provider(offer), {"provider": offer.provider}) for offer in offers)
    graph.add_edges_from(_edges(scores, possible & (scores.points >= world.floor), seed))
    return graph


def _possible(needs: Sequence[NeedFacts], offers: Sequence[OfferFacts], world: World) -> Flags:
    """needs x offers. Offers near in theme are found by theme: just those that its rule keeps."""
    possible = np.zeros((len(needs), len(offers)), np.bool_)
    sieve = Sieve(offers, world)
    by_theme = _columns([offer.theme_codes for offer in offers])
    by_any = _columns([offer.codes_and_headings for offer in offers])
    for row, need in enumerate(needs):
        near = {column for code in need.theme_codes for column in by_any.get(code, ())}
        near.update(column for code in need.headings for column in by_theme.get(code, ()))
        possible[row, sieve.kept(need, np.array(sorted(near), np.int64))] = True
    return possible


def _columns(codes: Sequence[Iterable[str]]) -> dict[str, list[int]]:
    """Code → the columns that have it."""
    columns: dict[str, list[int]] = {}
    for column, words in enumerate(codes):
        for word in words:
            columns.setdefault(word, []).append(column)
    return columns


def _provider(offer: OfferFacts) -> Node:
    return "provider", offer.provider.key


def _edges(scores: Scores, chosen: Flags, seed: int) -> Iterator[tuple[Node, Node, dict[str, Any]]]:
    needs, offers = scores.table.needs, scores.table.offers
    rows, columns = _best_offers(scores, chosen, seed)
    starts = [_provider(offer) for offer in offers]
    ends = [("need", need.id) for need in needs]
    said = [{"offer": o.id, "version": o.version, "programme": o.programme} for o in offers]
    points = scores.points[rows, columns].tolist()
    parts = zip(*(one[rows, columns].tolist() for one in scores.parts), strict=True)
    for row, column, total, part in zip(
        rows.tolist(), columns.tolist(), points, parts, strict=True
    ):
        facts = {"points": total, "parts": part, "row": row, "column": column}
        yield starts[column], ends[row], said[column] | facts


def _best_offers(scores: Scores, chosen: Flags, seed: int) -> tuple[Ints, Ints]:
    """Rows and columns, one for each need and provider: the last of each, sorted worst first."""
    offers = scores.table.offers
    ranks = np.unique([seeded_rank(offer.id, seed) for offer in offers], return_inverse=True)[1]
    providers = np.unique([offer.provider.key for offer in offers], return_inverse=True)[1]
    rows, columns = np.nonzero(chosen)
    order = np.lexsort((-ranks[columns], scores.points[rows, columns], providers[columns], rows))
    rows, columns = rows[order], columns[order]
    is_last = np.ones(len(rows), np.bool_)
    is_last[:-1] = (rows[1:] != rows[:-1]) | (providers[columns[1:]] != providers[columns[:-1]])
    return rows[is_last], columns[is_last]


def explain_edge(graph: nx.DiGraph[Any], provider: str, need: str) -> Explanation:
    """Why a provider fits a need, in words. KeyError when the pair is not possible."""
    edge = graph.edges[("provider", provider), ("need", need)]
    scores: Scores = graph.graph["scores"]
    return scores.explain(edge["row"], edge["column"])


def components(graph: nx.DiGraph[Any]) -> list[nx.DiGraph[Any]]:
    """Parts that share no pair, the largest first; lone needs and providers are parts too."""
    parts = sorted(
        nx.weakly_connected_components(graph), key=lambda nodes: (-len(nodes), min(nodes))
    )
    return [graph.subgraph(nodes) for nodes in parts]


def round_of(
    graph: nx.DiGraph[Any],
    programme: str,
    *,
    musts: frozenset[tuple[str, str]] = frozenset(),
    minimums: Mapping[str, int] | None = None,
) -> Instance:
    """The commitment round of one programme. `musts`: (need, provider); `minimums`: by provider."""
    scores: Scores = graph.graph["scores"]
    edges = [
        (provider, need, facts)
        for (_, provider), (_, need), facts in graph.edges(data=True)
        if facts["programme"] == programme
    ]
    providers = sorted({provider for provider, _, _ in edges} | set(minimums or {}))
    return Instance(
        scores.table.world.quarters,
        tuple(_supply(key, programme, scores.table.world, minimums or {}) for key in providers),
        tuple(_need(need) for need in scores.table.needs if programme in need.programmes),
        tuple(_pair(scores, facts, (need, provider) in musts) for provider, need, facts in edges),
    )


def _supply(key: str, programme: str, world: World, minimums: Mapping[str, int]) -> Provider:
    supply = (key, programme)
    limit = world.limits.get(supply)
    left = None if limit is None else max(0, limit - world.live.get(supply, 0))
    return Provider(key, world.free_of(supply), left, minimums.get(key, 0))


def _need(need: NeedFacts) -> Need:
    return Need(need.id, need.days, need.starts, need.priority)


def _pair(scores: Scores, facts: Mapping[str, Any], must: bool) -> Pair:
    need, offer = scores.table.needs[facts["row"]], scores.table.offers[facts["column"]]
    starts = starts_in_window(need, offer, len(scores.table.world.quarters))
    return Pair(
        need.id,
        supply_of(offer)[0],
        offer.id,
        facts["points"],
        pair_days(need, offer),
        must,
        starts,
    )
