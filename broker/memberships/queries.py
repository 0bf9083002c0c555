"""Questions about who holds which role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from broker import clock
from broker.account import door
from broker.account_sights import directed_by, invitations_seen_by, memberships_seen_by
from broker.db import db
from broker.events import history_of
from broker.memberships.inviting import Place
from broker.models.authority import Authority, Region
from broker.models.event import Event
from broker.models.invitation import Invitation, InvitationState
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme
from broker.models.sign_in import SecondStep, SignInEvent
from broker.permissions import AT_AN_AUTHORITY
from broker.work.queries import waiting_on


def memberships_visible_to(person: Person) -> Select[Membership]:
    wanted = select(Membership).where(memberships_seen_by(person))
    return wanted.options(joinedload(Membership.person), joinedload(Membership.deputy_for))


def invitations_visible_to(person: Person) -> Select[Invitation]:
    return select(Invitation).where(invitations_seen_by(person))


@dataclass(frozen=True)
class Wanted:
    """What a list of roles is narrowed to. `has_ended`: those that are over, not those held."""

    words: str = ""
    role: Role | None = None
    has_ended: bool = False


def held(person: Person, wanted: Wanted) -> Select[Membership]:
    """The roles that somebody sees, as narrowed; by place and role."""
    found = memberships_visible_to(person).join(Membership.person)
    found = found.where(_is_over() if wanted.has_ended else ~_is_over())
    if wanted.role is not None:
        found = found.where(Membership.role == wanted.role)
    for word in wanted.words.split():
        found = found.where(or_(_says(word), Membership.authority_id.in_(_places(word))))
    return found.order_by(Person.name, Membership.id)


def _is_over() -> ColumnElement[bool]:
    last_day_is_past = func.coalesce(Membership.ends_on, clock.today()) < clock.today()
    return Membership.ended_at.is_not(None) | last_day_is_past


def _says(word: str) -> ColumnElement[bool]:
    columns = (Person.name, Person.email)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _places(word: str) -> Select[int]:
    return select(Authority.id).where(Authority.name.icontains(word, autoescape=True))


def count(wanted: Select[Membership]) -> int:
    ids = wanted.with_only_columns(Membership.id).order_by(None)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def some(wanted: Select[Membership], offset: int, most: int) -> list[Membership]:
    return list(db.session.scalars(wanted.offset(offset).limit(most)).unique())


def with_second_step(found: Sequence[Membership]) -> set[int]:
    """The ids of those among the holders who have a second step."""
    ids = {one.person_id for one in found}
    return set(
        db.session.scalars(select(SecondStep.person_id).where(SecondStep.person_id.in_(ids)))
    )


def invited(person: Person) -> list[Invitation]:
    """Invitations that wait to be accepted, the latest first."""
    waiting = invitations_visible_to(person).filter_by(state=InvitationState.INVITED)
    return list(db.session.scalars(waiting.order_by(Invitation.id.desc())).unique())


# -- one role ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """What is kept about a role and its holder, the latest first."""

    of_role: Sequence[Event]
    of_person: Sequence[Event]
    at_the_door: Sequence[SignInEvent]


def kept_of(one: Membership) -> Kept:
    return Kept(history_of(one), history_of(one.person), door.history(one.person))


def who_follows(one: Membership) -> Sequence[Membership]:
    """Who else answers for what waits on a role: others who hold it, and at an authority its
    directors."""
    others = select(Membership).where(
        Membership.held_on(clock.today()),
        Membership.person_id != one.person_id,
        Membership.authority_id.is_not_distinct_from(one.authority_id),
        Membership.region_id.is_not_distinct_from(one.region_id),
        Membership.programme_id.is_not_distinct_from(one.programme_id),
        Membership.role.in_({one.role, Role.DIRECTOR} if one.authority_id else {one.role}),
    )
    return db.session.scalars(others.options(joinedload(Membership.person))).unique().all()


def waits(one: Membership) -> int:
    """How many things wait on whoever holds it."""
    return len(waiting_on(one.person))


# -- posts to invite to -----------------------------------------------------------------------


def roles_to_give(person: Person) -> list[Role]:
    """The roles that somebody may invite others to."""
    if person.holding(Role.ADMINISTRATOR):
        return [role for role in Role if role is not Role.SYSTEM]
    return list(AT_AN_AUTHORITY) if directed_by(person) else []


def places_to_give(person: Person) -> dict[str, Place]:
    """Where somebody may give roles, by a word for the form: 'authority 12'."""
    if not person.holding(Role.ADMINISTRATOR):
        return _places_of(select(Authority).where(Authority.id.in_(directed_by(person))))
    return {
        **_places_of(select(Authority)),
        **_places_of(select(Region)),
        **_places_of(select(Programme)),
    }


def _places_of(wanted: Select[Any]) -> dict[str, Place]:
    found = sorted(db.session.scalars(wanted).unique(), key=lambda place: str(place.name))
    return {f"{type(place).__name__.lower()} {place.id}": place for place in found}
