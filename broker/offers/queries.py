"""Questions about offers, from what the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from broker import clock, ledger
from broker.capacity.queries import giving_authorities
from broker.clock import Quarter
from broker.conditions import why_not_under
from broker.db import db
from broker.ledger import Balance
from broker.models.authority import Area, Authority, Grade, Region
from broker.models.ledger import Capacity
from broker.models.offer import Offer, OfferState, OfferVersion
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.programme import Programme
from broker.offers.terms import WORDS, differences, terms_of
from broker.permissions import GIVING, RECEIVING
from broker.prospectus.words import folded
from broker.sights import offers_seen_by


def offers_visible_to(person: Person | None) -> Select[Offer]:
    return select(Offer).where(offers_seen_by(person))


def own_offers(person: Person, *, words: str, state: OfferState | None) -> list[Offer]:
    """The offers of the person's own authorities, those changed last first."""
    own = [authority.id for authority in giving_authorities(person)]
    wanted = offers_visible_to(person).where(Offer.provider_id.in_(own))
    wanted = wanted.options(selectinload(Offer.revision))
    if state is not None:
        wanted = wanted.where(Offer.state == state)
    terms = folded(words).split()
    offers = db.session.scalars(wanted.order_by(Offer.state_since.desc(), Offer.id.desc()))
    return [o for o in offers.unique() if all(term in folded(o.title) for term in terms)]


def is_own(person: Person | None, offer: Offer) -> bool:
    """A director or partnership lead of the provider."""
    return person is not None and person.at(offer.provider_id, *GIVING) is not None


def is_written_by(person: Person | None, offer: Offer) -> bool:
    """Of the provider, or of an authority asked to give it too: may read what is written."""
    if person is None:
        return False
    working = offer.working
    asked = [p.authority_id for p in working.partners if p.asked_at] if working else []
    return is_own(person, offer) or any(person.at(place, *GIVING) for place in asked)


def may_ask(person: Person | None, offer: Offer) -> bool:
    """Could ask about it now: it is published, and the person may ask its provider."""
    return offer.state is OfferState.PUBLISHED and may_ask_of(person, offer.provider.code)


def may_ask_of(person: Person | None, provider_code: str) -> bool:
    """Could ask once signed in, or acts for another authority that receives."""
    if person is None:
        return True
    held = person.holding(*RECEIVING)
    return any(one.authority and one.authority.code != provider_code for one in held)


def balances_of(offer: Offer) -> Mapping[Quarter, Balance]:
    """The provider's balances in the offer's programme, by quarter."""
    place = select(Capacity.id).filter_by(
        provider_id=offer.provider_id, programme_id=offer.programme_id
    )
    capacity_id = db.session.scalar(place)
    return ledger.balances([capacity_id])[capacity_id] if capacity_id is not None else {}


def open_programmes() -> list[Programme]:
    today = clock.today()
    known = db.session.scalars(select(Programme).order_by(Programme.id))
    return [programme for programme in known if programme.is_open_on(today)]


# -- what a version says, and what the records say beside it -----------------------------------


@dataclass(frozen=True)
class Step:
    """A grade of one area at one inspection."""

    grade: Grade
    on: date
    framework: str


@dataclass(frozen=True)
class Journey:
    """The provider's own way in one area, first inspection first."""

    area: Area
    steps: tuple[Step, ...]

    @property
    def rise(self) -> tuple[Step, Step] | None:
        """The last time that the grade went up: before and after."""
        best_first = list(Grade)
        pairs = zip(self.steps, self.steps[1:], strict=False)
        ups = [p for p in pairs if best_first.index(p[1].grade) < best_first.index(p[0].grade)]
        return ups[-1] if ups else None


def record_of(provider: Authority, areas: Iterable[Area]) -> dict[Area, Journey]:
    """What the judgements on record say in these areas; never typed by anybody."""
    judged = list(reversed(provider.judgements))
    return {
        area: Journey(
            area,
            tuple(
                Step(grade, judgement.published_on, judgement.framework)
                for judgement in judged
                if (grade := judgement.grade_for(area)) is not None
            ),
        )
        for area in areas
    }


def partnerships_given(provider_id: int) -> int:
    """How many partnerships the provider has given here."""
    given = select(func.count(Partnership.id)).filter_by(provider_id=provider_id)
    return db.session.scalar(given) or 0


def why_not_by_programme(offer: Offer, version: OfferVersion) -> dict[int, str | None]:
    """Programme id → why it is not open to this offer today; None where it is."""
    return {p.id: why_not_under(p, offer, version) for p in version.programmes}


def changes_of(offer: Offer) -> list[Change]:
    """What the revision that is being written changes."""
    if offer.revision is None:
        return []
    return differences_between(offer.current, offer.revision)


@dataclass(frozen=True)
class Change:
    """One thing that two versions say differently, in words."""

    what: str
    before: str
    after: str


def differences_between(before: OfferVersion, after: OfferVersion) -> list[Change]:
    regions = {one.code: one.name for one in db.session.scalars(select(Region))}
    found = differences(terms_of(before), terms_of(after), regions)
    return [Change(WORDS[name], old, new) for name, (old, new) in found.items()]


def changed_since(version: OfferVersion) -> list[Change]:
    """What the offer says differently now from a version that stood."""
    offer = version.offer
    return differences_between(version, offer.current) if offer.number > version.number else []


def versions_of(offer: Offer, *, person: Person | None) -> list[OfferVersion]:
    """The versions that stood, oldest first; to who writes it, the one being written too."""
    wanted = select(OfferVersion).filter_by(offer_id=offer.id).order_by(OfferVersion.number)
    found = db.session.scalars(wanted.options(joinedload(OfferVersion.signed_off_by)))
    writes = is_written_by(person, offer)
    return [version for version in found if writes or version.signed_off_at is not None]
