"""PostgreSQL: who waits for whom, how long, and what they are told."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from broker.db import db
from broker.gently import gently

pytestmark = pytest.mark.postgres
READ, ADD = text("SELECT count(*) FROM setting"), "ALTER TABLE setting ADD COLUMN added INTEGER"
GONE = OperationalError("SELECT 1", {}, Exception("server closed the connection"))
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def add(connection: Connection) -> None:
    with connection.begin():
        connection.exec_driver_sql(ADD)


def until_it_waits(engine: Engine) -> None:
    """SQLite's changes wait for nobody who reads."""
    if engine.dialect.name == "sqlite":
        return
    ends = time.monotonic() + 30
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looks:
        while not looks.scalar(WAITING):
            assert time.monotonic() < ends, "the change never waited"


def test_readers_go_on_while_a_table_waits_to_be_changed(app: Flask) -> None:
    with db.engine.connect() as reads_long, ThreadPoolExecutor(1) as another:
        reads_long.execute(READ)
        changed = another.submit(gently, db.engine, add)
        until_it_waits(db.engine)
        with db.engine.connect() as reader:
            assert reader.scalar(READ) is not None, "nobody waits behind the change for long"
        reads_long.rollback()
        changed.result()
    names = [column["name"] for column in inspect(db.engine).get_columns("setting")]
    assert "added" in names


def test_no_statement_runs_and_no_lock_is_waited_for_without_end(app: Flask) -> None:
    asked = ("statement_timeout", "lock_timeout")
    if db.engine.dialect.name == "sqlite":
        asked, ends = ("busy_timeout",), ["20000"]
    else:
        ends = ["1min", "15s"]
    how = "PRAGMA" if db.engine.dialect.name == "sqlite" else "SHOW"
    with db.engine.connect() as connection:
        found = [str(connection.exec_driver_sql(f"{how} {name}").scalar()) for name in asked]
    assert found == ends


def test_who_meets_a_busy_database_reads_a_page_that_says_so(app: Flask) -> None:
    for path in ("/offers", "/api/v1/offers"):
        with app.test_request_context(path):
            app.preprocess_request()
            answer = app.make_response(app.handle_user_exception(GONE))
        assert answer.status_code == 503
        said = answer.get_data(as_text=True)
        assert "SELECT" not in said
        assert ("Nothing was changed" in said) is (path == "/offers")
