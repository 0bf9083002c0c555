"""Reads one table of facts and refuses what does not hold, by file, line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TypeVar

from broker.errors import Refused

WordT = TypeVar("WordT", bound=Enum)


class BadRow(Refused):
    """A fact was refused. `line` counts from 1, the header row; `column` may be empty."""

    def __init__(self, file: str, line: int, column: str, why: str) -> None:
        where = f"{file}, line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{where}: {why}")
        self.file, self.line, self.column, self.why = file, line, column, why


@dataclass(frozen=True)
class Cells:
    """One line's cells by column, and readers that refuse what does not hold."""

    file: str
    line: int
    by_column: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.by_column[column]

    def bad(self, column: str, why: str) -> BadRow:
        return BadRow(self.file, self.line, column, why)

    def text(self, column: str, longest: int) -> str:
        if not (text := self[column]):
            raise self.bad(column, "is empty.")
        if len(text) > longest:
            raise self.bad(column, f"has {len(text)} characters, more than {longest}.")
        return text

    def text_or_none(self, column: str, longest: int) -> str | None:
        return self.text(column, longest) if self[column] else None

    def shaped(self, column: str, shape: re.Pattern[str], what: str) -> str:
        """The cell when all of it has this shape; `what` names the shape, with an example."""
        if not shape.fullmatch(self[column]):
            raise self.bad(column, f"'{self[column]}' is not {what}.")
        return self[column]

    def shaped_or_none(self, column: str, shape: re.Pattern[str], what: str) -> str | None:
        return self.shaped(column, shape, what) if self[column] else None

    def one_of(self, column: str, known: Collection[str], what: str) -> str:
        if self[column] not in known:
            raise self.bad(column, f"'{self[column]}' is not {what}.")
        return self[column]

    def option(self, column: str, options: Sequence[str]) -> str:
        return self.one_of(column, options, f"one of: {', '.join(options)}")

    def whole(self, column: str, low: int, high: int) -> int:
        text = self.shaped(column, re.compile(r"[0-9]{1,9}"), "a whole number")
        if not low <= int(text) <= high:
            raise self.bad(column, f"{text} is not between {low} and {high}.")
        return int(text)

    def number(self, column: str, low: float, high: float) -> float:
        text = self.shaped(column, re.compile(r"-?[0-9]+(\.[0-9]+)?"), "a number")
        if not low <= float(text) <= high:
            raise self.bad(column, f"{text} is not between {low} and {high}.")
        return float(text)

    def day(self, column: str) -> date:
        text = self.shaped(column, re.compile(r"\d{4}-\d\d-\d\d"), "a date like 2026-03-31")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.bad(column, f"'{text}' is not a day of the calendar.") from None

    def day_or_none(self, column: str) -> date | None:
        return self.day(column) if self[column] else None

    def word(self, column: str, kind: type[WordT]) -> WordT:
        """The member of an enum whose value stands in the cell."""
        members = {str(member.value): member for member in kind}
        return members[self.option(column, list(members))]

    def word_or_none(self, column: str, kind: type[WordT]) -> WordT | None:
        return self.word(column, kind) if self[column] else None


def read_table(path: Path, columns: Sequence[str], *keys: Sequence[str]) -> list[Cells]:
    """The lines of a UTF-8 table with exactly these columns, in any order.

    No two lines may agree on all columns of a key. A byte order mark, CRLF line ends, blank lines
    and spaces around a cell are tolerated.
    """
    lines = _lines(path)
    header_line, header = next(lines, (1, []))
    _check_header(path.name, header_line, header, columns)
    table = [_cells(path.name, line, header, cells) for line, cells in lines]
    if not table:
        raise BadRow(path.name, header_line, "", "there is no line under the header row.")
    for key in keys:
        _check_unique(table, key)
    return table


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the number of the line on which it starts."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    starts = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield starts, [cell.strip() for cell in cells]
            starts = reader.line_num + 1
    except csv.Error as problem:
        raise BadRow(path.name, starts, "", f"cannot be read as CSV ({problem}).") from problem


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadRow(path.name, 1, "", "there is no such file.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise BadRow(path.name, line, "", "is not UTF-8 text.") from problem


def _check_header(file: str, line: int, header: list[str], columns: Sequence[str]) -> None:
    if not header:
        raise BadRow(file, line, "", "the file is empty.")
    for column in columns:
        if header.count(column) != 1:
            why = "stands twice in the header row." if column in header else "is missing."
            raise BadRow(file, line, column, why)
    for column in header:
        if column not in columns:
            raise BadRow(file, line, column, "is not a column of this table.")


def _cells(file: str, line: int, header: list[str], cells: list[str]) -> Cells:
    if len(cells) < len(header):
        raise BadRow(file, line, header[len(cells)], "the line ends before this column.")
    if len(cells) > len(header):
        why = f"the line has {len(cells)} cells for {len(header)} columns."
        raise BadRow(file, line, header[-1], why)
    return Cells(file, line, dict(zip(header, cells, strict=True)))


def _check_unique(table: Iterable[Cells], key: Sequence[str]) -> None:
    first_seen: dict[tuple[str, ...], int] = {}
    for cells in table:
        found = tuple(cells[column] for column in key)
        if found in first_seen:
            same = f"'{', '.join(found)}' stands already in line {first_seen[found]}."
            raise cells.bad(" + ".join(key), same)
        first_seen[found] = cells.line
