"""Nothing tells those who may not know it which authority a need belongs to.

Everything that can be opened is opened in two worlds that differ only in whose the needs are. What
comes back, its headings and its number of statements must be the same, and so must every e-mail.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from tests.conftest import Databases
from tests.sight.worlds import MORNING, Reader, Seen, World, addresses, gather

GIVING = ("giver", "giver_lead", "practitioner", "second_giver")
BLIND_EARLY = (
    *("giver", "dfe", "manager", "far_coordinator", "adviser", "administrator", "onlooking_dfe"),
)
BLIND_ASKED = ("giver", "giver_lead", "practitioner", "onlooker", "panel_1", None)
# The receivers of the first and the second world, and whether their region is released.
PAIRS = {"any region": ("Wirral", "Essex", False), "one region": ("Wirral", "Sefton", True)}
Views = dict[tuple[str, str | None], dict[str, Seen]]


@pytest.fixture
def copies(the_app: Flask, databases: Databases, prepared: str) -> Iterator[Copies]:
    made = Copies(the_app, databases, prepared)
    with clock.set_to(MORNING):
        yield made


class Copies:
    """The prepared database, as often as it is asked for."""

    def __init__(self, app: Flask, databases: Databases, prepared: str) -> None:
        self.app, self.databases, self.prepared = app, databases, prepared

    def fresh(self) -> None:
        self.leave()
        self.databases.drop("used")
        self.databases.copy(self.prepared, "used")

    def leave(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _views(copies: Copies, world: World, *, is_short: bool) -> Views:
    copies.fresh()
    with copies.app.app_context():
        with transaction():
            gather()
            world.early()
        views = {} if is_short else _of(copies.app, "early", BLIND_EARLY)
        with transaction():
            world.asking()
            world.waits()
        views |= _of(copies.app, "asked", BLIND_ASKED[:1] if is_short else BLIND_ASKED)
    copies.leave()
    return views


def _of(app: Flask, when: str, readers: tuple[str | None, ...]) -> Views:
    views: Views = {}
    upto = 5 if when == "early" else 12
    for name in readers:
        reader = Reader(app, name)
        opened = addresses(app, upto, only_lists=when == "early" or name != "giver")
        views[when, name] = reader.opens(opened) | reader.letters()
    return views


@pytest.mark.parametrize("pair", PAIRS)
def test_no_byte_differs_when_a_need_is_anothers(copies: Copies, pair: str) -> None:
    first, second, is_released = PAIRS[pair]
    mine = _views(copies, World(first, is_released), is_short=is_released)
    theirs = _views(copies, World(second, is_released), is_short=is_released)
    assert mine.keys() == theirs.keys()
    wrong = [
        f"{when}: {name} at {address}: {_difference(seen, theirs[when, name].get(address))}"
        for (when, name), view in mine.items()
        for address, seen in view.items()
        if seen != theirs[when, name].get(address)
    ]
    assert not wrong, "\n".join(wrong)
    opened = {address for view in mine.values() for address, seen in view.items() if seen[0] == 200}
    assert len(opened) > 40, opened
    asked = mine["asked", "giver"]
    assert any(address.startswith("letter") for address in asked)
    assert ("Suggested only" in str(asked["/offers/1/needs"])) is is_released


def _difference(one: Seen, other: Seen | None) -> str:
    if other is None or len(one) != len(other):
        return f"{one} only in the first"
    first, second = next((a, b) for a, b in zip(one, other, strict=True) if a != b)
    if not isinstance(first, str) or not isinstance(second, str):
        return f"{first} and {second}"
    lines = zip(first.splitlines(), second.splitlines(), strict=False)
    return next((f"{a.strip()} / {b.strip()}" for a, b in lines if a != b), "of two lengths")
