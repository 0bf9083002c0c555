"""What the demonstration's director finds: a kept search, and front doors near enough to visit."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict

from broker import clock
from broker.capacity import actions as capacities
from broker.db import db
from broker.models.authority import Authority
from broker.models.offer import Delivery, Evidence, Offer
from broker.models.programme import Choice, Programme, Theme
from broker.offers import actions as offers
from broker.prospectus import actions as searching
from broker.prospectus.asked import read
from seed.demonstration.company import RECEIVER, Company
from seed.demonstration.words import WORDS

DAY = 4
NEAR = (("Salford", "mash"), ("Lancashire", "contact-and-referral"), ("Warrington", "assessment"))
CHOSEN = ("peer-challenge", "coaching", "middle-managers")


def find_near(company: Company) -> list[Offer]:
    """The featured receiver keeps a search; then authorities nearby offer what it looks for."""
    loaded = select(Authority).options(selectinload(Authority.judgements))
    places = {place.name: place for place in db.session.scalars(loaded)}
    asked = read(MultiDict({"theme": "front-door", "within": "100"}))
    searching.save(asked, name="Front door, near us", by=company.director(places[RECEIVER]))
    return [_offer(company, places[name], code, days) for days, (name, code) in enumerate(NEAR, 6)]


def _offer(company: Company, provider: Authority, code: str, days: int) -> Offer:
    """Own days of one authority for one theme; `days` a quarter are confirmed for four."""
    own = db.session.scalars(select(Programme).filter_by(code="own")).one()
    theme = db.session.scalars(select(Theme).filter_by(code=code)).one()
    lists = db.session.scalars(select(Choice).where(Choice.code.in_(CHOSEN)).order_by(Choice.id))
    terms = offers.OfferTerms(
        title=WORDS[code].offer,
        what_we_do=WORDS[code].we_do,
        themes=((theme, Evidence.STATED),),
        choices=tuple(lists),
        delivery=Delivery.EITHER,
        days_least=2 * DAY,
        days_most=15 * DAY,
    )
    director = company.director(provider)
    offer = offers.draft(
        provider=provider, programme=own, terms=terms, by=director, is_illustrative=True
    )
    offers.publish(offer, by=director)
    ahead = dict.fromkeys(clock.coming_quarters(5)[1:], days * DAY)
    capacities.confirm(provider=provider, programme=own, days=ahead, by=director)
    return offer
