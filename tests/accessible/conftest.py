"""One exchange with one of everything, and one with nothing in it, served to a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from broker import pace
from broker.db import db
from tests import people, stage
from tests.attack.test_forms import Kept
from tests.browser import DESKTOP, Visitor, serving
from tests.conftest import Databases, make_app
from tests.make.walks import walks


class House:
    """An exchange at an address, its records by name, and one visitor of each kind."""

    def __init__(self, app: Flask, address: str, browser: Browser, ids: stage.Stage) -> None:
        self.app, self.address, self.browser, self.ids = app, address, browser, ids
        self.kept = Kept()
        self.visitors: dict[str, Visitor] = {}

    def visitor(self, kind: str) -> Visitor:
        if kind not in self.visitors:
            self.visitors[kind] = Visitor(self.browser, self.address, DESKTOP)
            if kind != "nobody":
                cookie = people.cookie(people.person(kind))
                self.visitors[kind].context.add_cookies([self._sealed(cookie)])
        return self.visitors[kind]

    def _sealed(self, cookie: dict[str, str]) -> dict[str, str]:
        seal = self.app.session_interface.get_signing_serializer(self.app)
        name = self.app.config["SESSION_COOKIE_NAME"]
        return {"name": name, "value": seal.dumps(cookie), "url": self.address}

    def put_back(self) -> None:
        """Undo what a form kept, and forget how often somebody asked."""
        self.kept.put_back()
        pace.begin_afresh(self.app)


@contextmanager
def open_house(databases: Databases, prepared: str, browser: Browser, name: str) -> Iterator[House]:
    databases.copy(prepared, name)
    walks.stray()  # nobody watches what is written here: no scene of it can be kept
    app = make_app(databases.url(name), Path(databases.var))
    with app.app_context():
        ids = stage.set_up() if name == "furnished" else {}
        with serving(app) as address:
            house = House(app, address, browser, ids)
            yield house
            for visitor in house.visitors.values():
                visitor.close()
        db.session.remove()
        db.engine.dispose()
    databases.drop(name)


@pytest.fixture(scope="module")
def furnished(databases: Databases, prepared: str, browser: Browser) -> Iterator[House]:
    with open_house(databases, prepared, browser, "furnished") as house:
        yield house


@pytest.fixture(scope="module")
def empty(databases: Databases, prepared: str, browser: Browser) -> Iterator[House]:
    with open_house(databases, prepared, browser, "empty") as house:
        yield house
