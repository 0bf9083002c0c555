"""The columns of a region's capacity index."""

from __future__ import annotations

from typing import Any

from broker.capacity_index.queries import Place, Want
from broker.exports.tables import Column, Table, as_days

C = Column

PLACES: Table[Place] = Table(
    "capacity-index",
    "an authority of the region, with what it offers and, where the reader may know, what it wants",
    (
        C("code", "ONS code of the authority.", lambda one: one.authority.code),
        C("authority", "Its name.", lambda one: one.authority.name),
        C("offers", "How many offers it has published.", lambda one: len(one.offers)),
        C("themes_offered", "The themes of those offers.", lambda one: one.themes),
        C(
            "days_free",
            "Days free in this quarter and the three after it, over the programmes that its "
            "offers are open to.",
            lambda one: {str(quarter): as_days(days) for quarter, days in one.free.items()},
        ),
        C("wants", "Needs that the reader may see.", lambda one: [w.title for w in one.wants]),
        C(
            "working_on",
            "Themes of agreed plans that the reader may see.",
            lambda one: [name for row in one.working for name in row.themes],
        ),
    ),
)
WANTS: Table[Want] = Table(
    "capacity-index-wants",
    "a need in the region that is submitted or open and that the reader may know of",
    (
        C("authority", "Whose it is, where the reader may know.", lambda one: one.whose),
        C("title", "What it is about.", lambda one: one.title),
        C("themes", "Most important first.", lambda one: one.themes),
        C("days_wanted", "Days that no match holds yet.", lambda one: as_days(one.days)),
        C("first_quarter", "The first quarter wanted.", lambda one: str(one.first)),
        C("providers", "Authorities that could help now.", lambda one: one.reach.providers),
        C("providers_in_region", "Of those, in the region.", lambda one: one.reach.here),
        C("nearest", "The nearest of them, where named.", lambda one: one.reach.nearest),
        C("why_nobody", "Where nobody could: what stands in the way.", lambda one: one.reach.why),
    ),
)

TABLES: tuple[Table[Any], ...] = (PLACES, WANTS)
