"""Questions about rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from broker import clock
from broker.db import db
from broker.models.match import Round
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.models.person import Person
from broker.models.programme import Programme
from broker.sights import rounds_seen_by


def rounds_visible_to(person: Person | None) -> Select[Round]:
    return select(Round).where(rounds_seen_by(person))


def listed(person: Person) -> list[Round]:
    return list(db.session.scalars(rounds_visible_to(person).order_by(Round.id.desc())))


def open_programmes() -> list[Programme]:
    """Programmes that a round may be run in today."""
    today = clock.today()
    every = db.session.scalars(select(Programme).order_by(Programme.id))
    return [programme for programme in every if programme.is_open_on(today)]


def open_needs(region_id: int, programme_id: int) -> list[Need]:
    """What a round of a region and programme is about: its open needs, nothing earlier."""
    wanted = select(Need).where(
        Need.programme_id == programme_id,
        Need.state.in_([NeedState.OPEN, NeedState.PART_MATCHED]),
        Need.receiver.has(region_id=region_id),
    )
    return list(db.session.scalars(wanted.order_by(Need.id)).unique())


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
