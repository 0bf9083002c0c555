"""Moving everything to another database, SQLite or PostgreSQL, with proof of equality."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import Connection, ForeignKeyConstraint, Table, func, insert, select
from sqlalchemy.exc import ArgumentError, OperationalError

from broker.config import ROOT, with_driver
from broker.copies.backups import schema_of
from broker.copies.content import AT_ONCE, Content, as_modelled, content_of, differences
from broker.db import db, init_app
from broker.errors import NotPossible


def move(to: str) -> Content:
    """Copy every record of our database to the one at `to`, which must hold none.

    All at once: what differs afterwards, or any failure, leaves no record there. What is written
    here meanwhile stays behind, so writing should be closed first.
    """
    target = _application(to)
    here = db.engine.execution_options(**_one_moment())
    with here.connect() as source:
        version = schema_of(source)
        with target.app_context(), _connections_let_go():
            if db.engine.url == here.url:
                raise NotPossible("That is this same database.")
            _make_ready(version)
            with db.engine.connect().execution_options(writes=True) as into, into.begin():
                return _copied(source, into)


@contextmanager
def _connections_let_go() -> Iterator[None]:
    """The other database keeps none of ours at the end."""
    try:
        yield
    finally:
        db.session.remove()
        db.engine.dispose()


def _one_moment() -> dict[str, str]:
    is_sqlite = db.engine.url.get_backend_name() == "sqlite"
    return {} if is_sqlite else {"isolation_level": "REPEATABLE READ"}


def _application(to: str) -> Flask:
    """No more of an application than migrations and a session need."""
    target = Flask(__name__)
    try:
        init_app(target, with_driver(to))
    except (ArgumentError, ModuleNotFoundError, OperationalError):
        raise NotPossible(
            "The address is not one of a database. Write postgresql://user:password@host/name or "
            "sqlite:////folder/file.sqlite."
        ) from None
    Migrate(target, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    return target


def _make_ready(version: str) -> None:
    """The target's schema, as new as ours, without a record in it."""
    try:
        upgrade()
        with db.engine.connect() as connection:
            theirs = schema_of(connection)
            full = [one.name for one in as_modelled() if _count(connection, one)]
    except OperationalError as mistake:
        raise NotPossible(f"The other database does not answer: {mistake.orig}") from None
    if theirs != version:
        raise NotPossible(
            f"This database's schema is {version} and the code's is {theirs}. Run "
            "`flask --app wsgi db upgrade` here first."
        )
    if full:
        raise NotPossible(f"The other database holds records already: {', '.join(full[:5])}.")


def _copied(source: Connection, into: Connection) -> Content:
    with _references_last(into):
        for table in as_modelled():
            for rows in source.execute(
                select(table).execution_options(yield_per=AT_ONCE)
            ).partitions():
                into.execute(insert(table), [dict(row._mapping) for row in rows])
            _count_on(into, table)
    held = content_of(source, as_modelled())
    if wrong := list(differences(held, content_of(into, as_modelled()))):
        raise NotPossible("Nothing was moved, since the copy would differ: " + " ".join(wrong))
    return held


@contextmanager
def _references_last(into: Connection) -> Iterator[None]:
    """Rows may point at rows that come later; at the end every reference is looked at."""
    if into.dialect.name == "sqlite":
        into.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
        return
    for name, reference in _own_references():
        into.exec_driver_sql(f"ALTER TABLE {name} ALTER CONSTRAINT {reference} DEFERRABLE")
    into.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
    yield
    into.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for name, reference in _own_references():
        into.exec_driver_sql(f"ALTER TABLE {name} ALTER CONSTRAINT {reference} NOT DEFERRABLE")


def _own_references() -> Iterator[tuple[str, str]]:
    """(table, reference) where a table points at itself; other references are met by the order."""
    quote = db.engine.dialect.identifier_preparer
    for table in as_modelled():
        for one in table.constraints:
            if isinstance(one, ForeignKeyConstraint) and one.referred_table is table:
                yield quote.format_table(table), quote.format_constraint(one) or ""


def _count_on(into: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from where the moved ones end."""
    key = table.autoincrement_column
    if into.dialect.name != "postgresql" or key is None:
        return
    last = into.scalar(select(func.max(key)))
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', key.name)
    if last is not None:
        into.execute(select(func.setval(sequence, last)))


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
