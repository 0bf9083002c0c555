"""Tables as a workbook (XLSX), written row by row.

Text goes in as text: nothing that somebody typed becomes a formula, with the same apostrophe as in
CSV, so that it stays inert when the sheet is saved as something else. (Library: openpyxl.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from broker.exports.tables import Cell, Table, as_text

LONGEST = 32_767  # characters that a cell of a workbook holds
CUT = " … (cut here: a cell holds no more. The CSV has all of it.)"
NAME_LONGEST = 31  # characters of a sheet's name
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # not XML
WIDEST = 60

Sheet = tuple[str, Table[Any], Iterable[Any]]


def write_workbook(into: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write (name, table, records) as sheets of one workbook, in their order."""
    book = Workbook(write_only=True)
    for name, table, records in sheets:
        sheet = book.create_sheet(name[:NAME_LONGEST])
        sheet.freeze_panes = "A2"
        for number, column in enumerate(table.columns):
            sheet.column_dimensions[_letter(number)].width = _width(column.name)
        sheet.append(_heading(sheet, [column.name for column in table.columns]))
        for record in records:
            sheet.append(list(_cells(sheet, [c.value(record) for c in table.columns])))
    book.save(into)


def _letter(number: int) -> str:
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)


def _width(name: str) -> int:
    return min(WIDEST, max(12, len(name) + 2))


def _heading(sheet: Any, names: Sequence[str]) -> list[Any]:
    cells = [WriteOnlyCell(sheet, value=name) for name in names]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _cells(sheet: Any, values: Sequence[Cell]) -> Iterator[Any]:
    for value in values:
        if value is None or isinstance(value, (int, Decimal)):
            yield value
        elif isinstance(value, date) and not isinstance(value, datetime):
            yield value
        else:
            cell = WriteOnlyCell(sheet, value=_text(value))
            cell.data_type = "s"
            yield cell


def _text(value: Cell) -> str:
    text = UNWRITABLE.sub("\ufffd", as_text(value))
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
