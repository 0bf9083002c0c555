"""Who could help with this need; whom could this offer help; and who was left out, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.fitting import pair_days, starts_with_days
from broker.matching.order import seeded_rank
from broker.matching.reasons import Reason
from broker.matching.rules import points_reach_floor, reasons_against
from broker.matching.scores import Explanation, Scores, score
from broker.matching.sifting import Sieve
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

    def starts(self) -> tuple[int, ...]:
        return starts_with_days(self.need, self.offer, self.scores.table.world)

    @property
    def note(self) -> str | None:
        """Said where the pair is for fewer days than wanted."""
        given, wanted = sum(self.days), self.need.days_wanted
        if given == wanted:
            return None
        return f"For {days(given)} of the {days(wanted)} days wanted: the most this offer gives."


class LeftOut(NamedTuple):
    need: NeedFacts
    offer: OfferFacts
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Shortlist:
    """`ranked`: most points first; equal points in the seeded order of their ids."""

    ranked: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...]


def shortlist(
    need: NeedFacts, offers: Sequence[OfferFacts], world: World, *, seed: int = 0
) -> Shortlist:
    """Which offers could help with one need."""
    pairs = [(need, offer) for offer in offers]
    found = _shortlist(pairs, Sieve(offers, world).reasons(need), world)
    return _in_order(found, lambda one: seeded_rank(one.offer.id, seed))


def shortlist_for_offer(
    offer: OfferFacts, needs: Sequence[NeedFacts], world: World, *, seed: int = 0
) -> Shortlist:
    """Which needs one offer could help with."""
    against = [reasons_against(need, offer, world) for need in needs]
    found = _shortlist([(need, offer) for need in needs], against, world)
    return _in_order(found, lambda one: seeded_rank(one.need.id, seed))


def _shortlist(
    pairs: list[tuple[NeedFacts, OfferFacts]], against: list[list[Reason]], world: World
) -> Shortlist:
    """One side of `pairs` is the same throughout; `against`: the reasons against each."""
    possible, left, ranked = [], [], []
    for pair, reasons in zip(pairs, against, strict=True):
        if reasons:
            left.append(LeftOut(*pair, tuple(reasons)))
        else:
            possible.append(pair)
    for one in _scored(possible, world):
        below = points_reach_floor(one.points, world)
        if below:
            left.append(LeftOut(one.need, one.offer, (below,)))
        else:
            ranked.append(one)
    return Shortlist(tuple(ranked), tuple(left))


def _in_order(found: Shortlist, tie: Callable[[Ranked | LeftOut], str]) -> Shortlist:
    ranked = sorted(found.ranked, key=tie)
    ranked.sort(key=lambda one: -one.points)
    return Shortlist(tuple(ranked), tuple(sorted(found.left_out, key=tie)))


def _scored(pairs: list[tuple[NeedFacts, OfferFacts]], world: World) -> list[Ranked]:
    if not pairs:
        return []
    needs = list({id(need): need for need, _ in pairs}.values())
    offers = list({id(offer): offer for _, offer in pairs}.values())
    scores = score(needs, offers, world)
    points = scores.points.ravel().tolist()
    return [
        Ranked(need, offer, points[at], scores, at % len(needs), at % len(offers))
        for at, (need, offer) in enumerate(pairs)
    ]
