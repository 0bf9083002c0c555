"""Sheets of a pack about single partnerships and receivers, as certified returns keep them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from broker.exports.tables import Column, Table
from broker.packs.content import Pack, Part
from broker.returns.content import behind_in
from broker.returns.records import Planned


@dataclass(frozen=True)
class Section:
    """What one certified return says of one receiver, as its version keeps it."""

    part: Part
    kept: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What an agreed plan set out to reach when one return was certified."""

    part: Part
    planned: Planned


SECTIONS: Table[Section] = Table(
    "receiver-sections",
    "what a certified return says of one receiver, and what that authority says about it",
    (
        Column("receiver_code", "ONS code of the receiver.", lambda row: row.kept["code"]),
        Column("receiver", "The receiving authority.", lambda row: row.kept["name"]),
        Column("receiver_region", "Its region.", lambda row: row.kept["region"]),
        Column("provider_code", "ONS code of the provider.", lambda row: row.part.code),
        Column("provider", "The giving authority.", lambda row: row.part.name),
        Column("words", "What the provider says.", lambda row: row.kept["words"]),
        Column("shown_on", "When the receiver was shown it.", lambda row: row.kept["shown_on"]),
        Column(
            "read_on",
            "When it said that it had read it; empty: 5 working days passed.",
            lambda row: row.kept["read_on"],
        ),
        Column("comment", "What the receiver says about it.", lambda row: row.kept["comment"]),
    ),
)
PLANNED: Table[Outcome] = Table(
    "planned-outcomes",
    "a measure of a plan that both sides had agreed to when the return was certified",
    (
        Column("provider_code", "ONS code of the provider.", lambda row: row.part.code),
        Column("provider", "The giving authority.", lambda row: row.part.name),
        Column("receiver", "The receiving authority.", lambda row: row.planned.receiver),
        Column("partnership", "Its title.", lambda row: row.planned.title),
        Column("aim", "What is to be different for children.", lambda row: row.planned.aim),
        Column("measure", "How that is measured.", lambda row: row.planned.measure),
        Column("baseline", "Where it stood before; empty: none.", lambda row: row.planned.baseline),
        Column("source", "Where that is from.", lambda row: row.planned.baseline_source),
        Column("target", "Where it is to go.", lambda row: row.planned.target),
    ),
)


def sections_in(pack: Pack) -> Iterator[Section]:
    for part in pack.parts:
        if part.certified:
            kept = part.certified.content.get("sections", ())
            yield from (Section(part, one) for one in kept)


def planned_in(pack: Pack) -> Iterator[Outcome]:
    for part in pack.parts:
        kept = behind_in(part.certified) if part.certified else None
        yield from (Outcome(part, one) for one in (kept.outcomes if kept else ()))
