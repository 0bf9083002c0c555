"""What `make bench-load` lets two hundred people do can be done, each step of it, in a small world.

A step that the exchange refuses would be counted as an error of the exchange's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Event
from urllib.parse import urlsplit

import pytest
from flask_migrate import upgrade

from benchmarks.filling import Size
from benchmarks.load import script, world
from benchmarks.load.script import Actor, Step
from benchmarks.load.visitor import Log, Visitor
from broker import pace, worker
from broker.db import db
from broker.models.person import Role
from broker.setup import load_facts_if_changed
from tests.browser import serving
from tests.conftest import Databases, make_app
from tests.make.walks import walks

SMALL = Size(partnerships=300, days=900, providers=152, quarters=12)
SENDS: dict[Step, str] = {  # what a step keeps: each of these finds something to do
    Actor.describe: "describing a need",
    Actor.agree: "agree a match",
    Actor.approve: "approve a match",
    Actor.log: "logging a day",
}


class Hurried(Actor):
    """Thinks no moment between two pages."""

    def think(self, share: float | None = None) -> bool:
        return True


class Crowd:
    """One of each role at the doors of a small exchange, each with something to do."""

    def __init__(self, made: world.World, port: int) -> None:
        self.made, self.log = made, Log()
        self.actors = {role: self._actor(role, port) for role in world.CAST}

    def _actor(self, role: Role, port: int) -> Actor:
        mine = [part for part in self.made.parts if part.role is role]
        part = max(mine, key=lambda one: len(one.agree + one.approve + one.partnerships))
        visitor = Visitor(port, "192.0.2.1", self.log)
        return Hurried(part, self.made, visitor, Random(1), Event())


@pytest.fixture(scope="module")
def crowd(databases: Databases) -> Iterator[Crowd]:
    databases.create("crowd")
    walks.stray()  # nobody watches what is written here: no scene of it can be kept
    app = make_app(databases.url("crowd"), Path(databases.var))
    with app.app_context():
        upgrade()
        load_facts_if_changed()
        parts = world.make(SMALL, offers=60, waiting=9)
        db.session.commit()
        worker.run_once()
        made = world.opened(parts)
        db.session.remove()
        pace.begin_afresh(app)
        with serving(app) as address:
            crowd = Crowd(made, urlsplit(address).port or 0)
            assert all(actor.sign_in() for actor in crowd.actors.values()), crowd.log.errors
            yield crowd
        db.session.remove()
        db.engine.dispose()
    databases.drop("crowd")


@pytest.mark.parametrize(
    ("step", "roles"),
    [pytest.param(step, roles, id=step.__name__) for step, roles, _ in script.STEPS],
)
def test_everybody_can_take_the_step_again_and_again(
    crowd: Crowd, step: Step, roles: tuple[Role, ...]
) -> None:
    crowd.log.errors.clear()
    crowd.log.taken.clear()
    for role in roles or world.CAST:
        for _ in range(3):
            step(crowd.actors[role])
    assert crowd.log.errors == {}
    assert SENDS.get(step) in {None, *crowd.log.taken}
