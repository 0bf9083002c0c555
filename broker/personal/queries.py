"""What is held about one person, found through the schema itself, so that no table is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Date, Select, Table, or_, select
from sqlalchemy.orm import selectinload

from broker.db import Base, UTCDateTime, Word, db
from broker.models.person import Person
from broker.sights import seen_by_administrators

PEOPLE = Person.__table__
# Rows of these are about the person, and given whole; of all others, what they did and when.
WHOLE = {"person", "membership", "message", "saved_search", "event"}
NEVER_GIVEN = re.compile(r"hash|secret|token|session_key|substance|canonical|recovery")
ERASED = "@erased.invalid"


@dataclass(frozen=True)
class Held:
    """One row that has to do with the person: where it is, how it names them, and what it says."""

    table: str
    link: str
    says: dict[str, Any]


def held_about(person: Person) -> list[Held]:
    """Every row about the person or by them, table by table."""
    return [held for table, column in links() for held in _rows(table, column, person.id)]


def links() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that names a person, the person's own row first."""
    yield PEOPLE, PEOPLE.c.id  # type: ignore[misc]
    for table in sorted(Base.metadata.tables.values(), key=lambda table: table.name):
        for column in table.columns:
            if any(key.column.table is PEOPLE for key in column.foreign_keys):
                yield table, column


def _rows(table: Table, column: Column[Any], person_id: int) -> Iterator[Held]:
    given = [one for one in table.columns if _is_given(table, one, column)]
    found = select(*given).where(column == person_id).order_by(*table.primary_key.columns)
    for row in db.session.execute(found):
        says = {one.name: _plain(value) for one, value in zip(given, row, strict=True)}
        yield Held(table.name, column.name, says)


def _is_given(table: Table, one: Column[Any], link: Column[Any]) -> bool:
    if NEVER_GIVEN.search(one.name):
        return False
    is_fact = one.primary_key or isinstance(one.type, (UTCDateTime, Date, Word))
    return table.name in WHOLE or is_fact or one is link


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def counted(person: Person) -> list[tuple[str, str, int]]:
    """(table, how it names them, how many rows), in plain words, of what there is."""
    counts: dict[tuple[str, str], int] = {}
    for held in held_about(person):
        place = (held.table, held.link)
        counts[place] = counts.get(place, 0) + 1
    return [(_words(table), _words(link), count) for (table, link), count in counts.items()]


PLAIN = {
    "event": "History", "id": "Is theirs", "membership": "Role", "on_behalf_of_id": "Done for them",
    "by_id": "Done by them", "person": "Account", "person_id": "Is theirs", "to_id": "To them",
    "deputy_for_id": "Stands in for them",
}  # fmt: skip


def _words(name: str) -> str:
    """A table's or a column's name for people: 'logged_by_id' is 'Logged by them'."""
    plain = name.replace("_id", " them" if name.endswith("_by_id") else "").replace("_", " ")
    return PLAIN.get(name, plain.capitalize())


def everybody_visible_to(person: Person) -> Select[Person]:
    """Accounts, for administrators."""
    return select(Person).where(seen_by_administrators(person))


def everybody(person: Person, *, words: str = "") -> list[Person]:
    """Accounts by part of a name or address."""
    found = everybody_visible_to(person).options(selectinload(Person.memberships))
    for word in words.split():
        says = (column.icontains(word, autoescape=True) for column in (Person.name, Person.email))
        found = found.where(or_(*says))
    return list(db.session.scalars(found.order_by(Person.name, Person.id)))


def is_erased(person: Person) -> bool:
    return person.email.endswith(ERASED)
