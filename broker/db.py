"""The database: typed base, columns of our own, and the one rule about transactions.

A POST that redirects commits; everything else rolls back. No area calls commit(). Outside a
request (`flask` commands, the worker) `transaction()` does the same for its block. The one
exception is `aside()`, for what must be kept whatever becomes of the request.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any, ClassVar

from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from broker import clock
from broker.clock import Quarter

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Refuses naive values on the way in, gives aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class QuarterColumn(TypeDecorator[Quarter]):
    """A financial-year quarter, kept as its ordinal."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Quarter | None, dialect: Dialect) -> int | None:
        return None if value is None else value.ordinal

    def process_result_value(self, value: int | None, dialect: Dialect) -> Quarter | None:
        return None if value is None else Quarter.at(value)


class Word(TypeDecorator[Enum]):
    """An enum member, kept as its value in plain text; an unknown value is an error."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Enum | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.kind(value).value)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[str | None], Enum | None]:
        """A look-up in a table: pages of figures read thousands of these."""
        members = {member.value: member for member in self.kind}
        return {None: None, **members}.__getitem__


class Base(DeclarativeBase):
    """Every noun's base."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        Quarter: QuarterColumn,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


db = SQLAlchemy(metadata=Base.metadata)


class Stateful:
    """A noun with states: `take()` alone moves it, and notes since when it stands where it does."""

    state_since: Mapped[datetime] = mapped_column(default=clock.now)


# Sign-in checks a password (0.1 s), or asks a council's sign-in (seconds), before its transaction
# begins, so that it holds nobody up; a preview of weights solves a round, and writes nothing.
BEGINS_LATER = {
    "account.sign_in",
    "council_accounts.begin",
    "council_accounts.begin_to_join",
    "council_accounts.connect",
    "council_accounts.prove",
    "one_time_links.open",
    "own_sign_in.password",
    "own_sign_in.prove",
    "programme.try_policy",
}


def init_app(app: Flask, database_url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    options = _engine_options(database_url)
    options["hide_parameters"] = True  # an error's words go to the log, and never what was typed
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    app.before_request(begin_request)
    app.after_request(end_request)


def _engine_options(database_url: str) -> dict[str, Any]:
    if database_url.startswith("sqlite"):
        return {"json_serializer": _json, "connect_args": {"timeout": 20}}
    limits = (
        "-c statement_timeout=60000 -c lock_timeout=15000 "
        "-c idle_in_transaction_session_timeout=300000"
    )
    return {
        "json_serializer": _json,
        "pool_pre_ping": True,
        "connect_args": {"options": limits},
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def prepare(engine: Engine) -> None:
    """Teach a SQLite engine to begin its own transactions, and to keep what it is given."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_writing() -> None:
    """Start a transaction that may write, before anything is read in it."""
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})


def begin_request() -> None:
    if request.method == "POST" and request.endpoint not in BEGINS_LATER:
        begin_writing()


def end_request(response: Response) -> Response:
    """The rule: a POST that redirects commits; everything else rolls back."""
    if request.method == "POST" and 300 <= response.status_code < 400:
        return _kept(response)
    if not response.is_streamed:
        db.session.rollback()
    return response


def _kept(response: Response) -> Response:
    """Commit; where the database cannot (its disk is full, it has gone) nothing was kept, and
    the page says so."""
    try:
        db.session.commit()
    except DBAPIError as broken:
        db.session.rollback()
        return current_app.make_response(current_app.handle_user_exception(broken))
    return response


@contextmanager
def transaction() -> Iterator[None]:
    """Outside a request: commit the block's work, or none of it."""
    begin_writing()
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()


def keep_and_go_on(between: Callable[[], None]) -> None:
    """Within `transaction`: keep what was done so far, and begin again (see broker/turns.py).

    `between` runs outside any transaction, and may have ones of its own.
    """
    db.session.commit()
    between()
    begin_writing()


@contextmanager
def aside() -> Iterator[None]:
    """Keep this block's writes whatever becomes of the request; what came before is undone."""
    with transaction():
        yield
