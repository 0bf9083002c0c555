"""A part of a commitment round as arrays, for the search by bundles.

A bundle is what one provider takes: a set of items. An item is one choice (a need at one
start). Items stand sorted by provider, need and start; all figures about them are arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from broker.matching.arrays import Flags, Floats, Ints
from broker.matching.choices import Choices
from broker.matching.instance import Measure

POINTS_IN_PLACES = 0.4  # of a place: what all points together count beside places


class Bundle(NamedTuple):
    """`items` in ascending order."""

    provider: int
    items: tuple[int, ...]


@dataclass(frozen=True)
class Market:
    """`choice`: the choice that an item stands for. `use`: items x quarters, quarter-days.

    `free`: providers x quarters. `limit`, `least`: matches of a provider. `wanted`: providers
    of a need. `places`, `short`: what a plan must keep to, None where it need not.
    """

    choice: Ints
    provider: Ints
    need: Ints
    value: Floats
    use: Ints
    must: Flags
    free: Ints
    limit: Ints
    least: Ints
    wanted: Ints
    counts_short: bool = False
    places: int | None = None
    short: int | None = None

    @property
    def size(self) -> int:
        return len(self.choice)

    @cached_property
    def group(self) -> Ints:
        """Items of one provider and need share a number."""
        keys = self.provider * len(self.wanted) + self.need
        groups: Ints = np.unique(keys, return_inverse=True)[1]
        return groups

    @cached_property
    def providers(self) -> Ints:
        return np.arange(len(self.limit))

    @cached_property
    def musts(self) -> Ints:
        """How many needs each provider must take."""
        firsts = np.unique(self.group, return_index=True)[1]
        held = firsts[self.must[firsts]]
        return np.bincount(self.provider[held], minlength=len(self.limit))

    @cached_property
    def has_any_must(self) -> bool:
        return bool(self.must.any())

    def value_of(self, bundle: Bundle) -> float:
        worth = float(self.value[list(bundle.items)].sum())
        return worth - self.short_of(bundle) if self.counts_short else worth

    def short_of(self, bundle: Bundle) -> int:
        return max(0, int(self.least[bundle.provider]) - len(bundle.items))

    def total(self, plan: Sequence[Bundle]) -> float:
        return sum(self.value_of(bundle) for bundle in plan)

    def has_musts(self, bundle: Bundle) -> bool:
        if not self.has_any_must:
            return True
        return int(self.must[list(bundle.items)].sum()) == int(self.musts[bundle.provider])

    def needs_of(self, bundle: Bundle) -> Ints:
        return self.need[list(bundle.items)]

    def taken(self, plan: Sequence[Bundle]) -> Ints:
        """How many providers each need has in a plan."""
        items = [item for bundle in plan for item in bundle.items]
        return np.bincount(self.need[items], minlength=len(self.wanted))

    def without(self, others: Sequence[Bundle]) -> Market:
        """The same market once other providers have taken theirs: less wanted, less to keep."""
        count = sum(len(bundle.items) for bundle in others)
        lost = sum(self.short_of(bundle) for bundle in others)
        return replace(
            self,
            wanted=self.wanted - self.taken(others),
            places=None if self.places is None else self.places - count,
            short=None if self.short is None else self.short - lost,
        )

    def bundles(self, taken: Sequence[int]) -> list[Bundle]:
        """A plan given by its choices, one bundle for every provider; [] for those left idle."""
        at = np.full(int(self.choice.max()) + 1, -1)
        at[self.choice] = np.arange(self.size)
        held: dict[int, list[int]] = {provider: [] for provider in range(len(self.limit))}
        for item in sorted(at[list(taken)].tolist()):
            held[int(self.provider[item])].append(item)
        return [Bundle(provider, tuple(items)) for provider, items in held.items()]

    def choices(self, plan: Sequence[Bundle]) -> list[int]:
        return sorted(int(self.choice[item]) for bundle in plan for item in bundle.items)


def market_of(
    choices: Choices,
    measure: Measure,
    allowed: Flags,
    held: Mapping[Measure, int],
    *,
    only_counts: bool = False,
) -> Market:
    """One level of a part; providers and needs by rank among those that have choices.

    `only_counts`: places count alike, whatever their points.
    """
    rows = choices.rows
    numbers = np.array(
        sorted(
            np.flatnonzero(allowed | choices.must).tolist(),
            key=lambda n: (rows[n].provider, rows[n].need, rows[n].start),
        )
    )
    keys, names = np.unique([row.provider for row in rows]), np.unique([row.need for row in rows])
    provider = np.searchsorted(keys, [rows[n].provider for n in numbers])
    need = np.searchsorted(names, [rows[n].need for n in numbers])
    use = _use(choices, numbers)
    return Market(
        choice=numbers,
        provider=provider,
        need=need,
        value=np.ones(len(numbers)) if only_counts else _values(choices, measure)[numbers],
        use=use,
        must=choices.must[numbers],
        free=_free(choices, keys, use),
        limit=_limits(choices, keys, np.bincount(provider, minlength=len(keys))),
        least=np.array([choices.providers[key].min_matches for key in keys]),
        wanted=np.array([choices.needs[name].providers_wanted for name in names]),
        counts_short=measure is Measure.SHORTFALL,
        places=held.get(Measure.PLACES),
        short=_short(choices, keys, held),
    )


def _values(choices: Choices, measure: Measure) -> Floats:
    """Of plans with as many places the one with more points is worth more, by less than a place."""
    worth = choices.worth.astype(float)
    if measure is Measure.POINTS:
        return worth
    if measure is Measure.PLACES:
        places: Floats = 1 + POINTS_IN_PLACES * np.maximum(worth, 0) / max(_most(choices), 1.0)
        return places
    return np.zeros(choices.size)


def _most(choices: Choices) -> float:
    """No plan has as many points."""
    best = np.zeros(len(choices.needs))
    np.maximum.at(best, [row.need for row in choices.rows], choices.worth)
    wanted = [need.providers_wanted for need in choices.needs]
    return float(best @ wanted)


def _use(choices: Choices, numbers: Ints) -> Ints:
    use = np.zeros((len(numbers), choices.quarters), np.int64)
    for at, number in enumerate(numbers.tolist()):
        row = choices.rows[number]
        use[at, row.start : row.start + len(row.days)] = row.days
    return use


def _free(choices: Choices, keys: Ints, use: Ints) -> Ints:
    plenty = use.sum(axis=0)
    free = [choices.providers[key].free for key in keys]
    return np.array([plenty if one is None else np.minimum(one, plenty) for one in free])


def _limits(choices: Choices, keys: Ints, most: Ints) -> Ints:
    limits = [choices.providers[key].max_matches for key in keys]
    return np.array(
        [top if one is None else min(one, top) for one, top in zip(limits, most, strict=True)]
    )


def _short(choices: Choices, keys: Ints, held: Mapping[Measure, int]) -> int | None:
    """What may be missing from minimums; None where no provider has one."""
    has_minimums = any(choices.providers[key].min_matches for key in keys)
    if not has_minimums or Measure.SHORTFALL not in held:
        return None
    return -held[Measure.SHORTFALL]
