"""A file as it was uploaded, read as tables of text. Nothing in it is evaluated or run.

CSV, XLSX and ODS are read; formulas give the values that were stored beside them. What is too
large, packed too tightly, locked, carries macros or is no table at all is refused in words.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from broker import sheet_reader
from broker.errors import NotRight
from broker.sheet_reader import MOST_COLUMNS, MOST_ROWS

MB = 1024 * 1024
MOST_BYTES = 25 * MB
MOST_UNPACKED = 120 * MB
MOST_PARTS = 2_000
WAIT = 40  # seconds, for a machine that is busy
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
    read = _read_apart(content)
    if "locked" in read:
        raise _refused(LOCKED)
    if "large" in read:
        raise _refused(f"The sheet '{read['large']}' is larger than any table that is read here.")
    if "sheets" not in read:
        raise _refused(BROKEN)
    return [Sheet(name, rows) for name, rows in read["sheets"]]


def _read_apart(content: bytes) -> dict[str, Any]:
    """What `sheet_reader` says of a file, or {} when the file broke it."""
    command = [sys.executable, "-I", sheet_reader.__file__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=WAIT, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return {}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


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
