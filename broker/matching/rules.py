"""The hard rules: a pair is possible, or there is a reason in words.

Each rule looks at one need and one offer and gives None or a Reason. All reasons are collected.
What one side may not know is kept from it by the reason's audience. The first sentence of each
rule is what people read about it.
"""

from __future__ import annotations

from collections.abc import Callable

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

# Each rule with the facts of an offer that it looks at: offers alike in them get the same answer.
LOOKS_AT: dict[Rule, tuple[str, ...]] = {
    theme_in_common: ("themes",),
    same_programme: ("programme",),
    different_authority: ("provider.key",),
    programme_open: ("programme",),
    offer_published: ("is_published",),
    provider_eligible: ("why_not_eligible", "provider.key", "programme"),
    need_open: (),
    need_ready: (),
    helps_this_use: ("helps_uses",),
    helps_this_region: ("helps_regions",),
    helps_this_type: ("helps_types",),
    mode_not_excluded: ("modes",),
    windows_overlap: ("first_quarter", "last_quarter"),
    enough_for_least: ("days_most",),
    enough_for_offer: ("days_least",),
    commitment_long_enough: ("commitment_months",),
    receiver_does_not_avoid: ("provider.key",),
    provider_does_not_avoid: ("avoids",),
    not_declined: ("provider.key",),
    no_conflict: ("provider.key",),
    provider_willing: ("provider.key",),
    below_partnership_limit: ("provider.key", "programme"),
    days_free: ("provider.key", "programme", "days_most", "first_quarter", "last_quarter"),
}
RULES = tuple(LOOKS_AT)


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
    return not any(rule(need, offer, world) for rule in RULES)
