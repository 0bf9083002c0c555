"""The nine soft criteria with their default weights and the evidence for them.

`value` gives 0 to 1 for all pairs of some needs and offers at once (needs x offers, NaN where
not known). `words` says for one pair what the value rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from broker.matching import help_criteria, place_criteria
from broker.matching.arrays import Floats
from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.reasons import EVERYBODY, NOT_THE_PROVIDER, Audience
from broker.matching.table import Table

ALL_POINTS = 1000


@dataclass(frozen=True)
class Criterion:
    """`audience`: who may read its words before both agree to talk."""

    code: str
    name: str
    weight: int
    evidence: str
    value: Callable[[Table], Floats]
    words: Callable[[NeedFacts, OfferFacts, World], str]
    audience: frozenset[Audience] = EVERYBODY


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "theme_fit",
        "same problem",
        260,
        "Directors asked who had done good work with the same problem, and sought partners who "
        "had faced and overcome it.",
        help_criteria.theme_fit,
        help_criteria.theme_words,
    ),
    Criterion(
        "track_record",
        "track record",
        140,
        "Two of three partners chosen by the receivers of one programme had been judged "
        "inadequate themselves and had moved up.",
        help_criteria.track_record,
        help_criteria.track_words,
    ),
    Criterion(
        "support_fit",
        "kind of support",
        120,
        "Receivers wanted hands-on help and were given more advice.",
        help_criteria.support_fit,
        help_criteria.support_words,
    ),
    Criterion(
        "capacity",
        "capacity and timing",
        100,
        "58 of 62 directors rated the provider's capacity a moderate or high influence.",
        place_criteria.capacity,
        place_criteria.capacity_words,
    ),
    Criterion(
        "context",
        "similar context",
        120,
        "Directors weighed demographics (49 of 62) and size or structure (45 of 62).",
        place_criteria.context,
        place_criteria.context_words,
        NOT_THE_PROVIDER,
    ),
    Criterion(
        "relative_size",
        "relative size",
        60,
        "A small partner could not deliver a large need.",
        place_criteria.relative_size,
        place_criteria.size_words,
        NOT_THE_PROVIDER,
    ),
    Criterion(
        "distance",
        "distance",
        50,
        "36 of 62 directors weighed distance.",
        place_criteria.distance,
        place_criteria.distance_words,
        NOT_THE_PROVIDER,
    ),
    Criterion(
        "levels",
        "levels reached",
        50,
        "Peers in the same role were believed.",
        help_criteria.levels,
        help_criteria.level_words,
    ),
    Criterion(
        "wishes",
        "both sides' wishes",
        100,
        "Direct contact worked best; imposed partners failed.",
        help_criteria.wishes,
        help_criteria.wish_words,
        NOT_THE_PROVIDER,
    ),
)


def weights_of(world: World) -> dict[str, int]:
    """The programme's weights, else the defaults. ValueError unless they sum to 1000."""
    weights = {one.code: one.weight for one in CRITERIA}
    if world.weights is not None:
        weights = _checked(world.weights, weights)
    return weights


def _checked(given: Mapping[str, int], defaults: Mapping[str, int]) -> dict[str, int]:
    if set(given) != set(defaults):
        raise ValueError(f"Weights are needed for exactly: {', '.join(defaults)}.")
    if any(weight < 0 for weight in given.values()) or sum(given.values()) != ALL_POINTS:
        raise ValueError(f"Weights must be 0 or more and sum to {ALL_POINTS}.")
    return dict(given)
