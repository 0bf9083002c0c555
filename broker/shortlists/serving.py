"""Which needs an offer could serve, as its provider may know them before anybody talks.

Everything here follows from what receivers released: the list, its order and its words. A need
is on it once its authority lets providers see its region; and rules that look at anything else
about the receiver (avoid lists, declines, its type, how it may use a programme) neither take a
need off the list nor put it on, so nothing about the receiver can be worked out from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from broker.db import db
from broker.matching.reasons import Audience
from broker.matching.rules import reasons_against
from broker.matching.scores import Explanation, Line, Verdict, score
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.programme import Programme
from broker.needs.released import Released, released
from broker.rounds import bridge
from broker.sights import needs_released_to_providers

PROVIDER = Audience.PROVIDER
# Their words speak of themes, days and quarters, which are released; the others' also of the kinds
# of support, levels and places that the receiver wants.
TOLD = frozenset({"theme_fit", "track_record", "capacity"})


@dataclass(frozen=True)
class Served:
    """A need that an offer could serve: its released shape, and how the offer fits in words."""

    need_id: int
    programme: str
    shape: Released
    lines: tuple[Line, ...]

    @cached_property
    def strengths(self) -> list[Line]:
        return [line for line in self.lines if line.verdict is Verdict.FITS]

    @property
    def gaps(self) -> list[Line]:
        return [line for line in self.lines if line.verdict is Verdict.DOES_NOT_FIT]


def needs_served_by(offer: Offer) -> list[Served]:
    """Most strengths first, then the oldest need. Never sorted by points: they tell too much."""
    wanted = select(Need).where(
        needs_released_to_providers(),
        Need.programme_id.in_([programme.id for programme in offer.programmes]),
        Need.receiver_id != offer.provider_id,
    )
    needs = list(db.session.scalars(wanted.order_by(Need.id)).unique())
    found = [
        served
        for programme in offer.programmes
        for served in _under(programme, offer, [n for n in needs if n.programme_id == programme.id])
    ]
    return sorted(found, key=lambda one: (-len(one.strengths), one.need_id))


def _under(programme: Programme, offer: Offer, needs: list[Need]) -> list[Served]:
    if not needs:
        return []
    world = bridge.world_of(programme)
    [offered] = bridge.offers_facts([offer], programme)
    pairs = [
        (need, facts)
        for need, facts in zip(needs, bridge.needs_facts(needs), strict=True)
        if not any(PROVIDER in r.audience for r in reasons_against(facts, offered, world))
    ]
    if not pairs:
        return []
    scores = score([facts for _, facts in pairs], [offered], world)
    return [
        Served(need.id, programme.name, released(need), _told(scores.explain(at, 0)))
        for at, (need, _) in enumerate(pairs)
    ]


def _told(explanation: Explanation) -> tuple[Line, ...]:
    return tuple(one for one in explanation.lines_for(PROVIDER) if one.criterion.code in TOLD)
