"""Partnerships and their days at size: pages, the list of days, and the export as it streams.

A filled SQLite database in a temporary folder; pages are asked of the application in this process,
as one worker would answer them. Memory is what Python allocates while the export streams.
"""

from __future__ import annotations

import random
import secrets
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from benchmarks.filling import A_REGION, SEED, Size, fill
from benchmarks.prospectus import application
from benchmarks.results import Result, measured
from broker.db import db, transaction
from broker.keys import digest
from broker.models.authority import Authority
from broker.models.partnership import Partnership
from broker.models.person import Membership, Person, Role
from broker.models.sign_in import How, SignInSession

PAGE_MS, MEMORY_MB, PAGES = 150, 100, 60
MB = 1024 * 1024


def partnerships(size: Size = A_REGION) -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        with app.app_context():
            began = perf_counter()
            fill(size)
            named = f"{size.days:,} days of {size.partnerships:,} partnerships"
            yield measured(f"filling in {named}", perf_counter() - began, "s")
            yield from _pages(app)
            yield from _exports(app, size)
            db.session.remove()
            db.engine.dispose()


def _pages(app: Flask) -> Iterator[Result]:
    rng = random.Random(SEED)
    ids = rng.sample(list(db.session.scalars(select(Partnership.id))), PAGES)
    coordinator = signed_in(app, holder(Role.COORDINATOR, busiest_region()))
    manager = signed_in(app, holder(Role.PROGRAMME_MANAGER))
    pages = {
        "a partnership's page": (manager, [f"/partnerships/{id}" for id in ids]),
        "a partnership's days": (manager, [f"/partnerships/{id}/days" for id in ids]),
        "the region's partnerships": (coordinator, ["/partnerships"] * PAGES),
        "the coordinator's health board": (coordinator, ["/health-board"] * PAGES),
        "the manager's health board, all of them": (manager, ["/health-board"] * PAGES),
        "the list of all days": (manager, ["/days", "/days?standing=late"] * (PAGES // 2)),
    }
    for name, (client, addresses) in pages.items():
        taken = [milliseconds(client, address) for address in addresses]
        yield measured(f"{name}: median", median(taken), "ms")
        yield measured(f"{name}: 95 of 100", quantiles(taken, n=20)[-1], "ms", PAGE_MS)


def _exports(app: Flask, size: Size) -> Iterator[Result]:
    client = signed_in(app, holder(Role.PROGRAMME_MANAGER))
    for ending in ("csv", "xlsx"):
        peak, seconds, bytes_ = _streamed(client, f"/days.{ending}")
        assert bytes_ > size.days
        yield measured(f"export of all days, {ending}: memory", peak / MB, "MB", MEMORY_MB)
        yield measured(f"export of all days, {ending}: time, traced", seconds, "s")


def _streamed(client: FlaskClient, address: str) -> tuple[int, float, int]:
    """The most memory held while it streams, in bytes; seconds; bytes of the file."""
    tracemalloc.start()
    began, length = perf_counter(), 0
    answer = client.get(address, buffered=False)
    assert answer.status_code == 200, address
    for piece in answer.response:
        length += len(piece)
    answer.close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak, perf_counter() - began, length


def milliseconds(client: FlaskClient, address: str) -> float:
    for name in list(g):  # the open context lends its `g` to every request in it
        g.pop(name)
    began = perf_counter()
    answer = client.get(address)
    taken = (perf_counter() - began) * 1000
    assert answer.status_code == 200, address
    return taken


def holder(role: Role, region_id: int | None = None) -> Person:
    held = select(Person).join(Membership, Membership.person_id == Person.id)
    held = held.where(Membership.role == role)
    if region_id is not None:
        held = held.where(Membership.region_id == region_id)
    return db.session.scalars(held.order_by(Person.id)).unique().all()[0]


def busiest_region() -> int:
    """The region in which most partnerships receive."""
    counted = (
        select(Authority.region_id)
        .join(Partnership, Partnership.receiver_id == Authority.id)
        .group_by(Authority.region_id)
        .order_by(func.count().desc(), Authority.region_id)
    )
    return db.session.scalars(counted).all()[0]


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client, key = app.test_client(), secrets.token_urlsafe(32)
    with transaction():
        db.session.add(SignInSession(person_id=person.id, key_hash=digest(key), how=How.ROLE))
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    return client
