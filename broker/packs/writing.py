"""A return pack as a file: a workbook, CSV files in a zip, or JSON, all from the same sheets."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from typing import IO

from broker.exports.tables import as_value, csv_lines
from broker.exports.workbook import write_workbook
from broker.packs.content import Pack
from broker.packs.sheets import sheets_of

EPOCH = (1980, 1, 1, 0, 0, 0)  # no clock in the file: the same pack makes the same bytes


def name_of(pack: Pack) -> str:
    """The file's name without its ending."""
    quarter = str(pack.quarter).replace(" ", "-")
    return f"{pack.programme.code}-{quarter}-{'frozen' if pack.freeze else 'now'}"


def write_pack(pack: Pack, ending: str, into: IO[bytes]) -> None:
    """Write the pack in the format of a file's ending; KeyError when it is none of FORMATS."""
    FORMATS[ending](pack, into)


def _xlsx(pack: Pack, file: IO[bytes]) -> None:
    write_workbook(file, sheets_of(pack))


def _zip(pack: Pack, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for _, table, records in sheets_of(pack):
            entry = zipfile.ZipInfo(f"{table.name}.csv", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as opened:
                for line in csv_lines(table, records):
                    opened.write(line.encode("utf-8", "replace"))


def _json(pack: Pack, file: IO[bytes]) -> None:
    whole = {
        "programme": pack.programme.code,
        "quarter": str(pack.quarter),
        "freeze": pack.freeze.id if pack.freeze else None,
        "basis": pack.basis,
        "sheets": {
            table.name: [
                {column.name: as_value(column.value(record)) for column in table.columns}
                for record in records
            ]
            for _, table, records in sheets_of(pack)
        },
    }
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    file.write(text.encode("utf-8", "replace"))


FORMATS: dict[str, Callable[[Pack, IO[bytes]], None]] = {
    "xlsx": _xlsx,
    "zip": _zip,
    "json": _json,
}
