"""A table as a file to download."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Response, stream_with_context

from broker.exports.tables import Table, csv_lines, json_lines
from broker.exports.workbook import write_workbook

IN_MEMORY = 1024 * 1024  # bytes of a workbook that are kept in memory; the rest waits in a file
PIECE = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_of(content: str | bytes, *, name: str, content_type: str) -> Response:
    """A small file that is whole already; `name` with its ending."""
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=attached)


def as_csv(table: Table[Any], records: Iterable[Any], *, name: str = "") -> Response:
    """Stream the records as a CSV file; `name` is the file's, without its ending."""
    lines = stream_with_context(csv_lines(table, records))
    file = f"{name or table.name}.csv"
    return Response(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def as_json(table: Table[Any], records: Iterable[Any]) -> Response:
    """Stream the records as a JSON list."""
    lines = stream_with_context(json_lines(table, records))
    return Response(lines, content_type="application/json; charset=utf-8")


def as_workbook(table: Table[Any], records: Iterable[Any], *, name: str = "") -> Response:
    """Write the records, row by row, into a workbook (XLSX) and stream it."""
    file = SpooledTemporaryFile(IN_MEMORY)
    write_workbook(file, [(table.name, table, records)])
    return workbook_response(file, name or table.name)


def workbook_response(file: IO[bytes], name: str) -> Response:
    """Stream a workbook that was written, piece by piece, and close it."""
    return Response(
        _pieces(file),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
