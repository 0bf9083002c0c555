"""Questions about matches, from what the person may see."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, selectinload

from broker.db import db
from broker.models.authority import Authority
from broker.models.match import Match, MatchState
from broker.models.person import Person, Role
from broker.sights import matches_seen_by

HOLDING_DAYS = (MatchState.AGREED, MatchState.WITH_PANEL, MatchState.APPROVED)


def matches_visible_to(person: Person | None) -> Select[Match]:
    return select(Match).where(matches_seen_by(person))


def listed(person: Person, *, state: MatchState | None, words: str) -> list[Match]:
    """The person's matches, newest first; every word must stand in the title."""
    wanted = matches_visible_to(person).order_by(Match.id.desc())
    if state is not None:
        wanted = wanted.where(Match.state == state)
    found = db.session.scalars(wanted).unique()
    terms = words.casefold().split()
    return [match for match in found if all(t in match.title.casefold() for t in terms)]


def given_to_others(person: Person) -> list[Match]:
    """What providers of a coordinator's regions give, or are agreed to give, in other regions; the
    newest first. To be shown without the name of whom it helps."""
    regions = [held.region_id for held in person.holding(Role.COORDINATOR)]
    giver, taker = aliased(Authority), aliased(Authority)
    wanted = (
        select(Match)
        .join(giver, giver.id == Match.provider_id)
        .join(taker, taker.id == Match.receiver_id)
        .where(
            giver.region_id.in_(regions),
            taker.region_id != giver.region_id,
            Match.state.in_(HOLDING_DAYS),
        )
        .order_by(Match.id.desc())
    )
    return list(db.session.scalars(wanted).unique())


def shown_whole(person: Person) -> Select[Match]:
    """The matches that a person may see, with what a match's own page shows."""
    whole = selectinload(Match.votes), selectinload(Match.leads)
    return matches_visible_to(person).options(*whole)


def audience_of(person: Person, match: Match) -> str:
    """Whose reasons a person reads on a match; empty for those who read none of the words."""
    if match.receiver_id in person.authority_ids:
        return "receiver"
    if match.provider_id in person.authority_ids:
        return "provider"
    return "coordinator" if person.holding(Role.COORDINATOR, Role.PANEL) else ""
