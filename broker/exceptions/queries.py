"""Questions about exceptions, from what the person may see."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker.db import db
from broker.models.authority import Authority
from broker.models.exception import EligibilityException, ExceptionState
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.sights import exceptions_seen_by


def exceptions_visible_to(person: Person) -> Select[EligibilityException]:
    return select(EligibilityException).where(exceptions_seen_by(person))


def listed(
    person: Person, *, words: str = "", state: ExceptionState | None = None
) -> list[EligibilityException]:
    """In force first, then those that end last."""
    wanted = exceptions_visible_to(person)
    if state is not None:
        wanted = wanted.where(EligibilityException.state == state)
    in_force = (EligibilityException.state == ExceptionState.IN_FORCE).desc()
    ordered = wanted.order_by(in_force, EligibilityException.expires_on.desc())
    terms = words.casefold().split()
    found = db.session.scalars(ordered).unique()
    return [one for one in found if all(term in one.title.casefold() for term in terms)]


def providers_for(person: Person) -> list[Authority]:
    """The authorities that a coordinator may grant an exception to: those of their regions."""
    regions = [held.region_id for held in person.holding(Role.COORDINATOR)]
    inside = select(Authority).where(Authority.region_id.in_(regions), Authority.ended_on.is_(None))
    return list(db.session.scalars(inside.order_by(Authority.name)).unique())


def programmes() -> list[Programme]:
    return list(db.session.scalars(select(Programme).order_by(Programme.name)))
