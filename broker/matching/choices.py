"""The decisions of a commitment round as integer arrays, in a stated order.

A choice is a pair at one start. Rows of the input may come in any order: needs and providers
are ranked by the SHA-256 of seed and id, and everything that follows works on ranks, so the
same instance and seed give the same plan, and another seed breaks ties another way.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from broker.matching.arrays import Flags, Ints
from broker.matching.instance import Instance, Need, Pair, Provider
from broker.matching.order import seeded_rank


@dataclass(frozen=True)
class Choice:
    """`need` and `provider` are ranks; `start` 0 when the pair has no days."""

    pair: Pair
    need: int
    provider: int
    start: int

    @property
    def days(self) -> tuple[int, ...]:
        return self.pair.days


@dataclass(frozen=True)
class Choices:
    """All choices that fit their provider alone, in the stated order, with figures as arrays.

    `worth` is weight x points by choice; `points` are the pair's own.
    """

    quarters: int
    needs: tuple[Need, ...]
    providers: tuple[Provider, ...]
    rows: tuple[Choice, ...]
    worth: Ints
    points: Ints
    must: Flags

    @property
    def size(self) -> int:
        return len(self.rows)

    def by_need(self) -> dict[int, list[int]]:
        return _grouped([row.need for row in self.rows])

    def by_provider(self) -> dict[int, list[int]]:
        return _grouped([row.provider for row in self.rows])

    def only(self, kept: Flags) -> Choices:
        """The same round with some choices taken away."""
        rows = tuple(row for row, keep in zip(self.rows, kept, strict=True) if keep)
        return _choices(self.quarters, self.needs, self.providers, rows)


def _grouped(keys: list[int]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        groups[key].append(number)
    return groups


def _choices(
    quarters: int,
    needs: tuple[Need, ...],
    providers: tuple[Provider, ...],
    rows: tuple[Choice, ...],
) -> Choices:
    return Choices(
        quarters,
        needs,
        providers,
        rows,
        worth=np.array([needs[row.need].weight * row.pair.points for row in rows], np.int64),
        points=np.array([row.pair.points for row in rows], np.int64),
        must=np.array([row.pair.must for row in rows], np.bool_),
    )


def choices_of(instance: Instance, seed: int) -> Choices:
    needs = sorted(instance.needs, key=lambda need: seeded_rank(need.id, seed))
    providers = sorted(instance.providers, key=lambda one: seeded_rank(one.id, seed))
    need_rank = {need.id: rank for rank, need in enumerate(needs)}
    provider_rank = {provider.id: rank for rank, provider in enumerate(providers)}
    rows = []
    for pair in instance.pairs:
        need, provider = need_rank[pair.need], provider_rank[pair.provider]
        for start in starts_that_fit(pair, needs[need], providers[provider]):
            rows.append(Choice(pair, need, provider, start))
    rows.sort(key=lambda row: (row.need, row.provider, row.start))
    return _choices(len(instance.quarters), tuple(needs), tuple(providers), tuple(rows))


def starts_that_fit(pair: Pair, need: Need, provider: Provider) -> list[int]:
    """The starts at which the provider, giving nothing else, has the days and may match."""
    if need.providers_wanted == 0 or provider.max_matches == 0:
        return []
    if not pair.days:
        return [0]
    free = provider.free
    return [
        start
        for start in sorted(pair.starts)
        if free is None or all(want <= free[start + at] for at, want in enumerate(pair.days))
    ]


def components(choices: Choices) -> list[Choices]:
    """Parts of the round that share no need and no provider, in the stated order."""
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_edges_from((("need", row.need), ("provider", row.provider)) for row in choices.rows)
    part_of = {
        node: number
        for number, nodes in enumerate(nx.connected_components(graph))
        for node in nodes
    }
    parts = np.array([part_of["need", row.need] for row in choices.rows], np.int64)
    return [choices.only(parts == part) for part in dict.fromkeys(parts.tolist())]


class Room:
    """What is left of every provider and need while choices are taken one by one."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._free = [None if p.free is None else list(p.free) for p in choices.providers]
        self._matches = [p.max_matches for p in choices.providers]
        self._places = [need.providers_wanted for need in choices.needs]
        self._pairs: set[tuple[int, int]] = set()

    def fits(self, number: int) -> bool:
        row = self._choices.rows[number]
        limit, free = self._matches[row.provider], self._free[row.provider]
        if self._places[row.need] < 1 or (row.need, row.provider) in self._pairs:
            return False
        if limit is not None and limit < 1:
            return False
        return free is None or all(want <= free[row.start + at] for at, want in enumerate(row.days))

    def take(self, number: int) -> None:
        self._change(number, 1)
        row = self._choices.rows[number]
        self._pairs.add((row.need, row.provider))

    def give_back(self, number: int) -> None:
        self._change(number, -1)
        row = self._choices.rows[number]
        self._pairs.remove((row.need, row.provider))

    def _change(self, number: int, sign: int) -> None:
        row = self._choices.rows[number]
        self._places[row.need] -= sign
        limit, free = self._matches[row.provider], self._free[row.provider]
        if limit is not None:
            self._matches[row.provider] = limit - sign
        if free is not None:
            for at, want in enumerate(row.days):
                free[row.start + at] -= sign * want
