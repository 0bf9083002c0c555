"""What changes with the prospectus: its index, the searches people save, and who is told."""

from __future__ import annotations

from urllib.parse import parse_qsl

from sqlalchemy import delete, func, select
from werkzeug.datastructures import MultiDict

from broker import clock, outbox
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.fields.typed import without_odd
from broker.models.event import Event
from broker.models.offer import Offer
from broker.models.person import Person
from broker.models.searching import SavedSearch, SearchAlert
from broker.prospectus import faces, queries
from broker.prospectus.asked import Asked, read

NAME_LENGTH = 80
QUERY_LENGTH = 1000
SEARCHES_MOST = 50
NOT_KEPT = ("compare",)


# -- the index --------------------------------------------------------------------------------


def bring_out(offer: Offer, event: Event) -> None:
    """After an offer was published or revised: make it findable, and tell whom it fits."""
    db.session.flush()
    faces.write(offer)
    _tell(offer, event)


def _tell(offer: Offer, event: Event) -> None:
    """One message to each person with a saved search that the offer fits, once for ever."""
    told = select(SearchAlert.search_id).where(SearchAlert.offer_id == offer.id)
    waiting = select(SavedSearch).where(SavedSearch.id.not_in(told)).order_by(SavedSearch.id)
    searches = list(db.session.scalars(waiting))
    if not searches:
        return
    fitting = queries.fitting(offer.id, [(s, asked_in(s), s.person) for s in searches])
    names: dict[Person, list[str]] = {}
    for saved in fitting:
        db.session.add(SearchAlert(search_id=saved.id, offer_id=offer.id, told_at=clock.now()))
        names.setdefault(saved.person, []).append(f"‘{saved.name}’")
    for person, listed in names.items():
        subject = f"An offer fits your saved search {', '.join(listed)}: {offer.title}"
        outbox.tell([person], subject, about=offer, event=event, kind="search")


# -- saved searches ---------------------------------------------------------------------------


def asked_in(saved: SavedSearch) -> Asked:
    return read(MultiDict(parse_qsl(saved.query)))


def save(asked: Asked, *, name: str, by: Person) -> SavedSearch:
    """Keep a search under a name; the one there is, under its new name, if it is kept already."""
    query = asked.query(without=NOT_KEPT)
    if len(query) > QUERY_LENGTH:
        raise NotRight("This search is too long to save. Take some choices away.", "name")
    if not asked.is_anything:
        raise NotRight("Search for something first, then save it.", "name")
    known = select(SavedSearch).filter_by(person_id=by.id, query=query)
    saved = db.session.scalars(known).one_or_none()
    if saved is None:
        _check_room(by)
        saved = SavedSearch(person_id=by.id, query=query, created_at=clock.now())
    saved.name = _checked(name)
    db.session.add(saved)
    db.session.flush()
    return saved


def rename(saved: SavedSearch, *, name: str, by: Person) -> None:
    saved.name = _checked(name)
    db.session.flush()


def forget(saved: SavedSearch, *, by: Person) -> None:
    """Delete a search; nobody is told of offers that fit it any more."""
    db.session.execute(delete(SearchAlert).where(SearchAlert.search_id == saved.id))
    db.session.delete(saved)
    db.session.flush()


def _check_room(by: Person) -> None:
    kept = select(func.count(SavedSearch.id)).where(SavedSearch.person_id == by.id)
    if (db.session.scalar(kept) or 0) >= SEARCHES_MOST:
        raise NotPossible(f"You have {SEARCHES_MOST} saved searches. Delete one first.")


def _checked(name: str) -> str:
    name = " ".join(without_odd(name).split())
    if not name:
        raise NotRight("Give the search a name.", "name")
    if len(name) > NAME_LENGTH:
        raise NotRight(f"Keep the name to {NAME_LENGTH} characters.", "name")
    return name
