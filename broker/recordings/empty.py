"""The empty sheet to fill in, with one line as an example."""

from __future__ import annotations

from collections.abc import Mapping

from broker.exports.tables import Column, Table
from broker.recordings.sheet import COLUMNS

MEANINGS = {
    "Agreement": "What the help is about; lines with the same words belong together",
    "Our part": "gives or receives",
    "Our authority": "May be left empty by those who act for one authority",
    "When": "A date for days given, or a quarter like 2026-27 Q4 for days to come",
    "How": "on site or remote, for days given",
}
EXAMPLE = dict(
    zip(
        COLUMNS,
        ("Steadier decisions", "gives", "", "Wirral", "Own days",
         "Contact, referral and thresholds", "Children are seen sooner", "2026-09-01",
         "2026-10-12", "1.5", "Looked at decisions together", "on site"),
        strict=True,
    )
)  # fmt: skip


def _column(name: str) -> Column[Mapping[str, str]]:
    return Column(name, MEANINGS.get(name, name), lambda line: line[name])


EMPTY_SHEET: Table[Mapping[str, str]] = Table(
    "agreed-elsewhere", "days given on a date, or days of a quarter to come",
    tuple(_column(name) for name in COLUMNS),
)  # fmt: skip
