"""Criteria on what is offered and by whom: theme, track record, support, levels, wishes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from broker.matching.arrays import Floats, blend, distinct, figures, ratio, share_met
from broker.matching.facts import (
    Conversation,
    Delivery,
    Evidence,
    Grade,
    NeedFacts,
    OfferedTheme,
    OfferFacts,
    Outcome,
    Theme,
    World,
)
from broker.matching.table import Table

STRENGTH = {
    Evidence.EVALUATED: 1.0,
    Evidence.OWN_IMPROVEMENT: 0.8,
    Evidence.PUBLISHED: 0.65,
    Evidence.STATED: 0.5,
}
EVIDENCE_WORDS = {
    Evidence.EVALUATED: "evaluated by others",
    Evidence.OWN_IMPROVEMENT: "own improvement",
    Evidence.PUBLISHED: "described in a published source",
    Evidence.STATED: "stated by the provider",
}
Kind = tuple[
    str, str | None, Evidence
]  # of an offered theme: its code, its heading's, what backs it
HEADING, SIBLING = 0.8, 0.3  # how far a heading over a theme, or its neighbour, counts for it


def theme_fit(table: Table) -> Floats:
    """How strongly the need's themes are covered; the nth theme counts one nth."""
    wanted = list({theme.code: theme for need in table.needs for theme in need.themes}.values())
    place = {theme.code: at for at, theme in enumerate(wanted)}
    shares = np.zeros((len(table.needs), len(wanted)))
    for row, need in enumerate(table.needs):
        for rank, theme in enumerate(need.themes, start=1):
            shares[row, place[theme.code]] = 1.0 / rank
    total = shares.sum(axis=1, keepdims=True)
    return ratio(shares @ _strengths(wanted, table.offers).T, total)


def _strengths(wanted: Sequence[Theme], offers: Sequence[OfferFacts]) -> Floats:
    """offers x themes: the strongest that an offer has for each. Like themes are judged once."""
    strengths = np.zeros((len(offers), len(wanted)))
    kinds, kind = distinct(_kind(one) for offer in offers for one in offer.themes)
    if not kinds:
        return strengths
    judged = np.array([[_strength(theme, one) for theme in wanted] for one in kinds])
    sizes = np.array([len(offer.themes) for offer in offers])
    busy = np.flatnonzero(sizes)
    begins = np.cumsum(sizes)[busy] - sizes[busy]
    strengths[busy] = np.maximum.reduceat(judged[kind], begins, axis=0)
    return strengths


def _kind(offered: OfferedTheme) -> Kind:
    return offered.theme.code, offered.theme.parent, offered.evidence


def _strength(wanted: Theme, offered: Kind) -> float:
    code, parent, evidence = offered
    return _nearness(wanted, code, parent) * STRENGTH[evidence]


def _nearness(wanted: Theme, code: str, parent: str | None) -> float:
    if wanted.code == code:
        return 1.0
    if wanted.parent == code or parent == wanted.code:
        return HEADING
    return SIBLING if wanted.parent is not None and wanted.parent == parent else 0.0


def theme_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    found, missing = [], []
    for theme in need.themes:
        best = max(offer.themes, key=lambda one: _strength(theme, _kind(one)), default=None)
        if best is None or _strength(theme, _kind(best)) == 0:
            missing.append(theme.name.lower())
        else:
            found.append(f"{best.theme.name.lower()}, {EVIDENCE_WORDS[best.evidence]}")
    words = "; ".join(found) or "none of the themes"
    return f"{words}; not offered: {', '.join(missing)}" if missing else words


RISEN_FAR, RISEN, STEADY, OTHERWISE = 1.0, 0.7, 0.5, 0.2
GOOD = (Grade.OUTSTANDING, Grade.GOOD)
ORDER = list(Grade)


def journey_value(before: Grade, now: Grade) -> float:
    """What a provider's own way in an area counts for: up from below good counts most."""
    if now in GOOD and before not in GOOD:
        return RISEN_FAR
    if ORDER.index(now) < ORDER.index(before):
        return RISEN
    return STEADY if now in GOOD else OTHERWISE


def track_record(table: Table) -> Floats:
    """Seven tenths own journey in the need's areas, three tenths help given before."""
    areas = sorted({theme.area for need in table.needs for theme in need.themes if theme.area})
    journeys = []
    for area in areas:
        asked = figures(1 if _asks(need, area) else None for need in table.needs)
        made = figures(_made(offer, area) for offer in table.offers)
        journeys.append((1.0, asked[:, None] * made[None, :]))
    own = blend(journeys) if journeys else table.unknown()
    helped = figures(_helped(offer) for offer in table.offers)
    return blend([(0.7, own), (0.3, np.broadcast_to(helped, table.shape))])


def _asks(need: NeedFacts, area: str) -> bool:
    return any(theme.area == area for theme in need.themes)


def _made(offer: OfferFacts, area: str) -> float | None:
    grades = (offer.journey or {}).get(area)
    return None if grades is None else journey_value(*grades)


def _helped(offer: OfferFacts) -> float | None:
    """Feedback where there is some; else half, and more the more authorities were helped."""
    if offer.feedback is not None:
        return offer.feedback
    if offer.helped_before is None:
        return None
    return 0.5 + 0.1 * min(offer.helped_before, 5) if offer.helped_before else 0.3


def track_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    parts = []
    for area in dict.fromkeys(theme.area for theme in need.themes if theme.area):
        if grades := (offer.journey or {}).get(area):
            before, now = (grade.value.replace("_", " ") for grade in grades)
            area_name = area.replace("_", " ")
            way = f"{now} throughout" if before == now else f"from {before} to {now}"
            parts.append(f"{area_name} {way}")
    if offer.helped_before is not None:
        whom = "authority" if offer.helped_before == 1 else "authorities"
        parts.append(f"has helped {offer.helped_before or 'no'} {whom} before")
    if offer.feedback is not None:
        parts.append(f"feedback {offer.feedback:.0%}")
    return "; ".join(parts) or "no record"


def support_fit(table: Table) -> Floats:
    """The share met of types, modes and styles wanted, and whether delivery agrees."""
    needs, offers = table.needs, table.offers
    return blend(
        [
            (2.0, share_met([n.support_types for n in needs], [o.support_types for o in offers])),
            (2.0, share_met([n.modes for n in needs], [o.modes for o in offers])),
            (1.0, share_met([n.styles for n in needs], [o.styles for o in offers])),
            (1.0, share_met([_ways(n.delivery) for n in needs], [_any_way(o) for o in offers])),
        ]
    )


def _ways(delivery: Delivery | None) -> frozenset[str]:
    """What a need asks for: one way; nothing in particular when either will do."""
    return frozenset({delivery.value} if delivery and delivery is not Delivery.EITHER else ())


def _any_way(offer: OfferFacts) -> frozenset[str]:
    if offer.delivery is Delivery.EITHER:
        return frozenset({Delivery.ON_SITE.value, Delivery.REMOTE.value})
    return _ways(offer.delivery)


def support_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    asked = need.support_types | need.modes | need.styles | _ways(need.delivery)
    given = offer.support_types | offer.modes | offer.styles | _any_way(offer)
    return _met_words(asked, given)


def _met_words(asked: frozenset[str], given: frozenset[str]) -> str:
    met, missing = _listed(asked & given), _listed(asked - given)
    if met and missing:
        return f"{met}; not {missing}"
    return met or (f"not {missing}" if missing else "nothing in particular asked")


def _listed(codes: frozenset[str]) -> str:
    return ", ".join(sorted(code.replace("_", " ") for code in codes))


def levels(table: Table) -> Floats:
    """The share met of the levels to be worked with, and of the roles that want a peer."""
    needs, offers = table.needs, table.offers
    return blend(
        [
            (1.0, share_met([n.levels for n in needs], [o.levels for o in offers])),
            (1.0, share_met([n.roles for n in needs], [o.roles for o in offers])),
        ]
    )


def level_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    return _met_words(need.levels | need.roles, offer.levels | offer.roles)


OUTCOME_VALUE = {Outcome.YES: 1.0, Outcome.NOT_NOW: 0.3, Outcome.NO: 0.0}
PREFERRED, KNOWN = 1.0, 0.75


def wishes(table: Table) -> Floats:
    """Not known unless somebody said something about the other."""
    values = table.unknown()
    wanted_by = _receivers_preferred(table)
    for row, need in enumerate(table.needs):
        named = need.preferred | need.knows | set(need.conversations)
        named |= wanted_by.get(need.receiver.key, frozenset())
        for _, columns in table.columns(sorted(named)):
            for column in columns:
                said = wish_value(need, table.offers[column])
                values[row, column] = np.nan if said is None else said
    return values


def _receivers_preferred(table: Table) -> dict[str, frozenset[str]]:
    """Receiver key → providers that would like to help it."""
    wanted_by: dict[str, frozenset[str]] = {}
    for offer in table.offers:
        for receiver in offer.preferred:
            wanted_by[receiver] = wanted_by.get(receiver, frozenset()) | {offer.provider.key}
    return wanted_by


def wish_value(need: NeedFacts, offer: OfferFacts) -> float | None:
    """The mean of what is said: preferred, known to each other, outcomes of a conversation."""
    talk = need.conversations.get(offer.provider.key, Conversation())
    said = [OUTCOME_VALUE[one] for one in (talk.receiver, talk.provider) if one is not None]
    if offer.provider.key in need.preferred:
        said.append(PREFERRED)
    if need.receiver.key in offer.preferred:
        said.append(PREFERRED)
    if offer.provider.key in need.knows:
        said.append(KNOWN)
    return sum(said) / len(said) if said else None


def wish_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    talk = need.conversations.get(offer.provider.key, Conversation())
    parts = []
    if offer.provider.key in need.preferred:
        parts.append("preferred by the receiver")
    if offer.provider.key in need.knows:
        parts.append("they know each other")
    if talk.receiver or talk.provider:
        parts.append("they have talked")
    return "; ".join(parts) or "the provider would like to help"
