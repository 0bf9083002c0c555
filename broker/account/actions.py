"""Signing in, step by step: the password, the second step, the session."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select

from broker import clock, sessions
from broker.account import door, pace, passwords, second_step
from broker.account.passwords import hash_password
from broker.db import aside, begin_writing, db
from broker.models.person import Person
from broker.models.sign_in import Happened, How

__all__ = ["check_password", "enter", "hash_password", "take_second_step"]


def _clean(email: str) -> str:
    return email.strip().lower()


@dataclass(frozen=True)
class Entered:
    """Who came in, and the mark that their browser is remembered by."""

    person: Person
    account: str
    device: str


def check_password(
    email: str, password: str, *, charged: list[pace.Budget] | None = None
) -> int | None:
    """The id of the person whom these belong to, or None. As long for an address nobody has.

    The slow check runs outside any transaction. TooFast while earlier wrong tries make it wait.
    """
    email = _clean(email)
    charged = charged or pace.budgets("password", email)
    pace.charge(charged)
    found = select(Person.id, Person.password_hash).filter_by(email=email)
    row = db.session.execute(found).one_or_none()
    db.session.rollback()
    person_id, known = (row.id, row.password_hash) if row else (None, None)
    is_right = passwords.is_right(known, password)
    with aside():
        if is_right:
            pace.give_back(charged)
        else:
            _note_wrong(Happened.WRONG, charged, person_id=person_id, email=email)
    return person_id if is_right else None


def _note_wrong(
    kind: Happened, charged: list[pace.Budget], *, person_id: int | None, email: str = ""
) -> None:
    door.note(kind, person_id=person_id, email=email)
    if pace.is_spent(charged):
        door.note(Happened.MADE_TO_WAIT, person_id=person_id, email=email)


def take_second_step(
    person_id: int, code: str, *, charged: list[pace.Budget] | None = None
) -> bool:
    """Use up a code of the person's app, or a recovery code. TooFast as for passwords."""
    email = db.session.get_one(Person, person_id).email
    charged = charged or pace.budgets("code", email)
    pace.charge(charged)
    begin_writing()
    person = db.session.get_one(Person, person_id)
    if second_step.take_code(person, code):
        pace.give_back(charged)
        return True
    if second_step.take_recovery_code(person, code):
        pace.give_back(charged)
        left = second_step.codes_left(person)
        door.note(Happened.RECOVERY_CODE_USED, person_id=person_id, detail=f"{left} left")
        return True
    with aside():
        _note_wrong(Happened.WRONG_CODE, charged, person_id=person_id)
    return False


def turn_away(person_id: int) -> None:
    """Write down that somebody was right and holds no role today."""
    with aside():
        door.note(Happened.REFUSED, person_id=person_id)


def enter(person: Person, how: How) -> Entered:
    """Begin a session for the person (kept when the page redirects)."""
    sessions.begin(person, how)
    person.last_seen_at = clock.now()
    door.note(Happened.SIGNED_IN, person_id=person.id, detail=how.words)
    db.session.flush()
    return Entered(person, person.email, secrets.token_hex(8))
