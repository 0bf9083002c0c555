"""Offers given by several authorities together: each one's director agrees to be named."""

from __future__ import annotations

from collections.abc import Iterable

from broker import clock
from broker.db import db
from broker.models.event import Event
from broker.models.offer import Offer, OfferPartner, OfferVersion
from broker.models.person import Person, Role
from broker.prospectus import faces
from broker.taking import take


def ask_partners(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """Show what is written to the directors of the other authorities, for their agreement."""
    event = take(offer, "ask_partners", by=by)
    for partner in _written(offer):
        partner.asked_at = partner.asked_at or clock.now()
    db.session.flush()
    return event


def join(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """A partner's director agrees to be named on what is written now."""
    answering = _of(by, (partner for partner in _written(offer) if partner.is_waiting))
    event = take(offer, "join", by=by, detail=_names(answering))
    for partner in answering:
        partner.agreed_at, partner.agreed_by_id = clock.now(), by.id
    db.session.flush()
    return event


def stay_out(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """A partner's director does not want to be named."""
    answering = _of(by, (partner for partner in _written(offer) if partner.is_waiting))
    event = take(offer, "stay_out", by=by, reason=reason, detail=_names(answering))
    _strike(offer, answering)
    return event


def leave(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """A partner's director takes the authority's name off the offer, now and in a revision."""
    leaving = _of(by, offer.partners)
    event = take(offer, "leave", by=by, reason=reason, detail=_names(leaving))
    places = {partner.authority_id for partner in leaving}
    for partner in offer.current.partners:
        if partner.authority_id in places:
            partner.left_at = clock.now()
    _strike(offer, [one for one in _written(offer) if one.authority_id in places])
    faces.write(offer)
    return event


def _strike(offer: Offer, partners: Iterable[OfferPartner]) -> None:
    """Take partners out of what is being written."""
    for partner in list(partners):
        partner.version.partners.remove(partner)
    db.session.flush()


def ask_again(version: OfferVersion) -> None:
    """What was agreed to no longer stands as it did: agreement is asked for afresh."""
    for partner in version.partners:
        partner.asked_at = partner.agreed_at = partner.agreed_by_id = None


def carry_over(before: OfferVersion, after: OfferVersion) -> None:
    """A revision begins with the agreements of the version that stands."""
    known = {partner.authority_id: partner for partner in before.partners}
    for partner in after.partners:
        agreed = known[partner.authority.id]
        partner.asked_at = agreed.asked_at
        partner.agreed_at, partner.agreed_by_id = agreed.agreed_at, agreed.agreed_by_id


def _written(offer: Offer) -> list[OfferPartner]:
    return list(offer.working.partners) if offer.working else []


def _of(person: Person, partners: Iterable[OfferPartner]) -> list[OfferPartner]:
    return [one for one in partners if person.at(one.authority_id, Role.DIRECTOR)]


def _names(partners: Iterable[OfferPartner]) -> str:
    return ", ".join(partner.authority.name for partner in partners)
