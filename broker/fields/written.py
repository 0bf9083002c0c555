"""Fields to type in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broker.days import format_number, parse_days
from broker.fields import typed
from broker.fields.drawn import DrawnField, Words


class TextField(DrawnField):
    """One line. Data: str, '' when left empty."""

    direction = "auto"
    classes = ""
    more: Mapping[str, Any] = {}

    def __init__(
        self, label: Words = "", *, max_length: int = 200, autocomplete: str = "", **kwargs: Any
    ) -> None:
        self.max_length = max_length
        self.autocomplete = autocomplete
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        harmless = typed.without_odd(text)
        self.data = self.shown = self.clean(harmless)
        if text != harmless:
            raise self.wrong(typed.ODD_CHARACTERS)
        if self.data:
            self.data = self.read(self.data)
        else:
            self.data = self.empty()

    def clean(self, text: str) -> str:
        return typed.clean_line(text)

    def empty(self) -> Any:
        """The data of a field left empty."""
        if not self.is_optional:
            raise ValueError(self.says_missing())
        return ""

    def read(self, text: str) -> Any:
        """The data for what was typed; ValueError in words."""
        if len(text) > self.max_length:
            most = f"must be {self.max_length:,} characters or fewer; it has {len(text):,}"
            raise self.wrong(most)
        return text

    def params(self) -> dict[str, Any]:
        own = {"value": self.shown, "classes": self.classes, "attributes": {"dir": self.direction}}
        if self.autocomplete:
            own["autocomplete"] = self.autocomplete
        return {**super().params(), **own, **self.more}


class LongTextField(TextField):
    """Several lines, with a count of what is left. Data: str."""

    component = "character-count"

    def __init__(
        self, label: Words = "", *, max_length: int = 4000, rows: int = 5, **kwargs: Any
    ) -> None:
        self.rows = rows
        super().__init__(label, max_length=max_length, **kwargs)

    def clean(self, text: str) -> str:
        return typed.clean_text(text)

    def params(self) -> dict[str, Any]:
        return {**super().params(), "maxlength": self.max_length, "rows": self.rows}


class EmailField(TextField):
    direction = "ltr"
    more = {"type": "email", "spellcheck": False, "autocapitalize": "none"}

    def __init__(self, label: Words = "", **kwargs: Any) -> None:
        super().__init__(label, **{"max_length": 254, "autocomplete": "email", **kwargs})

    def read(self, text: str) -> str:
        if not typed.is_email_address(text):
            raise self.wrong("must be an e-mail address, like name@example.org")
        return str(super().read(text))


class PasswordField(DrawnField):
    """Data: str, exactly as typed. Never shown again."""

    component = "password-input"

    def __init__(
        self, label: Words = "", *, autocomplete: str = "current-password", **kwargs: Any
    ) -> None:
        self.autocomplete = autocomplete
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0][:1000] if valuelist else ""
        if not self.data and not self.is_optional:
            raise ValueError(self.says_missing())

    def params(self) -> dict[str, Any]:
        return {**super().params(), "autocomplete": self.autocomplete}


class DaysField(TextField):
    """Days in quarter steps. Data: int quarter-days, or None when left empty."""

    direction = "ltr"
    classes = "govuk-input--width-5"
    more = {"suffix": {"text": "days"}, "inputmode": "decimal", "spellcheck": False}

    def process_data(self, value: int | None) -> None:
        self.data = value
        self.shown = "" if value is None else format_number(value)

    def empty(self) -> None:
        super().empty()

    def read(self, text: str) -> int:
        try:
            return parse_days(text)
        except ValueError as error:
            raise ValueError(f"{self.named}: {error}") from None


class NumberField(TextField):
    """A whole number between `least` and `most`. Data: int, or None when left empty."""

    direction = "ltr"
    classes = "govuk-input--width-5"
    more = {"inputmode": "numeric", "spellcheck": False}

    def __init__(
        self, label: Words = "", *, least: int = 0, most: int = 1_000_000, **kwargs: Any
    ) -> None:
        self.least, self.most = least, most
        super().__init__(label, **kwargs)

    def empty(self) -> None:
        super().empty()

    def read(self, text: str) -> int:
        try:
            return typed.read_whole_number(text, least=self.least, most=self.most)
        except ValueError as error:
            raise self.wrong(str(error)) from None
