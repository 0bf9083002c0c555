"""Questions about what is shown to authorities first, and whether it may go out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select

from broker import sights
from broker.db import db
from broker.events import Recorded
from broker.models.person import Person
from broker.models.showing import Showing, stands


def showings_visible_to(person: Person) -> Select[Showing]:
    """What a person's own authority reads first, newest first."""
    newest = select(Showing).order_by(Showing.id.desc())
    return newest.where(sights.showings_seen_by(person))


def to_read(person: Person) -> list[Showing]:
    """What stands for a person's authority to read, unread ones first."""
    found = db.session.scalars(showings_visible_to(person).where(stands())).unique()
    return sorted(found, key=lambda showing: showing.seen_at is not None)


def shown_of(noun: str, record_ids: Iterable[int]) -> dict[int, list[Showing]]:
    """What stands of each record, in one question; a record that was never shown is left out."""
    wanted = select(Showing).where(
        Showing.about_noun == noun, Showing.about_id.in_(list(record_ids)), stands()
    )
    found: dict[int, list[Showing]] = {}
    for showing in db.session.scalars(wanted.order_by(Showing.id)).unique():
        found.setdefault(showing.about_id, []).append(showing)
    return found


def may_go_out(thing: Recorded) -> bool:
    """Every authority that it speaks of was shown it, and has read it or had its days."""
    shown = shown_of(thing.noun, [thing.id]).get(thing.id, [])
    return bool(shown) and all(showing.may_go_out for showing in shown)
