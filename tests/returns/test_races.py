"""Two people at one return or one quarter at the same moment: one thing is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import clock, ledger_check
from broker.db import db, transaction
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay
from broker.models.return_ import Freeze, FrozenVersion, Return, ReturnVersion
from broker.returns import actions
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from tests import people
from tests.conftest import TODAY
from tests.returns import walk
from tests.test_races import race

pytestmark = pytest.mark.postgres


@pytest.fixture
def written(fresh_app: Flask) -> int:
    """The id of a return that only waits for its director."""
    with fresh_app.app_context():
        with transaction():
            walk.day(walk.partnership())
        with clock.set_to(walk.AFTER), transaction():
            return_ = walk.opened()
            actions.write(return_, outcomes="Sooner.", priorities="", by=people.person("giver"))
            walk.shown_and_read(return_, by=people.person("giver"))
            return return_.id


def later(do: Callable[[], object]) -> Callable[[], None]:
    """The same, with the clock set after the quarter in the thread that runs it."""

    def run() -> None:
        with clock.set_to(walk.AFTER):
            do()

    return run


def certify(return_id: int) -> None:
    return_ = db.session.get_one(Return, return_id)
    list(return_.versions)  # loaded before the lock, as a page would have them
    actions.certify(return_, by=people.person("giver"))


def freeze() -> None:
    pip = people.programme("pip")
    actions.freeze(programme=pip, quarter=walk.QUARTER, by=people.person("manager"))


def log() -> None:
    entry = Entry(
        given_on=date.fromisoformat(TODAY),
        quarter_days=1,
        activity="At the last moment",
        delivery=Delivery.REMOTE,
    )
    within = db.session.scalars(select(Partnership)).unique().one()
    support_days.log(within, entry, is_another=True, by=people.person("giver_lead"))


def count(app: Flask, thing: type[object]) -> int:
    with app.app_context():
        assert list(ledger_check.problems()) == []
        return db.session.scalar(select(func.count()).select_from(thing)) or 0


def test_a_return_is_certified_once(fresh_app: Flask, written: int) -> None:
    refused = race(fresh_app, *[later(lambda: certify(written))] * 2)
    assert len(refused) == 1
    assert count(fresh_app, ReturnVersion) == 1


def test_a_return_is_started_once(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        walk.partnership()
    assert race(fresh_app, *[later(walk.opened)] * 3) == []
    assert count(fresh_app, Return) == 1


def test_a_quarter_is_frozen_once(fresh_app: Flask, written: int) -> None:
    refused = race(fresh_app, *[later(freeze)] * 3)
    assert len(refused) == 2 and all("frozen already" in words for words in refused)
    assert count(fresh_app, Freeze) == 1


def test_a_version_certified_while_freezing_is_taken_or_refused(
    fresh_app: Flask, written: int
) -> None:
    refused = race(fresh_app, later(freeze), later(lambda: certify(written)))
    versions = count(fresh_app, ReturnVersion)
    assert (len(refused), versions) in {(0, 1), (1, 0)}
    assert count(fresh_app, FrozenVersion) == versions


def test_a_day_logged_while_freezing_is_in_before_or_refused(
    fresh_app: Flask, written: int
) -> None:
    refused = race(fresh_app, later(freeze), later(log))
    assert count(fresh_app, SupportDay) == 2 - len(refused)
    assert all("frozen" in words for words in refused)
