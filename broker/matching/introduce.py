"""The conversation round: who should talk to whom.

Each need meets up to so many providers and each provider up to so many needs. It is a flow from
providers to needs, and the plan is the cheapest one, exact and in whole numbers: a match that
meets a minimum earns more than all places together, a place (where the aim fills places) more
than all points together. Pairs that must match are lower bounds of one.

With 153 providers and 459 needs a flow takes 1.5 seconds for 13,600 pairs and 3 for 24,900;
`fair` asks for up to seven of them. A large flow runs in a process of its own, which is ended
when the run is cancelled or its time is over. Where that comes before the end of the first, the
worthiest pairs that go together are the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx

from broker.matching.apart import done_apart
from broker.matching.choices import Choices, choices_of
from broker.matching.instance import Aim, Instance, Level, Match, Measure, Pair, Plan
from broker.matching.musts import musts_that_clash
from broker.matching.outcome import LEVELS, Settings, no_plan, plan_of
from broker.matching.part import Part
from broker.matching.watch import Report, Stop, Watch

EACH_NEED = 3
EACH_PROVIDER = 6
APART = 1000  # pairs from which on a flow runs in a process of its own
HUB = "hub"  # where every flow begins and ends


def conversations(
    instance: Instance,
    *,
    each_need: int = EACH_NEED,
    each_provider: int = EACH_PROVIDER,
    forbidden: Collection[tuple[str, str]] = (),
) -> Instance:
    """A conversation round of the same needs, providers and pairs; days play no part.

    `forbidden`: (need, provider) pairs that may not meet. A need that wants nobody meets nobody.
    """
    needs = (
        replace(
            one, days=(), starts=(0,), providers_wanted=each_need if one.providers_wanted else 0
        )
        for one in instance.needs
    )
    return Instance(
        instance.quarters,
        tuple(replace(one, free=None, max_matches=each_provider) for one in instance.providers),
        tuple(needs),
        tuple(
            replace(pair, days=(), starts=(0,))
            for pair in instance.pairs
            if (pair.need, pair.provider) not in forbidden
        ),
    )


def introduce(
    instance: Instance,
    settings: Settings | None = None,
    *,
    names: Mapping[str, str] | None = None,
    progress: Report | None = None,
    should_stop: Stop | None = None,
) -> Plan:
    """The best plan of a round in which no pair has days (ValueError when one has); exact.

    One flow settles every level but the lowest points of `fair`, whose figure is found by
    halving. Once `should_stop` says yes, the plan so far comes back with what is proven.
    """
    if any(pair.days for pair in instance.pairs):
        raise ValueError("A conversation round has no days: make it with conversations().")
    settings = settings or Settings()
    watch = Watch(settings.seconds, should_stop=should_stop, progress=progress)
    choices = choices_of(instance, settings.seed)
    if causes := musts_that_clash(instance, choices):
        return no_plan(instance, settings, causes, watch.gone())
    meetings = _Meetings(choices, settings.aim, watch)
    levels, taken = meetings.settled()
    return plan_of(instance, settings, levels, _matches(choices, taken), watch, names or {})


def _matches(choices: Choices, taken: Sequence[int]) -> tuple[Match, ...]:
    pairs = sorted((choices.rows[n].pair for n in taken), key=lambda one: (one.need, one.provider))
    return tuple(map(_match, pairs))


def _match(pair: Pair) -> Match:
    return Match(pair.need, pair.provider, pair.offer, None, (), pair.points)


@dataclass(frozen=True)
class _Rewards:
    """What each thing earns: a met minimum more than all places, a place more than all points."""

    point: int
    place: int
    minimum: int


class _Meetings:
    def __init__(self, choices: Choices, aim: Aim, watch: Watch) -> None:
        self._choices, self._aim, self._watch = choices, aim, watch
        self._musts = [n for n in range(choices.size) if choices.must[n]]

    def settled(self) -> tuple[list[Level], list[int]]:
        if self._watch.is_over():
            return self._at_once()
        taken = self._flow(self._choices.points.min(initial=0))
        if taken is None:
            return self._at_once()
        lowest = known = self._lowest(taken)
        if self._aim is Aim.FAIR and taken:
            taken, known = self._raised(taken, lowest)
        proven = self._values(taken)
        proven[Measure.LOWEST_POINTS] = max(known, proven[Measure.LOWEST_POINTS])
        return self._levels(taken, proven), taken

    def _at_once(self) -> tuple[list[Level], list[int]]:
        """The worthiest pairs that go together, with bounds that need no search."""
        part = Part(self._choices, gap=0.0, fills_places=self._aim is not Aim.FIT)
        highest = int(self._choices.points.max(initial=0))
        bounds: dict[Measure, int] = {
            one: highest if one is Measure.LOWEST_POINTS else part.most(one) for one in Measure
        }
        return self._levels(part.taken, bounds), part.taken

    def _values(self, taken: Sequence[int]) -> dict[Measure, int]:
        return {
            Measure.PLACES: len(taken),
            Measure.POINTS: int(self._choices.worth[taken].sum()),
            Measure.LOWEST_POINTS: self._lowest(taken),
            Measure.SHORTFALL: -self._short(taken),
        }

    def _levels(self, taken: Sequence[int], bounds: Mapping[Measure, int]) -> list[Level]:
        measures, values = (Measure.SHORTFALL, *LEVELS[self._aim]), self._values(taken)
        levels = [Level(one, values[one], max(values[one], bounds[one])) for one in measures]
        for level in levels:
            self._watch.report(level.measure, level.value, level.bound)
        return levels

    def _raised(self, taken: list[int], lowest: int) -> tuple[list[int], int]:
        """The plan whose lowest points are highest, others equal; and what they may yet be."""
        points, known = self._choices.points, (self._short(taken), len(taken))
        figures = sorted({int(one) for one in points if one >= lowest})
        cap = min((int(points[n]) for n in self._musts), default=figures[-1])
        figures = [one for one in figures if one <= cap]
        low, high = 0, len(figures) - 1
        while low < high and not self._watch.is_over():
            middle = (low + high + 1) // 2
            plan = self._flow(figures[middle])
            if plan is None:
                break
            if (self._short(plan), len(plan)) == known:
                low, taken = middle, plan
            else:
                high = middle - 1
        return taken, figures[high]

    def _lowest(self, taken: Sequence[int]) -> int:
        return min((int(self._choices.points[n]) for n in taken), default=0)

    def _short(self, taken: Sequence[int]) -> int:
        counts = Counter(self._choices.rows[n].provider for n in taken)
        return sum(
            max(0, one.min_matches - counts[rank])
            for rank, one in enumerate(self._choices.providers)
            if rank in self._ranks
        )

    @property
    def _ranks(self) -> frozenset[int]:
        """Providers that can match at all."""
        return frozenset(row.provider for row in self._choices.rows)

    def _flow(self, lowest: int) -> list[int] | None:
        """The best plan without pairs below `lowest`, musts staying; None when time ran out."""
        if self._choices.size < APART:
            return self._solved(lowest)
        return done_apart(lambda: self._solved(lowest), self._watch.is_over)

    def _solved(self, lowest: int) -> list[int]:
        points = self._choices.points
        usable = [n for n in range(self._choices.size) if points[n] >= lowest]
        graph = self._graph([n for n in usable if not self._choices.must[n]])
        flow = nx.min_cost_flow(graph)
        chosen = [
            facts["number"]
            for start, end, facts in graph.edges(data=True)
            if "number" in facts and flow[start][end]
        ]
        return sorted([*chosen, *self._musts])

    def _graph(self, usable: Sequence[int]) -> nx.DiGraph[Any]:
        """Hub → provider → need → hub; a provider's minimum stands as a way of its own.

        What the musts take is taken off every limit first: that is their lower bound.
        """
        choices, rewards = self._choices, self._rewards()
        graph: nx.DiGraph[Any] = nx.DiGraph()
        graph.add_node(HUB)
        rows = [choices.rows[n] for n in usable]
        met = Counter(choices.rows[n].need for n in self._musts)
        held = Counter(choices.rows[n].provider for n in self._musts)
        for provider in dict.fromkeys(row.provider for row in rows):
            self._add_provider(graph, provider, held[provider], rewards)
        for need in dict.fromkeys(row.need for row in rows):
            places = choices.needs[need].providers_wanted - met[need]
            graph.add_edge(("need", need), HUB, capacity=places, weight=0)
        for number, row in zip(usable, rows, strict=True):
            gain = int(choices.worth[number]) * rewards.point + rewards.place
            ends = ("provider", row.provider), ("need", row.need)
            graph.add_edge(*ends, capacity=1, weight=-gain, number=number)
        return graph

    def _add_provider(
        self, graph: nx.DiGraph[Any], rank: int, held: int, rewards: _Rewards
    ) -> None:
        provider, node = self._choices.providers[rank], ("provider", rank)
        limit = self._choices.size if provider.max_matches is None else provider.max_matches
        least = max(0, min(limit, provider.min_matches) - held)
        graph.add_edge(HUB, ("least", rank), capacity=least, weight=-rewards.minimum)
        graph.add_edge(("least", rank), node, capacity=least, weight=0)
        graph.add_edge(HUB, node, capacity=limit - held - least, weight=0)

    def _rewards(self) -> _Rewards:
        """Of two plans alike in all that the aim counts, the one with more places wins."""
        size = self._choices.size
        points = sum(abs(int(one)) for one in self._choices.worth)
        if self._aim is Aim.FIT:
            return _Rewards(size + 1, 1, 2 * (points + 1) * (size + 1) + 1)
        return _Rewards(1, 2 * points + 1, (2 * points + 1) * (size + 1) + points + 1)
