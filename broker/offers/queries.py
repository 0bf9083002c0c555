"""Questions about offers, from what the person may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from broker import clock, ledger
from broker.capacity.queries import giving_authorities
from broker.clock import Quarter
from broker.db import db
from broker.ledger import Balance
from broker.models.ledger import Capacity
from broker.models.offer import Offer, OfferState
from broker.models.person import Person
from broker.models.programme import Choice, Programme
from broker.permissions import GIVING, RECEIVING, offers_seen_by
from broker.prospectus.words import folded


def offers_visible_to(person: Person | None) -> Select[Offer]:
    return select(Offer).where(offers_seen_by(person))


def own_offers(person: Person, *, words: str, state: OfferState | None) -> list[Offer]:
    """The offers of the person's own authorities, those changed last first."""
    own = [authority.id for authority in giving_authorities(person)]
    wanted = offers_visible_to(person).where(Offer.provider_id.in_(own))
    if state is not None:
        wanted = wanted.where(Offer.state == state)
    terms = folded(words).split()
    offers = db.session.scalars(wanted.order_by(Offer.state_since.desc(), Offer.id.desc()))
    return [o for o in offers.unique() if all(term in folded(o.title) for term in terms)]


def is_own(person: Person | None, offer: Offer) -> bool:
    """A director or partnership lead of the provider."""
    return person is not None and person.at(offer.provider_id, *GIVING) is not None


def may_ask(person: Person | None, offer: Offer) -> bool:
    """Could ask about it once signed in, or acts for another authority that receives."""
    if offer.state is not OfferState.PUBLISHED:
        return False
    if person is None:
        return True
    return any(held.authority_id != offer.provider_id for held in person.holding(*RECEIVING))


def balances_of(offer: Offer) -> Mapping[Quarter, Balance]:
    """The provider's balances in the offer's programme, by quarter."""
    place = select(Capacity.id).filter_by(
        provider_id=offer.provider_id, programme_id=offer.programme_id
    )
    capacity_id = db.session.scalar(place)
    return ledger.balances([capacity_id])[capacity_id] if capacity_id is not None else {}


# -- what a form offers to choose from --------------------------------------------------------


def open_programmes() -> list[Programme]:
    today = clock.today()
    known = db.session.scalars(select(Programme).order_by(Programme.id))
    return [programme for programme in known if programme.is_open_on(today)]


@dataclass(frozen=True)
class Lists:
    """The editable lists, without what is retired: kind → entries."""

    by_kind: Mapping[str, list[Choice]]

    def of(self, kind: str) -> list[Choice]:
        return self.by_kind.get(kind, [])


def lists() -> Lists:
    wanted = select(Choice).where(Choice.is_retired.is_(False)).order_by(Choice.position)
    by_kind: dict[str, list[Choice]] = {}
    for choice in db.session.scalars(wanted):
        by_kind.setdefault(choice.kind, []).append(choice)
    return Lists(by_kind)
