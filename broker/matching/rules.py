"""The hard rules: a pair is possible, or there is a reason in words.

Each rule looks at one need and one offer and gives None or a Reason. All reasons are collected.
What one side may not know is kept from it by the reason's audience.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.fitting import pair_days, starts_in_window, starts_with_days, supply_of
from broker.matching.reasons import (
    NOT_THE_PROVIDER,
    ONLY_COORDINATORS,
    Audience,
    Reason,
    all_words_for,
    change_for,
    words_for,
)
from broker.matching.writing import days

__all__ = [
    "RULES",
    "Audience",
    "Reason",
    "Rule",
    "all_words_for",
    "change_for",
    "is_possible",
    "points_reach_floor",
    "reasons_against",
    "words_for",
]

Rule = Callable[[NeedFacts, OfferFacts, World], Reason | None]
said = lru_cache(maxsize=4096)(Reason)  # the same words for many pairs are one Reason


def theme_in_common(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if not need.theme_codes.isdisjoint(offer.codes_and_headings):
        return None
    if not need.headings.isdisjoint(offer.theme_codes):
        return None
    return said(
        "no_theme_in_common",
        "The offer covers none of the need's themes.",
        "Add a theme that both have.",
    )


def same_programme(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.programme in need.programmes:
        return None
    return said(
        "another_programme",
        "The offer is under a programme that the need is not open to.",
        "Open the need to that programme, or look for an offer under its own.",
    )


def programme_open(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if world.open_programmes is None or offer.programme in world.open_programmes:
        return None
    return said(
        "programme_closed",
        "The offer's programme is not open now.",
        "Wait until it opens, or use an offer under another programme.",
    )


def different_authority(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if need.receiver.key != offer.provider.key:
        return None
    return said(
        "same_authority",
        "The need and the offer belong to the same authority.",
        "Choose an offer from another authority.",
    )


def offer_published(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.is_published:
        return None
    return said(
        "offer_not_published",
        "The offer is not published now.",
        "The provider publishes or resumes it.",
    )


def provider_eligible(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.why_not_eligible is None or supply_of(offer) in world.exceptions:
        return None
    return said(
        "provider_not_eligible",
        offer.why_not_eligible,
        "A coordinator records an exception, or the offer moves to another programme.",
    )


def helps_this_use(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.helps_uses is None or need.use is None or need.use in offer.helps_uses:
        return None
    return said(
        "use_not_served",
        "The offer is not for the way in which this authority can use the programme.",
        "The provider widens whom the offer can help.",
        NOT_THE_PROVIDER,
    )


def helps_this_region(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    region = need.receiver.region
    if offer.helps_regions is None or region is None or region in offer.helps_regions:
        return None
    return said(
        "region_not_served",
        "The offer is for other regions.",
        "The provider widens the regions that the offer can help.",
        NOT_THE_PROVIDER,
    )


def helps_this_type(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    kind = need.receiver.type
    if offer.helps_types is None or kind is None or kind in offer.helps_types:
        return None
    return said(
        "type_not_served",
        "The offer is for other types of authority.",
        "The provider widens the types of authority that the offer can help.",
        NOT_THE_PROVIDER,
    )


def need_open(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if need.is_open:
        return None
    return said(
        "need_not_open", "The need is not open.", "Its coordinator opens it.", NOT_THE_PROVIDER
    )


def need_ready(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if need.is_ready:
        return None
    return said(
        "need_not_ready",
        "The readiness check does not say ready yet.",
        "Meet what the readiness check asks for.",
        NOT_THE_PROVIDER,
    )


def mode_not_excluded(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if not offer.modes or not offer.modes <= need.excluded_modes:
        return None
    return said(
        "mode_excluded",
        "The need excludes the ways in which this offer is given.",
        "The receiver allows one of them, or the offer adds another way.",
    )


def windows_overlap(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if starts_in_window(need, offer, len(world.quarters)):
        return None
    return said(
        "no_common_window",
        "No start that the need allows falls where the offer is open.",
        "Allow another start, or open the offer for longer.",
    )


def enough_for_least(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    least = need.days_wanted if need.days_least is None else need.days_least
    if offer.days_most is None or least <= offer.days_most:
        return None
    return said(
        "fewer_days_than_useful",
        f"The offer gives {days(offer.days_most)} days at most; the least that is useful is "
        f"{days(least)}.",
        "Ask for fewer days, or the offer raises its maximum.",
    )


def enough_for_offer(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.days_least is None or need.days_wanted >= offer.days_least:
        return None
    return said(
        "fewer_days_than_offered",
        f"The offer starts at {days(offer.days_least)} days; {days(need.days_wanted)} are wanted.",
        "Ask for more days, or the offer lowers its minimum.",
    )


def days_free(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if starts_with_days(need, offer, world):
        return None
    if not starts_in_window(need, offer, len(world.quarters)):
        return None  # said by windows_overlap
    return said(
        "no_days_free",
        f"The provider does not have {days(sum(pair_days(need, offer)))} days free as wanted, at "
        "any start.",
        "Another start, fewer days in a quarter, or more capacity there.",
    )


def commitment_long_enough(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    offered, wanted = offer.commitment_months, need.commitment_months
    if offered is None or wanted is None or offered >= wanted:
        return None
    return said(
        "commitment_too_short",
        f"The offer commits to {offered} months; {wanted} are wanted.",
        "Shorten what is wanted, or the provider commits for longer.",
    )


def receiver_does_not_avoid(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.provider.key not in need.avoids:
        return None
    return said(
        "receiver_avoids",
        "The receiver asked not to be paired with this provider.",
        "The receiver takes the provider off its list.",
        ONLY_COORDINATORS,
    )


def provider_does_not_avoid(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if need.receiver.key not in offer.avoids:
        return None
    return said(
        "provider_avoids",
        "The provider asked not to be paired with this receiver.",
        "The provider takes the receiver off its list.",
        ONLY_COORDINATORS,
    )


def not_declined(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.provider.key not in need.declined:
        return None
    return said(
        "declined_before",
        "One of the two declined the other for this need before.",
        "Both say that they want to talk again.",
        ONLY_COORDINATORS,
    )


def no_conflict(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if frozenset({need.receiver.key, offer.provider.key}) not in world.conflicts:
        return None
    return said(
        "declared_conflict",
        "A conflict of interest is declared between the two.",
        "The declaration ends.",
        ONLY_COORDINATORS,
    )


def provider_willing(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    if offer.provider.key not in need.opted_out:
        return None
    return said(
        "provider_opted_out",
        "The provider chose not to help with this need.",
        "The provider changes its mind.",
        ONLY_COORDINATORS,
    )


def below_partnership_limit(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    supply = supply_of(offer)
    limit, live = world.limits.get(supply), world.live.get(supply, 0)
    if limit is None or live < limit:
        return None
    return said(
        "at_partnership_limit",
        f"The provider already has {live} partnerships at once under this programme, its limit.",
        "One of them ends, or the provider raises its limit.",
    )


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
    """The last rule, which needs the criteria's points first."""
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
