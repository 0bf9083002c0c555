"""What the pages of an offer offer to choose from, asked of the database as a page needs it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.models.authority import Authority, Region
from broker.models.offer import Offer
from broker.models.person import Membership, Person
from broker.models.programme import Choice, Programme
from broker.offers.prospectus import Heading, headings
from broker.offers.queries import open_programmes
from broker.offers.terms import OfferTerms, terms_of
from broker.permissions import GIVING


class Known:
    """Lists as they stand now; of an offer, what is written of it too."""

    def __init__(self, offer: Offer | None = None, *, providers: Sequence[Authority] = ()) -> None:
        self.offer = offer
        self.providers = list(providers)

    @cached_property
    def terms(self) -> OfferTerms:
        if self.offer is None:
            return OfferTerms()
        return terms_of(self.offer.working or self.offer.current)

    @cached_property
    def programmes(self) -> list[Programme]:
        return open_programmes()

    @cached_property
    def headings(self) -> list[Heading]:
        return headings()

    @cached_property
    def _choices(self) -> list[Choice]:
        wanted = select(Choice).where(Choice.is_retired.is_(False)).order_by(Choice.position)
        return list(db.session.scalars(wanted))

    def choices_of(self, kind: str) -> list[Choice]:
        return [choice for choice in self._choices if choice.kind == kind]

    @cached_property
    def regions(self) -> dict[str, str]:
        """Code → name."""
        return {
            one.code: one.name for one in db.session.scalars(select(Region).order_by(Region.name))
        }

    @cached_property
    def types(self) -> list[str]:
        return list(db.session.scalars(select(Authority.type).distinct().order_by(Authority.type)))

    @cached_property
    def people(self) -> list[Person]:
        """Who gives for the provider today."""
        if self.offer is None:
            return []
        held = select(Membership.person_id).where(
            Membership.authority_id == self.offer.provider_id,
            Membership.role.in_(GIVING),
            Membership.held_on(clock.today()),
        )
        wanted = select(Person).where(Person.id.in_(held)).order_by(Person.name, Person.id)
        return list(db.session.scalars(wanted))

    @cached_property
    def others(self) -> list[Authority]:
        """Every authority but the provider."""
        wanted = select(Authority).order_by(Authority.name)
        if self.offer is not None:
            wanted = wanted.where(Authority.id != self.offer.provider_id)
        return list(db.session.scalars(wanted))
