"""One commitment round, solved by the matcher and by its rivals, each in a process of its own."""

from __future__ import annotations

import json
import resource
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from benchmarks.instances import round_json
from benchmarks.results import Result, measured
from benchmarks.rivals import Reached, greedy, whole_model
from broker.matching.check import problems
from broker.matching.commit import Settings, commit
from broker.matching.instance import Instance
from broker.matching.reading import read_instance

Answer = TypeVar("Answer")
GAP = 0.001
MEMORY = 1024  # MiB
ON_TIME = 0.95  # of the time a bar gives: the last step may run over


@dataclass(frozen=True)
class Size:
    """The bars: `seconds` and the proven `gap` in that time."""

    providers: int
    needs: int
    seconds: float
    gap: float

    @property
    def code(self) -> str:
        return f"{self.providers}x{self.needs}"

    def __str__(self) -> str:
        return f"{self.providers} x {self.needs}"


SIZES = (
    Size(19, 71, 0.5, 0.001),
    Size(19, 150, 1.5, 0.001),
    Size(153, 459, 10.0, 0.01),
    Size(459, 1500, 60.0, 0.03),
)


@dataclass(frozen=True)
class Case:
    """A made round by its seed or, where `file` is given, one from there."""

    size: Size
    seed: int
    file: Path | None = None

    def __str__(self) -> str:
        return f"{self.size}, {self.file.stem if self.file else f'seed {self.seed}'}"

    def instance(self) -> Instance:
        if self.file:
            return read_instance(json.loads(self.file.read_text()))
        return read_instance(round_json(self.size.providers, self.size.needs, seed=self.seed))


@dataclass(frozen=True)
class Solved:
    """By the matcher. `memory` in MiB."""

    reached: Reached
    broken: int
    memory: float


class Tally:
    """By how many points the matcher was below each rival, where it was."""

    def __init__(self) -> None:
        self._rounds: Counter[str] = Counter()
        self._below: dict[str, list[float]] = defaultdict(list)

    def note(self, rival: str, ours: int, theirs: int) -> None:
        self._rounds[rival] += 1
        if ours < theirs:
            self._below[rival].append((theirs - ours) / theirs)

    def results(self) -> Iterator[Result]:
        for rival, rounds in self._rounds.items():
            below = self._below[rival]
            name = f"rounds of {rounds} below {rival}"
            yield measured(name, len(below), "rounds", 0)
            yield measured(f"most points below {rival}", max(below, default=0.0), "share")


def measure(case: Case, tally: Tally, *, with_whole_model: bool) -> Iterator[Result]:
    ours = alone(partial(solve, case))
    name, bars = f"commit {case}", case.size
    yield measured(f"{name}: seconds", ours.reached.seconds, "s", bars.seconds)
    yield measured(f"{name}: proven gap", ours.reached.gap or 0.0, "share", bars.gap)
    yield measured(f"{name}: broken rules", ours.broken, "rules", 0)
    yield measured(f"{name}: peak memory", ours.memory, "MiB", MEMORY)
    points = ours.reached.points
    simple = alone(partial(simply, case))
    tally.note("greedy", points, simple.points)
    yield measured(f"{name}: points", points, "points", simple.points, side="at least")
    yield measured(f"{name}: greedy", simple.points, "points")
    if with_whole_model:
        whole = alone(partial(wholly, case))
        tally.note("HiGHS in the same seconds", points, whole.points)
        yield measured(f"{name}: whole model", whole.points, "points")
        yield measured(f"{name}: whole model, proven gap", whole.gap or 0.0, "share")
        yield measured(f"{name}: whole model, seconds", whole.seconds, "s")


def alone(work: Callable[[], Answer]) -> Answer:
    """In a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work).result()


def solve(case: Case) -> Solved:
    instance = case.instance()
    plan = commit(instance, Settings(seconds=case.size.seconds * ON_TIME, gap=GAP))
    broken = len(problems(instance, plan))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Solved(Reached(plan.points, plan.gap, plan.seconds), broken, memory)


def simply(case: Case) -> Reached:
    return greedy(case.instance())


def wholly(case: Case) -> Reached:
    return whole_model(case.instance(), seconds=case.size.seconds, gap=GAP)
