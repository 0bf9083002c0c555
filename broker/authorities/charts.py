"""Where things stand in the pictures of an authority: plain numbers for the templates to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from broker.authorities.figures import Figures
from broker.models.authority import Area, Grade, Judgement
from broker.models.intervention import Intervention

LETTERS = {
    Grade.OUTSTANDING: "O",
    Grade.GOOD: "G",
    Grade.REQUIRES_IMPROVEMENT: "R",
    Grade.INADEQUATE: "I",
}
SERIES = ("england", "region", "neighbours", "own")  # drawn in this order, the own line last


@dataclass(frozen=True)
class Line:
    """One series: pieces of a polyline (a gap parts them) and the points on it."""

    key: str
    pieces: tuple[str, ...]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class LineChart:
    """Lines over years in a box of `width` by `height`; ticks are (place, words)."""

    width: int
    height: int
    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


LEFT, RIGHT, TOP, BOTTOM = 52, 14, 14, 34
WIDE, HIGH = 640, 300


def line_chart(rows: Sequence[Figures]) -> LineChart | None:
    """None when no figure is there to draw."""
    values = [value for row in rows for value in row.shown.values() if value is not None]
    if not values:
        return None
    years, steps = [row.year for row in rows], _steps(min(values), max(values))
    places = [_between(year, (years[0], years[-1]), (LEFT, WIDE - RIGHT)) for year in years]
    lines = tuple(_line(key, places, [row.shown[key] for row in rows], steps) for key in SERIES)
    return LineChart(
        width=WIDE,
        height=HIGH,
        lines=lines,
        across=tuple((x, str(year)) for x, year in zip(places, years, strict=True)),
        up=tuple((_height(step, steps), f"{step:g}") for step in steps),
    )


def _between(value: float, scale: tuple[float, float], box: tuple[float, float]) -> float:
    """Where a value of a scale lies in a box; in its middle when the scale is a single point."""
    low, high = scale
    part = (value - low) / (high - low) if high > low else 0.5
    return round(box[0] + part * (box[1] - box[0]), 1)


def _height(value: float, steps: Sequence[float]) -> float:
    return _between(value, (steps[0], steps[-1]), (HIGH - BOTTOM, TOP))


def _line(
    key: str, places: Sequence[float], values: Sequence[float | None], steps: Sequence[float]
) -> Line:
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, value in zip(places, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((x, _height(value, steps)))
    return Line(
        key=key,
        pieces=tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1),
        points=tuple(point for piece in pieces for point in piece),
    )


def _steps(low: float, high: float) -> list[float]:
    """Four to seven round numbers that hold both."""
    rough = max(high - low, 1) / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 6) for number in range(first, max(last, first + 1) + 1)]


@dataclass(frozen=True)
class Mark:
    """One grade in the timeline: where it stands, its letter, and what it says in words."""

    x: float
    y: float
    letter: str
    words: str


@dataclass(frozen=True)
class Bar:
    """A stretch of time: an intervention, or the 12 months after one."""

    x: float
    y: float
    width: float
    kind: str
    words: str


@dataclass(frozen=True)
class Timeline:
    """Judgements by date, a lane for each area; interventions under them."""

    height: int
    lanes: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]


LANE, LANES_LEFT, FIRST_YEAR = 36, 172, 2013


def timeline(
    judgements: Sequence[Judgement], interventions: Sequence[Intervention], today: date
) -> Timeline:
    names = ["Overall", *(area.words.capitalize() for area in Area)]
    names += [one.kind.words for one in interventions]
    lanes = tuple((24.0 + LANE * number, name) for number, name in enumerate(names))
    years = range(FIRST_YEAR, today.year + 2)
    return Timeline(
        height=LANE * len(names) + 44,
        lanes=lanes,
        years=tuple((_at(date(year, 1, 1), today), str(year)) for year in years),
        marks=tuple(mark for one in judgements for mark in _marks(one, lanes, today)),
        bars=tuple(
            bar
            for one, (y, _) in zip(interventions, lanes[len(Area) + 1 :], strict=True)
            for bar in _bars(one, y, today)
        ),
    )


def _at(day: date, today: date) -> float:
    start, end = date(FIRST_YEAR, 1, 1), date(today.year + 1, 1, 1)
    within = min(max(day, start), end)
    scale = (start.toordinal(), end.toordinal())
    return _between(within.toordinal(), scale, (LANES_LEFT, WIDE - RIGHT))


def _marks(one: Judgement, lanes: Sequence[tuple[float, str]], today: date) -> list[Mark]:
    day = one.inspected_on or one.published_on
    grades = [one.overall, *(one.grade_for(area) for area in Area)]
    return [
        Mark(_at(day, today), y, LETTERS[grade], f"{name}: {grade.words}, {one.framework}, {day}")
        for grade, (y, name) in zip(grades, lanes, strict=False)
        if grade is not None
    ]


def _bars(one: Intervention, y: float, today: date) -> list[Bar]:
    starts, ends = _at(one.started_on, today), _at(one.ended_on or today, today)
    bars = [Bar(starts, y, round(max(ends - starts, 4), 1), "running", one.kind.words)]
    if one.after_until is not None:
        after = round(max(_at(one.after_until, today) - ends, 4), 1)
        bars.append(Bar(ends, y, after, "after", "The 12 months after it ended"))
    return bars
