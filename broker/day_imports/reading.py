"""A spreadsheet read row by row into entries, with every wrong cell named by row and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from broker import sheets
from broker.day_imports.columns import Column, read_cell
from broker.errors import NotRight
from broker.support_days.entry import Entry

MOST_ROWS = 500
SHEET = "Days"


@dataclass(frozen=True)
class Wrong:
    """A cell that does not hold. `row` is as the spreadsheet numbers it, `column` its letter."""

    row: int
    column: str
    heading: str
    typed: str
    said: str

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Row:
    """A row of the file: its entry, or None when a cell of it is wrong. `letters`: key → column."""

    number: int
    entry: Entry | None
    letters: dict[str, str]
    wrong: tuple[Wrong, ...] = ()


def rows_of(content: bytes, columns: Sequence[Column]) -> list[Row]:
    """Every row with something in it; NotRight where the file cannot be read as such a table."""
    number, heads, lines = _table(content)
    found = _matched(heads, columns)
    if problems := list(_wrong_heads(number, heads, found, columns)):
        return [Row(number, None, {}, tuple(problems))]
    filled = [(n, line) for n, line in enumerate(lines, number + 1) if any(map(str.strip, line))]
    if not filled:
        raise NotRight("There are no days in this file below the headings.", "file")
    if len(filled) > MOST_ROWS:
        raise NotRight(
            f"This file has {len(filled):,} rows of days. Bring in up to {MOST_ROWS} at a time: "
            f"divide it and choose the parts one after the other.",
            "file",
        )
    return [_row(n, line, found, columns) for n, line in filled]


def _table(content: bytes) -> tuple[int, Sequence[str], Sequence[Sequence[str]]]:
    """The row number of the headings, the headings, and the lines under them."""
    found = [sheet for sheet in sheets.read(content) if any(map(any, sheet.rows))]
    named = [sheet for sheet in found if sheet.name.casefold() == SHEET.casefold()]
    chosen = next(iter([*named, *found]), None)
    if chosen is None:
        raise NotRight("There is nothing in this file. Use the template.", "file")
    at = next(index for index, line in enumerate(chosen.rows) if any(line))
    return at + 1, chosen.rows[at], chosen.rows[at + 1 :]


def folded(heading: str) -> str:
    return " ".join(heading.casefold().replace("_", " ").split())


def _matched(heads: Sequence[str], columns: Sequence[Column]) -> dict[int, Column]:
    """The columns that the headings name, by their place in the file."""
    names = {folded(n): column for column in columns for n in (column.heading, *column.also)}
    return {index: names[folded(head)] for index, head in enumerate(heads) if folded(head) in names}


def _wrong_heads(
    row: int, heads: Sequence[str], found: dict[int, Column], columns: Sequence[Column]
) -> Iterator[Wrong]:
    seen: set[str] = set()
    for index, head in enumerate(heads):
        if head and index not in found:
            said = "This heading is not in the template. Take the column out, or name it as there."
            yield Wrong(row, letter(index), head, head, said)
        elif index in found and found[index].key in seen:
            yield Wrong(row, letter(index), head, head, "This column stands here twice.")
        seen |= {found[index].key} if index in found else set()
    for column in columns:
        if column.is_needed and column.key not in seen:
            said = f"The column ‘{column.heading}’ is missing. Use the template’s headings."
            yield Wrong(row, "", column.heading, "", said)


def letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    return (letter(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def _row(
    number: int, line: Sequence[str], found: dict[int, Column], columns: Sequence[Column]
) -> Row:
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for index, column in sorted(found.items()):
        text = line[index].strip() if index < len(line) else ""
        try:
            values[column.key] = read_cell(column, text)
        except ValueError as problem:
            wrong.append(Wrong(number, letter(index), column.heading, text[:200], str(problem)))
    for index in range(len(line)):
        if index not in found and line[index].strip():
            said = "There is no heading over this cell. Take it out, or put a heading over it."
            wrong.append(Wrong(number, letter(index), "", line[index].strip()[:200], said))
    letters = {column.key: letter(index) for index, column in found.items()}
    return Row(number, None if wrong else Entry(**values), letters, tuple(wrong))
