"""What people type, read strictly: a clean value, or a ValueError in words for the person."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

ODD_CHARACTERS = (
    "has characters that cannot be kept. They are taken out below: look it over and press again."
)
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
PARTS = ("day", "month", "year")
LARGEST = 2**31 - 1  # of a column
OVERRIDES = "\u202d\u202e"  # they make text read other than it is written


def clean_line(text: str) -> str:
    """One line of text: composed (NFC), spaces made single, ends cut."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def clean_text(text: str) -> str:
    """Lines of text: composed (NFC), lines ended by \\n, ends cut."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in lines.split("\n")).strip()


def _is_odd(character: str) -> bool:
    is_control = unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t"
    return is_control or character in OVERRIDES


def without_odd(text: str) -> str:
    """The text without control characters, lone surrogates and overrides of direction."""
    return "".join(character for character in text if not _is_odd(character))


def read_whole_number(text: str, *, least: int, most: int) -> int:
    """'1,200' → 1200; ValueError says what is wrong, to follow a field's name."""
    digits = text.replace(",", "").strip()
    if not re.fullmatch(r"-?[0-9]{1,12}", digits):
        raise ValueError("must be a whole number, like 3")
    if not least <= int(digits) <= most:
        raise ValueError(f"must be between {least:,} and {most:,}")
    return int(digits)


def whole(text: str) -> int:
    """A number in an address or a hidden field; ValueError for what no column could hold."""
    if len(text) > 12 or abs(number := int(text)) > LARGEST:
        raise ValueError("larger than any number here")
    return number


def is_email_address(text: str) -> bool:
    return re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", text) is not None


class WrongDate(ValueError):
    """A date that cannot be read; `parts` are those of day, month and year to look at."""

    def __init__(self, words: str, *parts: str) -> None:
        super().__init__(words)
        self.parts = parts or PARTS


def read_date(day: str, month: str, year: str, *, years: range) -> date:
    """'3', '11' or 'Nov', '2026' → the date; WrongDate follows a field's name."""
    typed = dict(zip(PARTS, (day, month, year), strict=True))
    if missing := [part for part, text in typed.items() if not text.strip()]:
        raise WrongDate(f"needs a {' and a '.join(missing)}", *missing)
    numbers = {"day": _number(day), "month": _month(month), "year": _number(year)}
    bounds = {"day": range(1, 32), "month": range(1, 13), "year": years}
    for part, allowed in bounds.items():
        if numbers[part] not in allowed:
            said = f"must have a {part} between {allowed[0]} and {allowed[-1]}"
            raise WrongDate(said, part)
    try:
        return date(numbers["year"], numbers["month"], numbers["day"])
    except ValueError:
        month_name = MONTHS[numbers["month"] - 1].capitalize()
        said = f"is not a date: there is no {numbers['day']} {month_name} {numbers['year']}"
        raise WrongDate(said, "day", "month") from None


def _number(text: str) -> int:
    """The number written in ASCII digits, or -1."""
    return int(text) if re.fullmatch(r"\s*[0-9]{1,4}\s*", text) else -1


def _month(text: str) -> int:
    name = text.strip().casefold()
    starts = [n for n, month in enumerate(MONTHS, 1) if len(name) > 2 and month.startswith(name)]
    return starts[0] if starts else _number(text)
