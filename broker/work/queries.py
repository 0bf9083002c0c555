"""What waits on a person: read off the workflow, so that no list of tasks can drift from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from broker import clock
from broker import conditions as when
from broker.clock import LONDON
from broker.db import db
from broker.models.match import Side
from broker.models.partnership import SupportDay, SupportDayState
from broker.models.person import Person
from broker.outbox import path_of
from broker.taking import membership_for
from broker.through import could_ever
from broker.work.days import Bundle, bundles_seen_by
from broker.work.scopes import scopes_of
from broker.workflow import ROWS, Row

# Who decides about a match is waited for whatever stands in the way: they send it back, or ask for
# what is missing. The match's own page says which.
DECISIONS = {
    (noun, verb) for noun in ("match", "extension") for verb in ("approve", "send_to_panel")
}


class Titled(Protocol):
    """A thing, or several of a kind."""

    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what may be done, what it is about, and by when."""

    label: str
    about: Titled
    url: str
    due: date

    @property
    def title(self) -> str:
        return self.about.title

    @property
    def is_late(self) -> bool:
        return self.due < clock.today()


def waiting_on(person: Person) -> list[Waiting]:
    """Everything that waits on this person, soonest due first; each thing stands in it once, and
    days of a partnership that wait for the same reason stand in it together.

    The number of questions does not grow with the things that wait.
    """
    could = _rows_by_noun(person)
    found = [
        *(
            _as_one(thing, rows)
            for thing in _things(person, could)
            if (rows := _to_do(could[thing.noun], thing, person))
        ),
        *(
            _as_bundle(bundle, rows)
            for bundle in _bundles(person, could)
            if (rows := _to_do(could[bundle.first.noun], bundle.first, person))
        ),
    ]
    return sorted(found, key=lambda waiting: (waiting.due, waiting.label, waiting.url))


def _rows_by_noun(person: Person) -> dict[str, list[Row]]:
    """The awaited verbs that a role of this person's could ever use."""
    found = defaultdict(list)
    for row in ROWS:
        if row.awaited is not None and could_ever(person, row):
            found[row.noun].append(row)
    return found


def _things(person: Person, could: dict[str, list[Row]]) -> Iterator[Any]:
    for scope in scopes_of(person):
        model = scope.column_descriptions[0]["entity"]
        if rows := could.get(model.noun):
            in_states = scope.where(model.state.in_(_states(rows)))
            yield from db.session.scalars(in_states).unique()


def _bundles(person: Person, could: dict[str, list[Row]]) -> Iterable[Bundle]:
    rows = could.get(SupportDay.noun)
    return bundles_seen_by(person, _states(rows)) if rows else ()


def _states(rows: list[Row]) -> set[Enum]:
    return {state for row in rows for state in row.from_}


def _to_do(rows: list[Row], thing: Any, person: Person) -> list[Row]:
    """The verbs that this person may do to a thing now and has not done yet."""
    return [
        row
        for row in rows
        if thing.state in row.from_
        and membership_for(row, person, thing)
        and not _has_done_its_part(row, thing, person)
        and _is_possible(row, thing)
    ]


def _is_possible(row: Row, thing: Any) -> bool:
    """Nothing stands in the way (of returns, _returns has left the frozen ones out)."""
    if (row.noun, row.verb) in DECISIONS:
        return True
    return all(why_not is when.return_not_frozen or why_not(thing) is None for why_not in row.when)


def _as_one(thing: Any, rows: list[Row]) -> Waiting:
    if rows[0].verb == "begin_review":
        return Waiting(_label(rows), thing, path_of(thing), thing.review_due_on)
    asked = getattr(thing, "review_since", None) or getattr(thing, "waits_since", None)
    due = _due(rows, asked or thing.state_since)
    return Waiting(_label(rows), thing, path_of(thing), due)


def _as_bundle(bundle: Bundle, rows: list[Row]) -> Waiting:
    return Waiting(_label(rows), bundle, bundle.path, _due(rows, bundle.since))


def _label(rows: list[Row]) -> str:
    first, *others = [row.label for row in rows]
    return " or ".join([first, *(f"{words[0].lower()}{words[1:]}" for words in others)])


def _due(rows: list[Row], since: datetime) -> date:
    shortest = min(row.awaited or 0 for row in rows)
    return clock.add_working_days(since.astimezone(LONDON).date(), shortest)


def _has_done_its_part(row: Row, thing: Any, person: Person) -> bool:
    """What this verb asks of this person is done already, though others may have theirs to do."""
    if row.verb == "confirm":
        return bool(thing.state is SupportDayState.QUERIED)  # the other side answers first
    if row.verb in ("publish", "sign_off"):
        return not (thing.working and thing.working.handed_over_at)  # still being written
    if row.verb == "check_readiness":
        return when.need_is_ready(thing) is None
    if row.verb == "vote":
        return any(v.person_id == person.id for v in thing.votes if v.sitting > thing.deferrals)
    if row.verb == "begin_review":
        return bool(thing.review_due_on is None or thing.review_due_on > clock.today())
    if row.verb not in ("agree", "record_outcome", "answer") or row.noun == "support_day":
        return False
    own = {"receiver": thing.receiver_id, "provider": thing.provider_id}
    mine = {side for side, authority in own.items() if authority in person.authority_ids}
    return mine <= {side.value for side in _sides_done(row.verb, thing)}


def _sides_done(verb: str, thing: Any) -> set[Side]:
    """The sides that have done their part of a verb that both do."""
    if verb == "agree":
        return set(thing.sides_agreed)
    return thing.answered_by if verb == "answer" else {o.side for o in thing.outcomes}
