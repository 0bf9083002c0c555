"""What an address asks the prospectus for. An address cannot be wrong: what it says that is not
known finds nothing, what cannot be read is left out and said so in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from broker.clock import Quarter, this_quarter
from broker.days import format_number, parse_days
from broker.models.offer import Situation
from broker.prospectus.words import Words, asked_for, plain

HELPS = ("helps_situation", "helps_region", "helps_type")
FILTERS = ("theme", "type", "mode", "level", "delivery", "region", "programme", *HELPS)
ORDERS = {
    "relevance": "Best fit with the words",
    "free": "Free days soonest",
    "distance": "Nearest first",
    "improved": "Recently improved in the theme",
}
CODE_LENGTH, CODES_MOST, COMPARED_MOST = 60, 40, 4
KM_MOST = 2000


@dataclass(frozen=True)
class Asked:
    """What somebody looks for. `chosen`: filter → codes, any of which is enough. The address's
    one name `helps` is three filters: where authorities stand, their regions and their types.

    `quarter`: free days in it; `any_quarter`: in any coming one. `days`: quarter-days of one
    partnership. `origin`: ONS code from which distances are measured. `unread`: what the address
    says that could not be read, in words.
    """

    text: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    quarter: Quarter | None = None
    any_quarter: bool = False
    days: int | None = None
    origin: str = ""
    within: int | None = None
    sort: str = ""
    compared: tuple[int, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        return asked_for(self.text)

    @property
    def order(self) -> str:
        """The order asked for; without one, what fits the words, else free days soonest."""
        return self.sort or ("relevance" if self.words else "free")

    @property
    def is_anything(self) -> bool:
        """Something was searched or filtered."""
        return bool(
            self.words or self.chosen or self.quarter or self.any_quarter or self.days is not None
        ) or (self.within is not None)

    @property
    def asks_for_days(self) -> bool:
        """Only offers with free days, in one quarter or in any, fit."""
        return self.any_quarter or self.quarter is not None

    def codes(self, name: str) -> tuple[str, ...]:
        return self.chosen.get(name, ())

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What was read, as the names and values of an address, always in the same order."""
        single = {
            "q": self.text,
            "quarter": "any" if self.any_quarter else str(self.quarter or ""),
            "days": "" if self.days is None else format_number(self.days).replace(",", ""),
            "from": self.origin,
            "within": "" if self.within is None else str(self.within),
            "sort": self.sort,
        }
        codes = [(name_of(name), code) for name in FILTERS for code in self.codes(name)]
        compared = [("compare", str(one)) for one in self.compared]
        return [*((n, v) for n, v in single.items() if v), *codes, *compared]

    def query(self, *, without: Iterable[str] = ()) -> str:
        """The address's query, without some of its names."""
        left_out = set(without)
        return urlencode([pair for pair in self.pairs if pair[0] not in left_out])

    def query_without(self, name: str, value: str) -> str:
        return urlencode([pair for pair in self.pairs if pair != (name_of(name), value)])

    def query_with(self, name: str, value: str) -> str:
        return urlencode([*self.pairs, (name, value)])


def name_of(filter_name: str) -> str:
    """The address's name of a filter."""
    return "helps" if filter_name in HELPS else filter_name


def read(args: MultiDict[str, str]) -> Asked:
    """What an address asks for, and what of it could not be read."""
    unread: list[str] = []
    text = plain(args.get("q", ""))
    if text and not asked_for(text):
        unread.append(f"There is no word in ‘{text}’ to look for.")
    quarter, any_quarter = _quarter(args.get("quarter", ""), unread)
    return Asked(
        text=text,
        chosen={name: codes for name in FILTERS if (codes := _codes(args, name))},
        quarter=quarter,
        any_quarter=any_quarter,
        days=_days(args.get("days", ""), unread),
        origin=plain(args.get("from", ""))[:CODE_LENGTH].upper(),
        within=_km(args.get("within", ""), unread),
        sort=_sort(args.get("sort", ""), unread),
        compared=compared_in(args, "compare"),
        unread=tuple(unread),
    )


def _codes(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """The codes chosen, each once, in a settled order. What was typed is kept, known or not."""
    typed = (plain(value)[:CODE_LENGTH] for value in args.getlist(name_of(name)))
    own = {code for code in typed if code and (name not in HELPS or _helps(code) == name)}
    return tuple(sorted(own))[:CODES_MOST]


def _helps(code: str) -> str:
    """Which of the three filters a code of `helps` belongs to."""
    if code in {one.value for one in Situation}:
        return "helps_situation"
    return "helps_region" if re.fullmatch(r"E12\d{6}", code, flags=re.ASCII) else "helps_type"


def compared_in(args: MultiDict[str, str], name: str) -> tuple[int, ...]:
    """Numbers of offers, each once, in the order chosen, at most four."""
    typed = (value.strip() for value in args.getlist(name))
    numbers = (int(t) for t in typed if t.isascii() and t.isdecimal() and len(t) < 10)
    return tuple(dict.fromkeys(numbers))[:COMPARED_MOST]


def _sort(text: str, unread: list[str]) -> str:
    text = plain(text)
    if text and text not in ORDERS:
        unread.append(f"‘{text}’ is not an order, so the usual one is used.")
    return text if text in ORDERS else ""


def _days(text: str, unread: list[str]) -> int | None:
    """Quarter-days of a partnership."""
    if not (text := plain(text)):
        return None
    try:
        days = parse_days(text)
    except ValueError as error:
        unread.append(f"The days ‘{text}’ were left out. {error}")
        return None
    return days or None


def _km(text: str, unread: list[str]) -> int | None:
    if not (text := plain(text)):
        return None
    number = re.fullmatch(r"(\d{1,4})\s*(?:km)?", text, flags=re.ASCII | re.IGNORECASE)
    if number is None or not 0 < int(number[1]) <= KM_MOST:
        unread.append(f"The distance ‘{text}’ was left out. Type kilometres, like 100.")
        return None
    return int(number[1])


def _quarter(text: str, unread: list[str]) -> tuple[Quarter | None, bool]:
    """A quarter by its name (loosely written), its number, or 'this', 'next' and 'any'."""
    if not (text := plain(text)):
        return None, False
    if text.casefold() == "any":
        return None, True
    near = {"this": 0, "next": 1}.get(text.casefold())
    found = this_quarter() + near if near is not None else _named(text)
    if found is None:
        unread.append(f"The quarter ‘{text}’ was left out. Write it like {this_quarter() + 1}.")
    return found, False


def _named(text: str) -> Quarter | None:
    if re.fullmatch(r"\d{4,5}", text, flags=re.ASCII):
        return Quarter(int(text))
    loose = r"(\d{4})\s*[-/–]\s*(?:\d\d)?(\d\d)[\s-]*q?([1-4])"
    if not (parts := re.fullmatch(loose, text, flags=re.ASCII | re.IGNORECASE)):
        return None
    try:
        return Quarter.named(f"{parts[1]}-{parts[2]} Q{parts[3]}")
    except ValueError:
        return None
