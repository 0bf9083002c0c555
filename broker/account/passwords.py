"""Passwords: kept as argon2id, and chosen so that they are long and not easily guessed."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from broker.errors import NotRight
from broker.models.person import Person

HASHER = PasswordHasher()
NOBODY = HASHER.hash("nobody has this password")
LEAST, MOST = 12, 200
LOOKED_AT = 72  # characters that are weighed: what comes after makes it no weaker
STRONG_ENOUGH = 3  # of 4: needs more than 10^8 guesses
COMMON = frozenset(FREQUENCY_LISTS["passwords"])
OURS = ("support", "exchange", "council", "children", "services", "director")


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def is_right(known: str | None, password: str) -> bool:
    """Takes as long where no password is known."""
    try:
        return HASHER.verify(known or NOBODY, password) and known is not None
    except VerificationError:
        return False


def check_new(password: str, person: Person, *, field: str = "password") -> None:
    """NotRight, in words, for a password that is short, common or easily guessed."""
    if not LEAST <= len(password) <= MOST:
        said = f"Use {LEAST} characters or more" if len(password) < LEAST else f"{MOST} at most"
        raise NotRight(f"{said}. Three or four words that do not belong together do well.", field)
    if password.casefold() in COMMON:
        raise NotRight("That is one of the passwords that are tried first. Choose another.", field)
    known = _known_of(person)
    found = zxcvbn(password[:LOOKED_AT], user_inputs=known)
    if found["score"] < STRONG_ENOUGH or _is_made_of(password, known):
        raise NotRight(
            "That is easily guessed: a common word, a name, a date or a row of keys makes most of"
            " it. Three or four words that do not belong together do well.",
            field,
        )


def _is_made_of(password: str, known: list[str]) -> bool:
    """Whether little is left of it without the words that anybody would try for this person."""
    left = password.casefold()
    for word in sorted(known, key=len, reverse=True):
        left = left.replace(word.casefold(), "") if len(word) > 2 else left
    return len(left.strip()) < LEAST // 2


def _known_of(person: Person) -> list[str]:
    parts = person.email.replace("@", " ").replace(".", " ").split() + person.name.split()
    return [*OURS, person.email, person.name, *parts]
