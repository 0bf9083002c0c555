"""Return packs and dashboards at the size of all England: 153 providers, 12 quarters, 60,000 days.

A pack is written by the command, in a process of its own, as `flask returns pack` is run by hand:
its seconds and its most memory are those of the whole process, starting included. Dashboards are
asked of the application in this process, as one worker would answer them.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.filling import ENGLAND, Size, fill
from benchmarks.partnerships import (
    busiest_region,
    holder,
    milliseconds,
    signed_in,
)
from benchmarks.prospectus import TODAY, application
from benchmarks.results import Result, measured
from broker import clock
from broker.dashboards.parts import ALL, PARTS
from broker.db import db
from broker.models.person import Role

MEASURED = "benchmarks.most_memory"
SECONDS, MEMORY_MB, PAGE_MS, PAGES = 10, 200, 250, 40


def returns(size: Size = ENGLAND) -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        with app.app_context():
            began = perf_counter()
            fill(size)
            named = f"{size.days:,} days of {size.providers} providers"
            yield measured(f"filling in {named}", perf_counter() - began, "s")
            yield from _packs(Path(folder))
            yield from _dashboards(app)
            db.session.remove()
            db.engine.dispose()


def _packs(folder: Path) -> Iterator[Result]:
    quarter = str(clock.this_quarter() - 1)
    for ending in ("xlsx", "zip", "json"):
        seconds, megabytes = _pack(folder, quarter, ending)
        yield measured(f"return pack of England, {ending}", seconds, "s", SECONDS)
        yield measured(f"return pack of England, {ending}: memory", megabytes, "MB", MEMORY_MB)


def _pack(folder: Path, quarter: str, ending: str) -> tuple[float, float]:
    """Seconds, and megabytes of the whole process at most."""
    out = folder / f"pack.{ending}"
    asked = ["--programme", "pip", "--quarter", quarter, "--out", str(out)]
    command = [sys.executable, "-m", MEASURED, "--app", "wsgi", "returns", "pack", *asked]
    url = db.engine.url.render_as_string(hide_password=False)
    own = {"MODE": "test", "VAR": str(folder), "DATABASE_URL": url, "TODAY": TODAY.isoformat()}
    began = perf_counter()
    done = subprocess.run(
        command, env={**os.environ, **own}, check=True, capture_output=True, text=True
    )
    assert out.stat().st_size
    return perf_counter() - began, float(done.stdout.split()[-1])


def _dashboards(app: Flask) -> Iterator[Result]:
    """Each part for the quarters shown first, and for three years. What filling left in memory is
    set aside, as wsgi.py does with what a server loaded: no server has filled its database."""
    db.session.remove()
    gc.collect()
    gc.freeze()
    seats = {
        "the programme's dashboard": signed_in(app, holder(Role.PROGRAMME_MANAGER)),
        "a region's dashboard": signed_in(app, holder(Role.COORDINATOR, busiest_region())),
    }
    this = clock.this_quarter().ordinal
    for name, client in seats.items():
        for part in (*PARTS, ALL):
            address = f"/dashboard?part={part.name}"
            bar = None if part is ALL else PAGE_MS  # the page to print has them all at once
            yield from _asked(client, f"{name}, {part.words}", address, bar)
            three_years = f"{address}&from={this - 11}&to={this}"
            yield from _asked(client, f"{name}, {part.words}, three years", three_years, bar)


def _asked(client: FlaskClient, name: str, address: str, bar: float | None) -> Iterator[Result]:
    milliseconds(client, address)
    taken = [milliseconds(client, address) for _ in range(PAGES)]
    yield measured(f"{name}: median", median(taken), "ms")
    yield measured(f"{name}: 95 of 100", quantiles(taken, n=20)[-1], "ms", bar)
