"""The needs and offers that are scored together, and figures that several criteria share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from broker.matching.arrays import Floats, Ints, distinct, figures
from broker.matching.facts import NeedFacts, OfferFacts, Supply, World
from broker.matching.fitting import supply_of

Timing = tuple[Supply, int | None, int | None]  # whose days, and the quarters an offer is open in


@dataclass(frozen=True)
class Table:
    """Every array made from it is needs x offers."""

    needs: Sequence[NeedFacts]
    offers: Sequence[OfferFacts]
    world: World

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.needs), len(self.offers)

    def unknown(self) -> Floats:
        return np.full(self.shape, np.nan)

    @cached_property
    def offers_of(self) -> dict[str, list[int]]:
        """Provider key → columns of its offers."""
        columns: dict[str, list[int]] = {}
        for column, offer in enumerate(self.offers):
            columns.setdefault(offer.provider.key, []).append(column)
        return columns

    def columns(self, providers: Iterator[str] | Sequence[str]) -> Iterator[tuple[str, list[int]]]:
        for provider in providers:
            yield provider, self.offers_of.get(provider, [])

    @cached_property
    def _timings(self) -> tuple[list[Timing], Ints]:
        return distinct(
            (supply_of(offer), offer.first_quarter, offer.last_quarter) for offer in self.offers
        )

    @property
    def timing(self) -> Ints:
        """By offer, its row in `free` and `windows`: many offers share one."""
        return self._timings[1]

    @cached_property
    def free(self) -> Floats:
        """timings x quarters, in quarter-days; NaN where capacity is not known."""
        rows = np.full((len(self._timings[0]), len(self.world.quarters)), np.nan)
        for row, (supply, _, _) in enumerate(self._timings[0]):
            free = self.world.free_of(supply)
            if free is not None:
                rows[row] = free
        return rows

    @cached_property
    def windows(self) -> tuple[Floats, Floats]:
        """By timing, the first and last quarter that it is open in; infinite where not said."""
        first = figures(first for _, first, _ in self._timings[0])
        last = figures(last for _, _, last in self._timings[0])
        return np.where(np.isnan(first), -np.inf, first), np.where(np.isnan(last), np.inf, last)
