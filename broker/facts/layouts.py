"""The column layouts that publishers use, each brought to the project's own (seed/facts).

A layout is known by the columns that must stand in one row of the top of a sheet; others are left
alone. What a cell means is checked later, the same for every layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from broker.errors import NotRight
from broker.facts.places import Places
from broker.models.fact_import import Kind
from broker.sheets import Sheet

Cells = dict[str, str]
HEADER_WITHIN = 25
GRADES = {
    "requires improvement to be good": "requires_improvement",
    "requires improvement": "requires_improvement",
    "not judged": "",
    "not applicable": "",
    "not_reported_post_reform": "",
    "n/a": "",
    "null": "",
    "-": "",
}
NEIGHBOURS = range(1, 11)
NOTHING_PUBLISHED = frozenset(("", "-", "..", "c", "x", "z", "u", ":", "low", "na", "n/a", "nan"))
OFSTED_AREAS = {
    "overall": "overall effectiveness",
    "leaders": "the impact of leaders on social work practice with children and families",
    "help_and_protection": "the experiences and progress of children who need help and protection",
    "children_in_care": "the experiences and progress of children in care",
    "care_leavers": "the experiences and progress of care leavers",
}
SCRAPED_AREAS = {
    "overall": "overall_effectiveness_grade",
    "leaders": "impact_of_leaders_grade",
    "help_and_protection": "help_and_protection_grade",
    "children_in_care": "in_care_grade",
    "care_leavers": "care_leavers_grade",
}
# The short names in the Local Authority Interactive Tool, and the project's codes.
LAIT_MEASURES = {
    "rereferral": "re-referrals",
    "cp_conf_15days": "conferences-in-15-days",
    "prevregcpr": "second-protection-plans",
    "revcp": "protection-plans-reviewed",
    "deregcpr": "protection-plans-ended",
    "cpp_abuse_rate": "protection-plans-started",
    "cpp_rate": "protection-plans",
    "cpplans2yrs": "long-protection-plans",
    "lac": "looked-after",
    "lac_start_rate": "began-to-be-looked-after",
    "cin": "children-in-need",
    "cpp_total_rateper10,000": "referrals",
    "section_47": "section-47-enquiries",
    "continue_assess_comp": "assessments-in-45-days",
    "work_force_to_rate": "turnover",
    "work_force_vac_rate": "vacancies",
    "work_force_agecy_rate": "agency",
    "work_force_avgnumcase_sw": "caseload",
    "work_force_swabsence": "absence",
}


@dataclass(frozen=True)
class Layout:
    """`columns` must stand in the header row; `read` gives the project's own lines for one line."""

    kind: Kind
    name: str
    columns: tuple[str, ...]
    read: Callable[[Cells, Places], Iterator[Cells]]


@dataclass(frozen=True)
class Found:
    """A table in a known layout: the numbers of its lines in the file, and their cells."""

    layout: Layout
    lines: list[tuple[int, Cells]]


def find(kind: Kind, sheets: Sequence[Sheet]) -> Found:
    """The first table in a layout of this kind; NotRight says which columns were looked for."""
    for layout in LAYOUTS[kind]:
        for sheet in sheets:
            for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
                header = _header(row)
                if set(layout.columns) <= set(header):
                    return Found(layout, list(_lines(sheet, number, header)))
    known = "; ".join(f"{one.name} ({', '.join(one.columns)})" for one in LAYOUTS[kind])
    raise NotRight(f"No sheet of this file has the columns of a known layout: {known}.", "file")


def _header(row: Sequence[str]) -> list[str]:
    """Column names in small letters; 'SNP' takes the number of the 'SN…' before it."""
    names, number = [], ""
    for cell in row:
        name = cell.casefold()
        if neighbour := re.fullmatch(r"sn(\d+)", name):
            number = neighbour[1]
        elif re.fullmatch(r"snp\W*\d*", name):
            name = f"snp{number}"
        names.append(name)
    return names


def _lines(sheet: Sheet, header_at: int, header: list[str]) -> Iterator[tuple[int, Cells]]:
    for number, row in enumerate(sheet.rows[header_at + 1 :], header_at + 2):
        if any(row):
            wide = [*row, *[""] * (len(header) - len(row))]
            yield number, {name: cell for name, cell in zip(header, wide, strict=False) if name}


def iso(text: str) -> str:
    """A date as 2026-03-31, from 31/03/2026 too; anything else as it stands."""
    text = text.removesuffix(" 00:00:00")
    if british := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        day, month, year = map(int, british.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return text
    return text


def grade(text: str) -> str:
    return GRADES.get(text.casefold(), text.casefold())


def _own(cells: Cells, places: Places) -> Iterator[Cells]:
    yield dict(cells)


def _ofsted(cells: Cells, places: Places) -> Iterator[Cells]:
    if cells["inspection date"].casefold() == "not yet inspected":
        return
    yield {
        "code": places.authority(cells["local authority name"]),
        "published": iso(cells["publication date"]),
        "inspected": iso(cells["inspection date"]),
        "standing": "official",
        **{area: grade(cells[column]) for area, column in OFSTED_AREAS.items()},
    }


def _scraped(cells: Cells, places: Places) -> Iterator[Cells]:
    kind = cells["inspection_framework"].casefold()
    yield {
        "code": places.authority(cells["la_code_new"]),
        "published": iso(cells["publication_date"]),
        "inspected": iso(cells["inspection_start_date"]),
        "standing": "scraped",
        "kind": f"{kind} inspection" if kind in ("short", "standard") else "",
        **{area: grade(cells[column]) for area, column in SCRAPED_AREAS.items()},
    }


def _lait_neighbours(cells: Cells, places: Places) -> Iterator[Cells]:
    if not cells["la num"]:
        return
    for rank in NEIGHBOURS:
        if cells.get(f"sn{rank}"):
            yield {
                "code": places.authority(cells["la num"]),
                "rank": str(rank),
                "neighbour": places.authority(cells[f"sn{rank}"]),
                "closeness": cells.get(f"snp{rank}", "").casefold(),
            }


def _own_indicators(cells: Cells, places: Places) -> Iterator[Cells]:
    for column, value in cells.items():
        if re.fullmatch(r"\d{4}", column) and value:
            place = places.place(cells["place"])
            yield {"indicator": cells["indicator"], "place": place, "year": column, "value": value}


def _lait_indicators(cells: Cells, places: Places) -> Iterator[Cells]:
    measure = LAIT_MEASURES.get(cells["measure_short"].casefold().strip())
    if measure and cells["values"].casefold() not in NOTHING_PUBLISHED:
        place = places.place(cells["la number"])
        if place == cells["la number"]:
            place = places.place(cells["la and regions"])
        year = year_that_ends(cells["years"])
        yield {"indicator": measure, "place": place, "year": year, "value": cells["values"]}


def _ees_indicators(cells: Cells, places: Places) -> Iterator[Cells]:
    """One column per measure, named by the project's code for it."""
    place = cells["new_la_code"] or cells.get("region_code", "") or cells["geographic_level"]
    taken = {"time_period", "time_identifier", "geographic_level"}
    for column, value in cells.items():
        if column not in taken and not column.endswith(("_code", "_name")):
            if value.casefold() not in NOTHING_PUBLISHED:
                yield {
                    "indicator": column.replace("_", "-"),
                    "place": places.place(place),
                    "year": year_that_ends(cells["time_period"]),
                    "value": value,
                }


def year_that_ends(text: str) -> str:
    """The year in which a period ends: 2024 for '2023-24', '202324' and '2024'."""
    if period := re.fullmatch(r"(\d{4})\W?(\d{2})", text):
        return str(int(period[1]) + 1) if int(period[2]) == (int(period[1]) + 1) % 100 else text
    return text


def _ees_authorities(cells: Cells, places: Places) -> Iterator[Cells]:
    """The geography columns that every file of Explore Education Statistics has."""
    if cells["new_la_code"]:
        yield {
            "code": cells["new_la_code"],
            "dfe_number": cells["old_la_code"],
            "name": cells["la_name"],
            "region": cells["region_code"],
        }


OWN = "the project's own"
LAYOUTS: dict[Kind, tuple[Layout, ...]] = {
    Kind.JUDGEMENTS: (
        Layout(
            Kind.JUDGEMENTS,
            "Ofsted, local authority inspection outcomes",
            (
                "local authority name",
                "inspection date",
                "publication date",
                *OFSTED_AREAS.values(),
            ),
            _ofsted,
        ),
        Layout(
            Kind.JUDGEMENTS,
            "Data to Insight, ILACS overview",
            (
                "la_code_new",
                "inspection_framework",
                "inspection_start_date",
                "publication_date",
                *SCRAPED_AREAS.values(),
            ),
            _scraped,
        ),
        Layout(
            Kind.JUDGEMENTS,
            OWN,
            ("code", "published", "inspected", "framework", "kind", *OFSTED_AREAS, "standing"),
            _own,
        ),
    ),
    Kind.NEIGHBOURS: (
        Layout(
            Kind.NEIGHBOURS,
            "Department for Education, statistical neighbours",
            ("la num", "sn1", "snp1", "sn10", "snp10"),
            _lait_neighbours,
        ),
        Layout(Kind.NEIGHBOURS, OWN, ("code", "rank", "neighbour", "closeness"), _own),
    ),
    Kind.INDICATORS: (
        Layout(
            Kind.INDICATORS,
            "Local Authority Interactive Tool, long",
            ("la number", "la and regions", "measure_short", "years", "values"),
            _lait_indicators,
        ),
        Layout(
            Kind.INDICATORS,
            "Explore Education Statistics, long",
            ("time_period", "geographic_level", "new_la_code"),
            _ees_indicators,
        ),
        Layout(Kind.INDICATORS, OWN, ("indicator", "place"), _own_indicators),
    ),
    Kind.AUTHORITIES: (
        Layout(
            Kind.AUTHORITIES,
            OWN,
            ("region", "code", "dfe_number", "short_name", "name", "type", "delivered_by"),
            _own,
        ),
        Layout(
            Kind.AUTHORITIES,
            "Explore Education Statistics, places",
            ("region_code", "new_la_code", "old_la_code", "la_name"),
            _ees_authorities,
        ),
    ),
}
