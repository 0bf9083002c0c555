"""Measure the matcher: prints a table and writes results.json beside this file."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.instances import facts, round_json
from broker.matching.check import problems
from broker.matching.commit import Settings, commit
from broker.matching.graph import build
from broker.matching.reading import read_instance
from broker.matching.shortlist import shortlist

RESULTS = Path(__file__).with_name("results.json")
SEEDS = range(5)
SIZES = [(19, 71, 0.5), (19, 150, 1.5)]  # providers, needs, seconds at most
GAP = 0.001


@dataclass(frozen=True)
class Result:
    """`bar`: the value may be no higher; `holds` None where no bar is set."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    holds: bool | None = None


def measured(name: str, value: float, unit: str, bar: float | None = None) -> Result:
    return Result(name, round(value, 5), unit, bar, None if bar is None else value <= bar)


def commitment_rounds() -> Iterator[Result]:
    for providers, needs, bar in SIZES:
        for seed in SEEDS:
            name = f"commit {providers} x {needs}, seed {seed}"
            instance = read_instance(round_json(providers, needs, seed=seed))
            plan = commit(instance, Settings(seed=seed))
            yield measured(f"{name}: seconds", plan.seconds, "s", bar)
            yield measured(f"{name}: proven gap", plan.gap, "share", GAP)
            yield measured(f"{name}: points", plan.points, "points")
            yield measured(f"{name}: broken rules", len(problems(instance, plan)), "rules", 0)


def shortlists() -> Iterator[Result]:
    needs, offers, world = facts(20, 1500, seed=1)
    seconds = [timed(lambda need=need: shortlist(need, offers, world)) for need in needs]
    yield measured("shortlist, 1,500 offers: median", median(seconds) * 1000, "ms", 50)
    yield measured("shortlist, 1,500 offers: slowest of 20", max(seconds) * 1000, "ms", 50)


def graphs() -> Iterator[Result]:
    needs, offers, world = facts(459, 1500, seed=1)
    yield measured("graph, 459 x 1,500", timed(lambda: build(needs, offers, world)), "s", 3)


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    began = perf_counter()
    work()
    return perf_counter() - began


def memory() -> Iterator[Result]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield measured("peak memory of this run", peak, "MiB", 1024)


def main() -> None:
    results = []
    for measure in (commitment_rounds, shortlists, graphs, memory):
        for result in measure():
            results.append(result)
            sys.stdout.write(row(result) + "\n")
            sys.stdout.flush()
    RESULTS.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


def row(result: Result) -> str:
    bar = "" if result.bar is None else f"{result.bar:g}"
    holds = {None: "", True: "holds", False: "MISSED"}[result.holds]
    return f"{result.name:<44}{result.value:>14,.4f} {result.unit:<7}{bar:>8}  {holds}"


if __name__ == "__main__":
    main()
