"""Who may see what belongs to a whole region: sights, as in broker/sights.py."""

from __future__ import annotations

from sqlalchemy import false, or_, select

from broker.models.authority import Authority, Region
from broker.models.person import Person, Role
from broker.sights import Sight


def regions_indexed_for(person: Person | None) -> Sight:
    """Whose capacity index a person reads: its coordinators, and directors of its authorities."""
    if person is None:
        return false()
    coordinated = [held.region_id for held in person.holding(Role.COORDINATOR)]
    directed = [held.authority_id for held in person.holding(Role.DIRECTOR)]
    placed = select(Authority.region_id).where(Authority.id.in_(directed))
    return or_(Region.id.in_(coordinated), Region.id.in_(placed))
