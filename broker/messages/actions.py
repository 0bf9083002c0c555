"""What people do about messages: choose how often the digest comes, leave it, try again."""

from __future__ import annotations

from broker import wishes
from broker.db import aside, db
from broker.models.person import DigestWish, Person
from broker.models.work import Message


def wish(digest: DigestWish, *, by: Person) -> None:
    """Choose one's own digest."""
    by.digest = digest


def leave(token: str) -> None:
    """Stop the digest of whom a signed address was made for. A mail program that does this reads
    no redirect, so what it asked is kept aside."""
    person_id = wishes.who_leaves(token)
    with aside():
        if person_id is not None and (person := db.session.get(Person, person_id)):
            person.digest = DigestWish.NEVER


def try_again(message: Message, *, by: Person) -> None:
    """Let a message that was given up be sent once more, from the first try."""
    message.gave_up_at = message.tried_at = message.next_try_at = message.last_error = None
    message.attempts = 0
