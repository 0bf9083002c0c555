"""The workbook to fill in: the columns with an example, what each takes, and the kinds of help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from broker.day_imports.columns import Column
from broker.day_imports.reading import SHEET
from broker.exports.tables import Column as Shown
from broker.exports.tables import Table
from broker.exports.workbook import write_workbook
from broker.models.programme import Choice

READ_ME = "How to fill it in"
KINDS = "Kinds of help"


def write_template(into: IO[bytes], columns: Sequence[Column], kinds: Sequence[Choice]) -> None:
    """An empty sheet with the headings, and two to read."""
    days: Table[Any] = Table(
        "days", "a day", tuple(Shown(column.heading, column.help, _nothing) for column in columns)
    )
    words: Table[Column] = Table(
        "columns",
        "a column",
        (
            Shown("Column", "", lambda column: column.heading),
            Shown("Must be filled in", "", lambda column: "yes" if column.is_needed else "no"),
            Shown("What to write", "", lambda column: column.help),
            Shown("Example", "", lambda column: _example(column.example)),
        ),
    )
    named: Table[Choice] = Table("kinds", "a kind", (Shown("Kind of help", "", _name),))
    write_workbook(into, [(SHEET, days, ()), (READ_ME, words, columns), (KINDS, named, kinds)])


def _nothing(record: Any) -> None:
    return None


def _example(example: Any) -> str:
    return f"{example:%d/%m/%Y}" if isinstance(example, date) else str(example)


def _name(kind: Choice) -> str:
    return kind.name
