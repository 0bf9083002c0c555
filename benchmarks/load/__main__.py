"""Serve a full database to two hundred people for three minutes, and say how it went.

PostgreSQL, four web processes and the worker as in deploy/, in live mode, and the visitors all
share this machine. Signing in comes before the three minutes: its hashing is slow on purpose.
Prints a table and writes load.json beside the other figures; exits 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from random import Random
from statistics import median, quantiles
from threading import Event
from time import perf_counter, sleep

from flask_migrate import upgrade

from benchmarks.load import world
from benchmarks.load.script import AN_EMPTY_PAGE, Actor
from benchmarks.load.served import Served, postgres
from benchmarks.load.visitor import Log, Visitor
from benchmarks.results import Result, measured
from broker import create_app, events, ledger_check, worker
from broker.db import db
from broker.setup import load_facts_if_changed

RESULTS = Path(__file__).parent.with_name("load.json")
P95_MS = 500
SIGN_IN_AT_ONCE = 4


def figures(asked: argparse.Namespace) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="load-", ignore_cleanup_errors=True) as folder:
        with postgres(Path(folder)) as database:
            var = Path(folder) / "var"
            var.mkdir()
            served = Served(database.url, var)
            yield from _under_load(served, _world(served), asked)
            yield from _whole(served)


def _world(served: Served) -> world.World:
    app = create_app({**served.environ, "SLOW_MS": "60000"})
    began = perf_counter()
    with app.app_context():
        upgrade()
        load_facts_if_changed()
        parts = world.make()
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")  # as PostgreSQL does by itself before long
        worker.run_once()  # the night's work is done by the time the people come
        made = world.opened(parts)
        db.session.remove()
        db.engine.dispose()
    _say(f"The database is full after {perf_counter() - began:.0f} s.")
    return made


def _under_load(served: Served, made: world.World, asked: argparse.Namespace) -> Iterator[Result]:
    served.start("web", "worker")
    try:
        log, ended = Log(), Event()
        actors = list(_actors(served, made, ended))[: asked.people]
        with ThreadPoolExecutor(SIGN_IN_AT_ONCE) as door:
            came = sum(door.map(Actor.sign_in, actors))
        yield from _told(actors[0].visitor.log, asked.people - came)
        gc.collect()
        gc.freeze()
        with ThreadPoolExecutor(len(actors)) as crowd:
            playing = [crowd.submit(actor.play) for actor in actors]
            sleep(asked.warming)
            for actor in actors:
                actor.visitor.log = log
            sleep(asked.seconds)
            ended.set()
            for one in playing:
                one.result()
        yield from _results(log, asked)
    finally:
        served.stop()


def _actors(served: Served, made: world.World, ended: Event) -> Iterator[Actor]:
    """Each with an address of their own, which the web server in front would name."""
    at_the_door = Log()
    for number, part in enumerate(made.parts):
        address = f"192.0.2.{number % 250 + 1}" if number < 250 else f"198.51.100.{number % 250}"
        visitor = Visitor(served.port, address, at_the_door)
        yield Actor(part, made, visitor, Random(number), ended)


def _told(log: Log, out: int) -> Iterator[Result]:
    yield from _errors(log)
    taken = log.taken["sign in"]
    yield measured("people who could not sign in", out, "people", 0)
    yield measured(f"signing in, {SIGN_IN_AT_ONCE} at once: median", median(taken), "ms")


def _results(log: Log, asked: argparse.Namespace) -> Iterator[Result]:
    every = [one for taken in log.taken.values() for one in taken]
    yield measured(f"pages per second, {asked.people} people", len(every) / asked.seconds, "/s")
    yield from _spread("all pages", every, P95_MS)
    empty = median(log.taken[AN_EMPTY_PAGE])
    yield measured("all pages: times an empty page, at the median", median(every) / empty, "times")
    for kind, taken in sorted(log.taken.items(), key=lambda item: -_at(item[1], 95)):
        yield from _spread(f"{kind} ({len(taken)})", taken)
        yield measured(f"{kind}: times an empty page", median(taken) / empty, "times")
    yield from _errors(log)


def _errors(log: Log) -> Iterator[Result]:
    for kind, said in log.errors.items():
        _say(f"{kind}: {len(said)} went wrong, such as {said[0]}")
        yield measured(f"{kind}: errors", len(said), "", 0)
    yield measured("errors", sum(map(len, log.errors.values())), "", 0)


def _spread(name: str, taken: list[float], bar: float | None = None) -> Iterator[Result]:
    yield measured(f"{name}: median", median(taken), "ms")
    yield measured(f"{name}: 95 of 100", _at(taken, 95), "ms", bar)
    yield measured(f"{name}: 99 of 100", _at(taken, 99), "ms")


def _at(taken: list[float], percent: int) -> float:
    return quantiles(taken, n=100, method="inclusive")[percent - 1] if taken[1:] else taken[0]


def _whole(served: Served) -> Iterator[Result]:
    app = create_app({**served.environ, "SLOW_MS": "60000"})
    with app.app_context():
        wrong = [*ledger_check.problems(), *events.verify()]
        db.session.remove()
        db.engine.dispose()
    yield measured("what ledger and history have to say afterwards", len(wrong), "", 0)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench-load", description="Two hundred at once.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--warming", type=int, default=60, help="seconds that do not count")
    parser.add_argument("--keep", action="store_true", help="do not write load.json")
    asked, results = parser.parse_args(arguments), []
    os.environ.setdefault("FLASK_SKIP_DOTENV", "1")
    for result in figures(asked):
        results.append(result)
        _say(result.row())
    if not asked.keep:
        kept = [asdict(one) for one in results]
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    return 1 if any(one.holds is False for one in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
