"""A table as a file to download."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, stream_with_context

from broker.exports.tables import Table, csv_lines, json_lines


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
