"""`flask admin people`: who has an account, and what helps when a phone is lost."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from broker import clock
from broker.account import mending, passwords
from broker.db import db, transaction
from broker.errors import Refused
from broker.models.authority import Authority
from broker.models.person import Membership, Person, Role
from broker.models.sign_in import SecondStep
from broker.system import the_system

people_group = AppGroup("people", help="Who has an account, and ways of signing in.")


@people_group.command("add")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role if role.value != "system"]))
@click.option("--authority", help="ONS code of the authority that the role is at.")
@click.password_option()
def add_person(email: str, name: str, role: str, authority: str | None, password: str) -> None:
    """Add an account with a password and a role."""
    person = Person(email=email.lower(), name=name)
    try:
        passwords.check_new(password, person)
    except Refused as refusal:
        raise click.ClickException(refusal.words) from None
    with transaction():
        place = None
        if authority:
            place = db.session.scalars(select(Authority).filter_by(code=authority)).one_or_none()
            if place is None:
                raise click.ClickException(f"No authority has the code {authority}.")
        person.password_hash = passwords.hash_password(password)
        db.session.add(person)
        held = Membership(person=person, role=Role(role), authority=place, starts_on=clock.today())
        db.session.add(held)
    click.echo(f"{name} can sign in.")


@people_group.command("list")
def listed() -> None:
    """Print everybody: address, name, roles held today, last seen, second step; tab-separated."""
    steps = set(db.session.scalars(select(SecondStep.person_id)))
    everybody = select(Person).options(selectinload(Person.memberships)).order_by(Person.email)
    for person in db.session.scalars(everybody):
        roles = [f"{held.role.words} ({held.place})" for held in person.held_today]
        if any(held.role is Role.SYSTEM for held in person.memberships):
            continue
        seen = person.last_seen_at.date().isoformat() if person.last_seen_at else "never"
        step = "second step" if person.id in steps else "no second step"
        click.echo("\t".join((person.email, person.name, "; ".join(roles) or "none", seen, step)))


@people_group.command("reset-second-step")
@click.argument("email")
@click.option("--reason", required=True, help="Why, and how you know who asks.")
def reset_second_step(email: str, reason: str) -> None:
    """Take the app and recovery codes of EMAIL away; their sessions end."""
    try:
        with transaction():
            mending.reset_second_step(_known(email), reason=reason, by=the_system())
    except Refused as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo("It is reset. A role that needs one asks for a new one at the next sign-in.")


@people_group.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """End every session of EMAIL."""
    with transaction():
        mending.end_sessions(_known(email), by=the_system())
    click.echo("Every session is ended.")


def _known(email: str) -> Person:
    mine = select(Person).filter_by(email=email.strip().lower())
    person = db.session.scalars(mine).one_or_none()
    if person is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return person
