"""Published indicators among the facts: read from their three tables, checked, loaded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from broker.models.authority import Authority, Region
from broker.models.indicator import Better, Flag, Indicator, IndicatorValue, Unit
from seed.loading import Row, Tally, ids_by_code, load_table
from seed.rows import SLUG
from seed.tables import Cells

ENGLAND = "E92000001"
YEARS = tuple(range(2016, 2026))
FIGURE = (re.compile(r"[0-9]{1,5}(\.[0-9])?|x"), "a figure like 12.5, or x for one not to be used")


@dataclass(frozen=True)
class IndicatorRow:
    code: str
    topic: str
    name: str
    unit: Unit
    better: Better
    counted: str
    meaning: str
    source: str
    position: int


@dataclass(frozen=True)
class ValueRow:
    """`place` is the code of an authority, a region or England. None: not to be used."""

    indicator: str
    place: str
    year: int
    value: float | None
    flag: str | None


@dataclass(frozen=True)
class _Note:
    """A flag on some places' figures of some indicators in some years; empty: all of them."""

    flag: Flag
    places: frozenset[str]
    indicators: frozenset[str]
    years: range

    def holds(self, indicator: str, place: str, year: int) -> bool:
        return (
            year in self.years
            and (not self.indicators or indicator in self.indicators)
            and (not self.places or place in self.places)
        )


@dataclass(frozen=True)
class IndicatorFacts:
    indicators: tuple[IndicatorRow, ...]
    values: tuple[ValueRow, ...]


def read_indicators(
    tables: Mapping[str, Sequence[Cells]], places: Collection[str]
) -> IndicatorFacts:
    """`tables` are the three tables by name; `places` the codes of authorities and regions."""
    indicators = tuple(_indicator(cells, n) for n, cells in enumerate(tables["indicators"], 1))
    known = {row.code for row in indicators}
    notes = [_note(cells, known, places) for cells in tables["indicator_notes"]]
    values = (
        row
        for cells in tables["indicator_values"]
        for row in _values(cells, known, {*places, ENGLAND}, notes)
    )
    return IndicatorFacts(indicators, tuple(values))


def _indicator(cells: Cells, position: int) -> IndicatorRow:
    return IndicatorRow(
        code=cells.shaped("code", *SLUG),
        topic=cells.text("topic", 40),
        name=cells.text("name", 80),
        unit=cells.word("unit", Unit),
        better=cells.word("better", Better),
        counted=cells.text("counted", 40),
        meaning=cells.text("meaning", 200),
        source=cells.text("source", 200),
        position=position,
    )


def _note(cells: Cells, indicators: Collection[str], places: Collection[str]) -> _Note:
    return _Note(
        flag=cells.word("code", Flag),
        places=_several(cells, "places", places),
        indicators=_several(cells, "indicators", indicators),
        years=range(cells.whole("from", 2016, 2100), cells.whole("to", 2016, 2100) + 1),
    )


def _several(cells: Cells, column: str, known: Collection[str]) -> frozenset[str]:
    """Codes separated by semicolons, each of them known."""
    codes = frozenset(filter(None, cells[column].split(";")))
    for code in sorted(codes - frozenset(known)):
        raise cells.bad(column, f"'{code}' is not in the other tables.")
    return codes


def _values(
    cells: Cells, indicators: Collection[str], places: Collection[str], notes: Sequence[_Note]
) -> Iterator[ValueRow]:
    """One line's figures; a blank year has none."""
    indicator = cells.one_of("indicator", indicators, "an indicator in indicators.csv")
    place = cells.one_of("place", places, "an authority, a region or England")
    for year in YEARS:
        if not cells[str(year)]:
            continue
        figure = cells.shaped(str(year), *FIGURE)
        if figure == "x":
            yield ValueRow(indicator, place, year, None, Flag.NOT_USABLE.value)
        else:
            flags = [note.flag.value for note in notes if note.holds(indicator, place, year)]
            yield ValueRow(indicator, place, year, float(figure), " ".join(flags) or None)


def load_indicators(facts: IndicatorFacts) -> dict[str, Tally]:
    """Write indicators and their figures; figures that the file no longer has are removed."""
    listed = load_table(Indicator, ("code",), [asdict(row) for row in facts.indicators])
    indicators, authorities = ids_by_code(Indicator), ids_by_code(Authority)
    regions = ids_by_code(Region)
    figures: list[Row] = [
        {
            "indicator_id": indicators[row.indicator],
            "authority_id": authorities.get(row.place),
            "region_id": regions.get(row.place),
            "year": row.year,
            "value": row.value,
            "flag": row.flag,
        }
        for row in facts.values
    ]
    key = ("indicator_id", "authority_id", "region_id", "year")
    return {
        "indicator": listed,
        "indicator_value": load_table(IndicatorValue, key, figures, removes=True),
    }
