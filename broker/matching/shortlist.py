"""Who could help with this need; whom could this offer help; and who was left out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.fitting import pair_days, starts_with_days
from broker.matching.order import seeded_rank
from broker.matching.reasons import Reason
from broker.matching.rules import points_reach_floor, reasons_against
from broker.matching.scores import Explanation, Scores, score
from broker.matching.writing import days


@dataclass(frozen=True)
class Ranked:
    """A possible pair. Its explanation is worked out when somebody looks at it."""

    need: NeedFacts
    offer: OfferFacts
    points: int
    scores: Scores
    row: int
    column: int

    @cached_property
    def explanation(self) -> Explanation:
        return self.scores.explain(self.row, self.column)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """Quarter-days by quarter."""
        return pair_days(self.need, self.offer)

    def starts(self) -> list[int]:
        return starts_with_days(self.need, self.offer, self.scores.table.world)

    @property
    def note(self) -> str | None:
        """Said where the pair is for fewer days than wanted."""
        given, wanted = sum(self.days), self.need.days_wanted
        if given == wanted:
            return None
        return f"For {days(given)} of the {days(wanted)} days wanted: the most this offer gives."


@dataclass(frozen=True, slots=True)
class LeftOut:
    need: NeedFacts
    offer: OfferFacts
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Shortlist:
    """`ranked`: most points first; equal points in the seeded order of need and offer ids."""

    ranked: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...]


def shortlist(
    need: NeedFacts, offers: Sequence[OfferFacts], world: World, *, seed: int = 0
) -> Shortlist:
    """Which offers could help with one need."""
    return _shortlist([(need, offer) for offer in offers], world, seed)


def shortlist_for_offer(
    offer: OfferFacts, needs: Sequence[NeedFacts], world: World, *, seed: int = 0
) -> Shortlist:
    """Which needs one offer could help with."""
    return _shortlist([(need, offer) for need in needs], world, seed)


def _shortlist(pairs: list[tuple[NeedFacts, OfferFacts]], world: World, seed: int) -> Shortlist:
    """One side of `pairs` is the same throughout."""
    against = [reasons_against(need, offer, world) for need, offer in pairs]
    possible = [pair for pair, reasons in zip(pairs, against, strict=True) if not reasons]
    left = [
        LeftOut(*pair, tuple(reasons))
        for pair, reasons in zip(pairs, against, strict=True)
        if reasons
    ]
    ranked = []
    for one in _scored(possible, world):
        below = points_reach_floor(one.points, world)
        if below:
            left.append(LeftOut(one.need, one.offer, (below,)))
        else:
            ranked.append(one)
    ranked.sort(key=lambda one: (-one.points, _tie(one.need, one.offer, seed)))
    left.sort(key=lambda one: _tie(one.need, one.offer, seed))
    return Shortlist(tuple(ranked), tuple(left))


def _scored(pairs: list[tuple[NeedFacts, OfferFacts]], world: World) -> list[Ranked]:
    if not pairs:
        return []
    needs = list({id(need): need for need, _ in pairs}.values())
    offers = list({id(offer): offer for _, offer in pairs}.values())
    scores = score(needs, offers, world)
    rows = len(needs)
    return [
        Ranked(
            need,
            offer,
            int(scores.points[at % rows, at % len(offers)]),
            scores,
            at % rows,
            at % len(offers),
        )
        for at, (need, offer) in enumerate(pairs)
    ]


def _tie(need: NeedFacts, offer: OfferFacts, seed: int) -> str:
    return seeded_rank(f"{need.id} {offer.id}", seed)
