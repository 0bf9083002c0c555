"""What a database holds, as a count and a sum for each table: the same on SQLite and PostgreSQL.

Two databases hold the same when these are equal, whatever the order of their rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy import Connection, FromClause, Table, TableClause, column, inspect, select, table

from broker.clock import Quarter
from broker.copies.hearing import Hear, nobody
from broker.db import db

WHOLE = 2**256
AT_ONCE = 2000  # rows in memory


@dataclass(frozen=True)
class TableContent:
    """`total`: the SHA-256 sums of the rows added up modulo 2**256, in hexadecimal."""

    rows: int
    total: str


Content = dict[str, TableContent]


def as_it_stands(connection: Connection) -> list[TableClause]:
    """Every table of a database, whatever its schema's version."""
    looked = inspect(connection)
    return [
        table(name, *(column(one["name"], one["type"]) for one in looked.get_columns(name)))
        for name in sorted(looked.get_table_names())
    ]


def as_modelled() -> list[Table]:
    """Every table of the models, first those that others lean on; alike on any database."""
    return list(db.metadata.sorted_tables)


def content_of(
    connection: Connection, tables: Sequence[FromClause], hear: Hear = nobody
) -> Content:
    """By table name."""
    return {
        str(one.description): _content(connection, one, partial(hear, 100 * number // len(tables)))
        for number, one in enumerate(tables)
    }


def differences(before: Content, after: Content) -> Iterator[str]:
    """In words, table by table."""
    for name in sorted(before | after):
        had, has = before.get(name), after.get(name)
        if had is None or has is None:
            yield f"{name} is only in the {'copy' if had is None else 'original'}."
        elif had.rows != has.rows:
            yield f"{name} has {has.rows:,} rows, not {had.rows:,}."
        elif had.total != has.total:
            yield f"{name} has as many rows, but not all are the same."


def _content(connection: Connection, of: FromClause, still: Callable[[], None]) -> TableContent:
    """`still` is called every so many rows."""
    rows, total = 0, 0
    for row in _rows(connection, of):
        if rows % AT_ONCE == 0:
            still()
        rows += 1
        total += int.from_bytes(hashlib.sha256(row).digest(), "big")
    return TableContent(rows, f"{total % WHOLE:064x}")


def _rows(connection: Connection, of: FromClause) -> Iterator[bytes]:
    for row in connection.execute(select(of).execution_options(yield_per=AT_ONCE)):
        plain = [_plain(value) for value in row]
        yield json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    """A value as both databases give it alike, ready for JSON."""
    if isinstance(value, date):  # moments too
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Quarter):
        return value.ordinal
    return value.value if isinstance(value, Enum) else value
