"""The cast: a small company of roles that every test may call on.

Leeds gives, Wirral receives, Essex looks on. The programmes are the built-in ones.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from broker.db import db, transaction
from broker.keys import digest
from broker.models.authority import Authority, Region
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme
from broker.models.sign_in import How, SignInSession
from broker.system import the_system

GIVER, RECEIVER, OTHER, SECOND_GIVER = "Leeds", "Wirral", "Essex", "Hertfordshire"
NORTH_WEST, YORKSHIRE = "North West", "Yorkshire and The Humber"
START = date(2020, 4, 1)

AT_AUTHORITIES: tuple[tuple[str, Role, str], ...] = (
    ("giver", Role.DIRECTOR, GIVER),
    ("giver_lead", Role.PARTNERSHIP_LEAD, GIVER),
    ("practitioner", Role.PRACTITIONER, GIVER),
    ("receiver", Role.DIRECTOR, RECEIVER),
    ("receiver_lead", Role.IMPROVEMENT_LEAD, RECEIVER),
    ("other", Role.DIRECTOR, OTHER),
    ("second_giver", Role.DIRECTOR, SECOND_GIVER),
)
IN_REGIONS: tuple[tuple[str, Role, str], ...] = (
    ("coordinator", Role.COORDINATOR, NORTH_WEST),
    ("far_coordinator", Role.COORDINATOR, YORKSHIRE),
    ("dfe", Role.DFE_LEAD, NORTH_WEST),
)
FOR_ENGLAND: tuple[tuple[str, Role], ...] = (
    ("panel_1", Role.PANEL),
    ("panel_2", Role.PANEL),
    ("panel_3", Role.PANEL),
    ("panel_4", Role.PANEL),
    ("panel_5", Role.PANEL),
    ("adviser", Role.ADVISER),
    ("administrator", Role.ADMINISTRATOR),
)
NAMES = [name for name, *_ in (*AT_AUTHORITIES, *IN_REGIONS, *FOR_ENGLAND)] + [
    "deputy",
    "manager",
]


def address(name: str) -> str:
    return f"{name.replace('_', '-')}@featured.demonstration.invalid"


def make_cast() -> None:
    """Add everybody; the caller's transaction keeps them."""
    the_system()
    for name, role, place in AT_AUTHORITIES:
        add(name, role, authority=authority(place))
    for name, role, place in IN_REGIONS:
        add(name, role, region=region(place))
    for name, role in FOR_ENGLAND:
        add(name, role)
    chief = person("coordinator")
    deputy = add("deputy", Role.COORDINATOR, region=region(NORTH_WEST))
    deputy.name = f"Deputy coordinator, {NORTH_WEST}"
    deputy.memberships[0].deputy_for_id = chief.id
    manager = Person(email=address("manager"), name="Programme manager")
    for programme in db.session.scalars(select(Programme)):
        held = Membership(role=Role.PROGRAMME_MANAGER, programme=programme, starts_on=START)
        manager.memberships.append(held)
    db.session.add(manager)
    db.session.flush()
    begin_session(manager)


def add(
    name: str,
    role: Role,
    *,
    authority: Authority | None = None,
    region: Region | None = None,
) -> Person:
    """A new person with one role."""
    where = authority or region
    title = f"{role.words}, {where.name}" if where else f"{role.words} {name}"
    someone = Person(email=address(name), name=title)
    someone.memberships.append(
        Membership(role=role, authority=authority, region=region, starts_on=START)
    )
    db.session.add(someone)
    db.session.flush()
    begin_session(someone)
    return someone


def begin_session(someone: Person) -> None:
    """Let somebody be signed in, as by one press in the demonstration, at whatever browser shows
    their key."""
    key = digest(f"key of {someone.id}")
    begun = SignInSession(person_id=someone.id, key_hash=digest(key), how=How.ROLE)
    db.session.add(begun)
    db.session.flush()


def session_key(someone: Person) -> str:
    """The key of somebody's session, which is begun where there is none."""
    key = digest(f"key of {someone.id}")
    if db.session.scalar(select(SignInSession.id).filter_by(key_hash=digest(key))) is None:
        person_id = someone.id
        with transaction():
            begin_session(db.session.get_one(Person, person_id))
    return key


def cookie(someone: Person) -> dict[str, Any]:
    """What the cookie of a browser holds where somebody is signed in (flask-login)."""
    return {"_user_id": session_key(someone), "_fresh": True}


def person(name: str) -> Person:
    """Somebody of the cast, by name."""
    return db.session.scalars(select(Person).filter_by(email=address(name))).one()


def authority(name: str) -> Authority:
    return db.session.scalars(select(Authority).filter_by(name=name)).one()


def region(name: str) -> Region:
    return db.session.scalars(select(Region).filter_by(name=name)).one()


def programme(code: str = "own") -> Programme:
    """A built-in programme: 'own' (Own days), 'pip' or 'slip'."""
    return db.session.scalars(select(Programme).filter_by(code=code)).one()
