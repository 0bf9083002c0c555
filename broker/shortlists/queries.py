"""Questions of shortlists: which offers could help with a need, and which could not, with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Select, or_, select

from broker import clock
from broker.capacity.queries import QUARTERS_SHOWN, FreeDays, free_days
from broker.clock import Quarter
from broker.db import db
from broker.matching.place_criteria import km_from
from broker.matching.reasons import NOT_AVAILABLE, Audience, all_words_for, change_for
from broker.matching.scores import Line, Verdict
from broker.matching.shortlist import LeftOut, Ranked, shortlist
from broker.models.match import Suggestion, SuggestionState
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.models.person import Person, Role
from broker.permissions import RECEIVING
from broker.prospectus.asked import COMPARED_MOST
from broker.prospectus.journey import journey_of
from broker.rounds import bridge
from broker.sights import needs_seen_by


def needs_shortlisted_by(person: Person | None) -> Select[Need]:
    """Needs whose shortlist a person may see: their own authority's, or their region's."""
    held = person.holding(*RECEIVING) if person else []
    own = Need.receiver_id.in_([m.authority_id for m in held if m.authority_id is not None])
    is_coordinator = bool(person and person.holding(Role.COORDINATOR))
    not_private = Need.state != NeedState.PRIVATE
    return select(Need).where(
        needs_seen_by(person), or_(own, not_private) if is_coordinator else own
    )


@dataclass(frozen=True)
class Possible:
    """An offer on a need's shortlist, as one audience reads it. `km`: between settled centres."""

    offer: Offer
    ranked: Ranked
    audience: Audience
    suggestion: Suggestion | None
    free: FreeDays
    km: float | None

    @property
    def points(self) -> int:
        return self.ranked.points

    @property
    def note(self) -> str | None:
        return self.ranked.note

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return self.ranked.explanation.lines_for(self.audience)

    def _with(self, verdict: Verdict) -> list[Line]:
        return [line for line in self.lines if line.verdict is verdict]

    @property
    def strengths(self) -> list[Line]:
        """The criteria that it fits on, most points first."""
        return sorted(self._with(Verdict.FITS), key=lambda line: -line.points)

    @property
    def gaps(self) -> list[Line]:
        return self._with(Verdict.DOES_NOT_FIT)

    @property
    def unknown(self) -> list[str]:
        return [line.criterion.name for line in self._with(Verdict.UNKNOWN)]

    @property
    def fits(self) -> str:
        aside = f" ({len(self.unknown)} unknown)" if self.unknown else ""
        return f"Fits on {len(self.strengths)} of {len(self.lines)}{aside}"

    @property
    def neighbour_rank(self) -> int | None:
        """1: the receiver's closest statistical neighbour. None: not among them, or not known."""
        near = (self.ranked.need.receiver.neighbours or {}).get(self.offer.provider.code)
        return near.rank if near else None

    @property
    def starts(self) -> Quarter | None:
        """The first quarter in which the days wanted are free."""
        starts = self.ranked.starts()
        return clock.this_quarter() + min(starts) if starts else None

    @property
    def journey(self) -> list[str]:
        return journey_of(self.offer.provider)

    @property
    def by_quarter(self) -> list[tuple[Quarter, int]]:
        return [(q, self.free.by_quarter.get(q, 0)) for q in clock.coming_quarters(QUARTERS_SHOWN)]

    @property
    def state(self) -> SuggestionState | None:
        return self.suggestion.state if self.suggestion else None

    @property
    def can_be_asked(self) -> bool:
        return self.state is not SuggestionState.ASKED


@dataclass(frozen=True)
class Impossible:
    """`reasons`: what stands in the way, and what would change it where the reader may know."""

    offer: Offer
    reasons: list[tuple[str, str | None]]

    @property
    def is_told(self) -> bool:
        return [words for words, _ in self.reasons] != [NOT_AVAILABLE]


@dataclass(frozen=True)
class Shortlisted:
    """Best first; of those left out, the one with the fewest reasons against it first."""

    possible: list[Possible]
    impossible: list[Impossible]

    def chosen(self, offer_ids: Sequence[int]) -> list[Possible]:
        """Those with these ids that are possible, in the order of the ids."""
        known = {one.offer.id: one for one in self.possible}
        return [known[id_] for id_ in offer_ids if id_ in known]

    def with_alternatives(self, offer_ids: Sequence[int]) -> list[int]:
        """Those ids and, up to four in all, the best offers of providers not yet among them."""
        ids = list(offer_ids)
        seen = {one.offer.provider_id for one in self.chosen(ids)}
        for one in self.possible:
            if len(ids) < COMPARED_MOST and one.offer.provider_id not in seen:
                seen.add(one.offer.provider_id)
                ids.append(one.offer.id)
        return ids


def shortlist_for(need: Need, audience: Audience) -> Shortlisted:
    """Who could help with a need; and who could not, with why. A constant number of questions."""
    offers = bridge.offers_of(need.programme)
    [need_facts] = bridge.needs_facts([need], as_if_open=True)
    offered = bridge.offers_facts(offers, need.programme)
    found = shortlist(need_facts, offered, bridge.world_of(need.programme))
    reading = _Reading(need, audience, {str(offer.id): offer for offer in offers})
    left = [reading.impossible(one) for one in found.left_out]
    return Shortlisted(
        possible=reading.possible(list(found.ranked)),
        impossible=sorted(left, key=lambda one: (not one.is_told, len(one.reasons))),
    )


@dataclass(frozen=True)
class _Reading:
    """The matcher's answer about a need, put beside the rows it speaks of."""

    need: Need
    audience: Audience
    offers: dict[str, Offer]

    def possible(self, ranked: list[Ranked]) -> list[Possible]:
        programme_id = self.need.programme_id
        free = free_days((offer.provider_id, programme_id) for offer in self.offers.values())
        made = {s.offer_id: s for s in suggestions_of(self.need)}
        if not ranked:
            return []
        far = km_from(ranked[0].need.receiver, [one.offer.provider for one in ranked])
        shown = zip(ranked, far, strict=True)
        return [
            Possible(
                offer=(offer := self.offers[one.offer.id]),
                ranked=one,
                audience=self.audience,
                suggestion=made.get(offer.id),
                free=free[offer.provider_id, programme_id],
                km=km,
            )
            for one, km in shown
        ]

    def impossible(self, one: LeftOut) -> Impossible:
        words = all_words_for(one.reasons, self.audience)
        known = [reason for reason in one.reasons if self.audience in reason.audience]
        changes = {reason.text: change_for(reason, self.audience) for reason in known}
        return Impossible(self.offers[one.offer.id], [(text, changes.get(text)) for text in words])


def suggestions_of(need: Need) -> Sequence[Suggestion]:
    """What stands beside a need, the oldest first."""
    made = select(Suggestion).filter_by(need_id=need.id).order_by(Suggestion.id)
    return db.session.scalars(made).unique().all()


# -- looking through it -----------------------------------------------------------------------


def _soonest(one: Possible) -> tuple[Any, ...]:
    return (one.starts is None, one.starts.ordinal if one.starts else 0)


ORDERS: dict[str, tuple[str, Any]] = {
    "": ("Best fit first", lambda one: 0),
    "soonest": ("Soonest start first", _soonest),
    "free": ("Most free days first", lambda one: -one.free.total),
    "near": ("Nearest first", lambda one: (one.km is None, one.km or 0)),
    "neighbour": ("Closest neighbour first", lambda one: one.neighbour_rank or 99),
}


@dataclass(frozen=True)
class Wanted:
    """What a shortlist is searched for and sorted by."""

    words: str = ""
    region: str = ""
    sort: str = ""

    def keeps(self, offer: Offer) -> bool:
        provider = offer.provider
        text = f"{offer.title} {provider.name} {provider.region.name}".casefold()
        is_there = self.region in ("", provider.region.code)
        return is_there and all(term in text for term in self.words.casefold().split())

    def of(self, found: Shortlisted) -> Shortlisted:
        """The same, narrowed and put in order; equal ones stay best first."""
        _, key = ORDERS.get(self.sort, ORDERS[""])
        return Shortlisted(
            possible=sorted((one for one in found.possible if self.keeps(one.offer)), key=key),
            impossible=[one for one in found.impossible if self.keeps(one.offer)],
        )


def regions_in(found: Shortlisted) -> list[tuple[str, str]]:
    """Regions of the offers found, for a filter."""
    every = [one.offer for one in found.possible] + [one.offer for one in found.impossible]
    names = {offer.provider.region.code: offer.provider.region.name for offer in every}
    return sorted(names.items(), key=lambda pair: pair[1])
