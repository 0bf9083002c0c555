"""What each line of the fact tables says. Fields are named like the columns they are loaded to."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from broker.models.authority import Area, Grade
from seed.tables import Cells

REGION = (re.compile(r"E12[0-9]{6}"), "a region code like E12000003")
AUTHORITY = (re.compile(r"E(06|08|09|10)[0-9]{6}"), "an authority code like E08000035")
DFE_NUMBER = (re.compile(r"[0-9]{3}"), "a DfE number like 383")
MONTH = (re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"), "a month like 2018-04")
YEAR = (re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?"), "a year or month like 2018 or 2018-04")
SLUG = (re.compile(r"[a-z][a-z0-9-]{1,39}"), "a code like care-leavers")

TYPES = (
    "Unitary authority",
    "Metropolitan district",
    "London borough",
    "County council",
    "City of London Corporation",
)
RURAL_BANDS = ("Predominantly urban", "Urban with significant rural", "Predominantly rural")
KINDS = (
    "standard inspection",
    "short inspection",
    "first inspection",
    "re-inspection",
    "focused visit",
)
CLOSENESS = ("extremely close", "very close", "close", "somewhat close", "not close")
LATITUDES = (49.8, 55.9)  # England, Scilly to Berwick
LONGITUDES = (-6.5, 1.9)  # England, Scilly to Lowestoft


@dataclass(frozen=True)
class RegionRow:
    code: str
    name: str


@dataclass(frozen=True)
class AuthorityRow:
    """`region` is its code; `deprivation` is the IDACI score, 0 to 1."""

    code: str
    dfe_number: str
    name: str
    short_name: str
    type: str
    region: str
    london_part: str | None
    delivered_by: str
    delivered_since: str | None
    former_codes: tuple[str, ...]
    since: date | None
    latitude: float
    longitude: float
    population_0_17: int
    deprivation: float
    deprivation_basis: str
    rural_band: str
    rural_percent: float


@dataclass(frozen=True)
class JudgementRow:
    authority: str
    framework: str
    kind: str
    inspected_on: date | None
    published_on: date
    overall: Grade | None
    leaders: Grade | None
    help_and_protection: Grade | None
    children_in_care: Grade | None
    care_leavers: Grade | None
    source: str
    is_official: bool
    has_priority_action: bool = False

    @property
    def grades(self) -> list[Grade]:
        """Those that were given, the overall one first."""
        areas = [getattr(self, area.value) for area in Area]
        return [grade for grade in (self.overall, *areas) if grade is not None]


@dataclass(frozen=True)
class TileRow:
    """A hexagon of the map of England, counted from the north-west."""

    authority: str
    column: int
    row: int


@dataclass(frozen=True)
class NeighbourRow:
    authority: str
    rank: int
    neighbour: str
    closeness: str


@dataclass(frozen=True)
class PartnerRow:
    authority: str
    programme_name: str
    wave: int | None
    started: str | None
    ended: str | None
    grouping: str | None
    specialisms: str | None
    source: str
    confidence: str


@dataclass(frozen=True)
class EarlierRow:
    provider: str
    receiver: str
    started: str
    ended: str | None
    basis: str
    source: str


@dataclass(frozen=True)
class ThemeRow:
    """`parent` is another theme's code; None: a heading."""

    code: str
    parent: str | None
    name: str
    area: Area
    position: int


@dataclass(frozen=True)
class ChoiceRow:
    kind: str
    code: str
    name: str
    position: int


def region(cells: Cells) -> RegionRow:
    return RegionRow(code=cells.shaped("code", *REGION), name=cells.text("name", 60))


def authority(cells: Cells, regions: Collection[str]) -> AuthorityRow:
    return AuthorityRow(
        code=cells.shaped("code", *AUTHORITY),
        dfe_number=cells.shaped("dfe_number", *DFE_NUMBER),
        name=cells.text("name", 80),
        short_name=cells.text("short_name", 60),
        type=cells.option("type", TYPES),
        region=cells.one_of("region", regions, "a region in regions.csv"),
        london_part=cells.option("london_part", ("", "inner", "outer")) or None,
        delivered_by=cells.text("delivered_by", 80),
        delivered_since=_delivered_since(cells),
        former_codes=_former_codes(cells),
        since=cells.day_or_none("since"),
        latitude=cells.number("latitude", *LATITUDES),
        longitude=cells.number("longitude", *LONGITUDES),
        population_0_17=cells.whole("children", 1, 1_000_000),
        deprivation=cells.number("deprivation", 0, 1),
        deprivation_basis=cells.option("deprivation_basis", ("published", "derived")),
        rural_band=cells.option("rural_band", RURAL_BANDS),
        rural_percent=cells.number("rural_percent", 0, 100),
    )


def _delivered_since(cells: Cells) -> str | None:
    if cells["delivered_since"] and cells["delivered_by"] == "authority":
        raise cells.bad("delivered_since", "is for trusts; the authority itself has no start here.")
    return cells.shaped_or_none("delivered_since", *MONTH)


def _former_codes(cells: Cells) -> tuple[str, ...]:
    """Codes of the same body, separated by semicolons."""
    codes = tuple(code.strip() for code in cells["former_codes"].split(";") if code.strip())
    for code in codes:
        if not AUTHORITY[0].fullmatch(code):
            raise cells.bad("former_codes", f"'{code}' is not {AUTHORITY[1]}.")
    return codes


def known_authority(cells: Cells, column: str, known: Collection[str]) -> str:
    cells.shaped(column, *AUTHORITY)
    return cells.one_of(column, known, "an authority that is known")


def judgement(cells: Cells, known: Collection[str]) -> JudgementRow:
    row = JudgementRow(
        authority=known_authority(cells, "code", known),
        framework=cells.option("framework", ("ILACS", "SIF")),
        kind=cells.option("kind", KINDS),
        inspected_on=cells.day_or_none("inspected"),
        published_on=cells.day("published"),
        overall=cells.word_or_none("overall", Grade),
        leaders=cells.word_or_none("leaders", Grade),
        help_and_protection=cells.word_or_none("help_and_protection", Grade),
        children_in_care=cells.word_or_none("children_in_care", Grade),
        care_leavers=cells.word_or_none("care_leavers", Grade),
        source=cells.text("source", 200),
        is_official=cells.option("standing", ("official", "scraped")) == "official",
        has_priority_action=cells.by_column.get("priority_action", "") == "yes",
    )
    if row.inspected_on and row.inspected_on > row.published_on:
        raise cells.bad("inspected", "is after the day of publication.")
    if not row.grades and not row.has_priority_action:
        raise cells.bad("overall", "no grade is given, neither here nor in an area.")
    return row


def tile(cells: Cells, known: Collection[str]) -> TileRow:
    return TileRow(
        authority=known_authority(cells, "code", known),
        column=cells.whole("column", 0, 99),
        row=cells.whole("row", 0, 99),
    )


def neighbour(cells: Cells, known: Collection[str]) -> NeighbourRow:
    row = NeighbourRow(
        authority=known_authority(cells, "code", known),
        rank=cells.whole("rank", 1, 10),
        neighbour=known_authority(cells, "neighbour", known),
        closeness=cells.option("closeness", CLOSENESS),
    )
    if row.authority == row.neighbour:
        raise cells.bad("neighbour", "is the authority itself.")
    return row


def partner(cells: Cells, known: Collection[str]) -> PartnerRow:
    return PartnerRow(
        authority=known_authority(cells, "code", known),
        programme_name=cells.option("programme", ("PiP", "SLIP")),
        wave=cells.whole("wave", 1, 9) if cells["wave"] else None,
        started=cells.shaped_or_none("started", *YEAR),
        ended=_ended(cells),
        grouping=cells.text_or_none("grouping", 80),
        specialisms=cells.text_or_none("specialisms", 400),
        source=cells.text("source", 400),
        confidence=cells.text("confidence", 200),
    )


def earlier(cells: Cells, known: Collection[str]) -> EarlierRow:
    row = EarlierRow(
        provider=known_authority(cells, "provider", known),
        receiver=known_authority(cells, "receiver", known),
        started=cells.shaped("started", *YEAR),
        ended=_ended(cells),
        basis=cells.text("basis", 400),
        source=cells.text("source", 400),
    )
    if row.provider == row.receiver:
        raise cells.bad("receiver", "is the provider itself.")
    return row


def _ended(cells: Cells) -> str | None:
    ended = cells.shaped_or_none("ended", *YEAR)
    if ended and ended[:4] < cells["started"][:4]:
        raise cells.bad("ended", "is before the start.")
    return ended


def theme(cells: Cells, headings: Collection[str], position: int) -> ThemeRow:
    if cells["parent"]:
        cells.one_of("parent", headings, "a heading (a theme without a parent) in themes.csv")
    return ThemeRow(
        code=cells.shaped("code", *SLUG),
        parent=cells["parent"] or None,
        name=cells.text("name", 80),
        area=cells.word("area", Area),
        position=position,
    )


def choice(cells: Cells) -> ChoiceRow:
    return ChoiceRow(
        kind=cells.option("kind", ("support_type", "mode", "style", "level")),
        code=cells.shaped("code", *SLUG),
        name=cells.text("name", 80),
        position=cells.whole("position", 1, 999),
    )
