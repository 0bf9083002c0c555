"""When a verb about people is possible: None, or why not, in words."""

from __future__ import annotations

from broker.db import db
from broker.models.person import Person
from broker.models.sign_in import SecondStep


def no_role_needs_a_second_step(person: Person) -> str | None:
    """no role held today needs a second step"""
    if any(held.role.is_privileged for held in person.held_today):
        return "A role that you hold needs a second step."
    return None


def a_second_step_is_set_up(person: Person) -> str | None:
    """a second step is set up"""
    return None if db.session.get(SecondStep, person.id) else "No second step is set up."
