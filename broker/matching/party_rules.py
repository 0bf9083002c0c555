"""Rules about the two sides: who may help whom, and who is willing to."""

from __future__ import annotations

from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.fitting import supply_of
from broker.matching.reasons import NOT_THE_PROVIDER, ONLY_COORDINATORS, Reason, said


def same_programme(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The offer's programme is one that the need is open to."""
    if offer.programme in need.programmes:
        return None
    return said(
        "another_programme",
        "The offer is under a programme that the need is not open to.",
        "Open the need to that programme, or look for an offer under its own.",
    )


def programme_open(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The offer's programme is open now."""
    if world.open_programmes is None or offer.programme in world.open_programmes:
        return None
    return said(
        "programme_closed",
        "The offer's programme is not open now.",
        "Wait until it opens, or use an offer under another programme.",
    )


def different_authority(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """An authority does not help itself."""
    if need.receiver.key != offer.provider.key:
        return None
    return said(
        "same_authority",
        "The need and the offer belong to the same authority.",
        "Choose an offer from another authority.",
    )


def offer_published(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The offer is published and not paused."""
    if offer.is_published:
        return None
    return said(
        "offer_not_published",
        "The offer is not published now.",
        "The provider publishes or resumes it.",
    )


def provider_eligible(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The provider is eligible under its programme, or a coordinator recorded an exception."""
    if offer.why_not_eligible is None or supply_of(offer) in world.exceptions:
        return None
    return said(
        "provider_not_eligible",
        offer.why_not_eligible,
        "A coordinator records an exception, or the offer moves to another programme.",
    )


def helps_this_use(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The offer is for the way in which the receiver can use the programme."""
    if offer.helps_uses is None or need.use is None or need.use in offer.helps_uses:
        return None
    return said(
        "use_not_served",
        "The offer is not for the way in which this authority can use the programme.",
        "The provider widens whom the offer can help.",
        NOT_THE_PROVIDER,
    )


def helps_this_region(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The offer is for the receiver's region."""
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
    """The offer is for the receiver's type of authority."""
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
    """A coordinator opened the need."""
    if need.is_open:
        return None
    return said(
        "need_not_open", "The need is not open.", "Its coordinator opens it.", NOT_THE_PROVIDER
    )


def need_ready(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The readiness check says ready, or ready with conditions."""
    if need.is_ready:
        return None
    return said(
        "need_not_ready",
        "The readiness check does not say ready yet.",
        "Meet what the readiness check asks for.",
        NOT_THE_PROVIDER,
    )


def receiver_does_not_avoid(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The receiver did not ask to avoid the provider."""
    if offer.provider.key not in need.avoids:
        return None
    return said(
        "receiver_avoids",
        "The receiver asked not to be paired with this provider.",
        "The receiver takes the provider off its list.",
        ONLY_COORDINATORS,
    )


def provider_does_not_avoid(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The provider did not ask to avoid the receiver."""
    if need.receiver.key not in offer.avoids:
        return None
    return said(
        "provider_avoids",
        "The provider asked not to be paired with this receiver.",
        "The provider takes the receiver off its list.",
        ONLY_COORDINATORS,
    )


def not_declined(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """Neither declined the other for this need before."""
    if offer.provider.key not in need.declined:
        return None
    return said(
        "declined_before",
        "One of the two declined the other for this need before.",
        "Both say that they want to talk again.",
        ONLY_COORDINATORS,
    )


def no_conflict(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """No conflict of interest is declared between the two."""
    if frozenset({need.receiver.key, offer.provider.key}) not in world.conflicts:
        return None
    return said(
        "declared_conflict",
        "A conflict of interest is declared between the two.",
        "The declaration ends.",
        ONLY_COORDINATORS,
    )


def provider_willing(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The provider did not opt out of this need."""
    if offer.provider.key not in need.opted_out:
        return None
    return said(
        "provider_opted_out",
        "The provider chose not to help with this need.",
        "The provider changes its mind.",
        ONLY_COORDINATORS,
    )


def below_partnership_limit(need: NeedFacts, offer: OfferFacts, world: World) -> Reason | None:
    """The provider is below its limit of partnerships at once."""
    supply = supply_of(offer)
    limit, live = world.limits.get(supply), world.live.get(supply, 0)
    if limit is None or live < limit:
        return None
    return said(
        "at_partnership_limit",
        f"The provider already has {live} partnerships at once under this programme, its limit.",
        "One of them ends, or the provider raises its limit.",
    )
