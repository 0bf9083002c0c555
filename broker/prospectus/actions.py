"""What changes with the prospectus: its index, the searches people save, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from sqlalchemy import delete, func, select
from werkzeug.datastructures import MultiDict

from broker import clock, outbox
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.fields.typed import without_odd
from broker.models.event import Event
from broker.models.ledger import Capacity
from broker.models.offer import Offer, OfferState
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
    tell_whom_they_fit([offer], event)


def tell_of_days(capacity: Capacity, event: Event) -> None:
    """After days were confirmed: tell those who look for free days which offers have them now."""
    db.session.flush()
    standing = select(Offer).filter_by(provider_id=capacity.provider_id, state=OfferState.PUBLISHED)
    found = db.session.scalars(standing.order_by(Offer.id)).unique()
    own = [offer for offer in found if offer.is_open_to(capacity.programme_id)]
    tell_whom_they_fit(own, event, only_by_days=True)


def tell_whom_they_fit(
    offers: Sequence[Offer], event: Event, *, only_by_days: bool = False
) -> None:
    """One message to each person with saved searches that offers fit; once for ever of each.

    `only_by_days`: those searches alone that ask for free days.
    """
    kept = db.session.scalars(select(SavedSearch).order_by(SavedSearch.id)).unique()
    searches = [(saved, asked_in(saved)) for saved in kept] if offers else []
    if only_by_days:
        searches = [(saved, asked) for saved, asked in searches if asked.asks_for_days]
    if not searches:
        return
    fits: dict[Person, list[tuple[Offer, SavedSearch]]] = {}
    for offer in offers:
        for saved in _newly_fitting(offer, searches):
            fits.setdefault(saved.person, []).append((offer, saved))
    for person, found in fits.items():
        _tell(person, found, event)


def _newly_fitting(
    offer: Offer, searches: Sequence[tuple[SavedSearch, Asked]]
) -> list[SavedSearch]:
    """The searches that an offer fits and whose owners do not know it; from now on they do."""
    known = set(db.session.scalars(select(SearchAlert.search_id).filter_by(offer_id=offer.id)))
    waiting = [(saved, asked, saved.person) for saved, asked in searches if saved.id not in known]
    fitting = queries.fitting(offer.id, waiting)
    _note([(saved.id, offer.id) for saved in fitting])
    return fitting


def _note(pairs: Sequence[tuple[int, int]]) -> None:
    """Keep that the owners of searches know of offers."""
    now = clock.now()
    db.session.add_all(SearchAlert(search_id=s, offer_id=o, told_at=now) for s, o in pairs)
    db.session.flush()


def _tell(person: Person, found: Sequence[tuple[Offer, SavedSearch]], event: Event) -> None:
    names = ", ".join(dict.fromkeys(f"‘{saved.name}’" for _, saved in found))
    offers = list(dict.fromkeys(offer for offer, _ in found))
    fit = "An offer fits" if len(offers) == 1 else f"{len(offers)} offers fit"
    titles = "; ".join(offer.title for offer in offers)
    subject = f"{fit} your saved search {names}: {titles}"
    outbox.tell([person], subject, about=offers[0], event=event, kind="search")


# -- saved searches ---------------------------------------------------------------------------


def asked_in(saved: SavedSearch) -> Asked:
    return read(MultiDict(parse_qsl(saved.query)))


def save(asked: Asked, *, name: str, by: Person) -> SavedSearch:
    """Keep a search under a name; the one there is, under its new name, if it is kept already.

    What it finds now its owner sees; a message comes of what is new.
    """
    query = asked.query(without=NOT_KEPT)
    if len(query) > QUERY_LENGTH:
        raise NotRight("This search is too long to save. Take some choices away.", "name")
    if not asked.is_anything:
        raise NotRight("Search for something first, then save it.", "name")
    known = select(SavedSearch).filter_by(person_id=by.id, query=query)
    saved = db.session.scalars(known).one_or_none()
    if saved is not None:
        saved.name = _checked(name)
        db.session.flush()
        return saved
    _check_room(by)
    saved = SavedSearch(person_id=by.id, query=query, created_at=clock.now(), name=_checked(name))
    db.session.add(saved)
    db.session.flush()
    _note([(saved.id, offer_id) for offer_id in queries.found_by(by, asked)])
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
