"""Four eyes: who began a match, belongs to a party, or acts for such a one, does not approve it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from broker import clock
from broker.db import db
from broker.duties import Duty
from broker.models.authority import Authority
from broker.models.extension import Extension
from broker.models.match import Match
from broker.models.person import Membership, Person, Role
from broker.models.recording import Recording

LATELY = timedelta(days=3 * 365 + 1)


def has_fresh_eyes(person: Person, match: Match | Recording | Extension) -> bool:
    """Neither they, nor whom they act for, nor who acted for them began the match or belongs to
    one of its authorities."""
    counted = [person, *person.stands_in_for]
    began = {one.id for one in counted} | {held.person_id for held in person.deputies_named}
    is_party = any(one.belongs_to(match.receiver_id, match.provider_id) for one in counted)
    return match.originated_by_id not in began and not is_party


def belonged_lately(person: Person, match: Match | Extension) -> bool:
    """Held a role at one of a match's authorities, or at one that it follows, in the last three
    years."""
    since = clock.today() - LATELY
    followed = (one.id for side in (match.receiver, match.provider) for one in side.follows)
    parties = {match.receiver_id, match.provider_id, *followed}
    return any(
        held.authority_id in parties and (held.ends_on is None or held.ends_on >= since)
        for held in person.memberships
    )


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
    named, principal, role = aliased(Membership), aliased(Person), aliased(Membership)
    principal_at_a_party = select(role.id).where(
        role.person_id == principal.id, role.held_on(today), role.authority_id.in_(parties)
    )
    acts_for_one_who_is_not = (
        select(named.id)
        .join(principal, principal.id == named.deputy_for_id)
        .where(
            named.person_id == Person.id,
            named.held_on(today),
            named.duties.is_not(None),
            or_(
                principal.id == Match.originated_by_id,
                func.coalesce(principal.employer_id, 0).in_(parties),
                principal_at_a_party.exists(),
            ),
        )
    )
    deputy = aliased(Membership)
    was_acted_for = select(deputy.id).where(
        deputy.deputy_for_id == Person.id,
        deputy.duties.is_not(None),
        deputy.person_id == Match.originated_by_id,
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
            or_(Membership.duties.is_(None), Membership.duties.contains(Duty.MATCHES.value)),
            ~at_a_party.exists(),
            ~acts_for_one_who_is_not.exists(),
            ~was_acted_for.exists(),
        )
        .correlate(Match)
    )
    return fresh.exists()
