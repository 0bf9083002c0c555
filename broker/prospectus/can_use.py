"""'Can we use this?': an offer held against one authority's own case, rule by rule, in words."""

from __future__ import annotations

from dataclasses import dataclass

from broker import clock
from broker.days import format_days
from broker.eligibility import WAYS, ways_to_receive
from broker.interventions.queries import standing_of
from broker.models.authority import Authority
from broker.models.intervention import Intervention
from broker.models.offer import Offer, OfferState, OfferVersion, Situation
from broker.models.programme import Programme

SITUATION_OF_WAY = {
    "requires_improvement": Situation.REQUIRES_IMPROVEMENT,
    "inadequate": Situation.INADEQUATE,
    "in_intervention": Situation.INTERVENTION,
    "post_exit": Situation.POST_EXIT,
    "evidence_of_decline": Situation.EARLY,
    "early_help": Situation.EARLY,
}


@dataclass(frozen=True)
class Answer:
    """What one rule says: `is_open` False where it stands in the way, and what would change it."""

    is_open: bool
    words: str


@dataclass(frozen=True)
class Way:
    """How an authority can use one of the offer's programmes."""

    programme: Programme
    words: list[str]


@dataclass(frozen=True)
class Case:
    """An offer in one authority's case."""

    receiver: Authority
    answers: list[Answer]
    ways: list[Way]

    @property
    def stands_in_the_way(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.is_open]


def case_of(offer: Offer, receiver: Authority) -> Case:
    """Every rule between an offer and an authority that would ask about it."""
    standing = standing_of(receiver)
    ways = [Way(one, _ways(receiver, one, standing)) for one in offer.programmes]
    rules = (_another_authority, _published, _programme_open, _region, _type)
    answers = [answer for rule in rules if (answer := rule(offer, receiver))]
    answers.append(_situation(offer.current, ways))
    answers.append(_days(offer))
    return Case(receiver, answers, ways)


def _ways(receiver: Authority, programme: Programme, standing: list[Intervention]) -> list[str]:
    today = clock.today()
    ended = [one.ended_on for one in standing if one.ended_on is not None]
    return ways_to_receive(
        receiver,
        programme.policy,
        in_intervention=any(one.is_on(today) for one in standing),
        left_intervention_on=max(ended, default=None),
    )


def _another_authority(offer: Offer, receiver: Authority) -> Answer | None:
    if offer.provider_id != receiver.id:
        return None
    return Answer(False, "This is your own authority's offer. Ask another authority.")


def _published(offer: Offer, receiver: Authority) -> Answer:
    if offer.state is not OfferState.PUBLISHED:
        return Answer(False, "It is not open for asking just now.")
    version, today = offer.current, clock.today()
    if version.is_open_on(today):
        return Answer(True, "It is open for asking.")
    return Answer(False, "It is outside the dates between which it is open; look again later.")


def _programme_open(offer: Offer, receiver: Authority) -> Answer:
    names = [one.name for one in offer.programmes if one.is_open_on(clock.today())]
    if names:
        return Answer(True, f"You can use it under {' or '.join(names)}, which is open now.")
    return Answer(False, "No programme of this offer is open now.")


def _region(offer: Offer, receiver: Authority) -> Answer:
    codes = offer.current.helps_regions
    if not codes or receiver.region.code in codes:
        return Answer(True, f"It helps authorities in {receiver.region.name}.")
    return Answer(False, "It is for authorities in other regions. The provider may widen that.")


def _type(offer: Offer, receiver: Authority) -> Answer:
    types = offer.current.helps_types
    if not types or receiver.type in types:
        return Answer(True, f"It helps authorities of your type ({receiver.type.lower()}).")
    return Answer(False, "It is for other types of authority. The provider may widen that.")


def _situation(version: OfferVersion, ways: list[Way]) -> Answer:
    """Whether the offer is meant for where the authority stands, by its ways to receive."""
    holds = {way for way, words in WAYS.items() if any(words in one.words for one in ways)}
    own = {SITUATION_OF_WAY[way] for way in holds}
    if own & {Situation.REQUIRES_IMPROVEMENT, Situation.INADEQUATE}:
        own.discard(Situation.EARLY)
    meant = set(version.situations)
    if not meant or meant & own:
        return Answer(True, "It is meant for authorities where you stand.")
    listed = "; ".join(one.words[0].lower() + one.words[1:] for one in version.situations)
    return Answer(False, f"It is meant for other authorities: {listed}. Ask, and say why.")


def _days(offer: Offer) -> Answer:
    small = offer.programme_on(clock.today()).policy.small_below
    if (offer.current.days_least or 0) < small:
        return Answer(
            True,
            f"Under {format_days(small)} it is a small ask: one sentence, your director's "
            "sign-off, no readiness check.",
        )
    least = format_days(offer.current.days_least or 0)
    return Answer(
        True,
        f"It starts at {least}, so you describe a need, and your coordinator records a "
        "readiness check.",
    )


def in_general(offer: Offer, region_names: dict[str, str]) -> list[str]:
    """Whom the offer is for, in words for anybody."""
    version = offer.current
    regions = [region_names.get(code, code) for code in version.helps_regions]
    return [
        f"Programmes: {', '.join(one.name for one in offer.programmes)}.",
        f"Regions: {', '.join(regions) or 'all of England'}.",
        f"Types of authority: {', '.join(version.helps_types) or 'all'}.",
        f"Where they stand: {'; '.join(one.words for one in version.situations) or 'anywhere'}.",
        "A small ask needs one sentence and a director's sign-off; a larger need has a readiness "
        "check first.",
    ]
