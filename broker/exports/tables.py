"""Tables for export: columns defined once, and the lines of a CSV file made from them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from broker.clock import LONDON

Record = TypeVar("Record")
Cell = str | int | Decimal | date | Sequence[str] | Mapping[str, Decimal] | None
BYTE_ORDER_MARK = "\ufeff"
STARTS_A_FORMULA = frozenset("=+-@＝＋－＠")


@dataclass(frozen=True)
class Column(Generic[Record]):
    """A column's stable name, what it means, and how it is got from a record."""

    name: str
    meaning: str
    value: Callable[[Record], Cell]


@dataclass(frozen=True)
class Table(Generic[Record]):
    """An exported table: what one row is, and its columns."""

    name: str
    row_is: str
    columns: tuple[Column[Record], ...]


def as_days(quarter_days: int) -> Decimal:
    """50 → 12.5, as spreadsheets want it."""
    return Decimal(quarter_days) / 4


def as_text(cell: Cell) -> str:
    """A cell as it stands in the file; text that a spreadsheet would run gets an apostrophe."""
    if isinstance(cell, datetime):
        return cell.astimezone(LONDON).isoformat(timespec="seconds")
    if isinstance(cell, Mapping):
        cell = [f"{name}: {value}" for name, value in cell.items()]
    if isinstance(cell, Sequence) and not isinstance(cell, str):
        cell = "; ".join(cell)
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    is_risky = cell[:1] in STARTS_A_FORMULA or cell[:1] < " "
    return f"'{cell}" if cell and is_risky else cell


def csv_lines(table: Table[Any], records: Iterable[Any]) -> Iterator[str]:
    """The file line by line: a byte order mark, the names of the columns, then the records."""
    yield BYTE_ORDER_MARK + _line([column.name for column in table.columns])
    for record in records:
        yield _line([as_text(column.value(record)) for column in table.columns])


def as_value(cell: Cell) -> Any:
    """A cell as JSON has it: numbers, lists and names with numbers stay what they are."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, Mapping):
        return {name: float(value) for name, value in cell.items()}
    if cell is None or isinstance(cell, (str, int)):
        return cell
    return list(cell) if isinstance(cell, Sequence) else as_text(cell)


def json_lines(table: Table[Any], records: Iterable[Any]) -> Iterator[str]:
    """The records as a JSON list of objects, one a line, named by the columns."""
    before = "[\n"
    for record in records:
        named = {column.name: as_value(column.value(record)) for column in table.columns}
        yield before + json.dumps(named, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
