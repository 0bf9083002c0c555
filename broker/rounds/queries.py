"""Questions about rounds and shortlists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from broker import clock
from broker.db import db
from broker.matching.reasons import Audience, all_words_for, change_for
from broker.matching.shortlist import LeftOut, Ranked, shortlist
from broker.models.match import Round, Suggestion
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.permissions import RECEIVING
from broker.rounds import bridge
from broker.sights import needs_seen_by, rounds_seen_by


def rounds_visible_to(person: Person | None) -> Select[Round]:
    return select(Round).where(rounds_seen_by(person))


def listed(person: Person) -> list[Round]:
    return list(db.session.scalars(rounds_visible_to(person).order_by(Round.id.desc())))


def open_programmes() -> list[Programme]:
    """Programmes that a round may be run in today."""
    today = clock.today()
    every = db.session.scalars(select(Programme).order_by(Programme.id))
    return [programme for programme in every if programme.is_open_on(today)]


def needs_shortlisted_by(person: Person | None) -> Select[Need]:
    """Needs whose shortlist a person may see: their own authority's, or their region's."""
    held = person.holding(*RECEIVING) if person else []
    own = Need.receiver_id.in_([m.authority_id for m in held if m.authority_id is not None])
    is_coordinator = bool(person and person.holding(Role.COORDINATOR))
    not_private = Need.state != NeedState.PRIVATE
    return select(Need).where(
        needs_seen_by(person), or_(own, not_private) if is_coordinator else own
    )


def open_needs(region_id: int, programme_id: int) -> list[Need]:
    """What a round of a region and programme is about: its open needs, nothing earlier."""
    wanted = select(Need).where(
        Need.programme_id == programme_id,
        Need.state.in_([NeedState.OPEN, NeedState.PART_MATCHED]),
        Need.receiver.has(region_id=region_id),
    )
    return list(db.session.scalars(wanted.order_by(Need.id)).unique())


@dataclass(frozen=True)
class Possible:
    """An offer on a need's shortlist, as the page shows it."""

    offer: Offer
    points: int
    text: str
    note: str | None
    suggestion: Suggestion | None
    lines: list[dict[str, Any]]


@dataclass(frozen=True)
class Impossible:
    offer: Offer
    reasons: list[tuple[str, str | None]]


@dataclass(frozen=True)
class Shortlisted:
    possible: list[Possible]
    impossible: list[Impossible]


def shortlist_for(need: Need, audience: Audience) -> Shortlisted:
    """Who could help with a need, best first; and who could not, with why."""
    offers = bridge.offers_of(need.programme)
    by_id = {str(offer.id): offer for offer in offers}
    [need_facts] = bridge.needs_facts([need], as_if_open=True)
    offered = bridge.offers_facts(offers, need.programme)
    found = shortlist(need_facts, offered, bridge.world_of(need.programme))
    made = {s.offer_id: s for s in suggestions_of(need)}
    return Shortlisted(
        possible=[_possible(one, by_id, made, audience) for one in found.ranked],
        impossible=[_impossible(one, by_id, audience) for one in found.left_out],
    )


def _possible(
    one: Ranked, offers: dict[str, Offer], made: dict[int, Suggestion], audience: Audience
) -> Possible:
    offer = offers[one.offer.id]
    return Possible(
        offer=offer,
        points=one.points,
        text=one.explanation.text(audience),
        note=one.note,
        suggestion=made.get(offer.id),
        lines=bridge.lines_json(one.explanation),
    )


def _impossible(one: LeftOut, offers: dict[str, Offer], audience: Audience) -> Impossible:
    words = all_words_for(one.reasons, audience)
    known = [reason for reason in one.reasons if audience in reason.audience]
    changes = {reason.text: change_for(reason, audience) for reason in known}
    return Impossible(offers[one.offer.id], [(text, changes.get(text)) for text in words])


def suggestions_of(need: Need) -> Sequence[Suggestion]:
    return db.session.scalars(select(Suggestion).filter_by(need_id=need.id)).unique().all()


@dataclass(frozen=True)
class Proposed:
    """One match of a round's plan, with the rows it speaks of."""

    need: Need
    offer: Offer
    start: str
    days: list[int]
    points: int


@dataclass(frozen=True)
class LeftOver:
    need: Need
    because: list[str]
    changes: list[str]


def plan_of(round_: Round) -> tuple[list[Proposed], list[LeftOver]]:
    """A round's stored result, with the needs and offers it speaks of, in two questions."""
    result, inputs = round_.result or {}, round_.inputs or {}
    matches, unmatched = result.get("matches", []), result.get("unmatched", [])
    need_ids = {int(row["need"]) for row in [*matches, *unmatched]}
    offer_ids = {int(row["offer"]) for row in matches}
    needs = _by_id(select(Need).where(Need.id.in_(need_ids)))
    offers = _by_id(select(Offer).where(Offer.id.in_(offer_ids)))
    names = {p.code: p.name for p in (offer.provider for offer in offers.values())}
    proposed = [
        Proposed(
            need=needs[int(row["need"])],
            offer=offers[int(row["offer"])],
            start=inputs["quarters"][row["start"]],
            days=[round(days * 4) for days in row["days"]],
            points=row["points"],
        )
        for row in matches
    ]
    left = [_left_over(row, needs, {**names, **inputs.get("names", {})}) for row in unmatched]
    return proposed, left


def _left_over(row: dict[str, Any], needs: dict[int, Any], names: dict[str, str]) -> LeftOver:
    changes = []
    for because in row["because"]:
        for change in because.get("would_match_if", []):
            name = names.get(change["provider"], change["provider"])
            if "more_days" in change:
                changes.append(
                    f"{change['more_days']:g} more days from {name} in {change['quarter']}"
                )
    because = [cause["text"] for cause in row["because"]]
    return LeftOver(needs[int(row["need"])], because, list(dict.fromkeys(changes)))


def _by_id(wanted: Select[Any]) -> dict[int, Any]:
    return {thing.id: thing for thing in db.session.scalars(wanted).unique()}
