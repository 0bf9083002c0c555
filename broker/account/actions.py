"""Passwords and signing in."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import abort
from sqlalchemy import func, select

from broker import clock, events
from broker.db import aside, begin_writing, db
from broker.models.person import Person
from broker.models.work import SignInAttempt

HASHER = PasswordHasher()
NOBODY = HASHER.hash("nobody has this password")
WINDOW = timedelta(minutes=15)
TRIES = 10


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def check_password(email: str, password: str) -> Person | None:
    """The person these belong to, or None. Takes as long for an address nobody has.

    The slow check runs outside any transaction. After ten failures in 15 minutes: 429.
    """
    email = email.strip().lower()
    _slow_down(email)
    person = db.session.scalars(select(Person).filter_by(email=email)).one_or_none()
    person_id = person.id if person else None
    known = person.password_hash if person else None
    db.session.rollback()
    if _is_right(known or NOBODY, password) and known is not None:
        return db.session.get(Person, person_id)
    _note_failure(email, person_id)
    return None


def _is_right(known: str, password: str) -> bool:
    try:
        return HASHER.verify(known, password)
    except VerificationError:
        return False


def _digest(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def _slow_down(email: str) -> None:
    recent = select(func.count(SignInAttempt.id)).where(
        SignInAttempt.email_hash == _digest(email),
        SignInAttempt.tried_at > clock.now() - WINDOW,
    )
    if (db.session.scalar(recent) or 0) >= TRIES:
        abort(429)


def _note_failure(email: str, person_id: int | None) -> None:
    """Kept aside: it stays although the page shown is an error."""
    with aside():
        db.session.add(SignInAttempt(email_hash=_digest(email)))
        if person_id is not None:
            person = db.session.get_one(Person, person_id, with_for_update=True)
            events.record(person, "failed_sign_in", by=person)


def note_sign_in(person_id: int) -> Person:
    """Record that the person signed in (committed when the page redirects)."""
    begin_writing()
    person = db.session.get_one(Person, person_id, with_for_update={"of": Person})
    person.last_seen_at = clock.now()
    events.record(person, "signed_in", by=person)
    return person
