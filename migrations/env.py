"""How Alembic meets the application's database (run by `flask db …` and by the tests)."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from broker import models
from broker.db import Base
from broker.gently import gently

PLAIN = {"UTCDateTime": "sa.DateTime(timezone=True)", "QuarterColumn": "sa.Integer()"}
assert models.__all__, "importing the models fills Base.metadata"


def in_plain_types(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as the plain ones they are kept as, so that old migrations last."""
    if kind != "type":
        return False
    name = type(item).__name__
    return "sa.String(40)" if name == "Word" else PLAIN.get(name, False)


def check_references_later(connection: Connection) -> None:
    """Let SQLite put a changed copy of a table in its place while others point at it."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")


def check_references(connection: Connection) -> None:
    """Refuse, before anything is kept, what points at nothing; see to it again from now on."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows that point at nothing: {broken[:5]}")


def run_migrations(connection: Connection) -> None:
    """Bring the database to the asked revision: SQLite in one transaction, PostgreSQL in one for
    each migration."""
    is_sqlite = connection.dialect.name == "sqlite"
    connection = connection.execution_options(writes=True)
    check_references_later(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=in_plain_types,
        transactional_ddl=True,
        transaction_per_migration=not is_sqlite,
    )
    with context.begin_transaction():
        context.run_migrations()
    check_references(connection)
    connection.commit()


gently(current_app.extensions["migrate"].db.engine, run_migrations)
