"""PostgreSQL: who waits for whom, how long, and what they are told."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from runpy import run_path

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from broker.config import ROOT
from broker.db import begin_writing, db, transaction
from broker.gently import gently
from broker.models.need import Need
from broker.taking import lock
from tests import make

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
    asked = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    if db.engine.dialect.name == "sqlite":
        asked, ends = ("busy_timeout",), ["20000"]
    else:
        ends = ["1min", "15s", "5min"]
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


# -- what the code counts on -------------------------------------------------------------------


def test_who_waited_for_a_record_sees_it_as_whoever_held_it_left_it(app: Flask) -> None:
    """READ COMMITTED, and `lock`, which reads again: what was read before waiting is no ground."""
    with transaction():
        need_id = make.need(until="private", title="As it was read").id
    begin_writing()
    need = db.session.get_one(Need, need_id)
    lock(need)
    with ThreadPoolExecutor(1) as another:
        began = another.submit(_take_its_title, app, need_id)
        until_it_waits(db.engine)
        need.title = "As it was left"
        db.session.commit()
        assert began.result() == "As it was left"


def _take_its_title(app: Flask, need_id: int) -> str:
    with app.app_context():
        begin_writing()
        need = db.session.get_one(Need, need_id)
        lock(need)
        said = need.title
        db.session.rollback()
        return said


def test_every_thread_of_a_web_process_finds_a_connection(app: Flask) -> None:
    threads = run_path(str(ROOT / "gunicorn.conf.py"))["threads"]
    held = [db.engine.connect() for _ in range(threads + 1)]  # one more: what is kept aside
    assert len({id(one.connection.dbapi_connection) for one in held}) == threads + 1
    for one in held:
        one.close()


@pytest.mark.postgres(only=True)
def test_a_connection_that_the_server_has_ended_is_replaced_unseen(app: Flask) -> None:
    with db.engine.connect() as one, db.engine.connect() as other:
        resting = one.scalar(text("SELECT pg_backend_pid()"))
        one.close()  # back into the pool
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": resting})
    for _ in range(3):
        with db.engine.connect() as again:
            assert again.scalar(READ) is not None
