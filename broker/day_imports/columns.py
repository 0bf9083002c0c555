"""The columns of a spreadsheet of days: how each cell is read, and what is said when it is wrong.

A reader takes the cell's text and answers with a value, or with ValueError in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from broker.days import parse_days
from broker.fields import typed
from broker.models.offer import Delivery
from broker.models.programme import Choice
from broker.support_days.entry import ACTIVITY_LENGTH, MOST_PEOPLE, NOTE_LENGTH, ROLES_LENGTH

YEARS = range(2015, 2101)
DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\-\s]([0-9]{1,2}|[A-Za-z]{3,9})[/.\-\s]([0-9]{1,4})")
YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
ERRORS_OF_SHEETS = re.compile(r"#(REF|N/A|VALUE|DIV/0|NAME\?|NULL|NUM|SPILL|CALC)!?.*", re.I)
HOW = {
    "on site": Delivery.ON_SITE,
    "onsite": Delivery.ON_SITE,
    "in person": Delivery.ON_SITE,
    "remote": Delivery.REMOTE,
    "remotely": Delivery.REMOTE,
    "online": Delivery.REMOTE,
}
EXTRA = {
    "": False,
    "no": False,
    "in scope": False,
    "yes": True,
    "extra": True,
    "agreed extra": True,
}


@dataclass(frozen=True)
class Column:
    """`heading` as in the template; `also`: what else it may be called; `key`: the entry's."""

    key: str
    heading: str
    read: Callable[[str], Any]
    example: Any
    help: str
    is_needed: bool = False
    also: tuple[str, ...] = ()


def read_date(text: str) -> date:
    """A day as 2026-11-20, 20/11/2026 or 20 November 2026; the day stands before the month."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise ValueError("This is a number, not a date. Write it like 20/11/2026.")
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise ValueError("This is not a date. Write it like 20/11/2026.")
    try:
        return typed.read_date(day=day, month=month, year=year, years=YEARS)
    except typed.WrongDate as wrong:
        raise ValueError(f"This {wrong}. Write the day first, then the month.") from None


def read_days(text: str) -> int:
    quarter_days = parse_days(text)
    if quarter_days < 1:
        raise ValueError("Log at least a quarter of a day.")
    return quarter_days


def read_how(text: str) -> Delivery:
    how = HOW.get(text.casefold().replace("-", " "))
    if how is None:
        raise ValueError("Write ‘on site’ or ‘remote’.")
    return how


def read_people(text: str) -> int:
    try:
        return typed.read_whole_number(text, least=1, most=MOST_PEOPLE) if text else 1
    except ValueError as wrong:
        raise ValueError(f"This {wrong}.") from None


def read_extra(text: str) -> bool:
    is_extra = EXTRA.get(text.casefold())
    if is_extra is None:
        raise ValueError("Write ‘yes’ for agreed extra days, or leave it empty.")
    return is_extra


def text_up_to(length: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > length:
            raise ValueError(f"This has {len(text):,} characters; up to {length:,} are kept.")
        return text

    return read


def one_of(choices: Sequence[Choice]) -> Callable[[str], Choice | None]:
    """A reader of kinds of help, by name or code."""
    known = {name.casefold(): choice for choice in choices for name in (choice.name, choice.code)}

    def read(text: str) -> Choice | None:
        if not text:
            return None
        if text.casefold() not in known:
            names = ", ".join(f"‘{choice.name}’" for choice in choices[:3])
            raise ValueError(f"This is none of the kinds of help, such as {names}.")
        return known[text.casefold()]

    return read


def columns(kinds: Sequence[Choice]) -> tuple[Column, ...]:
    """Every column, in the order of the template; `kinds` are the kinds of help to choose from."""
    roles = text_up_to(ROLES_LENGTH)
    return (
        Column("given_on", "Date", read_date, date(2026, 11, 20),
               "The day on which it was given, such as 20/11/2026.", True, ("given on", "day")),
        Column("quarter_days", "Days", read_days, 0.5,
               "In steps of a quarter: 0.25, 0.5, 1, 1.75.", True),
        Column("activity", "What was done", text_up_to(ACTIVITY_LENGTH), "Joint audit of decisions",
               f"In a few words, up to {ACTIVITY_LENGTH} characters.", True, ("activity",)),
        Column("delivery", "How", read_how, "on site",
               "‘on site’ or ‘remote’.", True, ("delivery",)),
        Column("support_type", "Kind of help", one_of(kinds), kinds[0].name if kinds else "",
               "One of those on the sheet ‘Kinds of help’, or empty.", also=("type",)),
        Column("people_count", "People", read_people, 2,
               "How many people of the receiving authority took part; empty is 1."),
        Column("provider_roles", "Given by", roles, "Practice lead",
               "Roles, never names: ‘Practice lead’.", also=("roles giving",)),
        Column("receiver_roles", "Taken part", roles, "Team manager, social worker",
               "Roles, never names: ‘Team manager’.", also=("roles taking part",)),
        Column("is_extra", "Extra", read_extra, "",
               "‘yes’ for days beyond those approved that both sides agreed; else empty."),
        Column("note", "Note", text_up_to(NOTE_LENGTH), "",
               "Anything to add. Nothing that could identify a child or family."),
    )  # fmt: skip


def read_cell(column: Column, text: str) -> Any:
    """The value of a cell; ValueError in words."""
    if ERRORS_OF_SHEETS.fullmatch(text):
        raise ValueError("The spreadsheet shows an error here. Put the value itself in.")
    if typed.without_odd(text) != text:
        raise ValueError("This has characters that cannot be kept. Type it again.")
    if column.is_needed and not text:
        raise ValueError("This cell is empty. Fill it in.")
    return column.read(typed.clean_line(text))
