"""What the matcher is measured against: best-first greedy, and HiGHS with the whole model."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from broker.matching.choices import Choices, Room, choices_of
from broker.matching.highs import Model, solve
from broker.matching.instance import Instance


@dataclass(frozen=True)
class Reached:
    """`gap` None where nothing is proven."""

    points: int
    gap: float | None
    seconds: float


def greedy(instance: Instance) -> Reached:
    """Always the choice with most points that still fits."""
    began = perf_counter()
    choices = choices_of(instance, 0)
    room, points = Room(choices), 0
    for number in np.argsort(-choices.worth, kind="stable").tolist():
        if choices.worth[number] > 0 and room.fits(number):
            room.take(number)
            points += int(choices.worth[number])
    return Reached(points, None, perf_counter() - began)


def whole_model(instance: Instance, *, seconds: float, gap: float) -> Reached:
    """HiGHS with every choice as a column, one thread, as the matcher has."""
    began = perf_counter()
    choices = choices_of(instance, 0)
    answer = solve(_model(choices), gap=gap, seconds=seconds - (perf_counter() - began))
    points = 0
    if answer.values is not None:
        points = int(choices.worth[answer.values > 0.5].sum())
    gap_left = (answer.bound - points) / answer.bound if answer.bound else 0.0
    return Reached(points, max(gap_left, 0.0), perf_counter() - began)


def _model(choices: Choices) -> Model:
    model = Model(choices.worth.astype(float).tolist(), [1.0] * choices.size)
    for need, numbers in choices.by_need().items():
        model.row(numbers, high=choices.needs[need].providers_wanted)
    for provider, numbers in choices.by_provider().items():
        limit, free = choices.providers[provider].max_matches, choices.providers[provider].free
        if limit is not None:
            model.row(numbers, high=limit)
        for quarter, most in enumerate(free or ()):
            _limit_quarter(model, choices, numbers, quarter, most)
    return model


def _limit_quarter(
    model: Model, choices: Choices, numbers: list[int], quarter: int, most: int
) -> None:
    uses = {}
    for number in numbers:
        row = choices.rows[number]
        if 0 <= quarter - row.start < len(row.days):
            uses[number] = float(row.days[quarter - row.start])
    if uses:
        model.row(list(uses), list(uses.values()), high=most)
