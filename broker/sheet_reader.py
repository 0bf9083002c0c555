"""Reads one XLSX or ODS file from standard input and writes its tables to standard output as JSON.

It runs as a process of its own, with little memory and time: a cell said to stand in the last
corner, or a row said to repeat a million times, makes a reader fill in all between, and breaks it.
Here that ends this process and harms nobody else. Only `broker/sheets.py` starts it.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

import python_calamine as calamine

MOST_ROWS = 300_000
MOST_COLUMNS = 400
MEMORY = 1 << 30  # bytes
SECONDS = 20  # of the processor


def tables_of(content: bytes) -> dict[str, Any]:
    """{'sheets': [[name, rows of text], …]}, or {'locked' | 'broken' | 'large': a name}."""
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        sheets = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                return {"large": name}
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append([name, [[text_of(cell) for cell in row] for row in rows]])
    except calamine.PasswordError:
        return {"locked": ""}
    except (calamine.CalamineError, ValueError):
        return {"broken": ""}
    return {"sheets": sheets}


def text_of(cell: Any) -> str:
    """A cell as text: dates as 2026-03-31, whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    json.dump(tables_of(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
