"""A date in three parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from broker.fields import typed
from broker.fields.drawn import DrawnField, Words


class DateField(DrawnField):
    """Day, month and year. Data: date, or None when left empty. `years` are those allowed."""

    component = "date-input"
    missing = "Fill in the date of {}"
    example = "For example, 27 3 2027."
    widths: Mapping[str, int] = {"day": 2, "month": 2, "year": 4}

    def __init__(
        self, label: Words = "", *, years: range = range(1990, 2101), **kwargs: Any
    ) -> None:
        self.years = years
        self.wrong_parts: tuple[str, ...] = ()
        super().__init__(label, **{"hint": self.example, **kwargs})

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(None, *args, **kwargs)
        if formdata is None:
            return
        self.data = None
        given = {part: formdata.getlist(f"{self.name}-{part}") for part in typed.PARTS}
        self.shown = {
            part: typed.without_odd(texts[0]) if texts else "" for part, texts in given.items()
        }
        try:
            self.data = self._read(twice=[part for part in given if len(given[part]) > 1])
        except typed.WrongDate as error:
            self.wrong_parts = error.parts
            self.process_errors.append(str(error))

    def _read(self, *, twice: list[str]) -> date | None:
        if twice:
            raise typed.WrongDate(f"{self.named} was sent twice. Type it once.", *twice)
        if not any(text.strip() for text in self.shown.values()):
            if self.is_optional:
                return None
            raise typed.WrongDate(self.says_missing())
        try:
            return typed.read_date(**self.shown, years=self.years)
        except typed.WrongDate as error:
            raise typed.WrongDate(f"{self.named} {error}", *error.parts) from None

    def process_data(self, value: date | None) -> None:
        self.data = value
        parts = (value.day, value.month, value.year) if value else ("", "", "")
        self.shown = dict(zip(typed.PARTS, map(str, parts), strict=True))

    @property
    def error_target(self) -> str:
        return f"{self.id}-{self.wrong_parts[0] if self.wrong_parts else 'day'}"

    def _part(self, name: str) -> dict[str, Any]:
        is_wrong = bool(self.errors) and (not self.wrong_parts or name in self.wrong_parts)
        colour = " govuk-input--error" if is_wrong else ""
        classes = f"govuk-input--width-{self.widths[name]}{colour}"
        return {"name": name, "value": self.shown[name], "classes": classes}

    def params(self) -> dict[str, Any]:
        return {
            **super().params(),
            "namePrefix": self.name,
            "fieldset": {"legend": self.label_params("govuk-fieldset__legend--s")},
            "items": [self._part(name) for name in typed.PARTS],
        }
