"""Questions about rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from broker import clock
from broker.db import db
from broker.models.authority import Authority
from broker.models.ledger import Capacity
from broker.models.match import Round, RoundState
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.models.person import Person
from broker.models.programme import Programme
from broker.rounds.hand import matches_of
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
    """One match of a round's plan, with the rows it speaks of. `start` empty: no days in it."""

    need: Need
    offer: Offer
    start: str
    days: list[int]
    points: int
    is_by_hand: bool


@dataclass(frozen=True)
class MoreDays:
    """What would let a need match: quarter-days that a provider could be asked for."""

    provider: str
    name: str
    quarter: str
    days: int


@dataclass(frozen=True)
class LeftOver:
    """`asks`: changes in days that somebody can be asked for. `others`: further changes."""

    need: Need
    because: list[str]
    asks: list[MoreDays]
    others: list[str]


def plan_of(round_: Round) -> tuple[list[Proposed], list[LeftOver]]:
    """A round's stored plan, with the needs and offers it speaks of, in two questions."""
    result, inputs = round_.result or {}, round_.inputs or {}
    matches, unmatched = matches_of(round_), result.get("unmatched", [])
    need_ids = {int(row["need"]) for row in [*matches, *unmatched]}
    needs = _by_id(select(Need).where(Need.id.in_(need_ids)))
    offers = _by_id(select(Offer).where(Offer.id.in_({int(row["offer"]) for row in matches})))
    proposed = [
        Proposed(
            need=needs[int(row["need"])],
            offer=offers[int(row["offer"])],
            start="" if row["start"] is None else inputs["quarters"][row["start"]],
            days=[round(days * 4) for days in row["days"]],
            points=row["points"],
            is_by_hand=row.get("is_by_hand", False),
        )
        for row in matches
        if int(row["need"]) in needs
    ]
    return proposed, [_left_over(row, needs, inputs) for row in unmatched]


def _left_over(row: dict[str, Any], needs: dict[int, Any], inputs: dict[str, Any]) -> LeftOver:
    names = inputs.get("names", {})
    changes = [change for because in row["because"] for change in because["would_match_if"]]
    changes += inputs.get("short", {}).get(row["need"], [])
    asks, others = [], []
    for change in changes:
        name = names.get(change["provider"], change["provider"])
        if "more_days" in change:
            for one in (change, *change.get("also", ())):
                days = round(one["more_days"] * 4)
                asks.append(MoreDays(change["provider"], name, one["quarter"], days))
        elif change.get("more_matches"):
            others.append(f"{name} took one more at once")
    because = [cause["text"] for cause in row["because"]]
    return LeftOver(needs[int(row["need"])], because, list(dict.fromkeys(asks)), others)


def by_provider(proposed: list[Proposed]) -> list[tuple[Authority, list[Proposed]]]:
    """The same plan, provider by provider."""
    found: dict[int, tuple[Authority, list[Proposed]]] = {}
    for one in proposed:
        found.setdefault(one.offer.provider_id, (one.offer.provider, []))[1].append(one)
    return sorted(found.values(), key=lambda row: row[0].name)


def capacity_of(code: str, programme_id: int) -> Capacity | None:
    wanted = select(Capacity).where(
        Capacity.provider.has(Authority.code == code), Capacity.programme_id == programme_id
    )
    return db.session.scalars(wanted).unique().one_or_none()


def comparable(round_: Round) -> list[Round]:
    """Other rounds of the same kind, programme and region that have a plan, newest first."""
    alike = select(Round).where(
        Round.programme_id == round_.programme_id,
        Round.region_id == round_.region_id,
        Round.kind == round_.kind,
        Round.id != round_.id,
        Round.state.in_([RoundState.SOLVED, RoundState.ADOPTED, RoundState.WITHDRAWN]),
    )
    return list(db.session.scalars(alike.order_by(Round.id.desc()).limit(10)).unique())


def _by_id(wanted: Select[Any]) -> dict[int, Any]:
    return {thing.id: thing for thing in db.session.scalars(wanted).unique()}
