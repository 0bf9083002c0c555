"""The forms for a spreadsheet of days."""

from __future__ import annotations

from broker.day_imports.reading import MOST_ROWS
from broker.fields import CheckboxField, FileField, Form


class ChooseForm(Form):
    file = FileField(
        "The spreadsheet", hint=f"CSV, XLSX or ODS, up to 2 MB and {MOST_ROWS} rows of days."
    )


class LogForm(Form):
    only_good = CheckboxField("Log the good rows only, and leave out those with a wrong cell")
