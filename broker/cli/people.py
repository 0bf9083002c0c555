"""`flask admin people`: who has an account, and what helps when a phone is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from broker import clock, links
from broker.account import mending, passwords
from broker.db import db, transaction
from broker.errors import Refused
from broker.memberships import actions, inviting
from broker.memberships.inviting import Post
from broker.models.authority import Authority, Region
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme
from broker.models.sign_in import SecondStep
from broker.system import the_system

ROLES = click.Choice([role.value for role in Role if role is not Role.SYSTEM])
people_group = AppGroup("people", help="Who has an account, and ways of signing in.")


@people_group.command("add")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=ROLES)
@click.option("--authority", help="ONS code of the authority that the role is at.")
@click.password_option()
def add_person(email: str, name: str, role: str, authority: str | None, password: str) -> None:
    """Add an account with a password and a role."""
    person = Person(email=email.strip().lower(), name=name)
    with _told():
        passwords.check_new(password, person)
    with transaction():
        if db.session.scalar(select(Person.id).filter_by(email=person.email)) is not None:
            raise click.ClickException(f"Somebody has the address {person.email} already.")
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


@people_group.command("invite")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=ROLES)
@click.option("--authority", help="ONS code of the authority that the role is at.")
@click.option("--region", help="Name of the region, for a coordinator or DfE lead.")
@click.option("--programme", help="Code of the programme, for a programme manager.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the role.")
def invite(email: str, name: str, role: str, until: datetime | None, **where: str | None) -> None:
    """Send NAME at EMAIL a link to accept a role; it is printed where no post leaves."""
    with _told(), transaction():
        places = [_place(kind, key) for kind, key in where.items() if key]
        post = Post(Role(role), *places[:1])
        last = until.date() if until else None
        sent = inviting.invite(post, name=name, email=email, ends_on=last, by=the_system())
        link = links.latest(sent)
        path = links.path_of(link) if link else ""
    settings = current_app.config["SETTINGS"]
    click.echo("The invitation leaves by e-mail." if settings.mail else f"{settings.site}{path}")


PLACES = {
    "authority": Authority.code,
    "region": Region.name,
    "programme": Programme.code,
}


def _place(kind: str, key: str) -> Any:
    """The authority, region or programme that an option names."""
    column = PLACES[kind]
    found = db.session.scalars(select(column.class_).where(column == key)).unique().one_or_none()
    if found is None:
        raise click.ClickException(f"There is no {kind} '{key}'.")
    return found


@people_group.command("end")
@click.argument("email")
@click.argument("role", type=ROLES)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Last day; without it, at once.")
@click.option("--reason", default="", help="Why.")
@click.option("--sure", is_flag=True, help="Though nobody would be director there.")
def end(email: str, role: str, on: datetime | None, reason: str, sure: bool) -> None:
    """End every ROLE that EMAIL holds."""
    last = on.date() if on else None
    with _told(), transaction():
        own = (one for one in _known(email).held_today if not one.is_named)
        held = [one for one in own if one.role is Role(role)]
        if not held:
            raise click.ClickException("They do not hold that role today.")
        for one in held:
            actions.end(one, last_day=last, reason=reason, is_sure=sure, by=the_system())
    click.echo("It is ended." if last is None else f"It ends after {last.isoformat()}.")


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
    with _told(), transaction():
        mending.reset_second_step(_known(email), reason=reason, by=the_system())
    click.echo("It is reset. A role that needs one asks for a new one at the next sign-in.")


@people_group.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """End every session of EMAIL."""
    with transaction():
        mending.end_sessions(_known(email), by=the_system())
    click.echo("Every session is ended.")


@contextmanager
def _told() -> Iterator[None]:
    """A rule's refusal, in its words."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(refusal.words) from None


def _known(email: str) -> Person:
    mine = select(Person).filter_by(email=email.strip().lower())
    person = db.session.scalars(mine).one_or_none()
    if person is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return person
