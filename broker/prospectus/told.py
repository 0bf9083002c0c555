"""Many rows of the database as one text: a text is quick to read, and quick to know again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select


def told(*columns: Any) -> Select[str]:
    """The values of each row apart by spaces, rows by semicolons, in no order that counts; None of
    no row."""
    first, *others = (cast(column, String) for column in columns)
    row: ColumnElement[str] = first
    for other in others:
        row = row + " " + other
    return select(func.aggregate_strings(row, ";"))
