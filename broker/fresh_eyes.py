"""Four eyes on every commitment of days: who comes to a match fresh, asked of one and of rows."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from broker import clock
from broker.db import db
from broker.models.authority import Authority
from broker.models.match import Match
from broker.models.person import Membership, Person, Role


def has_fresh_eyes(person: Person, match: Match) -> bool:
    """Neither began the match nor belongs to one of its authorities."""
    is_party = person.belongs_to(match.receiver_id, match.provider_id)
    return person.id != match.originated_by_id and not is_party


def is_somebody_fresh(match: Match) -> bool:
    """The receiving region has a coordinator or deputy with fresh eyes for this match."""
    return bool(db.session.scalar(select(Match.id).where(Match.id == match.id, somebody_fresh())))


def somebody_fresh() -> ColumnElement[bool]:
    """The receiving region has a coordinator or deputy with fresh eyes (has_fresh_eyes, as SQL)."""
    other, today = aliased(Membership), clock.today()
    parties = (Match.receiver_id, Match.provider_id)
    at_a_party = select(other.id).where(
        other.person_id == Person.id, other.held_on(today), other.authority_id.in_(parties)
    )
    fresh = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .join(Authority, Authority.region_id == Membership.region_id)
        .where(
            Membership.role == Role.COORDINATOR,
            Membership.held_on(today),
            Authority.id == Match.receiver_id,
            Person.id != Match.originated_by_id,
            func.coalesce(Person.employer_id, 0).not_in(parties),
            ~at_a_party.exists(),
        )
        .correlate(Match)
    )
    return fresh.exists()
