"""A file as it was uploaded, read as tables of text. Nothing in it is evaluated or run.

CSV, XLSX and ODS are read; formulas give the values that were stored beside them. What is too
large, packed too tightly, locked, carries macros or is no table at all is refused in words.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import python_calamine as calamine

from broker.errors import NotRight

MB = 1024 * 1024
MOST_BYTES = 25 * MB
MOST_UNPACKED = 120 * MB
MOST_PARTS = 2_000
MOST_ROWS = 300_000
MOST_COLUMNS = 400
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
MACROS = re.compile(r"vbaProject\.bin|vbaData\.xml|^Basic/|^Scripts/|macrosheets/", re.IGNORECASE)
LOCKED = "This file is locked with a password. Take the password off and choose it again."
BROKEN = "This file is broken and cannot be read. Save or download it again."
NO_TABLE = "This is not a table that can be read. Choose a CSV, XLSX or ODS file."


@dataclass(frozen=True)
class Sheet:
    """One table: its name ('' for CSV) and its rows of text, as wide as they come."""

    name: str
    rows: Sequence[Sequence[str]]


def read(content: bytes) -> list[Sheet]:
    """Every table in a file; NotRight in words when there is none that can be read."""
    if not content:
        raise _refused("This file is empty.")
    if len(content) > MOST_BYTES:
        raise _refused(f"This file is larger than {MOST_BYTES // MB} MB.")
    if content.startswith(OLD_EXCEL):
        raise _refused("This is an old or locked Excel file. Save it as XLSX without a password.")
    if content.startswith(b"PK"):
        return _workbook(content)
    return [Sheet("", _csv(content))]


def _refused(words: str) -> NotRight:
    return NotRight(words, "file")


def _workbook(content: bytes) -> list[Sheet]:
    _look_inside(content)
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        return [_sheet(book, name) for name in book.sheet_names]
    except calamine.PasswordError as problem:
        raise _refused(LOCKED) from problem
    except (calamine.CalamineError, ValueError) as problem:
        raise _refused(BROKEN) from problem


def _look_inside(content: bytes) -> None:
    """What is packed in the file, before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError) as problem:
        raise _refused(BROKEN) from problem
    names = {part.filename for part in parts}
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise _refused(NO_TABLE)
    if any(MACROS.search(name) for name in names):
        raise _refused("This file carries macros. Save it without them and choose it again.")
    if any(part.flag_bits & 1 for part in parts):
        raise _refused(LOCKED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _refused("This file unpacks to more than any table here needs.")


def _sheet(book: Any, name: str) -> Sheet:
    try:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise _refused(f"The sheet '{name}' is larger than any table that is read here.")
        rows = sheet.to_python(skip_empty_area=False)
    except calamine.XmlError as problem:
        raise _refused(BROKEN) from problem
    return Sheet(name, [[text_of(cell) for cell in row] for row in rows])


def text_of(cell: Any) -> str:
    """A cell as text: dates as 2026-03-31, whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _csv(content: bytes) -> list[list[str]]:
    if b"\0" in content[:4096]:
        raise _refused(NO_TABLE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _refused("This file is not UTF-8 text. Save it as 'CSV UTF-8'.") from problem
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as problem:
        raise _refused(BROKEN) from problem
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise _refused("This file is larger than any table that is read here.")
    return [[" ".join(cell.split()) for cell in row] for row in rows]
