"""The parts that a dashboard is read in: each answers one question, and asks only for its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """Some pictures that are read together, by the names of their tables, in their order."""

    name: str
    words: str
    pictures: tuple[str, ...]


PARTS = (
    Part("needs", "Needs and offers", ("needs-by-stage", "themes-wanted-and-offered")),
    Part("days", "Days", ("days-by-quarter", "days-by-region", "days-by-provider", "underspend")),
    Part(
        "support",
        "Who helps whom",
        ("support-map", "who-gives-to-whom", "between-regions", "submitted-to-first-day"),
    ),
    Part("going", "How it goes", ("partnerships-by-phase", "feedback")),
)
ALL = Part("all", "All on one page", tuple(name for part in PARTS for name in part.pictures))


def read(address: Mapping[str, str]) -> Part:
    """The part that an address asks for; the first one where it asks for none, or for no part."""
    asked = address.get("part")
    return next((part for part in (*PARTS, ALL) if part.name == asked), PARTS[0])


def part_with(picture: str) -> Part:
    """Where a picture stands. Every picture stands in one part."""
    return next(part for part in PARTS if picture in part.pictures)
