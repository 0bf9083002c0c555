"""What waits on a person: read off the workflow, so that no list of tasks can drift from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from broker import clock
from broker import permissions as sights
from broker.clock import LONDON
from broker.db import Base, db
from broker.models.match import Conversation, Match, Round, Suggestion
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.partnership import SupportDay
from broker.models.person import Person
from broker.models.return_ import Return
from broker.outbox import path_of
from broker.taking import membership_for, why_not
from broker.workflow import ROWS, Row

SEEN: dict[str, tuple[type[Base], Any]] = {
    "offer": (Offer, sights.offers_seen_by),
    "need": (Need, sights.needs_seen_by),
    "suggestion": (Suggestion, sights.suggestions_seen_by),
    "conversation": (Conversation, sights.conversations_seen_by),
    "match": (Match, sights.matches_seen_by),
    "round": (Round, sights.rounds_seen_by),
    "support_day": (SupportDay, sights.support_days_seen_by),
    "return": (Return, sights.returns_seen_by),
}


@dataclass(frozen=True)
class Waiting:
    """One thing to do: the verb's label, what it is about, and by when."""

    label: str
    title: str
    url: str
    due: date

    @property
    def is_late(self) -> bool:
        return self.due < clock.today()


def waiting_on(person: Person) -> list[Waiting]:
    """Everything that waits on this person, soonest due first."""
    found: list[Waiting] = []
    for noun, (model, seen_by) in SEEN.items():
        rows = [row for row in ROWS if row.noun == noun and row.awaited is not None]
        states = {state for row in rows for state in row.from_}
        things = select(model).where(seen_by(person), model.state.in_(states))  # type: ignore[attr-defined]
        for thing in db.session.scalars(things).unique():
            found += [w for row in rows if (w := _waits(row, thing, person))]
    return sorted(found, key=lambda waiting: (waiting.due, waiting.label, waiting.title))


def _waits(row: Row, thing: Any, person: Person) -> Waiting | None:
    if thing.state not in row.from_ or not membership_for(row, person, thing):
        return None
    if _has_done_its_part(row, thing, person) or why_not(thing, row):
        return None
    since = thing.state_since.astimezone(LONDON).date()
    due = clock.add_working_days(since, row.awaited or 0)
    return Waiting(row.label, thing.title, path_of(thing), due)


def _has_done_its_part(row: Row, thing: Any, person: Person) -> bool:
    """In verbs that two sides or several people do, this person's part is done already."""
    if row.verb == "vote":
        return any(v.person_id == person.id for v in thing.votes if v.sitting > thing.deferrals)
    if row.verb not in ("agree", "record_outcome"):
        return False
    own = {"receiver": thing.receiver_id, "provider": thing.provider_id}
    mine = {side for side, authority in own.items() if authority in person.authority_ids}
    parts = thing.sides_agreed if row.verb == "agree" else {o.side for o in thing.outcomes}
    return mine <= {side.value for side in parts}
