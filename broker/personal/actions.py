"""Erasing a person: what they did stays, under their role; their name goes, wherever it stands.

Chains of events go on from ids and from hashes of free text (broker/events.py). Where a name stood
in an event's own words the words change; the event is marked, and the erasure says which it marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, Table, delete, func, or_, select, update
from sqlalchemy.types import TypeEngine

from broker import clock
from broker.db import Base, Word, db
from broker.errors import NotPossible
from broker.memberships.inviting import withdraw
from broker.models.council_account import CouncilAccount, CouncilTrip
from broker.models.event import Event
from broker.models.invitation import Invitation, InvitationState, OneTimeLink
from broker.models.person import DigestWish, Membership, Person, Role
from broker.models.searching import SavedSearch, SearchAlert
from broker.models.sign_in import KeptForm, RecoveryCode, SecondStep, SignInSession
from broker.models.work import Message, OneTimeKey, Setting
from broker.personal.queries import ERASED, is_erased
from broker.prospectus.faces import rewrite
from broker.taking import may, take

# Other people's own names, and what is published: a place may be called as somebody is.
PUBLISHED = {
    "authority", "choice", "indicator", "judgement", "person", "programme", "published_partner",
    "region", "theme", "tile",
}  # fmt: skip
EVENTS = Event.__tablename__
WAYS_IN = (SignInSession, SecondStep, RecoveryCode, KeptForm, CouncilAccount, CouncilTrip)
Place = tuple[Table, Column[Any]]


def erase(person: Person, *, reason: str, by: Person) -> Event:
    """Take a person's name and address out of everything that is held. It cannot be undone."""
    check(person, by=by)
    names = (person.name, person.email)
    instead = _role_words(person)
    _end_roles(person)
    _withdraw_invitations(person, by=by)
    _forget_what_was_theirs(person)
    with _erasing():
        marked = _take_out(names, instead)
    person.name, person.email = instead, f"erased-{person.id}{ERASED}"
    person.password_hash = None
    for table in WAYS_IN:
        db.session.execute(delete(table).where(table.person_id == person.id))
    person.last_seen_at, person.digest = None, DigestWish.NEVER
    db.session.flush()
    rewrite()
    reason = _without(names, instead)(reason)
    return take(person, "erase", by=by, reason=reason, detail=" ".join(map(str, marked)))


def check(person: Person, *, by: Person) -> None:
    """Refuse where there is nobody to erase, or it is the one who asks."""
    may(person, "erase", by=by)
    if person.id == by.id:
        raise NotPossible("You cannot erase your own account. Ask another administrator.")
    if is_erased(person) or any(held.role is Role.SYSTEM for held in person.memberships):
        raise NotPossible("There is nobody's name in this account.")


def _role_words(person: Person) -> str:
    """'Director, Leeds (left)': the last role that they held."""
    held = max(person.memberships, key=lambda one: (one.starts_on, one.id), default=None)
    return f"{held.title if held else 'Somebody'} (left)"[:120]


def _end_roles(person: Person) -> None:
    theirs = or_(Membership.person_id == person.id, Membership.deputy_for_id == person.id)
    still = select(Membership).where(theirs, Membership.ended_at.is_(None))
    for held in db.session.scalars(still).unique():
        held.ended_at = clock.now()


def _withdraw_invitations(person: Person, *, by: Person) -> None:
    open_ = select(Invitation).filter_by(person_id=person.id, state=InvitationState.INVITED)
    for invitation in db.session.scalars(open_).unique():
        withdraw(invitation, by=by)


def _forget_what_was_theirs(person: Person) -> None:
    """Messages and links to them, their saved searches, and keys of their presses."""
    mine = select(SavedSearch.id).filter_by(person_id=person.id)
    db.session.execute(delete(SearchAlert).where(SearchAlert.search_id.in_(mine)))
    db.session.execute(delete(SavedSearch).filter_by(person_id=person.id))
    db.session.execute(delete(OneTimeLink).filter_by(person_id=person.id))
    db.session.execute(delete(OneTimeKey).filter_by(person_id=person.id))
    db.session.execute(update(Message).filter_by(to_id=person.id).values(digest_id=None))
    db.session.execute(delete(Message).filter_by(to_id=person.id))


@contextmanager
def _erasing() -> Iterator[None]:
    """Let words of the history change within the block; the database refuses it everywhere else."""
    mark = Setting(name="erasing", value="now")
    db.session.add(mark)
    db.session.flush()
    yield
    db.session.execute(delete(Setting).filter_by(name="erasing"))
    db.session.expunge(mark)


def _without(names: tuple[str, ...], instead: str) -> Callable[[str], str]:
    """A function that puts other words in the place of the names, in any case of letters."""
    either = "|".join(re.escape(name) for name in names)
    pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda _found: instead, text)


def _take_out(names: tuple[str, ...], instead: str) -> list[int]:
    """Put other words in every text that has a name in it; the ids of events among them."""
    db.session.flush()
    cleaned = _without(names, instead)
    marked = set()
    for table, column in texts():
        for key, value in _found(table, column, names):
            if (clean := _cleaned(value, cleaned)) != value:
                changed: dict[str, Any] = {column.name: clean}
                if table.name == EVENTS:
                    marked.add(key[0])
                    changed["has_words_erased"] = True
                where = [
                    one == part for one, part in zip(table.primary_key.columns, key, strict=True)
                ]
                db.session.execute(update(table).where(*where).values(changed))
    db.session.expire_all()
    return sorted(marked)


def texts() -> Iterator[Place]:
    """Every column of every table that words can stand in."""
    for table in (one for one in Base.metadata.sorted_tables if one.name not in PUBLISHED):
        for column in table.columns:
            if _holds_words(column.type) and not column.primary_key and not column.foreign_keys:
                yield table, column


def _holds_words(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, (String, JSON)) and not isinstance(kind, Word)


def _found(table: Table, column: Column[Any], names: tuple[str, ...]) -> list[Any]:
    """(primary key, value) of rows that may have a name in a column."""
    likely: ColumnElement[bool] = column.is_not(None)
    if not isinstance(column.type, JSON):
        says = [func.lower(column).contains(name.lower(), autoescape=True) for name in names]
        likely = or_(*says, *(column.contains(name, autoescape=True) for name in names))
    rows = db.session.execute(select(*table.primary_key.columns, column).where(likely))
    return [(tuple(row[:-1]), row[-1]) for row in rows]


def _cleaned(value: Any, cleaned: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [_cleaned(one, cleaned) for one in value]
    if isinstance(value, dict):
        return {name: _cleaned(one, cleaned) for name, one in value.items()}
    return value
