"""Questions about authorities: published facts, and what each offers now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from broker.db import db
from broker.fields.typed import without_odd
from broker.models.authority import Authority, Neighbour, PublishedPartner, Region
from broker.models.offer import Offer, OfferState
from broker.prospectus.cards import Card, published_by
from broker.prospectus.finding import kilometres
from broker.prospectus.words import folded


@dataclass(frozen=True)
class Listed:
    """An authority in the list, with how many offers it has in the prospectus."""

    authority: Authority
    offers: int


def listed(*, words: str, region: str) -> list[Listed]:
    """Authorities by name, and by nothing else; every word must stand in what is shown."""
    wanted = (
        select(Authority, _published_offers())
        .join(Region, Region.id == Authority.region_id)
        .order_by(Authority.name)
    )
    if region:
        wanted = wanted.where(Region.code == region)
    terms = folded(words).split()
    rows = db.session.execute(wanted).all()
    found = [Listed(one, count) for one, count in rows if one.ended_on is None or words]
    return [one for one in found if all(term in _text(one.authority) for term in terms)]


def _published_offers() -> ColumnElement[int]:
    """How many offers an authority has in the prospectus."""
    counted = select(func.count(Offer.id)).where(
        Offer.provider_id == Authority.id, Offer.state == OfferState.PUBLISHED
    )
    return counted.correlate(Authority).scalar_subquery()


def _text(authority: Authority) -> str:
    parts = (authority.name, authority.short_name, authority.region.name, authority.delivered_by)
    return folded(" ".join((*parts, authority.type, authority.code)))


def regions() -> list[Region]:
    return list(db.session.scalars(select(Region).order_by(Region.name)))


def by_code(code: str) -> Authority | None:
    """The authority with this ONS code, its judgements with it."""
    wanted = select(Authority).where(Authority.code == without_odd(code).upper())
    found = wanted.options(selectinload(Authority.judgements))
    return db.session.scalars(found).unique().one_or_none()


def code_now(code: str) -> str | None:
    """The ONS code now of the authority that had this code before."""
    rows = db.session.execute(select(Authority.code, Authority.former_codes)).all()
    return next((now for now, former in rows if code.upper() in former), None)


def km_between(one: Authority, other: Authority) -> float | None:
    """Kilometres between where most of their people live, as the crow flies."""
    points = (one.latitude, one.longitude), (other.latitude, other.longitude)
    (lat, lon), (other_lat, other_lon) = points
    if lat is None or lon is None or other_lat is None or other_lon is None:
        return None
    return kilometres((lat, lon), (other_lat, other_lon))


def offers_of(authority: Authority) -> list[Card]:
    """Its offers in the prospectus."""
    return published_by(authority.id)


def published_parts(authority: Authority) -> list[PublishedPartner]:
    """What published pages say of its part in programmes, the latest first."""
    wanted = select(PublishedPartner).filter_by(authority_id=authority.id)
    latest_first = (PublishedPartner.started.desc(), PublishedPartner.programme_name)
    return list(db.session.scalars(wanted.order_by(*latest_first)))


def neighbours_of(authority: Authority) -> list[Neighbour]:
    """Its statistical neighbours, the closest first."""
    wanted = (
        select(Neighbour)
        .filter_by(authority_id=authority.id)
        .order_by(Neighbour.rank)
        .options(joinedload(Neighbour.neighbour))
    )
    return list(db.session.scalars(wanted).unique())
