"""Each row in the project's own columns: checked, compared with what is known, made a step.

The checks on single cells are those that seed/facts must pass too (seed/rows.py).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select

from broker import clock
from broker.db import Base, db
from broker.facts.places import ENGLAND, Places
from broker.facts.steps import Step, differences
from broker.models.authority import Area, Authority, Judgement, Neighbour, Region
from broker.models.fact_import import Kind
from broker.models.indicator import Flag, Indicator, IndicatorValue
from seed import rows
from seed.loading import ids_by_code
from seed.tables import BadRow, Cells

Key = tuple[Any, ...]
FIRST_YEAR = 2010
LASTING = {Flag.JOINT_RETURN.value, Flag.VERY_SMALL.value}


class Reader(ABC):
    """Rows of one kind. `columns` are those that a row may have; the rest is empty."""

    columns: tuple[str, ...]

    def __init__(self, known: Places, source: str) -> None:
        self.known, self.source = known, source
        self.ids = ids_by_code(Authority)
        self.names = {one.code: one.name for one in db.session.scalars(select(Authority))}
        self.seen: dict[Key, int] = {}

    def step(self, number: int, cells: dict[str, str]) -> Step:
        """The step of one row; a row that does not hold is refused with its reason."""
        whole = dict.fromkeys(self.columns, "") | cells
        row = Cells("", number, whole)
        try:
            return self.read(row)
        except BadRow as bad:
            why = f"{bad.column.replace('_', ' ')}: {bad.why}" if bad.column else bad.why
            return Step(number, "refused", self.what(whole), why)

    @abstractmethod
    def read(self, row: Cells) -> Step:
        """The step of a row; BadRow when it does not hold."""

    def what(self, cells: dict[str, str]) -> str:
        """What a row is about, in words."""
        code = cells.get("code") or cells.get("place") or ""
        return self.names.get(code, code)

    def at_the_end(self) -> Iterator[Step]:
        """Steps that only the whole file can tell."""
        return iter(())

    def once(self, row: Cells, key: Key, column: str) -> None:
        if key in self.seen:
            raise row.bad(column, f"says the same thing as row {self.seen[key]}.")
        self.seen[key] = row.line

    def compared(
        self, row: Cells, what: str, model: type[Base], stored: Any, values: dict[str, Any]
    ) -> Step:
        """Added, changed or unchanged, against the stored row (or None)."""
        if stored is None:
            return Step(row.line, "added", what, "", ((model, None, values),))
        before = {name: getattr(stored, name) for name in values}
        if before == values:
            return Step(row.line, "unchanged", what)
        says = differences(before, values)
        return Step(row.line, "changed", what, says, ((model, stored.id, values),))


class Judgements(Reader):
    columns = (
        "code", "published", "inspected", "framework", "kind", "overall", "leaders",
        "help_and_protection", "children_in_care", "care_leavers", "standing", "source",
        "priority_action",
    )  # fmt: skip

    def __init__(self, known: Places, source: str) -> None:
        super().__init__(known, source)
        self.stored: dict[Key, Judgement] = {}
        for one in db.session.scalars(select(Judgement)):
            self.stored[one.authority_id, "inspected", one.inspected_on] = one
        for one in db.session.scalars(select(Judgement)):
            self.stored[one.authority_id, "published", one.published_on] = one

    def read(self, row: Cells) -> Step:
        filled = self._filled(row)
        judgement = rows.judgement(filled, self.known.codes)
        self._not_ahead(filled, judgement)
        self.once(row, (judgement.authority, judgement.published_on), "published")
        values = asdict(judgement)
        values["authority_id"] = self.ids[values.pop("authority")]
        stored = self._stored(values)
        if stored is not None and stored.is_official and not judgement.is_official:
            return self._kept(row, stored, values)
        what = f"{self.names[judgement.authority]}, published {judgement.published_on}"
        step = self.compared(row, what, Judgement, stored, values)
        return replace(step, says=_grades(judgement)) if step.does == "added" else step

    def _filled(self, row: Cells) -> Cells:
        """The row with what some publishers leave out: from the row it corrects, or as usual."""
        own = dict(row.by_column)
        own["source"] = own["source"] or self.source
        own["framework"] = own["framework"] or "ILACS"
        own["kind"] = own["kind"] or self._kind(row)
        return Cells(row.file, row.line, own)

    def _kind(self, row: Cells) -> str:
        stored = None
        if row["published"] and row["code"] in self.ids:
            published = row.day("published")
            stored = self.stored.get((self.ids[row["code"]], "published", published))
        return stored.kind if stored else "standard inspection"

    def _not_ahead(self, row: Cells, judgement: rows.JudgementRow) -> None:
        if judgement.published_on > clock.today():
            raise row.bad("published", f"{judgement.published_on} is in the future.")

    def _stored(self, values: dict[str, Any]) -> Judgement | None:
        place, inspected = values["authority_id"], values["inspected_on"]
        same_day = self.stored.get((place, "published", values["published_on"]))
        if same_day is None and inspected is not None:
            return self.stored.get((place, "inspected", inspected))
        return same_day

    def _kept(self, row: Cells, stored: Judgement, values: dict[str, Any]) -> Step:
        """What was scraped never goes over what is official."""
        grades = ("overall", "leaders", "help_and_protection", "children_in_care", "care_leavers")
        what = f"{stored.authority.name}, published {stored.published_on}"
        if all(getattr(stored, name) == values[name] for name in grades):
            return Step(row.line, "unchanged", what)
        return Step(row.line, "refused", what, "Ofsted's own figures stand; these were scraped.")


def _grades(judgement: rows.JudgementRow) -> str:
    """The grades that are given, in words; or that there is an area for priority action."""
    given = [("overall", judgement.overall)]
    given += [(area.words, getattr(judgement, area.value)) for area in Area]
    said = [f"{name}: {grade.words.lower()}" for name, grade in given if grade is not None]
    if judgement.has_priority_action:
        said.append("an area for priority action")
    return "; ".join(said)


class Neighbours(Reader):
    columns = ("code", "rank", "neighbour", "closeness")

    def __init__(self, known: Places, source: str) -> None:
        super().__init__(known, source)
        stored = db.session.scalars(select(Neighbour))
        self.stored = {(one.authority_id, one.rank): one for one in stored}

    def read(self, row: Cells) -> Step:
        neighbour = rows.neighbour(row, self.known.codes)
        place, other = self.ids[neighbour.authority], self.ids[neighbour.neighbour]
        self.once(row, (place, "rank", neighbour.rank), "rank")
        self.once(row, (place, "neighbour", other), "neighbour")
        values = {
            "authority_id": place,
            "rank": neighbour.rank,
            "neighbour_id": other,
            "closeness": neighbour.closeness,
        }
        what = f"{self.names[neighbour.authority]}, neighbour {neighbour.rank}"
        stored = self.stored.get((place, neighbour.rank))
        step = self.compared(row, what, Neighbour, stored, values)
        says = f"{self.names[neighbour.neighbour]}, {neighbour.closeness}"
        return Step(step.row, step.does, step.what, says if step.writes else "", step.writes)


class Indicators(Reader):
    columns = ("indicator", "place", "year", "value")

    def __init__(self, known: Places, source: str) -> None:
        super().__init__(known, source)
        self.regions, self.indicators = ids_by_code(Region), ids_by_code(Indicator)
        self.stored: dict[Key, IndicatorValue] = {}
        self.flags: dict[Key, str] = {}
        for one in db.session.scalars(select(IndicatorValue).order_by(IndicatorValue.year)):
            place = (one.indicator_id, one.authority_id, one.region_id)
            self.stored[*place, one.year] = one
            self.flags[place] = " ".join(f for f in (one.flag or "").split() if f in LASTING)

    def read(self, row: Cells) -> Step:
        code = row.one_of("indicator", self.indicators, "an indicator that the exchange holds")
        row.one_of("place", {*self.ids, *self.regions, ENGLAND}, "a place that the exchange knows")
        year = row.whole("year", FIRST_YEAR, clock.today().year)
        value = round(row.number("value", 0, 99_999), 1)
        place = (self.indicators[code], self.ids.get(row["place"]), self.regions.get(row["place"]))
        self.once(row, (*place, year), "place")
        names = ("indicator_id", "authority_id", "region_id", "year", "value")
        values: dict[str, Any] = dict(zip(names, (*place, year, value), strict=True))
        what = f"{self.what(row.by_column)}, {code}, {year}"
        stored = self.stored.get((*place, year))
        if stored is None:
            values["flag"] = self.flags.get(place) or None
        return self.compared(row, what, IndicatorValue, stored, values)


class Authorities(Reader):
    columns = (
        "region", "code", "dfe_number", "short_name", "name", "type", "london_part",
        "delivered_by", "delivered_since", "since", "former_codes", "latitude", "longitude",
        "children", "deprivation", "deprivation_basis", "rural_band", "rural_percent",
    )  # fmt: skip

    def __init__(self, known: Places, source: str) -> None:
        super().__init__(known, source)
        self.regions = ids_by_code(Region)
        self.stored = {one.code: one for one in db.session.scalars(select(Authority))}

    def read(self, row: Cells) -> Step:
        is_whole = bool(row["type"])
        values = self._whole(row) if is_whole else self._places_only(row)
        self.once(row, ("code", values["code"]), "code")
        self.once(row, ("number", values["dfe_number"]), "dfe_number")
        stored = self.stored.get(values["code"])
        self._is_free(row, values)
        if stored is None and not is_whole:
            values |= {"short_name": values["name"][:60], "type": _type(values["code"])}
            values |= {"former_codes": [], "delivered_by": "authority"}
        return self.compared(row, values["name"], Authority, stored, values)

    def _whole(self, row: Cells) -> dict[str, Any]:
        values = asdict(rows.authority(row, self.regions))
        values["region_id"] = self.regions[values.pop("region")]
        return values | {"former_codes": list(values["former_codes"])}

    def _places_only(self, row: Cells) -> dict[str, Any]:
        region = row.one_of("region", self.regions, "a region that the exchange knows")
        return {
            "code": row.shaped("code", *rows.AUTHORITY),
            "dfe_number": row.shaped("dfe_number", *rows.DFE_NUMBER),
            "name": row.text("name", 80),
            "region_id": self.regions[region],
        }

    def _is_free(self, row: Cells, values: dict[str, Any]) -> None:
        """No other authority has this number or had this code."""
        for other in self.stored.values():
            if other.code != values["code"] and other.dfe_number == values["dfe_number"]:
                raise row.bad(
                    "dfe_number", f"belongs to {other.name}. Use 'Succeed' for a new code."
                )
            if values["code"] in other.former_codes:
                raise row.bad("code", f"is a former code of {other.name}.")


def _type(code: str) -> str:
    return {
        "E06": "Unitary authority",
        "E08": "Metropolitan district",
        "E09": "London borough",
        "E10": "County council",
    }[code[:3]]


READERS: dict[Kind, type[Reader]] = {
    Kind.JUDGEMENTS: Judgements,
    Kind.NEIGHBOURS: Neighbours,
    Kind.INDICATORS: Indicators,
    Kind.AUTHORITIES: Authorities,
}
