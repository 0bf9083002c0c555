"""Changing how one signs in. What changes a way in is written into the person's history."""

from __future__ import annotations

from broker import clock, sessions
from broker.account import door, pace, passwords, second_step
from broker.account.actions import check_password, take_second_step
from broker.db import begin_writing, db
from broker.errors import NotRight
from broker.models.person import Person
from broker.models.sign_in import Happened, SignInSession
from broker.taking import take

WRONG = "That is not your password."


def change_password(person: Person, *, now: str | None, new: str, here: SignInSession) -> None:
    """Put a new password in the place of the one that is typed beside it; other sessions end.

    `now` is None where there was none; the slow work is done outside any transaction.
    """
    person_id, session_id = person.id, here.id
    if now is not None and not _is_right(person, now, session_id):
        raise NotRight(WRONG, "password")
    person = db.session.get_one(Person, person_id)
    passwords.check_new(new, person, field="new_password")
    db.session.rollback()
    made = passwords.hash_password(new)
    begin_writing()
    person = db.session.get_one(Person, person_id)
    take(person, "change_password" if now is not None else "choose_password", by=person)
    person.password_hash = made
    sessions.end_all(person, but=db.session.get_one(SignInSession, session_id))


def _is_right(person: Person, password: str, session_id: int) -> bool:
    charged = pace.of_session("password", session_id)
    return check_password(person.email, password, charged=charged) is not None


def set_second_step(person: Person, key: str, code: str) -> list[str]:
    """Set it up, or move it to another phone; the recovery codes, which are shown once."""
    take(person, "set_second_step", by=person)
    return second_step.set_up(person, key, code)


def remove_second_step(person: Person) -> None:
    take(person, "remove_second_step", by=person)
    second_step.take_away(person)


def renew_recovery_codes(person: Person) -> list[str]:
    take(person, "renew_recovery_codes", by=person)
    return second_step.new_recovery_codes(person)


def end_session(one: SignInSession) -> None:
    sessions.end(one)
    door.note(Happened.ENDED_ELSEWHERE, person_id=one.person_id, detail=one.browser)


def end_others(person: Person, here: SignInSession) -> None:
    sessions.end_all(person, but=here)
    door.note(Happened.ENDED_ELSEWHERE, person_id=person.id, detail="all others")


def prove_by_password(person: Person, password: str, here: SignInSession) -> bool:
    """Show who one is, for a quarter of an hour."""
    person_id, session_id = person.id, here.id
    is_right = _is_right(person, password, session_id)
    if is_right:
        begin_writing()
        note_proof(person_id, session_id)
    return is_right


def prove_by_code(person: Person, code: str, here: SignInSession) -> bool:
    person_id, session_id = person.id, here.id
    is_right = take_second_step(person_id, code, charged=pace.of_session("code", session_id))
    if is_right:
        note_proof(person_id, session_id)
    return is_right


def note_proof(person_id: int, session_id: int) -> None:
    db.session.get_one(SignInSession, session_id).proved_at = clock.now()
    door.note(Happened.PROVED, person_id=person_id)
    db.session.flush()
