"""The hard rules: a pair is possible, or there is a reason in words.

Each rule looks at one need and one offer and gives None or a Reason. All reasons are collected.
What one side may not know is kept from it by the reason's audience. The first sentence of each
rule is what people read about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.help_rules import (
    commitment_long_enough,
    days_free,
    enough_for_least,
    enough_for_offer,
    mode_not_excluded,
    theme_in_common,
    windows_overlap,
)
from broker.matching.party_rules import (
    below_partnership_limit,
    different_authority,
    helps_this_region,
    helps_this_type,
    helps_this_use,
    need_open,
    need_ready,
    no_conflict,
    not_declined,
    offer_published,
    programme_open,
    provider_does_not_avoid,
    provider_eligible,
    provider_willing,
    receiver_does_not_avoid,
    same_programme,
)
from broker.matching.reasons import NOT_THE_PROVIDER, Reason, said

Rule = Callable[[NeedFacts, OfferFacts, World], Reason | None]

RULES: tuple[Rule, ...] = (
    theme_in_common,
    same_programme,
    different_authority,
    programme_open,
    offer_published,
    provider_eligible,
    need_open,
    need_ready,
    helps_this_use,
    helps_this_region,
    helps_this_type,
    mode_not_excluded,
    windows_overlap,
    enough_for_least,
    enough_for_offer,
    commitment_long_enough,
    receiver_does_not_avoid,
    provider_does_not_avoid,
    not_declined,
    no_conflict,
    provider_willing,
    below_partnership_limit,
    days_free,
)


OF_THE_NEED = frozenset({need_open, need_ready})  # rules that look at nothing but the need
OF_THE_OFFER = frozenset(
    {programme_open, offer_published, provider_eligible, below_partnership_limit}
)
OF_BOTH = tuple(rule for rule in RULES if rule not in OF_THE_NEED | OF_THE_OFFER)


def points_reach_floor(points: int, world: World) -> Reason | None:
    """The points reach the programme's floor."""
    if points >= world.floor:
        return None
    return said(
        "below_floor",
        "The pair fits too little on the criteria to be suggested.",
        "More facts on either side, or a lower floor.",
        NOT_THE_PROVIDER,
    )


def reasons_against(need: NeedFacts, offer: OfferFacts, world: World) -> list[Reason]:
    """Every reason why the pair is not possible; empty when it is."""
    return [reason for rule in RULES if (reason := rule(need, offer, world))]


def is_possible(need: NeedFacts, offer: OfferFacts, world: World) -> bool:
    return keeps(RULES, need, offer, world)


def keeps(rules: Iterable[Rule], need: NeedFacts, offer: OfferFacts, world: World) -> bool:
    for rule in rules:
        if rule(need, offer, world) is not None:
            return False
    return True
