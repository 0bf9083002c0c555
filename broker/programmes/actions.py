"""Adding a programme, and changing its name, its funder and the days between which it is open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import select

from broker import clock, events
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.letters import in_words
from broker.models.event import Event
from broker.models.person import Person
from broker.models.programme import CODE_LENGTH, NAME_LENGTH, Policy, Programme
from broker.programmes.queries import is_under_way
from broker.taking import may, start, take

CODE = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{CODE_LENGTH - 1}}}")


@dataclass(frozen=True)
class Terms:
    """What is said of a programme. `closes_on` None: no last day is known."""

    name: str
    funder: str
    opens_on: date
    closes_on: date | None = None

    @classmethod
    def of(cls, programme: Programme) -> Terms:
        return cls(programme.name, programme.funder, programme.opens_on, programme.closes_on)

    @property
    def said(self) -> dict[str, str]:
        """Each in words, by its name on the page."""
        return {
            "Name": self.name,
            "Funder": self.funder,
            "First day": in_words(self.opens_on),
            "Last day": in_words(self.closes_on) if self.closes_on else "none",
        }


def add(terms: Terms, *, code: str = "", like: Programme | None = None, by: Person) -> Programme:
    """Add a programme. `code` stands for it in files and commands, and is made from its name where
    none is given; its rules begin as those of `like`, or as the usual ones."""
    known = _held()
    terms = _checked(terms, known)
    taken = {one.code for one in known}
    programme = Programme(
        code=_checked_code(code, taken) if code.strip() else _code_from(terms.name, taken),
        rules=dict(like.rules) if like else asdict(Policy()),
        **vars(terms),
    )
    began = f"Rules as those of {like.name}" if like else "The usual rules"
    start(programme, "add", by=by, detail=began)
    return programme


def change(
    programme: Programme,
    terms: Terms,
    *,
    seen: int | None = None,
    is_sure: bool = False,
    by: Person,
) -> Event:
    """Change what is said of a programme. `seen`: the number of its last change when the form was
    opened. Where it would be open on fewer days and something is under way, `is_sure` says that
    whoever does it knows what then happens."""
    known = _held()
    may(programme, "change", by=by)
    terms = _checked(terms, [one for one in known if one is not programme])
    _check_is_fresh(programme, seen)
    stands = Terms.of(programme)
    if not (changed := differences(stands, terms)):
        raise NotRight("This is how it stands already.", "name")
    if closes_sooner(stands, terms) and not is_sure and is_under_way(programme):
        raise NotRight("Look at what is under way and what then happens, and say so.", "is_sure")
    event = take(programme, "change", by=by, detail="; ".join(changed))
    for name, value in vars(terms).items():
        setattr(programme, name, value)
    db.session.flush()
    return event


def number_of(programme: Programme) -> int:
    """The number of the last thing that happened to it; 0 where nothing has."""
    last = events.last_event(programme.noun, programme.id)
    return last.number if last else 0


def differences(before: Terms, after: Terms) -> list[str]:
    """What differs, in words for the history."""
    said = after.said
    return [
        f"{name}: {words} → {said[name]}"
        for name, words in before.said.items()
        if words != said[name]
    ]


def closes_sooner(before: Terms, after: Terms) -> bool:
    """Whether the programme would be closed on a day from today on which it is open now."""
    last_before, last_after = before.closes_on or date.max, after.closes_on or date.max
    today = clock.today()
    first_before, first_after = max(before.opens_on, today), max(after.opens_on, today)
    return first_before <= last_before and (last_after < last_before or first_after > first_before)


def _held() -> list[Programme]:
    """Every programme as it stands now, held: of two who give a name at once, the second waits,
    and then asks again, so that it sees what the first added."""
    db.session.flush()
    db.session.execute(select(Programme.id).order_by(Programme.id).with_for_update())
    every = select(Programme).order_by(Programme.id)
    return list(db.session.scalars(every.execution_options(populate_existing=True)))


def _check_is_fresh(programme: Programme, seen: int | None) -> None:
    last = events.last_event(programme.noun, programme.id)
    if seen is None or last is None or last.number == seen:
        return
    raise NotPossible(
        f"{last.by.name} changed this while you were writing: {last.detail}. Nothing of yours is "
        "saved yet. Save again if yours is still right."
    )


# -- what must hold ---------------------------------------------------------------------------


def _checked(terms: Terms, others: Iterable[Programme]) -> Terms:
    """The same in plain spaces; NotRight, naming the field, where it cannot be."""
    terms = replace(terms, name=_plain(terms.name, "name"), funder=_plain(terms.funder, "funder"))
    if _key(terms.name) in {_key(one.name) for one in others}:
        raise NotRight("Another programme has this name.", "name")
    if terms.closes_on is not None and terms.closes_on <= terms.opens_on:
        raise NotRight("The last day comes after the first.", "closes_on")
    return terms


def _plain(words: str, field: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", words).split())
    if not any(character.isalnum() for character in words):
        raise NotRight("Say this in words.", field)
    if len(words) > NAME_LENGTH:
        raise NotRight(f"Keep this to {NAME_LENGTH} characters.", field)
    return words


def _key(name: str) -> str:
    """What two names share that people would take for one."""
    return unicodedata.normalize("NFKC", name).casefold()


def _checked_code(code: str, taken: set[str]) -> str:
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise NotRight(f"Use up to {CODE_LENGTH} letters from a to z, digits and hyphens.", "code")
    if code in taken:
        raise NotRight("Another programme has this code.", "code")
    return code


def _code_from(name: str, taken: set[str]) -> str:
    """A code that nobody has, from the letters and digits of a name."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:CODE_LENGTH].strip("-") or "programme"
    number, found = 1, code
    while found in taken:
        number += 1
        found = f"{code[: CODE_LENGTH - len(str(number)) - 1]}-{number}"
    return found
