"""A spreadsheet of what was agreed elsewhere: one line for each day given or quarter to come.

Lines with the same agreement, part and other authority make one recording. A line whose 'When' is
a date is days given; one whose 'When' is a quarter (2026-27 Q4) is days to come.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from broker import sheets
from broker.clock import Quarter
from broker.days import parse_days
from broker.errors import NotRight
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.offer import Delivery
from broker.models.programme import Programme, Theme
from broker.recordings.agreed import Agreed, Found, Given

Kind = TypeVar("Kind")
COLUMNS = (
    "Agreement", "Our part", "Our authority", "Other authority", "Programme", "Theme",
    "What it changes for children", "Started on", "When", "Days", "What was done", "How",
)  # fmt: skip
PARTS = {"gives": Side.PROVIDER, "receives": Side.RECEIVER}
HOW = {"": Delivery.ON_SITE, "on site": Delivery.ON_SITE, "remote": Delivery.REMOTE}
MOST_LINES = 2000
DATES = (r"(\d{4})-(\d{2})-(\d{2})", r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class Known:
    """What names in the sheet may mean, by name in small letters."""

    own: Mapping[tuple[str, Side], Authority]
    authorities: Mapping[str, Authority]
    programmes: Mapping[str, Programme]
    themes: Mapping[str, Theme]


@dataclass(frozen=True)
class Line:
    """One line that holds: which agreement, and a day given or days of a quarter to come."""

    key: tuple[str, Side, int, int]
    agreed: Agreed
    side: Side
    given: Given | None
    to_come: tuple[Quarter, int] | None


@dataclass(frozen=True)
class Problem:
    """A line of the sheet (the heading is line 1) that does not hold, and why."""

    line: int
    words: str


def read(content: bytes, known: Known) -> tuple[list[Found], list[Problem]]:
    """The agreements in a sheet, and every line that does not hold. NotRight: it is no sheet."""
    rows = next((sheet.rows for sheet in sheets.read(content) if sheet.rows), [])
    columns = _columns(rows[0] if rows else [])
    numbered = [(n, row) for n, row in enumerate(rows[1:], start=2) if any(row)]
    if len(numbered) > MOST_LINES:
        raise NotRight(f"Keep it to {MOST_LINES:,} lines, in several sheets.", "file")
    lines, problems = [], []
    for number, row in numbered:
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        try:
            lines.append(_line(cells, known))
        except (NotRight, ValueError) as wrong:
            problems.append(
                Problem(number, wrong.words if isinstance(wrong, NotRight) else str(wrong))
            )
    if not numbered:
        raise NotRight("There is no line under the headings.", "file")
    return _together(lines), problems


def _columns(heading: Sequence[str]) -> dict[str, int]:
    named = {cell.strip().casefold(): at for at, cell in enumerate(heading)}
    missing = [name for name in COLUMNS if name.casefold() not in named]
    if missing:
        raise NotRight(
            f"The first line lacks: {', '.join(missing)}. Begin from the empty sheet.", "file"
        )
    return {name: named[name.casefold()] for name in COLUMNS}


def _line(cells: Mapping[str, str], known: Known) -> Line:
    side = _one(PARTS, cells, "Our part")
    own, other = _own(cells, known, side), _one(known.authorities, cells, "Other authority")
    when, days = cells["When"], parse_days(cells["Days"])
    quarter = Quarter.named(when) if " Q" in when else None
    agreed = Agreed(
        provider=own if side is Side.PROVIDER else other,
        receiver=other if side is Side.PROVIDER else own,
        programme=_one(known.programmes, cells, "Programme"),
        theme=_one(known.themes, cells, "Theme"),
        title=cells["Agreement"],
        starts_on=_date(cells["Started on"], "Started on"),
        aims=cells["What it changes for children"],
    )
    if days < 1:
        raise NotRight("Days must be more than 0.")
    given = None
    if quarter is None:
        how = _one(HOW, cells, "How")
        given = Given(_date(when, "When"), days, cells["What was done"], how)
    key = (agreed.title.casefold(), side, agreed.provider.id, agreed.receiver.id)
    return Line(key, agreed, side, given, (quarter, days) if quarter else None)


def _own(cells: Mapping[str, str], known: Known, side: Side) -> Authority:
    """Our authority; who acts for one only may leave it out."""
    mine = [one for (_, part), one in known.own.items() if part is side]
    name = cells["Our authority"].casefold()
    if not name and len(mine) == 1:
        return mine[0]
    if found := known.own.get((name, side)):
        return found
    raise NotRight(f"‘Our authority’: you do not act for '{cells['Our authority']}' in this part.")


def _one(among: Mapping[str, Kind], cells: Mapping[str, str], column: str) -> Kind:
    found = among.get(cells[column].casefold())
    if found is None:
        raise NotRight(f"‘{column}’: there is no '{cells[column]}'.")
    return found


def _date(text: str, column: str) -> date:
    for pattern in DATES:
        if match := re.fullmatch(pattern, text):
            parts = [int(part) for part in match.groups()]
            year, month, day = parts if len(match[1]) == 4 else reversed(parts)
            try:
                return date(year, month, day)
            except ValueError:
                break
    raise NotRight(f"‘{column}’: write a date like 2026-11-02 or 02/11/2026, not '{text}'.")


def _together(lines: Sequence[Line]) -> list[Found]:
    """Lines of one agreement together; what its first line says of it counts."""
    groups: dict[tuple[str, Side, int, int], list[Line]] = {}
    for line in lines:
        groups.setdefault(line.key, []).append(line)
    return [_found(group) for group in groups.values()]


def _found(group: Sequence[Line]) -> Found:
    to_come: dict[Quarter, int] = {}
    for line in group:
        if line.to_come:
            quarter, days = line.to_come
            to_come[quarter] = to_come.get(quarter, 0) + days
    first = group[0].agreed
    agreed = Agreed(
        provider=first.provider,
        receiver=first.receiver,
        programme=first.programme,
        theme=first.theme,
        title=first.title,
        starts_on=first.starts_on,
        aims=first.aims,
        to_come=to_come,
    )
    return Found(agreed, group[0].side, tuple(line.given for line in group if line.given))
