"""What two hundred people meet: ten times a region's partnerships, 1,500 offers, and work to do.

The bulk goes in as rows (benchmarks/filling.py), the matches that wait for somebody by the verbs
that lead to them, so that what is pressed under load is open to be pressed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import Select, select, update

from benchmarks import prospectus
from benchmarks.filling import TEN_TIMES, Size, fill
from broker import clock
from broker.account.actions import hash_password
from broker.clock import Quarter
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.eligibility import why_not_offer
from broker.extras.rooms import room_of
from broker.matches import actions as matches
from broker.models.authority import Authority
from broker.models.ledger import Capacity, EntryKind, LedgerEntry
from broker.models.match import Answer, Conversation, Match, Side
from broker.models.need import Need
from broker.models.offer import Offer, OfferState
from broker.models.partnership import Partnership, PartnershipState
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme
from broker.needs import actions as needs

SEED, DAY = 20261128, 4
PASSWORD = "-".join(["a", "long", "word", "for", "two", "hundred"])
WAITING = 54  # matches that wait for a director, and as many that wait for their region
TO_LOG = 8  # quarter-days left where somebody logs one at a time
CAST = {
    Role.DIRECTOR: 60,
    Role.PARTNERSHIP_LEAD: 65,
    Role.IMPROVEMENT_LEAD: 65,
    Role.COORDINATOR: 9,
    Role.PROGRAMME_MANAGER: 1,
}


@dataclass
class Part:
    """One of the two hundred: what they may open, and what waits for them, by ids."""

    email: str
    role: Role
    place: int | None
    region: int | None
    agree: list[int] = field(default_factory=list)
    approve: list[int] = field(default_factory=list)
    partnerships: list[int] = field(default_factory=list)
    needs: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class World:
    parts: list[Part]
    offers: list[int]
    authorities: list[str]


def make(
    size: Size = TEN_TIMES, offers: int = prospectus.OFFERS, waiting: int = WAITING
) -> list[Part]:
    """Fill an empty database that has the published facts; whose parts there are to play."""
    rng = Random(SEED)
    fill(size)
    with transaction():
        prospectus.fill(rng, _director, offers)
    with transaction():
        db.session.execute(update(Person).values(password_hash=hash_password(PASSWORD)))
        db.session.execute(update(Capacity).values(at_once=99))
    parts = list(_cast())
    _matches(parts, waiting)
    _what_is_theirs(parts)
    return parts


def opened(parts: list[Part]) -> World:
    """What may be opened once the night's work is done: it suspends what may not be offered."""
    offers = select(Offer.id).filter_by(state=OfferState.PUBLISHED)
    authorities = select(Authority.code)
    return World(parts, list(db.session.scalars(offers)), list(db.session.scalars(authorities)))


def _director(place: Authority) -> Person:
    return db.session.scalars(_holding(Role.DIRECTOR).filter_by(authority_id=place.id)).one()


def _holding(role: Role) -> Select[tuple[Person]]:
    return select(Person).join(Membership, Membership.person_id == Person.id).filter_by(role=role)


def _cast() -> Iterator[Part]:
    for role, count in CAST.items():
        rows = select(Person.email, Membership.authority_id, Membership.region_id).join(
            Membership, Membership.person_id == Person.id
        )
        for email, place, region in db.session.execute(
            rows.where(Membership.role == role).order_by(Person.id).limit(count)
        ):
            yield Part(email, role, place, region)


def _matches(parts: Sequence[Part], waiting: int) -> None:
    """By the verbs: a small ask, talked about, agreed by one director or by both."""
    givers = [(part, offer) for part in parts if (offer := _offer_to_ask_about(part))]
    chairs = {part.region: part for part in parts if part.role is Role.COORDINATOR}
    regions = _receivers_by_region()
    for number in range(2 * waiting):
        giver, offer_id = givers[number % len(givers)]
        region = sorted(regions)[number % len(regions)]
        receivers = [one for one in regions[region] if one != giver.place]
        with transaction():
            match = _talked(receivers[number // len(regions) % len(receivers)], offer_id)
            if number < waiting:
                giver.agree.append(match.id)
            else:
                matches.agree(match, by=_director(match.provider))
                chairs[region].approve.append(match.id)


def _receivers_by_region() -> dict[int, list[int]]:
    found = defaultdict(list)
    for place in db.session.scalars(select(Authority).order_by(Authority.id)).unique():
        found[place.region_id].append(place.id)
    return found


def _offer_to_ask_about(part: Part) -> int | None:
    """An offer of a director's authority, under 'Own days', that it may give as it stands."""
    if part.role is not Role.DIRECTOR:
        return None
    own = db.session.scalars(select(Programme).filter_by(code="own")).one()
    offers = select(Offer).filter_by(provider_id=part.place, programme_id=own.id)
    for offer in db.session.scalars(offers.order_by(Offer.id)).unique():
        themes = [row.theme for row in offer.current.themes]
        if why_not_offer(offer.provider, own, themes) is None:
            return offer.id
    return None


def _talked(receiver_id: int, offer_id: int) -> Match:
    """A match of a day, to which the receiving director has agreed."""
    receiver, offer = (
        db.session.get_one(Authority, receiver_id),
        db.session.get_one(Offer, offer_id),
    )
    asks, gives = _director(receiver), _director(offer.provider)
    need = conversations.small_ask(
        offer,
        receiver=receiver,
        title="A morning on thresholds",
        theme=offer.current.themes[0].theme,
        days=DAY,
        quarter=_with_room(offer.provider_id, offer.programme_id),
        message="Could we hear how you did it?",
        by=asks,
    )
    [talk] = db.session.scalars(select(Conversation).filter_by(need_id=need.id)).unique()
    return _yes(talk, need, asks, gives)


def _yes(talk: Conversation, need: Need, asks: Person, gives: Person) -> Match:
    conversations.accept(talk, by=gives)
    for side, by in ((Side.RECEIVER, asks), (Side.PROVIDER, gives)):
        conversations.record_outcome(talk, side=side, answer=Answer.YES, by=by)
    chair = db.session.scalars(
        _holding(Role.COORDINATOR).filter_by(region_id=need.receiver.region_id)
    ).one()
    needs.open_need(need, by=chair)
    match = db.session.scalars(select(Match).filter_by(conversation_id=talk.id)).unique().one()
    matches.explain_one(match, because="They solved this very problem.", by=asks)
    matches.agree(match, by=asks)
    return match


def _with_room(giver_id: int, programme_id: int) -> Quarter:
    """The next quarter in which the giver offered enough for several of these."""
    rows = (
        select(LedgerEntry.quarter)
        .join(Capacity, Capacity.id == LedgerEntry.capacity_id)
        .where(
            Capacity.provider_id == giver_id,
            Capacity.programme_id == programme_id,
            LedgerEntry.kind == EntryKind.OFFER,
            LedgerEntry.quarter_days >= 5 * DAY,
            LedgerEntry.quarter > clock.this_quarter(),
        )
        .order_by(LedgerEntry.quarter)
    )
    return db.session.scalars(rows).first() or clock.this_quarter() + 1


def _what_is_theirs(parts: Sequence[Part]) -> None:
    """Partnerships in which a lead may log, and needs that somebody may look at."""
    for part in parts:
        if part.role is Role.PARTNERSHIP_LEAD:
            mine = select(Partnership.id).filter_by(
                provider_id=part.place, state=PartnershipState.STEADY
            )
            found = db.session.scalars(select(Partnership).where(Partnership.id.in_(mine)))
            part.partnerships = [one.id for one in found.unique() if room_of(one).left >= TO_LOG]
        if part.role in (Role.DIRECTOR, Role.IMPROVEMENT_LEAD):
            wanted = select(Need.id).filter_by(receiver_id=part.place).limit(20)
            part.needs = list(db.session.scalars(wanted))
