"""Points for many pairs at once, and for one pair the explanation in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broker.matching.arrays import Flags, Floats, Ints
from broker.matching.criteria import CRITERIA, Criterion, weights_of
from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.reasons import Audience
from broker.matching.table import Table

FITS_FROM = 0.5  # of a criterion's points
STABLE = 6  # decimals that do not depend on the order of a sum
NOBODY_KNOWS = 0.5  # what an unknown value counts as when no pair's is known


class Verdict(StrEnum):
    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """One criterion of one pair. `points` of `most`."""

    criterion: Criterion
    verdict: Verdict
    points: int
    most: int
    words: str


@dataclass(frozen=True)
class Explanation:
    points: int
    lines: tuple[Line, ...]

    def text(self, audience: Audience = Audience.COORDINATOR) -> str:
        """'Fits on 6 of 9 (2 unknown). Same problem: … Does not fit on distance: …'"""
        lines = self.lines_for(audience)
        fits = [line for line in lines if line.verdict is Verdict.FITS]
        not_fits = [line for line in lines if line.verdict is Verdict.DOES_NOT_FIT]
        unknown = [line.criterion.name for line in lines if line.verdict is Verdict.UNKNOWN]
        aside = f" ({len(unknown)} unknown)" if unknown else ""
        parts = [f"Fits on {len(fits)} of {len(lines)}{aside}."]
        parts += [f"{_capital(line.criterion.name)}: {line.words}." for line in fits]
        parts += [f"Does not fit on {line.criterion.name}: {line.words}." for line in not_fits]
        if unknown:
            parts.append(f"Not known, so counted as the average: {', '.join(unknown)}.")
        return " ".join(parts)

    def lines_for(self, audience: Audience) -> tuple[Line, ...]:
        """What one audience may read before both sides agree to talk."""
        return tuple(line for line in self.lines if audience in line.criterion.audience)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Scores:
    """`values` and `parts` are criteria x needs x offers; `points` needs x offers, 0 to 1000.

    `values` keep NaN where a criterion is not known; `parts` count it as the average.
    """

    table: Table
    values: NDArray[np.float32]
    parts: NDArray[np.int16]
    points: Ints

    def explain(self, need: int, offer: int) -> Explanation:
        """The pair at one row and column, in words."""
        weights = weights_of(self.table.world)
        lines = tuple(
            self._line(number, criterion, need, offer, weights[criterion.code])
            for number, criterion in enumerate(CRITERIA)
        )
        return Explanation(int(self.points[need, offer]), lines)

    def _line(self, number: int, criterion: Criterion, need: int, offer: int, most: int) -> Line:
        value = float(self.values[number, need, offer])
        facts = self.table.needs[need], self.table.offers[offer], self.table.world
        verdict = Verdict.FITS if value >= FITS_FROM else Verdict.DOES_NOT_FIT
        is_unknown = bool(np.isnan(value))
        return Line(
            criterion,
            Verdict.UNKNOWN if is_unknown else verdict,
            int(self.parts[number, need, offer]),
            most,
            "not known" if is_unknown else criterion.words(*facts),
        )


def score(
    needs: Sequence[NeedFacts],
    offers: Sequence[OfferFacts],
    world: World,
    *,
    possible: Flags | None = None,
) -> Scores:
    """Points of all pairs. Averages for what is unknown come from the `possible` pairs, or all."""
    table, weights = Table(needs, offers, world), weights_of(world)
    values = np.empty((len(CRITERIA), *table.shape), np.float32)
    parts = np.empty((len(CRITERIA), *table.shape), np.int16)
    for number, criterion in enumerate(CRITERIA):
        value = criterion.value(table)
        values[number] = value
        filled = np.where(np.isnan(value), _average(criterion, value, world, possible), value)
        parts[number] = _whole(filled * weights[criterion.code])
    return Scores(table, values, parts, parts.sum(axis=0, dtype=np.int64))


def _average(criterion: Criterion, value: Floats, world: World, possible: Flags | None) -> float:
    if criterion.code in world.averages:
        return world.averages[criterion.code]
    counted = value if possible is None else value[possible]
    known = counted[~np.isnan(counted)]
    return _mean(known) if known.size else NOBODY_KNOWS


def _mean(known: NDArray[np.floating[Any]]) -> float:
    """Rounded, so that the order of the rows cannot show in it."""
    return round(float(known.mean(dtype=np.float64)), STABLE)


def _whole(points: Floats) -> Floats:
    """The nearest whole number, halves up, blind to the last digits of the arithmetic."""
    return np.floor(np.round(points, STABLE) + 0.5)


def averages(scores: Scores) -> dict[str, float]:
    """Each criterion's mean over the pairs where it is known: `World.averages` for later."""
    means = {}
    for number, criterion in enumerate(CRITERIA):
        known = scores.values[number][~np.isnan(scores.values[number])]
        if known.size:
            means[criterion.code] = _mean(known)
    return means
