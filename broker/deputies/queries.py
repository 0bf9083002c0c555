"""Questions about deputies: who may be named, who stands in for whom, what was done for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from broker import clock
from broker.db import db
from broker.models.event import Event
from broker.models.person import Membership, Person, Role

POSTS = (Role.DIRECTOR, Role.COORDINATOR)


def own_posts(person: Person) -> list[Membership]:
    """The roles that this person may name deputies for: their own as director or coordinator."""
    return [held for held in person.holding(*POSTS) if not held.is_named]


def named_by(person: Person) -> Select[Membership]:
    """Everybody this person ever named."""
    mine = (Membership.deputy_for_id == person.id, Membership.duties.is_not(None))
    return select(Membership).where(*mine).order_by(Membership.starts_on.desc(), Membership.id)


def may_be_named(post: Membership) -> Sequence[Person]:
    """For a director: who holds a role at the authority. For a coordinator: any coordinator or
    deputy coordinator."""
    own = (Membership.held_on(clock.today()), Membership.duties.is_(None))
    if post.role is Role.COORDINATOR:
        fits = Membership.role == Role.COORDINATOR
    else:
        fits = Membership.authority_id == post.authority_id
    held = select(Membership.person_id).where(*own, fits, Membership.person_id != post.person_id)
    return db.session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.name)).all()


@dataclass(frozen=True)
class Deputies:
    """What the page shows. `past` are over or were ended sooner."""

    posts: list[Membership]
    named: list[Membership]
    past: list[Membership]
    stands_in: list[Membership]
    done: Sequence[Event]


def deputies_of(person: Person) -> Deputies:
    named, today = db.session.scalars(named_by(person)).all(), clock.today()
    is_open = {m.id for m in named if m.ended_at is None and (m.ends_on or today) >= today}
    done = select(Event).where(Event.on_behalf_of_id == person.id).order_by(Event.id.desc())
    return Deputies(
        posts=own_posts(person),
        named=[held for held in named if held.id in is_open],
        past=[held for held in named if held.id not in is_open],
        stands_in=[held for held in person.held_today if held.is_named],
        done=db.session.scalars(done.limit(50)).all(),
    )
