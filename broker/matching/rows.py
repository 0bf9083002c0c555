"""Reading JSON rows strictly, with words that name the place of a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from broker.matching.instance import QUARTER_DAYS

MAX_DAYS = 100_000
MAX_COUNT = 1_000_000
MAX_POINTS = 1_000_000_000


class BadInput(ValueError):
    """The data is not in the documented form; the message says where and how."""


class BadInstance(BadInput):
    pass


class BadPlan(BadInput):
    pass


@dataclass(frozen=True)
class Row:
    """One JSON object, its place in words, and the error to raise about it."""

    data: dict[str, object]
    place: str
    error: type[BadInput]

    @classmethod
    def of(cls, data: object, place: str, error: type[BadInput]) -> Row:
        if not isinstance(data, dict):
            raise error(f"{place}: this must be an object, not {kind_of(data)}.")
        return cls(data, place, error)

    def named(self, key: str) -> Row:
        """The same row, its place naming what it says under `key`."""
        return Row(self.data, f'{self.place} ("{self.text(key)}")', self.error)

    def fail(self, key: str, words: str) -> NoReturn:
        raise self.error(f'{self.place}: "{key}" {words}')

    def has(self, key: str) -> bool:
        return key in self.data

    def text(self, key: str) -> str:
        value = self._required(key)
        if not isinstance(value, str) or not value:
            self.fail(key, f"must be text, not {kind_of(value)}.")
        return value

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, f"must be true or false, not {kind_of(value)}.")
        return value

    def whole(self, key: str, default: int | None = None, *, least: int, most: int) -> int:
        value = self._required(key) if default is None else self.data.get(key, default)
        return self._whole(key, value, least=least, most=most)

    def wholes(self, key: str, *, least: int, most: int) -> tuple[int, ...]:
        return tuple(self._whole(key, one, least=least, most=most) for one in self.items(key))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.items(key)
        for value in values:
            if not isinstance(value, str) or not value:
                self.fail(key, f"must hold texts, not {kind_of(value)}.")
        return tuple(str(value) for value in values)

    def days(self, key: str) -> tuple[int, ...]:
        """Quarter-days, from a list of days."""
        return tuple(self._days(key, one) for one in self.items(key))

    def items(self, key: str) -> list[object]:
        value = self._required(key)
        if not isinstance(value, list):
            self.fail(key, f"must be a list, not {kind_of(value)}.")
        return value

    def rows(self, key: str) -> Iterator[Row]:
        for number, one in enumerate(self.items(key), start=1):
            yield Row.of(one, f"{key} {number}", self.error)

    def _required(self, key: str) -> object:
        if key not in self.data:
            self.fail(key, "is missing.")
        return self.data[key]

    def _whole(self, key: str, value: object, *, least: int, most: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(key, f"must be a whole number, not {kind_of(value)}.")
        if not least <= value <= most:
            self.fail(key, f"must be from {least:,} to {most:,}.")
        return value

    def _days(self, key: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(key, f"must hold numbers of days, not {kind_of(value)}.")
        if not 0 <= value <= MAX_DAYS:  # nor is NaN
            self.fail(key, f"must hold days from 0 to {MAX_DAYS:,}.")
        if value * QUARTER_DAYS != int(value * QUARTER_DAYS):
            self.fail(key, f"must hold whole days or quarters of a day (0.25), not {value}.")
        return int(value * QUARTER_DAYS)


def kind_of(value: object) -> str:
    """What a JSON value is, briefly, for an error message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str) and not value:
        return "empty text"
    return f'"{value[:40]}"' if isinstance(value, str) else _number(value)


def _number(value: object) -> str:
    is_long = isinstance(value, int) and abs(value) > 10**15
    return "a very long number" if is_long else str(value)
