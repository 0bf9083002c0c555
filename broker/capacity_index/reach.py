"""Who could help with needs now, by the matcher's own rules; and where nobody can, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from broker.matching.facts import NeedFacts, OfferFacts
from broker.matching.place_criteria import km_from
from broker.matching.reasons import Audience, Reason
from broker.matching.sifting import Sieve
from broker.models.need import Need
from broker.rounds import bridge

NO_THEME = "no_theme_in_common"
NOBODY_OFFERS = "No published offer covers its themes."
WHYS = 3


@dataclass(frozen=True)
class Reach:
    """How many authorities could help; of those, how many in the region; the nearest one, where
    the reader may know. `why`: where there is none, what stands in the way, most often first.
    `left`: the quarter-days that no match holds yet."""

    left: int
    providers: int
    here: int
    nearest: str
    why: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        return self.providers == 0


def reach_of(needs: Sequence[Need], audiences: Mapping[int, Audience]) -> dict[int, Reach]:
    """By the id of a need. `audiences`: as whom each need is read; of others, only what a provider
    may know counts, so that nothing else about them can be worked out."""
    found: dict[int, Reach] = {}
    programmes = {need.programme_id: need.programme for need in needs}
    for id_, programme in programmes.items():
        wanted = [need for need in needs if need.programme_id == id_]
        offered = bridge.offers_facts(bridge.offers_of(programme), programme)
        sieve = Sieve(offered, bridge.world_of(programme))
        asked = bridge.needs_facts(wanted, as_if_open=True)
        for need, facts in zip(wanted, asked, strict=True):
            audience = audiences.get(need.id, Audience.PROVIDER)
            found[need.id] = _reach(facts, offered, sieve.reasons(facts), audience)
    return found


def _reach(
    need: NeedFacts,
    offered: Sequence[OfferFacts],
    against: Sequence[Sequence[Reason]],
    audience: Audience,
) -> Reach:
    is_provider = audience is Audience.PROVIDER
    known = [
        [one for one in reasons if not is_provider or audience in one.audience]
        for reasons in against
    ]
    able = [offer for offer, reasons in zip(offered, known, strict=True) if not reasons]
    others = [offer for offer in able if offer.provider.key != need.receiver.key]
    return Reach(
        left=need.days_wanted,
        providers=len({one.provider.key for one in others}),
        here=len({o.provider.key for o in others if o.provider.region == need.receiver.region}),
        nearest="" if is_provider else _nearest(need, others),
        why=() if others else tuple(_why(need, offered, known, audience)),
    )


def _nearest(need: NeedFacts, able: Sequence[OfferFacts]) -> str:
    far = km_from(need.receiver, [one.provider for one in able])
    known = [(km, one.provider.name) for km, one in zip(far, able, strict=True) if km is not None]
    if not known:
        return ""
    km, name = min(known)
    return f"{name}, {km:.0f} km"


def _why(
    need: NeedFacts,
    offered: Sequence[OfferFacts],
    known: Sequence[Collection[Reason]],
    audience: Audience,
) -> list[str]:
    near = [
        reasons
        for offer, reasons in zip(offered, known, strict=True)
        if not any(one.code == NO_THEME for one in reasons)
        and offer.provider.key != need.receiver.key
    ]
    if not near:
        return [NOBODY_OFFERS]
    texts = Counter(one.text for reasons in near for one in reasons if audience in one.audience)
    return [text for text, _ in texts.most_common(WHYS)]
