"""The map of England in hexagons, one for each authority: drawn by region, offers or nearness."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from broker.authorities.queries import Listed
from broker.db import db
from broker.models.authority import Authority, Neighbour, Region, Tile

STEP = 30.0  # between the middles of two hexagons in a row
MARGIN = 20.0


@dataclass(frozen=True)
class Hexagon:
    """Where a hexagon's middle stands, the class that colours it, what it says, and the letter in
    it, so that the colour does not stand alone."""

    x: float
    y: float
    kind: str
    words: str
    letter: str = ""


@dataclass(frozen=True)
class TileMap:
    """`key`: (class, words, how many) for each colour."""

    width: float
    height: float
    hexagons: tuple[Hexagon, ...]
    key: tuple[tuple[str, str, int], ...]


class Spot(NamedTuple):
    """An authority on the map."""

    id: int
    name: str
    region_id: int
    region: str


Kind = Callable[[Spot], str]


def by_region(regions: Sequence[Region]) -> TileMap:
    kinds = {region.id: f"tile-{number}" for number, region in enumerate(regions, 1)}
    names = {f"tile-{number}": region.name for number, region in enumerate(regions, 1)}
    return _drawn(lambda one: kinds[one.region_id], names, lambda one: one.region)


def by_offers(listed: Sequence[Listed]) -> TileMap:
    """Who has an offer in the prospectus now."""
    counts = {one.authority.id: one.offers for one in listed}
    names = {"tile-has": "Has published offers", "tile-none": "No offer published now"}

    def said(one: Spot) -> str:
        count = counts.get(one.id, 0)
        return f"{count} published offer{'' if count == 1 else 's'}"

    return _drawn(lambda one: "tile-has" if counts.get(one.id) else "tile-none", names, said)


def around(authority: Authority, neighbours: Sequence[Neighbour]) -> TileMap:
    """An authority and its statistical neighbours."""
    near = {row.neighbour_id: row.closeness for row in neighbours}
    names = {
        "tile-self": authority.name,
        "tile-has": "Its statistical neighbours",
        "tile-none": "Others",
    }

    def kind(one: Spot) -> str:
        if one.id == authority.id:
            return "tile-self"
        return "tile-has" if one.id in near else "tile-none"

    return _drawn(kind, names, lambda one: near.get(one.id, one.region))


def of_round(receivers: Set[int], providers: Set[int]) -> TileMap:
    """Who would be helped and who would help, by the ids of authorities."""
    names = {"tile-self": "Would be helped", "tile-has": "Would help", "tile-none": "Others"}

    def kind(one: Spot) -> str:
        if one.id in receivers:
            return "tile-self"
        return "tile-has" if one.id in providers else "tile-none"

    return _drawn(kind, names, lambda one: names[kind(one)])


def of_support(gives: Mapping[int, str], receives: Mapping[int, str]) -> TileMap:
    """Who gives help to whom: by an authority's id, whom it helps, and who helps it, in words."""
    names = {
        "tile-has": "Gives help (G)",
        "tile-self": "Receives help (R)",
        "tile-both": "Does both (B)",
        "tile-none": "Neither",
    }

    def kind(one: Spot) -> str:
        if one.id in gives:
            return "tile-both" if one.id in receives else "tile-has"
        return "tile-self" if one.id in receives else "tile-none"

    def said(one: Spot) -> str:
        words = (gives.get(one.id), receives.get(one.id))
        return "; ".join(part for part in words if part) or "neither"

    return _drawn(kind, names, said, LETTERS)


LETTERS = {"tile-has": "G", "tile-self": "R", "tile-both": "B"}


def _drawn(
    kind: Kind, names: Mapping[str, str], said: Kind, letters: Mapping[str, str] | None = None
) -> TileMap:
    wanted = (
        select(Tile.column, Tile.row, Authority.id, Authority.name, Region.id, Region.name)
        .join(Authority, Authority.id == Tile.authority_id)
        .join(Region, Region.id == Authority.region_id)
        .order_by(Tile.row, Tile.column)
    )
    hexagons = []
    for column, row, id_, name, region_id, region in db.session.execute(wanted):
        spot = Spot(id_, name, region_id, region)
        coloured = kind(spot)
        hexagons.append(
            Hexagon(
                x=round((column + row % 2 / 2) * STEP + MARGIN, 1),
                y=round(row * STEP * math.sqrt(3) / 2 + MARGIN, 1),
                kind=coloured,
                words=f"{spot.name}: {said(spot)}",
                letter=(letters or {}).get(coloured, ""),
            )
        )
    counts = Counter(one.kind for one in hexagons)
    return TileMap(
        width=max((one.x for one in hexagons), default=0) + MARGIN,
        height=max((one.y for one in hexagons), default=0) + MARGIN,
        hexagons=tuple(hexagons),
        key=tuple((key, words, counts[key]) for key, words in names.items() if counts[key]),
    )
