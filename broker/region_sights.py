"""Who may see what belongs to a whole region or programme: sights, as in broker/sights.py."""

from __future__ import annotations

from sqlalchemy import false, or_, select

from broker.models.authority import Authority, Region
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.sights import Sight, seen_by_administrators


def regions_indexed_for(person: Person | None) -> Sight:
    """Whose capacity index a person reads: its coordinators, and directors of its authorities."""
    if person is None:
        return false()
    coordinated = [held.region_id for held in person.holding(Role.COORDINATOR)]
    directed = [held.authority_id for held in person.holding(Role.DIRECTOR)]
    placed = select(Authority.region_id).where(Authority.id.in_(directed))
    return or_(Region.id.in_(coordinated), Region.id.in_(placed))


def programmes_seen_by(person: Person | None) -> Sight:
    """What was done to them and what is under way in them: administrators, and managers theirs."""
    held = person.holding(Role.PROGRAMME_MANAGER) if person else []
    managed = Programme.id.in_([one.programme_id for one in held])
    return or_(seen_by_administrators(person), managed)
