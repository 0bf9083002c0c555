"""Bringing a backup back, with proof that the database then holds what the backup held."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, inspect

from broker import clock, events, ledger_check
from broker.copies import postgres
from broker.copies.backups import KINDS, back_up, prove, schema_of, tools
from broker.copies.content import as_it_stands, content_of, differences
from broker.copies.files import Backup, read, unpack
from broker.db import db
from broker.errors import NotPossible


def restore(file: Path, *, replace: bool) -> tuple[Backup, Path | None]:
    """Bring `file` back into our database, and bring its schema up to date.

    A database that holds something is left alone unless `replace`; then it is backed up beside
    `file` first. Gives the backup and where what stood before is kept.
    """
    backup = read(file)
    kind = db.engine.url.get_backend_name()
    if backup.kind != kind:
        raise NotPossible(
            f"The backup is of {KINDS[backup.kind]}, and this database is {KINDS[kind]}. Restore "
            "it to a database of its own kind, then use `flask --app wsgi move`."
        )
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".restore-") as folder:
        copy = unpack(backup, file, Path(folder))
        before = _out_of_the_way(file, replace=replace)
        (_into_sqlite if kind == "sqlite" else _into_postgres)(backup, copy)
    _prove(backup)
    upgrade()
    return backup, before


def is_empty(engine: Engine) -> bool:
    return not inspect(engine).get_table_names()


def broken() -> Iterator[str]:
    """What does not hold in our database, in words: the ledger, then the history."""
    yield from ledger_check.problems()
    yield from events.verify()
    db.session.rollback()


def _out_of_the_way(file: Path, *, replace: bool) -> Path | None:
    db.session.remove()
    if is_empty(db.engine):
        return None
    if not replace:
        raise NotPossible(
            "This database holds something already, and nothing was changed. Add --replace to put "
            "the backup in its place; what is there is backed up beside it first."
        )
    before = file.with_name(f"before-{clock.now():%Y%m%d-%H%M%S}-{file.name}")
    back_up(before)
    return before


def _into_sqlite(backup: Backup, copy: Path) -> None:
    """Looked into before it is copied, in one step that other processes see whole or not at all."""
    prove(backup, copy)
    db.engine.dispose()
    with closing(sqlite3.connect(copy)) as source:
        with closing(sqlite3.connect(str(db.engine.url.database), timeout=20)) as target:
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode=WAL")


def _into_postgres(backup: Backup, copy: Path) -> None:
    prove(backup, copy)
    if not is_empty(db.engine):
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    db.engine.dispose()
    # fmt: off
    postgres.run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
                 "--single-transaction", str(copy), url=db.engine.url, tools=tools())
    # fmt: on


def _prove(backup: Backup) -> None:
    engine = create_engine(db.engine.url)
    try:
        with engine.connect() as connection:
            schema, found = schema_of(connection), content_of(connection, as_it_stands(connection))
    finally:
        engine.dispose()
    wrong = list(differences(backup.content, found))
    if schema != backup.schema or wrong:
        raise NotPossible("What was restored is not what was backed up: " + " ".join(wrong))
