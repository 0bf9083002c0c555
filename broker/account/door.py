"""What happened at the door, written down and read. Kept for 13 months, without addresses."""

from __future__ import annotations

from collections.abc import Sequence

from flask import has_request_context
from sqlalchemy import select

from broker.db import db
from broker.keys import digest
from broker.models.person import Person
from broker.models.sign_in import Happened, SignInEvent
from broker.sessions import browser_in_short


def note(kind: Happened, *, person_id: int | None, email: str = "", detail: str = "") -> None:
    """Write it down in the caller's transaction."""
    said = SignInEvent(
        kind=kind,
        person_id=person_id,
        email_hash=None if person_id else digest(email),
        detail=detail,
        browser=browser_in_short() if has_request_context() else "",
    )
    db.session.add(said)
    db.session.flush()


def history(person: Person, *, most: int = 50) -> Sequence[SignInEvent]:
    """The latest first."""
    mine = select(SignInEvent).filter_by(person_id=person.id).order_by(SignInEvent.id.desc())
    return db.session.scalars(mine.limit(most)).all()
