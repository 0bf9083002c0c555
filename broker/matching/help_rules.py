"""Rules about the help itself: what it is about, how it is given, when, and how much of it."""

from __future__ import annotations

from functools import lru_cache

from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.fitting import has_start, pair_days, starts_in_window
from broker.matching.reasons import Reason, said
from broker.matching.writing import days


def theme_in_common(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """They share a theme, or a theme of one stands under a heading that the other names."""
    wanted, headings = need.theme_codes, need.headings
    for one in offer.themes:
        code = one.theme.code
        if code in wanted or code in headings or one.theme.parent in wanted:
            return None
    return said(
        "no_theme_in_common",
        "The offer covers none of the need's themes.",
        "Add a theme that both have.",
    )


def mode_not_excluded(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """At least one way in which the offer is given is not ruled out by the need."""
    if not offer.modes or not offer.modes <= need.excluded_modes:
        return None
    return said(
        "mode_excluded",
        "The need excludes the ways in which this offer is given.",
        "The receiver allows one of them, or the offer adds another way.",
    )


def windows_overlap(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """A start that the need allows falls where the offer is open."""
    if starts_in_window(need, offer, len(world.quarters)):
        return None
    return said(
        "no_common_window",
        "No start that the need allows falls where the offer is open.",
        "Allow another start, or open the offer for longer.",
    )


def enough_for_least(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The offer's most days reach the least that is useful to the need."""
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
    """The days wanted reach the offer's least."""
    if offer.days_least is None or need.days_wanted >= offer.days_least:
        return None
    return said(
        "fewer_days_than_offered",
        f"The offer starts at {days(offer.days_least)} days; {days(need.days_wanted)} are wanted.",
        "Ask for more days, or the offer lowers its minimum.",
    )


def days_free(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """From some start, the provider has the days free in every quarter."""
    if has_start(need, offer, world):
        return None
    if not starts_in_window(need, offer, len(world.quarters)):
        return None  # said by windows_overlap
    return _not_free(sum(pair_days(need, offer)))


@lru_cache(maxsize=1024)  # the rule that refuses most pairs
def _not_free(wanted: int) -> Reason:
    return Reason(
        "no_days_free",
        f"The provider does not have {days(wanted)} days free as wanted, at any start.",
        "Another start, fewer days in a quarter, or more capacity there.",
    )


def commitment_long_enough(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The offer commits for at least the months wanted."""
    offered, wanted = offer.commitment_months, need.commitment_months
    if offered is None or wanted is None or offered >= wanted:
        return None
    return said(
        "commitment_too_short",
        f"The offer commits to {offered} months; {wanted} are wanted.",
        "Shorten what is wanted, or the provider commits for longer.",
    )
