"""Exported files: safe cells, right letters, one definition of the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from broker.exports.columns import TABLES, columns_document
from broker.exports.tables import Column, Table, as_days, as_text, csv_lines

ONE_COLUMN: Table[str] = Table("words", "a word", (Column("word", "A word.", lambda word: word),))


def read_back(lines: Iterable[str]) -> list[list[str]]:
    text = "".join(lines).encode().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "word",
    [
        "=1+1",
        "+44",
        "-2",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "\x00x",
        "＝1+1",
        '=HYPERLINK("http://x")',
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(word: str) -> None:
    assert read_back(csv_lines(ONE_COLUMN, [word]))[1] == [f"'{word}"]


@pytest.mark.parametrize(
    "word",
    ["Bwrdd Gwella Tŷ Ŵyn", "تحسين الخدمات", "a, b", 'says "yes"', "two\nlines", "", "'=1", "1=1"],
)
def test_other_text_comes_back_as_it_was(word: str) -> None:
    assert read_back(csv_lines(ONE_COLUMN, [word])) == [["word"], [word]]


def test_the_file_begins_with_a_byte_order_mark_so_that_excel_reads_welsh_names() -> None:
    assert "".join(csv_lines(ONE_COLUMN, [])).encode().startswith(b"\xef\xbb\xbfword\r\n")


def test_numbers_are_plain_and_days_are_decimals() -> None:
    assert [as_text(as_days(n)) for n in (0, 1, 4, 50, 5000, 4_000_000)] == [
        "0",
        "0.25",
        "1",
        "12.5",
        "1250",
        "1000000",
    ]
    assert as_text(Decimal("-2.5")) == "-2.5"
    assert as_text(None) == ""


def test_moments_are_in_london_time() -> None:
    assert as_text(datetime(2026, 7, 1, 11, 30, tzinfo=UTC)) == "2026-07-01T12:30:00+01:00"


def test_every_column_is_named_once_and_explained() -> None:
    document = columns_document()
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert f"## {table.name}" in document
        for column in table.columns:
            assert f"| {column.name} | {column.meaning} |" in document
            assert column.meaning.endswith(".")


def test_lines_are_made_one_at_a_time() -> None:
    def endless() -> Iterable[str]:
        while True:
            yield "again"

    lines = iter(csv_lines(ONE_COLUMN, endless()))
    assert [next(lines) for _ in range(3)][2] == "again\r\n"
