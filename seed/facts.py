"""The published facts that the exchange starts with: read, checked, loaded.

Where each table comes from is told in SOURCES.md beside this file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from broker.db import Base, db
from broker.models.authority import (
    Authority,
    EarlierPartnership,
    Judgement,
    Neighbour,
    PublishedPartner,
    Region,
    Tile,
)
from broker.models.programme import Choice, Theme
from seed import rows
from seed.indicators import YEARS, IndicatorFacts, load_indicators, read_indicators
from seed.loading import LoadReport, Row, Tally, ids_by_code, load_table
from seed.tables import BadRow, Cells, read_table

__all__ = ["FOLDER", "BadRow", "Facts", "LoadReport", "load_facts", "read_facts"]

FOLDER = Path(__file__).parent / "facts"

# Each table's columns, then the sets of columns on which no two lines may agree.
SHAPES: dict[str, tuple[str, ...]] = {
    "regions": ("code name", "code", "name"),
    "authorities": (
        "region code dfe_number short_name name type london_part delivered_by delivered_since "
        "since former_codes latitude longitude children deprivation deprivation_basis "
        "rural_band rural_percent",
        "code",
        "dfe_number",
        "name",
        "short_name",
    ),
    "judgements": (
        "code published inspected framework kind overall leaders help_and_protection "
        "children_in_care care_leavers standing source",
        "code published",
    ),
    "tiles": ("code column row", "code", "column row"),
    "neighbours": ("code rank neighbour closeness", "code rank", "code neighbour"),
    "partners": (
        "programme wave code started ended grouping specialisms confidence source",
        "code programme",
    ),
    "earlier_partnerships": (
        "provider receiver started ended basis source",
        "provider receiver",
    ),
    "themes": ("parent code name area", "code"),
    "choices": ("kind position code name", "kind code", "kind position"),
    "indicators": ("topic code name unit better counted meaning source", "code", "name"),
    "indicator_values": (
        " ".join(("indicator place", *map(str, YEARS))),
        "indicator place",
    ),
    "indicator_notes": ("code places indicators from to",),
}


@dataclass(frozen=True)
class Facts:
    """All tables of facts, each in the order of its file."""

    regions: tuple[rows.RegionRow, ...]
    authorities: tuple[rows.AuthorityRow, ...]
    judgements: tuple[rows.JudgementRow, ...]
    tiles: tuple[rows.TileRow, ...]
    neighbours: tuple[rows.NeighbourRow, ...]
    partners: tuple[rows.PartnerRow, ...]
    earlier_partnerships: tuple[rows.EarlierRow, ...]
    themes: tuple[rows.ThemeRow, ...]
    choices: tuple[rows.ChoiceRow, ...]
    indicators: IndicatorFacts


def read_facts(folder: Path = FOLDER) -> Facts:
    """Read all tables; BadRow names the first file, line and column that does not hold."""
    tables = {name: _read(folder, name) for name in SHAPES}
    regions = tuple(rows.region(cells) for cells in tables["regions"])
    region_codes = {region.code for region in regions}
    authorities = tuple(rows.authority(cells, region_codes) for cells in tables["authorities"])
    known = {authority.code for authority in authorities}
    return Facts(
        regions=regions,
        authorities=authorities,
        judgements=tuple(rows.judgement(cells, known) for cells in tables["judgements"]),
        tiles=tuple(rows.tile(cells, known) for cells in tables["tiles"]),
        neighbours=tuple(rows.neighbour(cells, known) for cells in tables["neighbours"]),
        partners=tuple(rows.partner(cells, known) for cells in tables["partners"]),
        earlier_partnerships=tuple(
            rows.earlier(cells, known) for cells in tables["earlier_partnerships"]
        ),
        themes=_themes(tables["themes"]),
        choices=tuple(rows.choice(cells) for cells in tables["choices"]),
        indicators=read_indicators(tables, known | region_codes),
    )


def _read(folder: Path, name: str) -> list[Cells]:
    columns, *keys = SHAPES[name]
    return read_table(folder / f"{name}.csv", columns.split(), *(key.split() for key in keys))


def _themes(table: Sequence[Cells]) -> tuple[rows.ThemeRow, ...]:
    """Two levels; a theme's position is its place in the file."""
    headings = {cells["code"] for cells in table if not cells["parent"]}
    return tuple(rows.theme(cells, headings, place) for place, cells in enumerate(table, 1))


def load_facts(facts: Facts, keeps: Collection[str] = ()) -> LoadReport:
    """Write the facts; the caller holds the transaction. Loading again writes nothing.

    Tables named in `keeps` are left as they are: administrators have brought newer facts there.

    Neighbours that the file no longer has are removed. Everything else is kept, since records may
    lean on it, and reported as not in the file.
    """
    tables = {
        "region": load_table(Region, ("code",), [asdict(row) for row in facts.regions]),
        "authority": _load_authorities(() if "authority" in keeps else facts.authorities),
    }
    tables |= _load_about_authorities(facts, keeps)
    tables["theme"] = _load_themes(facts.themes)
    tables["choice"] = load_table(Choice, ("kind", "code"), [asdict(r) for r in facts.choices])
    if "indicator_value" not in keeps:
        tables |= load_indicators(facts.indicators)
    db.session.expire_all()
    return LoadReport(tables)


def _load_authorities(authorities: Sequence[rows.AuthorityRow]) -> Tally:
    regions = ids_by_code(Region)
    columns = [
        _pointing(row, ("region",), regions) | {"former_codes": list(row.former_codes)}
        for row in authorities
    ]
    return load_table(Authority, ("code",), columns)


def _load_about_authorities(facts: Facts, keeps: Collection[str]) -> dict[str, Tally]:
    """Judgements, tiles, neighbours, partners and earlier partnerships."""
    ids = ids_by_code(Authority)
    codes = {id_: code for code, id_ in ids.items()}
    pointers = ("authority", "neighbour", "provider", "receiver")

    def load(model: type[Base], key: str, table: Sequence[Any], removes: bool = False) -> Tally:
        if model.__tablename__ in keeps:
            return Tally()
        columns = [_pointing(row, pointers, ids) for row in table]
        return load_table(model, key.split(), columns, removes=removes, codes=codes)

    return {
        "judgement": load(Judgement, "authority_id published_on kind", facts.judgements),
        "tile": load(Tile, "authority_id", facts.tiles, removes=True),
        "neighbour": load(Neighbour, "authority_id rank", facts.neighbours, removes=True),
        "published_partner": load(PublishedPartner, "authority_id programme_name", facts.partners),
        "earlier_partnership": load(
            EarlierPartnership, "provider_id receiver_id", facts.earlier_partnerships
        ),
    }


def _load_themes(themes: Sequence[rows.ThemeRow]) -> Tally:
    """Headings first, so that the themes under them can point at them."""
    headings = [_pointing(row, ("parent",), {}) for row in themes if row.parent is None]
    tally = load_table(Theme, ("code",), headings)
    ids = ids_by_code(Theme)
    below = [_pointing(row, ("parent",), ids) for row in themes if row.parent is not None]
    return tally.with_more(load_table(Theme, ("code",), below))


def _pointing(row: Any, pointers: Sequence[str], ids: Mapping[str, int]) -> Row:
    """The row's columns, with `authority` (a code) as `authority_id`, and so on."""
    columns = asdict(row)
    for pointer in pointers:
        if pointer in columns:
            code = columns.pop(pointer)
            columns[f"{pointer}_id"] = None if code is None else ids[code]
    return columns
