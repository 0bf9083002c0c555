"""Measure matcher, prospectus, partnerships, worker: prints a table, writes results.json beside it.

Unless told otherwise it measures five seeds of the programme's own sizes, two of all England and
one of ten times as many, HiGHS given the same seconds as the matcher: about ten minutes.
`--quick` leaves some out and ends within three, `--full` measures five seeds of every size in
about twenty. `--size 19x71` measures rounds of that size alone, all five seeds with `--full`;
`--file 153x459=round.json` the rounds in files. Both matcher and HiGHS may stop within 0.1 % of
their bounds, so either may be ahead by as much.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.instances import facts
from benchmarks.partnerships import partnerships
from benchmarks.prospectus import prospectus
from benchmarks.results import Result, measured
from benchmarks.returns import returns
from benchmarks.rounds import SIZES, Case, Tally, alone, measure
from benchmarks.worker import pages_during_a_round
from broker.matching.graph import build
from broker.matching.shortlist import shortlist

RESULTS = Path(__file__).with_name("results.json")
SEEDS, QUICK_SEEDS, ALL_SEEDS = (5, 5, 2, 1), (3, 3, 1, 1), (5, 5, 5, 5)  # by size


def rounds(tally: Tally, asked: argparse.Namespace) -> Iterator[Result]:
    counts = QUICK_SEEDS if asked.quick else ALL_SEEDS if asked.full else SEEDS
    for size, count in zip(SIZES, counts, strict=True):
        if asked.size and size.code not in asked.size:
            continue
        for seed in range(count):
            with_whole_model = not asked.quick or size is not SIZES[-1]
            yield from measure(Case(size, seed), tally, with_whole_model=with_whole_model)


def files(tally: Tally, named: list[str]) -> Iterator[Result]:
    """Each written SIZE=FILE, with SIZE one of ours as 153x459."""
    sizes = {size.code: size for size in SIZES}
    for number, name in enumerate(named):
        size, _, path = name.partition("=")
        yield from measure(Case(sizes[size], number, Path(path)), tally, with_whole_model=True)


def shortlists() -> Iterator[Result]:
    seconds = alone(shortlist_seconds)
    yield measured("shortlist, 1,500 offers: median", median(seconds) * 1000, "ms", 50)
    yield measured("shortlist, 1,500 offers: slowest of 20", max(seconds) * 1000, "ms", 50)


def shortlist_seconds() -> list[float]:
    gc.collect()
    gc.freeze()  # as wsgi.py does
    needs, offers, world = facts(20, 1500, seed=1)
    return [timed(lambda need=need: shortlist(need, offers, world)) for need in needs]


def graphs() -> Iterator[Result]:
    yield measured("graph, 459 x 1,500", alone(graph_seconds), "s", 3)


def graph_seconds() -> float:
    needs, offers, world = facts(459, 1500, seed=1)
    return timed(lambda: build(needs, offers, world))


def timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def told(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks", description="Measure the matcher, the prospectus and partnerships."
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="within three minutes")
    size.add_argument("--full", action="store_true", help="every seed of every size")
    parser.add_argument("--size", action="append", default=[], help="as 19x71: only those rounds")
    parser.add_argument("--file", action="append", default=[], help="SIZE=FILE, only these rounds")
    return parser.parse_args(arguments)


def measures(asked: argparse.Namespace) -> Iterator[Result]:
    tally = Tally()
    if asked.file:
        yield from files(tally, asked.file)
    else:
        if not asked.size:
            yield from shortlists()
            yield from graphs()
            yield from prospectus()
            yield from partnerships()
            yield from returns()
            yield from pages_during_a_round()
        yield from rounds(tally, asked)
    yield from tally.results()


def main(arguments: list[str]) -> None:
    asked, results = told(arguments), []
    for result in measures(asked):
        results.append(asdict(result))
        sys.stdout.write(result.row() + "\n")
        sys.stdout.flush()
    if not (asked.file or asked.size):
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
