"""Carrying out a row of the workflow: `take` is the only way a state changes."""

from __future__ import annotations

from enum import Enum
from typing import Any

from broker import clock, events, outbox, proof
from broker.db import db
from broker.duties import duty_of
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.event import Event
from broker.models.person import Membership, Person, for_duty
from broker.outcomes import Outcome
from broker.workflow import BY_NAME, ROWS, Reason, Row

REASON_LENGTH = 2000


def row_for(thing: Any, verb: str) -> Row:
    return BY_NAME[thing.noun, verb]


def membership_for(row: Row, person: Person, thing: Any) -> Membership | None:
    """The membership through which a person may use a row on a thing, if any."""
    with for_duty(duty_of(row.noun).value):
        return next((held for test in row.who if (held := test(person, thing))), None)


def may(thing: Any, verb: str, *, by: Person) -> Membership:
    """Raise NotAllowed unless this person may ever do it to this thing."""
    row = row_for(thing, verb)
    if held := membership_for(row, by, thing):
        return held
    allowed = "; or ".join((test.__doc__ or test.__name__).strip() for test in row.who)
    raise NotAllowed(f"To {row.label[0].lower()}{row.label[1:]}, you need to be {allowed}.")


def why_not(thing: Any, row: Row) -> str | None:
    """Why a row cannot be used on a thing now, whoever asks; None when it can."""
    if row.from_ and thing.state not in row.from_:
        return f"This cannot be done now: it is {words(thing.state)}. Somebody may have been first."
    return next((said for condition in row.when if (said := condition(thing))), None)


def words(state: Enum) -> str:
    return str(state.value).replace("_", " ")


def lock(thing: Any) -> None:
    """Hold the row until the transaction ends, and see it as it stands now."""
    db.session.flush()
    db.session.expire(thing)
    db.session.refresh(thing, with_for_update={"of": type(thing)})


def take(thing: Any, verb: str, *, by: Person, reason: str = "", detail: str = "") -> Event:
    """Do `verb` to `thing`: locked, checked again, changed, counted, written down, told.

    Raises NotAllowed (403), NotPossible (409) or NotRight (422, a reason is missing).
    """
    lock(thing)
    row = row_for(thing, verb)
    acting = may(thing, verb, by=by)
    if said := why_not(thing, row):
        raise NotPossible(said)
    proof.check(row.weighs, thing, by)
    return _carry_out(thing, row, by=by, acting=acting, reason=reason, detail=detail)


def start(thing: Any, verb: str, *, by: Person, reason: str = "", detail: str = "") -> Event:
    """Make a new record by the verb that begins it; the same checks as `take`."""
    row = row_for(thing, verb)
    if isinstance(row.to, Enum):
        thing.state = row.to
    db.session.add(thing)
    db.session.flush()
    acting = may(thing, verb, by=by)
    if said := why_not(thing, row):
        raise NotPossible(said)
    proof.check(row.weighs, thing, by)
    return _carry_out(thing, row, by=by, acting=acting, reason=reason, detail=detail)


def _carry_out(
    thing: Any, row: Row, *, by: Person, acting: Membership, reason: str, detail: str
) -> Event:
    reason = _checked_reason(row, reason)
    before = getattr(thing, "state", None) if row.from_ else None
    after = _state_after(thing, row)
    if after is not None and after is not before:
        thing.state = after
        thing.state_since = clock.now()
    event = events.record(
        thing,
        row.verb,
        by=by,
        acting=acting,
        from_state=before,
        to_state=after,
        reason=reason,
        detail=detail,
    )
    if row.effect is not None:
        row.effect(thing, event)
    told = [person for group in row.tells for person in group(thing)]
    outbox.tell_of(told, about=thing, event=event, state=after, actor=acting.place)
    db.session.flush()
    return event


def _checked_reason(row: Row, reason: str) -> str:
    reason = reason.strip()
    if row.reason is Reason.REQUIRED and not reason:
        raise NotRight("Say why, in a sentence.", field="reason")
    if len(reason) > REASON_LENGTH:
        raise NotRight(f"Keep the reason under {REASON_LENGTH:,} characters.", field="reason")
    return reason


def _state_after(thing: Any, row: Row) -> Enum | None:
    if not isinstance(row.to, Outcome):
        return row.to or getattr(thing, "state", None)
    after = row.to.decide(thing)
    if after not in row.to.ends:
        raise AssertionError(f"{row.noun} {row.verb} led to {after}, which its row does not name")
    return after


def verbs_open_to(person: Person | None, thing: Any) -> list[Row]:
    """The rows that a person may use on a thing as it stands: its buttons."""
    if person is None:
        return []
    rows = (row for row in ROWS if row.noun == thing.noun and _stands(row, thing))
    return [row for row in rows if membership_for(row, person, thing)]


def _stands(row: Row, thing: Any) -> bool:
    """Whether a thing is in a state to which a row applies; of one without states, whether it can
    be done now."""
    if row.from_ or hasattr(thing, "state"):
        return bool(row.from_) and thing.state in row.from_
    return row.to is None and why_not(thing, row) is None
