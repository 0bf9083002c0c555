"""Questions about rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from broker import clock
from broker.days import format_days
from broker.db import db
from broker.errors import NotRight
from broker.models.authority import Authority, Region
from broker.models.ledger import Capacity
from broker.models.match import Round, RoundState
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.rounds.hand import matches_of
from broker.sights import rounds_seen_by


def rounds_visible_to(person: Person | None) -> Select[Round]:
    return select(Round).where(rounds_seen_by(person))


def listed(person: Person, *, kind: str = "", state: str = "") -> list[Round]:
    """The newest first; of one kind and in one state where these are words for one."""
    found = db.session.scalars(rounds_visible_to(person).order_by(Round.id.desc())).unique()
    return [one for one in found if kind in ("", one.kind.value) and state in ("", one.state.value)]


def regions_of(person: Person) -> dict[str, Region]:
    """Regions in which a person may run a round, by id."""
    held = person.holding(Role.COORDINATOR)
    return {str(one.region.id): one.region for one in held if one.region}


def programmes_of(person: Person) -> list[Programme]:
    """Programmes of today in which a person may run a round: a manager in theirs alone."""
    today = clock.today()
    every = db.session.scalars(select(Programme).order_by(Programme.id))
    is_coordinator = bool(person.holding(Role.COORDINATOR))
    return [
        programme
        for programme in every
        if programme.is_open_on(today) and (is_coordinator or _manages(person, programme))
    ]


def must_be_run_by(person: Person, programme: Programme, region: Region | None) -> None:
    if region is None and not _manages(person, programme):
        words = f"Only its managers run a round of all England in {programme.name}."
        raise NotRight(words, field="region")


def _manages(person: Person, programme: Programme) -> bool:
    held = person.holding(Role.PROGRAMME_MANAGER)
    return any(one.programme_id == programme.id for one in held)


def open_needs(region_id: int | None, programme_id: int) -> list[Need]:
    """What a round of a region (None: all England) and programme is about: its open needs,
    nothing earlier."""
    wanted = select(Need).where(
        Need.programme_id == programme_id,
        Need.state.in_([NeedState.OPEN, NeedState.PART_MATCHED]),
    )
    if region_id is not None:
        wanted = wanted.where(Need.receiver.has(region_id=region_id))
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

    @property
    def changes(self) -> list[str]:
        """What would let it match, each in words."""
        asks = [f"{format_days(a.days)} more from {a.name} in {a.quarter}" for a in self.asks]
        return asks + self.others


@dataclass(frozen=True)
class PlanRow:
    """One line of a plan's file: a match, or a need left out."""

    need: Need
    match: Proposed | None = None
    left: LeftOver | None = None


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


def rows_of(round_: Round) -> list[PlanRow]:
    proposed, left = plan_of(round_)
    matches = [PlanRow(one.need, match=one) for one in proposed]
    return matches + [PlanRow(one.need, left=one) for one in left]


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
        Round.region_id.is_not_distinct_from(round_.region_id),
        Round.kind == round_.kind,
        Round.id != round_.id,
        Round.state.in_([RoundState.SOLVED, RoundState.ADOPTED, RoundState.WITHDRAWN]),
    )
    return list(db.session.scalars(alike.order_by(Round.id.desc()).limit(10)).unique())


def _by_id(wanted: Select[Any]) -> dict[int, Any]:
    return {thing.id: thing for thing in db.session.scalars(wanted).unique()}
