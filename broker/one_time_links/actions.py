"""Asking for a link, and what a link does: accept an invitation, or choose a new password."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from broker import clock, jobs, links, sessions
from broker.account import door, pace, passwords
from broker.db import begin_writing, db, transaction
from broker.memberships import inviting
from broker.models.invitation import LinkKind, OneTimeLink
from broker.models.person import Person, Role
from broker.models.sign_in import Happened
from broker.outbox import written_of
from broker.system import the_system
from broker.taking import take

RESTS = timedelta(minutes=5)  # between two letters to one person


def ask(email: str) -> None:
    """Ask for a new password. The same is done and said whether anybody has that address or not;
    the worker does the rest. TooFast while earlier asks make it wait."""
    email = email.strip().lower()
    pace.charge(pace.budgets("link", email))
    begin_writing()
    person_id = db.session.scalar(select(Person.id).filter_by(email=email))
    door.note(Happened.ASKED_FOR_LINK, person_id=person_id, email=email)
    jobs.enqueue("send link", f"link-{secrets.token_hex(8)}", person_id=person_id)


def send(job_id: int, arguments: dict[str, Any]) -> None:
    """The worker's job: write the letter, to who holds a role and has had none just now."""
    with transaction():
        person_id = arguments["person_id"]
        person = db.session.get(Person, person_id) if person_id else None
        if person is None or not _may_have_one(person):
            return
        event = take(person, "send_link", by=the_system())
        links.make(LinkKind.RESET, person, message=written_of(event, person))


def _may_have_one(person: Person) -> bool:
    holds = [held for held in person.held_today if held.role is not Role.SYSTEM]
    lately = select(OneTimeLink.id).where(
        OneTimeLink.person_id == person.id,
        OneTimeLink.kind == LinkKind.RESET,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.made_at > clock.now() - RESTS,
    )
    return bool(holds) and db.session.scalar(lately.limit(1)) is None


def join(token: str, *, name: str, password: str | None) -> Person | None:
    """Accept an invitation; None, changing nothing, when the link is good no longer. Who has a
    password already keeps it, and their name."""
    made = None if password is None else _made(token, password)
    link = _begin(token)
    if link is None or link.invitation is None:
        return None
    person = link.person
    inviting.accept(link.invitation)
    if made is not None:
        person.name, person.password_hash = name, made
    _use(link)
    return person


def choose(token: str, password: str) -> Person | None:
    """Put a new password in the place of the old; every session ends, the second step stays."""
    made = _made(token, password)
    link = _begin(token)
    if link is None:
        return None
    person = link.person
    take(person, "reset_password", by=person)
    person.password_hash = made
    sessions.end_all(person)
    _use(link)
    return person


def _made(token: str, password: str) -> str | None:
    """The password as it is kept, worked out outside any transaction. NotRight when it is weak."""
    link = links.find(token)
    if link is None:
        return None
    passwords.check_new(password, link.person)
    db.session.rollback()
    return passwords.hash_password(password)


def _begin(token: str) -> OneTimeLink | None:
    begin_writing()
    return links.find(token, to_use=True)


def _use(link: OneTimeLink) -> None:
    link.used_at = clock.now()
    db.session.flush()
    links.cancel(link.kind, link.person, invitation=link.invitation)
