"""Questions about accounts and messages."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from broker.db import db
from broker.models.person import Membership, Person, Role
from broker.models.work import Message

FEATURED = "@featured.demonstration.invalid"
OTHERS = "@others.demonstration.invalid"
SHOWN: list[Role] = [role for role in Role if role is not Role.SYSTEM]


def messages_to(person: Person, limit: int = 10) -> list[Message]:
    """The newest messages to this person."""
    newest = select(Message).filter_by(to_id=person.id).order_by(Message.id.desc()).limit(limit)
    return list(db.session.scalars(newest))


def _accounts() -> list[Person]:
    has_role = exists().where(Membership.person_id == Person.id, Membership.role.in_(SHOWN))
    is_ours = or_(Person.email.endswith(FEATURED), Person.email.endswith(OTHERS))
    people = select(Person).where(is_ours, has_role)
    return list(db.session.scalars(people.options(selectinload(Person.memberships))))


def demonstration_ids() -> set[int]:
    return {person.id for person in _accounts()}


def demonstration_account(person_id: int) -> Person | None:
    """One of the accounts that can be entered with one press."""
    return next((person for person in _accounts() if person.id == person_id), None)


Groups = list[tuple[str, list[Person]]]


def demonstration_accounts() -> tuple[Groups, Groups]:
    """Accounts to sign in as with one press, by role: those to start with, and all others."""
    people = sorted(_accounts(), key=_place)
    featured = [person for person in people if person.email.endswith(FEATURED)]
    return _by_role(featured), _by_role([p for p in people if p not in featured])


def _place(person: Person) -> tuple[int, str]:
    return min(SHOWN.index(held.role) for held in person.memberships), person.name


def _by_role(people: list[Person]) -> Groups:
    groups = groupby(people, key=lambda person: SHOWN[_place(person)[0]])
    return [(role.words, list(group)) for role, group in groups]
