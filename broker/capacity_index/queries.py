"""What a region's authorities offer and want, as far as the reader may know of it.

Private needs and those in confidence are never here. Whoever may see a need reads whose it is.
Others, and the board, read the released shape of those that release their region, without a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import selectinload

from broker import clock
from broker.capacity.queries import FreeDays, free_days
from broker.capacity_index.reach import Reach, reach_of
from broker.clock import Quarter
from broker.db import db
from broker.matching.reasons import Audience
from broker.models.authority import Authority, Region
from broker.models.need import Need, NeedState
from broker.models.offer import Offer, OfferState
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership
from broker.models.person import Person
from broker.models.plan import Plan, PlanState
from broker.models.review import Review, ReviewState
from broker.partnerships.queries import partnerships_visible_to
from broker.plans.queries import plans_visible_to
from broker.region_sights import regions_indexed_for
from broker.reviews.queries import reviews_visible_to
from broker.sights import needs_released_to_providers, needs_seen_by

WANTED = (NeedState.SUBMITTED, NeedState.OPEN, NeedState.PART_MATCHED)
QUARTERS = 4
NOT_NAMED = "An authority of the region"


def regions_of(person: Person) -> list[Region]:
    """The regions whose index a person may read, by name."""
    seen: Select[Region] = select(Region).where(regions_indexed_for(person))
    return list(db.session.scalars(seen.order_by(Region.name)))


@dataclass(frozen=True)
class Want:
    """A need. `receiver` None: not named to this reader. `days`: quarter-days still wanted."""

    title: str
    themes: tuple[str, ...]
    days: int
    first: Quarter
    receiver: Authority | None
    need_id: int | None
    reach: Reach

    @property
    def whose(self) -> str:
        return self.receiver.name if self.receiver else NOT_NAMED


@dataclass(frozen=True)
class Working:
    """A partnership's plan that both sides agreed, and its last review that the reader may see."""

    partnership: Partnership
    plan: Plan
    review: Review | None

    @property
    def themes(self) -> list[str]:
        named = (one.theme.name for one in self.plan.objectives if one.theme)
        return list(dict.fromkeys(named))

    @property
    def to_do(self) -> int:
        """How many decisions of the last review are still to be done."""
        return sum(one.done_at is None for one in self.review.decisions) if self.review else 0


@dataclass(frozen=True)
class Place:
    """One authority. `free`: by programme, what anybody may read in the prospectus."""

    authority: Authority
    offers: list[Offer]
    free: dict[Quarter, int]
    wants: list[Want]
    working: list[Working]

    @property
    def themes(self) -> list[str]:
        named = (row.theme.name for one in self.offers for row in one.current.themes)
        return list(dict.fromkeys(named))

    @property
    def is_empty(self) -> bool:
        """There is nothing to say of it that this reader may know."""
        return not (self.offers or self.wants or self.working)


@dataclass(frozen=True)
class Practice:
    """A theme in the region: who offers it there, how much is wanted of it first, and how many of
    those needs nobody within reach can meet. `days`: quarter-days."""

    name: str
    offering: int
    wants: int
    days: int
    gaps: int


@dataclass(frozen=True)
class Index:
    region: Region
    quarters: list[Quarter]
    places: list[Place]
    wants: list[Want]
    practices: list[Practice]

    @property
    def gaps(self) -> list[Want]:
        return [want for want in self.wants if want.reach.is_gap]


def index_of(region: Region, person: Person, *, for_board: bool = False) -> Index:
    """In a constant number of questions for each programme with needs there. `for_board`: as all
    who sit on the region's board may read it."""
    wants = _wants(region, person, for_board=for_board)
    working = [] if for_board else _working(region, person)
    places = _places(region, wants, working)
    return Index(
        region=region,
        quarters=clock.coming_quarters(QUARTERS),
        places=places,
        wants=wants,
        practices=_practices(places, wants),
    )


def _wants(region: Region, person: Person, *, for_board: bool) -> list[Want]:
    """Those that nobody can meet first, then the earliest start."""
    own = and_(needs_seen_by(person), Need.state.in_(WANTED))
    released = needs_released_to_providers()
    scope = (
        select(Need)
        .join(Authority, Authority.id == Need.receiver_id)
        .where(Authority.region_id == region.id, released if for_board else or_(own, released))
        .options(selectinload(Need.partners))
        .order_by(Need.id)
    )
    needs = list(db.session.scalars(scope).unique())
    seen = set() if for_board else _seen([need.id for need in needs], person)
    reaches = reach_of(
        needs, {need.id: _as_whom(need, person) for need in needs if need.id in seen}
    )
    found = [_want(one, one.id in seen, reaches[one.id]) for one in needs if reaches[one.id].left]
    return sorted(found, key=lambda one: (not one.reach.is_gap, one.first.ordinal, one.title))


def _as_whom(need: Need, person: Person) -> Audience:
    is_own = person.belongs_to(need.receiver_id)
    return Audience.RECEIVER if is_own else Audience.COORDINATOR


def _seen(need_ids: Sequence[int], person: Person) -> set[int]:
    known = select(Need.id).where(Need.id.in_(need_ids), needs_seen_by(person))
    return set(db.session.scalars(known))


def _want(need: Need, is_seen: bool, reach: Reach) -> Want:
    return Want(
        title=need.title,
        themes=tuple(row.theme.name for row in need.themes),
        days=reach.left,
        first=need.first_quarter,
        receiver=need.receiver if is_seen else None,
        need_id=need.id if is_seen else None,
        reach=reach,
    )


def _working(region: Region, person: Person) -> list[Working]:
    """Plans agreed by both sides of partnerships at work there, soonest exit first."""
    seen = partnerships_visible_to(person).with_only_columns(Partnership.id)
    wanted = (
        plans_visible_to(person)
        .join(Partnership, Partnership.id == Plan.partnership_id)
        .join(Authority, Authority.id == Partnership.receiver_id)
        .where(
            Partnership.id.in_(seen),
            Partnership.state.in_(PARTNERSHIPS_LIVE),
            Plan.state == PlanState.AGREED,
            Authority.region_id == region.id,
        )
        .order_by(Plan.exit_on, Plan.id)
    )
    plans = list(db.session.scalars(wanted).unique())
    reviews = _last_reviews([plan.partnership_id for plan in plans], person)
    return [Working(one.partnership, one, reviews.get(one.partnership_id)) for one in plans]


def _last_reviews(partnership_ids: Sequence[int], person: Person) -> dict[int, Review]:
    held = reviews_visible_to(person).where(
        Review.partnership_id.in_(partnership_ids), Review.state == ReviewState.RECORDED
    )
    ordered = held.order_by(Review.held_on, Review.id)
    return {one.partnership_id: one for one in db.session.scalars(ordered).unique()}


def _places(region: Region, wants: Sequence[Want], working: Sequence[Working]) -> list[Place]:
    """Every authority there today, by name."""
    there = select(Authority).where(Authority.region_id == region.id, Authority.ended_on.is_(None))
    offers = _offers(region)
    free = free_days((one.provider_id, p.id) for one in offers for p in one.programmes)
    return [
        Place(
            authority=one,
            offers=(mine := [offer for offer in offers if offer.provider_id == one.id]),
            free=_free(mine, free),
            wants=[want for want in wants if want.receiver and want.receiver.id == one.id],
            working=[row for row in working if row.partnership.receiver_id == one.id],
        )
        for one in db.session.scalars(there.order_by(Authority.name)).unique()
    ]


def _offers(region: Region) -> list[Offer]:
    published = (
        select(Offer)
        .join(Authority, Authority.id == Offer.provider_id)
        .where(Authority.region_id == region.id, Offer.state == OfferState.PUBLISHED)
        .order_by(Offer.id)
    )
    return list(db.session.scalars(published).unique())


def _free(offers: Sequence[Offer], free: dict[tuple[int, int], FreeDays]) -> dict[Quarter, int]:
    """Quarter-days free by quarter, over the programmes that the offers are open to."""
    pairs = {(one.provider_id, programme.id) for one in offers for programme in one.programmes}
    return {
        quarter: sum(free[pair].by_quarter.get(quarter, 0) for pair in pairs)
        for quarter in clock.coming_quarters(QUARTERS)
    }


def _practices(places: Sequence[Place], wants: Sequence[Want]) -> list[Practice]:
    """Gaps first, then most days wanted. A need counts under the theme that it puts first."""
    firsts = {want.themes[0] for want in wants if want.themes}
    names = firsts | {name for place in places for name in place.themes}
    found = []
    for name in names:
        mine = [want for want in wants if want.themes[:1] == (name,)]
        found.append(
            Practice(
                name=name,
                offering=sum(name in place.themes for place in places),
                wants=len(mine),
                days=sum(want.days for want in mine),
                gaps=sum(want.reach.is_gap for want in mine),
            )
        )
    return sorted(found, key=lambda one: (-one.gaps, -one.days, one.name))
