"""A round of 153 providers and 459 needs in the worker while pages are asked for.

A seeded SQLite database in a temporary folder, the worker as a process of its own. Says how quick
pages stay, how soon a cancelled round has its plan, what becomes of a round whose worker is
killed, and whether a repeat gives the same plan.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from benchmarks.instances import round_json
from benchmarks.results import Result, measured
from broker import clock, create_app, jobs, worker
from broker.db import db, transaction
from broker.matching.introduce import conversations
from broker.matching.reading import read_instance
from broker.matching.writing import instance_json
from broker.models.authority import Region
from broker.models.match import Round, RoundKind, RoundState
from broker.models.programme import Programme
from broker.setup import load_facts_if_changed
from broker.system import the_system

SIZE, SEED, SECONDS, ASKED = (153, 459), 0, 60, 300
PAGES = ("/health", "/how-it-works", "/authorities/E08000035")
ENDED = (RoundState.SOLVED, RoundState.CANCELLED, RoundState.FAILED)


def pages_during_a_round() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        environ = {"MODE": "test", "VAR": folder, "TODAY": ""}
        environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        app = create_app(environ)
        with app.app_context():
            upgrade()
            load_facts_if_changed()
            yield from _figures(app, {**os.environ, **environ})
            db.session.remove()
            db.engine.dispose()


def _figures(app: Flask, environ: dict[str, str]) -> Iterator[Result]:
    client = app.test_client()
    _p95(client)
    before = _p95(client)
    running = _worker(environ)
    try:
        yield from _while_it_runs(client, before)
    finally:
        running.kill()
        running.wait()
    yield from _killed(environ)
    yield from _repeated()


def _while_it_runs(client: FlaskClient, before: float) -> Iterator[Result]:
    inputs = round_json(*SIZE, seed=SEED)
    round_id = _queue(RoundKind.COMMITMENT, inputs)
    _until(lambda: bool(_read(round_id).heard))
    during = _p95(client)
    name = f"pages while a round of {SIZE[0]} x {SIZE[1]} runs"
    yield measured(f"{name}: 95th percentile before", before, "ms")
    yield measured(f"{name}: 95th percentile during", during, "ms", 2 * before)
    yield from _cancelled("commitment", round_id)
    whole = instance_json(conversations(read_instance(inputs), each_need=3))
    round_id = _queue(RoundKind.CONVERSATION, whole)
    _until(lambda: _read(round_id).state is RoundState.RUNNING)
    yield from _cancelled("conversation", round_id)


def _cancelled(kind: str, round_id: int) -> Iterator[Result]:
    """As actions.cancel does it, for a round that no coordinator of a region asked for."""
    began = perf_counter()
    with transaction():
        db.session.get_one(Round, round_id).state = RoundState.CANCELLED
        job = jobs.job_for(f"round-{round_id}")
        assert job is not None
        job.wants_cancel = True
    _until(lambda: bool(_read(round_id).result))
    took, result = perf_counter() - began, _read(round_id).result or {}
    yield measured(f"cancelled {kind} round: plan and bound kept after", took, "s", 2)
    yield measured(f"cancelled {kind} round: matches kept", len(result["matches"]), "matches")
    yield measured(f"cancelled {kind} round: proven gap", result["gap"] * 100, "%")


def _killed(environ: dict[str, str]) -> Iterator[Result]:
    round_id = _queue(RoundKind.COMMITMENT, round_json(*SIZE, seed=SEED))
    running = _worker(environ)
    _until(lambda: _read(round_id).state is RoundState.RUNNING)
    running.kill()
    running.wait()
    with clock.set_to(clock.now() + timedelta(minutes=10)):
        worker.once("bench")
    is_interrupted = _read(round_id).state is RoundState.INTERRUPTED
    yield measured("rounds not interrupted when their worker is killed", not is_interrupted, "", 0)


def _repeated() -> Iterator[Result]:
    whole = conversations(read_instance(round_json(*SIZE, seed=SEED)), each_need=3)
    ids = [_queue(RoundKind.CONVERSATION, instance_json(whole)) for _ in range(2)]
    while not all(_read(one).state in ENDED for one in ids):
        worker.once("bench")
    first, second = ((_read(one).result or {})["matches"] for one in ids)
    yield measured("repeats on the same inputs that differ", first != second, "", 0)


def _worker(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return subprocess.Popen(command, env=environ)


def _queue(kind: RoundKind, inputs: dict[str, Any]) -> int:
    with transaction():
        round_ = Round(
            programme=db.session.scalars(select(Programme)).first(),
            region=db.session.scalars(select(Region)).first(),
            kind=kind,
            state=RoundState.QUEUED,
            seconds=SECONDS,
            inputs=inputs,
            created_by_id=the_system().id,
        )
        db.session.add(round_)
        db.session.flush()
        jobs.enqueue("round", f"round-{round_.id}", round_id=round_.id)
        return round_.id


def _read(round_id: int) -> Round:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Round, round_id)


def _until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    ends = perf_counter() + seconds
    while not is_so():
        if perf_counter() > ends:
            raise TimeoutError("the worker did not come so far")
        sleep(0.05)


def _p95(client: FlaskClient) -> float:
    taken = []
    for number in range(ASKED):
        began = perf_counter()
        client.get(PAGES[number % len(PAGES)])
        taken.append((perf_counter() - began) * 1000)
    return quantiles(taken, n=20)[-1]
