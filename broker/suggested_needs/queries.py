"""Questions about suggested needs, from what the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, or_, select, true

from broker.db import db
from broker.models.authority import Authority
from broker.models.person import Person, Role
from broker.models.suggested_need import SuggestedNeed, SuggestedNeedState
from broker.permissions import RECEIVING, SUGGESTING
from broker.sights import suggested_needs_seen_by


def suggested_visible_to(person: Person | None) -> Select[SuggestedNeed]:
    return select(SuggestedNeed).where(suggested_needs_seen_by(person))


@dataclass(frozen=True)
class Seen:
    """A suggested need as one reader sees it.

    Its own authority knows what became of it. Who suggested it learns that it was answered, and
    not how: a private need is its authority's alone.
    """

    suggested: SuggestedNeed
    is_own: bool

    @property
    def words(self) -> str:
        state = self.suggested.state
        if self.is_own or state in (SuggestedNeedState.WAITING, SuggestedNeedState.TAKEN_BACK):
            return state.value.replace("_", " ").capitalize()
        return "Answered"

    @property
    def colour(self) -> str:
        return "blue" if self.suggested.is_waiting else "grey"


def seen(suggested: SuggestedNeed, person: Person) -> Seen:
    return Seen(suggested, person.at(suggested.receiver_id, *RECEIVING) is not None)


def listed(person: Person, words: str) -> list[Seen]:
    """What waits first, then the newest; every word stands in the title or authority's name."""
    waits = (SuggestedNeed.state == SuggestedNeedState.WAITING).desc()
    found = suggested_visible_to(person).order_by(waits, SuggestedNeed.id.desc())
    terms = words.casefold().split()
    rows = [seen(one, person) for one in db.session.scalars(found).unique()]
    return [row for row in rows if all(term in _text(row.suggested) for term in terms)]


def _text(suggested: SuggestedNeed) -> str:
    return f"{suggested.title} {suggested.receiver.name} {suggested.theme.name}".casefold()


def may_suggest(person: Person) -> bool:
    return bool(person.holding(*SUGGESTING))


def authorities_for(person: Person) -> list[Authority]:
    """To whom a person may suggest: their regions' authorities; an adviser of all England: all."""
    held = person.holding(*SUGGESTING)
    regions = [one.region_id for one in held if one.region_id is not None]
    places = [one.authority_id for one in held if one.authority_id is not None]
    is_all = any(one.role is Role.ADVISER and one.authority_id is None for one in held)
    scope = or_(Authority.region_id.in_(regions), Authority.id.in_(places))
    wanted = select(Authority).where(true() if is_all else scope, Authority.ended_on.is_(None))
    return list(db.session.scalars(wanted.order_by(Authority.name)).unique())
