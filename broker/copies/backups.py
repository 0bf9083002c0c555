"""Making a backup while people work: everything as it stood at one moment."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from flask import current_app
from sqlalchemy import URL, Connection, create_engine, text

from broker import clock
from broker.copies import postgres
from broker.copies.content import Content, as_it_stands, content_of
from broker.copies.files import Backup, pack, sum_of
from broker.copies.hearing import Hear, nobody, part_of
from broker.db import db
from broker.errors import NotPossible

NAMES = {"sqlite": "exchange.sqlite", "postgresql": "exchange.dump"}
PAGES = 2000  # of SQLite's, copied at once
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def back_up(file: Path, hear: Hear = nobody) -> Backup:
    """Write `file`, whole or not at all; NotPossible, in words, when it cannot be."""
    if not file.parent.is_dir():
        raise NotPossible(f"There is no folder {file.parent}.")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            backup = _copied(db.engine.url, Path(folder) / "copy", part_of(hear, 0, 60))
            packed = Path(folder) / file.name
            pack(backup, Path(folder) / "copy", packed, part_of(hear, 60, 100))
            packed.replace(file)  # what breaks off leaves nothing beside it
    except OSError as mistake:
        raise NotPossible(f"{file} cannot be written: {mistake.strerror}.") from None
    except sqlite3.Error as mistake:
        raise NotPossible(f"{file} cannot be written: {mistake}.") from None
    return backup


def schema_of(connection: Connection) -> str:
    """The version of the schema; NotPossible where there is none."""
    if not db.inspect(connection).has_table("alembic_version"):
        raise NotPossible("This database has no schema yet.")
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _copied(url: URL, copy: Path, hear: Hear) -> Backup:
    kind = url.get_backend_name()
    schema, content = (_from_sqlite if kind == "sqlite" else _from_postgres)(url, copy, hear)
    made_at = clock.now().isoformat(timespec="seconds")
    return Backup(kind, schema, made_at, content, NAMES[kind], sum_of(copy))


def _from_sqlite(url: URL, copy: Path, hear: Hear) -> tuple[str, Content]:
    copied = part_of(hear, 0, 50)
    with closing(sqlite3.connect(str(url.database), timeout=20, isolation_level=None)) as source:
        source.execute("BEGIN")  # one moment, however many steps and whoever writes between them
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(copy)) as target:
            source.backup(target, pages=PAGES, progress=_pages_left(copied))
            target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return look_into(copy, part_of(hear, 50, 100))


def _pages_left(hear: Hear) -> Callable[[int, int, int], None]:
    return lambda _state, left, total: hear(100 - 100 * left // max(total, 1))


def look_into(copy: Path, hear: Hear = nobody) -> tuple[str, Content]:
    """The schema and the content of a SQLite file."""
    engine = create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if found != "ok":
                raise NotPossible(f"SQLite finds the file damaged: {found}.")
            tables = as_it_stands(connection)
            return schema_of(connection), content_of(connection, tables, hear)
    finally:
        engine.dispose()


def prove(backup: Backup, copy: Path) -> None:
    """That the unpacked copy can be read and holds what the backup says; NotPossible if not."""
    if backup.kind == "postgresql":
        postgres.look_into(copy, tools=tools())
    elif look_into(copy) != (backup.schema, backup.content):
        raise NotPossible("The backup does not hold what it says. Use another one.")


def _from_postgres(url: URL, copy: Path, hear: Hear) -> tuple[str, Content]:
    """What is counted and what is dumped are one snapshot."""
    one_moment = db.engine.execution_options(isolation_level="REPEATABLE READ")
    with one_moment.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar()
        # fmt: off
        postgres.run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                     f"--snapshot={snapshot}", f"--file={copy}", url=url, tools=tools(),
                     hear=part_of(hear, 0, 50))
        # fmt: on
        content = content_of(connection, as_it_stands(connection), part_of(hear, 50, 100))
        found = schema_of(connection), content
        connection.exec_driver_sql("SET statement_timeout = DEFAULT")
    return found


def tools() -> Path | None:
    """The folder of PostgreSQL's own programs; None: wherever the PATH finds them."""
    found: Path | None = current_app.config["SETTINGS"].postgres_tools
    return found
