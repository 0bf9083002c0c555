"""Inviting somebody to a role, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import NoneType
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from broker import clock, links
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.authority import Authority, Region
from broker.models.event import Event
from broker.models.invitation import Invitation, InvitationState, LinkKind
from broker.models.person import POST, Membership, Person, Role, post_of
from broker.models.programme import Programme
from broker.outbox import written_of
from broker.permissions import AT_AN_AUTHORITY
from broker.taking import start, take

Place = Authority | Region | Programme
# In the order of POST, after the role.
WANTS: dict[type[Place], tuple[Role, ...]] = {
    Authority: (Role.DIRECTOR, *AT_AN_AUTHORITY),
    Region: (Role.COORDINATOR, Role.DFE_LEAD),
    Programme: (Role.PROGRAMME_MANAGER,),
}
LONGEST = timedelta(days=10 * 366)


@dataclass(frozen=True)
class Post:
    """A role at a place; without one, for all England."""

    role: Role
    place: Place | None = None

    def check(self) -> None:
        """NotRight where the role wants another kind of place."""
        if self.role is Role.SYSTEM:
            raise NotRight("Choose a role.", "role")
        kind = next((kind for kind, roles in WANTS.items() if self.role in roles), None)
        if kind is not None and not isinstance(self.place, kind):
            wanted = kind.__name__.lower()
            raise NotRight(f"This role is held at one {wanted}: choose the {wanted}.", "place")
        if kind is None and not isinstance(self.place, (Authority, NoneType)):
            raise NotRight("This role is held for all England.", "place")

    @property
    def columns(self) -> dict[str, Any]:
        """The role and its place, as columns of a membership or an invitation."""
        places = (self.place.id if isinstance(self.place, kind) else None for kind in WANTS)
        return dict(zip(POST, (self.role, *places), strict=True))


def invite(
    post: Post,
    *,
    name: str,
    email: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Person,
) -> Invitation:
    """Offer a role to whoever reads an address; it becomes theirs when they accept."""
    post.check()
    starts_on = starts_on or clock.today()
    _check_dates(starts_on, ends_on)
    person = _person(name, email)
    _check_not_held(person, post)
    invitation = Invitation(
        person=person,
        starts_on=starts_on,
        ends_on=ends_on,
        invited_by=by,
        expires_at=clock.now() + links.LASTS[LinkKind.JOIN],
        **post.columns,
    )
    _send(invitation, start(invitation, "invite", by=by))
    return invitation


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if starts_on < clock.today():
        raise NotRight("Begin today or later.", "starts_on")
    if ends_on is not None and not starts_on <= ends_on <= starts_on + LONGEST:
        raise NotRight("The last day is not before the first, and within ten years.", "ends_on")


def _person(name: str, email: str) -> Person:
    """Whoever has the address, or a new account without a role or a way in; held, so that of two
    who invite somebody at once the second sees what the first did."""
    address = email.strip().lower()
    put = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(put(Person).values(email=address, name=name).on_conflict_do_nothing())
    held = select(Person).filter_by(email=address).with_for_update(of=Person)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _check_not_held(person: Person, post: Post) -> None:
    """One open invitation, or one membership, for a person and a post at a time."""
    theirs = {"person_id": person.id, **post.columns}
    held = select(Membership).filter_by(ended_at=None, duties=None, **theirs)
    last = clock.today()
    if any((one.ends_on or last) >= last for one in db.session.scalars(held)):
        raise NotRight("They hold that role already.", "email")
    open_ = select(Invitation.id).filter_by(state=InvitationState.INVITED, **theirs)
    if db.session.scalar(open_) is not None:
        raise NotRight("They are invited to that already: send them a new link.", "email")


def renew(invitation: Invitation, *, by: Person, reason: str = "") -> Event:
    """A new link by e-mail, good for seven days; the earlier one stops working."""
    event = take(invitation, "renew", by=by, reason=reason)
    invitation.expires_at = clock.now() + links.LASTS[LinkKind.JOIN]
    _send(invitation, event)
    return event


def _send(invitation: Invitation, event: Event) -> None:
    person = invitation.person
    message = written_of(event, person)
    links.make(LinkKind.JOIN, person, message=message, invitation=invitation)


def withdraw(invitation: Invitation, *, by: Person, reason: str = "") -> Event:
    event = take(invitation, "withdraw", by=by, reason=reason)
    links.cancel(LinkKind.JOIN, invitation.person, invitation=invitation)
    return event


def accept(invitation: Invitation) -> Membership:
    """Give the role to whom it was offered. NotPossible once it is withdrawn, used or over."""
    today = clock.today()
    if invitation.ends_on is not None and invitation.ends_on < today:
        raise NotPossible("The last day of this role is past.")
    held = Membership(
        **post_of(invitation),
        starts_on=max(invitation.starts_on, today),
        ends_on=invitation.ends_on,
    )
    person = invitation.person
    person.memberships.append(held)
    db.session.flush()
    take(invitation, "accept", by=person)
    return held
