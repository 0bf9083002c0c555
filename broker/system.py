"""The person who acts for the clock."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from broker.db import db
from broker.models.person import Membership, Person, Role


def the_system() -> Person:
    """The one person with the role 'system', made on first use."""
    held = select(Person).join(Membership, Membership.person_id == Person.id)
    found = db.session.scalars(held.where(Membership.role == Role.SYSTEM)).first()
    if found is not None:
        return found
    person = Person(email="clock@exchange.invalid", name="Support Exchange")
    person.memberships.append(Membership(role=Role.SYSTEM, starts_on=date(2000, 1, 1)))
    db.session.add(person)
    db.session.flush()
    return person
