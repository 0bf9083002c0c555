"""Killed between any two statements, a deed is wholly done or not at all.

The suite kills before every fourth statement and around the commit; KILL_EVERY=1 before each."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from flask import Flask

from broker import clock
from broker.config import ROOT
from broker.db import db, transaction
from broker.returns import actions as returns
from tests import make, people
from tests.make import DAY
from tests.returns import walk

pytestmark = pytest.mark.postgres
EVERY = os.environ.get("KILL_EVERY", "4")  # 1: before each statement


def _set_up() -> None:
    """One match to approve, one partnership to move days in, one return with two to settle."""
    with clock.set_to(date(2026, 9, 21)):
        walk.partnership()
        walk.second_partnership()
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        returns.write(return_, outcomes="Sooner.", priorities="", by=people.person("giver"))
        walk.shown_and_read(return_, by=people.person("giver"))
        make.capacity()
        offer = make.offer(title="Of our own")
        make.partnership(make.agreed(make.match(make.need(title="To move in"), offer)))
        another = make.offer(title="Another of our own")
        make.agreed(make.match(make.need(title="To approve", days=2 * DAY), another))


def test_killed_before_any_statement_it_is_wholly_done_or_not_at_all(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        with transaction():
            _set_up()
        db.session.remove()
        db.engine.dispose()
    database = fresh_app.config["SQLALCHEMY_DATABASE_URI"]
    var = str(fresh_app.config["SETTINGS"].var)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.killer", database, var, EVERY],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-3000:]
    kills = dict(line.split() for line in ended.stdout.splitlines())
    assert set(kills) == {"approve", "move", "certify"}
    assert all(int(count) > 8 for count in kills.values()), kills
