"""What the checks look at, read for many partnerships in a constant number of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import selectinload

from broker import clock
from broker.balances import Balance, balances_by
from broker.clock import LONDON, Quarter
from broker.db import db
from broker.health.plans import PlanFacts, plans_of
from broker.models.agreement import Lead, Post
from broker.models.ledger import LedgerEntry
from broker.models.match import Side
from broker.models.partnership import (
    MONTHS_AFTER,
    Feedback,
    Holds,
    Moment,
    Partnership,
    PartnershipState,
    SupportDay,
    SupportDayState,
)
from broker.models.person import Membership, Role
from broker.models.review import Asked, Review
from broker.models.showing import Showing, stands, waits
from broker.support_days.queries import CONFIRM_WITHIN

LOADS = (
    selectinload(Partnership.feedback),
    selectinload(Partnership.reviews),
    selectinload(Partnership.follow_ups),
)
LEADING = {
    Side.RECEIVER: (Role.DIRECTOR, Role.IMPROVEMENT_LEAD),
    Side.PROVIDER: (Role.DIRECTOR, Role.PARTNERSHIP_LEAD),
}
Ratings = Mapping[Asked, Mapping[Side, int]]


@dataclass(frozen=True)
class Change:
    """A director or a lead who is new since the partnership opened."""

    who: str
    on: date


@dataclass(frozen=True)
class Log:
    """What waits in the log of support days, in entries, and when the last day was given."""

    overdue: int = 0
    queried: int = 0
    last_given_on: date | None = None


@dataclass(frozen=True)
class Rated:
    """How both sides saw it, at a review held on a date."""

    ratings: Ratings
    on: date


@dataclass(frozen=True)
class Held:
    """Whether what was gained holds, as the receiver said at a moment after the end."""

    holds: Holds
    at: Moment


@dataclass(frozen=True)
class Facts:
    """One partnership as it stands today, days in quarter-days. What is not known is None."""

    phase: PartnershipState
    is_live: bool
    opened_on: date
    ended_on: date | None
    by_quarter: Mapping[Quarter, Balance]
    log: Log = Log()
    changes: Sequence[Change] = ()
    rated: Rated | None = None
    review_due_on: date | None = None
    held: Held | None = None
    plan: PlanFacts | None = None

    @cached_property
    def committed(self) -> int:
        return sum(balance.committed for balance in self.by_quarter.values())

    @cached_property
    def delivered(self) -> int:
        return sum(balance.delivered for balance in self.by_quarter.values())

    @property
    def due_by_now(self) -> int:
        """Days that should have been given by today: of quarters that are over all that was
        committed, of this quarter its share of the days gone by."""
        now = clock.this_quarter()
        past = sum(b.committed for quarter, b in self.by_quarter.items() if quarter < now)
        return past + round(self.by_quarter.get(now, Balance()).committed * self._gone_by(now))

    def _gone_by(self, now: Quarter) -> Fraction:
        first = max(now.first_day, self.opened_on)
        whole = (now.last_day - first).days + 1
        return Fraction((clock.today() - first).days, whole)


def facts_of(partnerships: Sequence[Partnership], *, as_party: bool) -> dict[int, Facts]:
    """Facts by partnership's id. `as_party` False leaves out what has not gone out yet."""
    days = _days([one.match_id for one in partnerships])
    log = _log([one.id for one in partnerships])
    changes = _changes(partnerships)
    plans = plans_of([one.id for one in partnerships])
    gone_out = None if as_party else _gone_out(partnerships)
    return {
        one.id: Facts(
            phase=one.state,
            is_live=one.is_live,
            opened_on=_day(one.opened_at),
            ended_on=_day(one.ended_at) if one.ended_at else None,
            by_quarter=days.get(one.match_id, {}),
            changes=changes.get(one.id, ()),
            review_due_on=one.review_due_on,
            log=log.get(one.id, Log()),
            rated=_rated(one, gone_out),
            held=_held(one, gone_out),
            plan=plans.get(one.id),
        )
        for one in partnerships
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _days(match_ids: list[int]) -> dict[int, dict[Quarter, Balance]]:
    found: dict[int, dict[Quarter, Balance]] = defaultdict(dict)
    ours = LedgerEntry.match_id.in_(match_ids)
    for match_id, quarter, balance in balances_by(LedgerEntry.match_id, LedgerEntry.quarter, ours):
        found[match_id][quarter] = balance
    return found


def _log(partnership_ids: list[int]) -> dict[int, Log]:
    """What waits in the log, and when the last day was given."""
    long_ago = clock.stood_since(clock.today(), CONFIRM_WITHIN + 1)
    waits = and_(SupportDay.state == SupportDayState.LOGGED, SupportDay.state_since < long_ago)
    rows = (
        select(
            SupportDay.partnership_id,
            func.sum(case((waits, 1), else_=0)),
            func.sum(case((SupportDay.state == SupportDayState.QUERIED, 1), else_=0)),
            func.max(SupportDay.given_on),
        )
        .where(
            SupportDay.partnership_id.in_(partnership_ids),
            SupportDay.state != SupportDayState.VOID,
        )
        .group_by(SupportDay.partnership_id)
    )
    return {
        id_: Log(int(overdue), int(queried), last)
        for id_, overdue, queried, last in db.session.execute(rows)
    }


def _changes(partnerships: Sequence[Partnership]) -> dict[int, list[Change]]:
    """Directors and leads who began after each partnership had opened, the newest first."""
    places = {id_ for one in partnerships for id_ in (one.receiver_id, one.provider_id)}
    roles = {role for some in LEADING.values() for role in some}
    opened = min((_day(one.opened_at) for one in partnerships), default=clock.today())
    began = (
        select(Membership)
        .where(
            Membership.authority_id.in_(places),
            Membership.role.in_(roles),
            Membership.duties.is_(None),
            Membership.starts_on > opened,
            Membership.starts_on <= clock.today(),
        )
        .order_by(Membership.starts_on.desc(), Membership.id)
    )
    at: dict[int | None, list[Membership]] = defaultdict(list)
    for held in db.session.scalars(began):
        at[held.authority_id].append(held)
    named = _named([one.id for one in partnerships])
    return {one.id: _new_since(one, at, named.get(one.id, [])) for one in partnerships}


def _named(partnership_ids: list[int]) -> dict[int, list[Change]]:
    """Who took over from somebody else as a partnership's director or lead."""
    posts = (
        select(Lead)
        .where(Lead.partnership_id.in_(partnership_ids), Lead.post != Post.DEPUTY)
        .order_by(Lead.from_on, Lead.id)
    )
    found: dict[int, list[Change]] = defaultdict(list)
    held: set[tuple[int, Side, Post, int | None]] = set()
    for lead in db.session.scalars(posts).unique():
        place = (lead.partnership_id, *lead.place)
        if place in held:
            found[lead.partnership_id].append(Change(lead.who, lead.from_on))
        held.add(place)
    return found


def _new_since(
    partnership: Partnership,
    at: Mapping[int | None, Sequence[Membership]],
    named: Sequence[Change],
) -> list[Change]:
    """`at`: who came to lead at each authority; `named`: who was named to follow somebody here.
    Who is both stands once."""
    opened = _day(partnership.opened_at)
    new = [
        Change(held.title, held.starts_on)
        for side, place in (
            (Side.RECEIVER, partnership.receiver_id),
            (Side.PROVIDER, partnership.provider_id),
        )
        for held in at.get(place, ())
        if held.role in LEADING[side] and held.starts_on > opened
    ]
    by_name = {change.who: change for change in (*named, *new)}
    return sorted(by_name.values(), key=lambda change: change.on, reverse=True)


def _gone_out(partnerships: Iterable[Partnership]) -> set[tuple[str, int]]:
    """(noun, id) of reviews and feedback that every authority has read, or had its days for."""
    about = {
        Review.noun: [review.id for one in partnerships for review in one.reviews],
        Feedback.noun: [said.id for one in partnerships for said in one.feedback],
    }
    shown = select(Showing.about_noun, Showing.about_id, waits()).where(
        stands(),
        *([] if any(about.values()) else [Showing.id.is_(None)]),
        Showing.about_noun.in_(about),
        Showing.about_id.in_([id_ for ids in about.values() for id_ in ids]),
    )
    standing: dict[tuple[str, int], bool] = {}
    for noun, id_, is_waiting in db.session.execute(shown):
        standing[noun, id_] = standing.get((noun, id_), True) and not is_waiting
    return {key for key, may in standing.items() if may}


Out = set[tuple[str, int]] | None


def _is_out(noun: str, id_: int, gone_out: Out) -> bool:
    return gone_out is None or (noun, id_) in gone_out


def _rated(partnership: Partnership, gone_out: Out) -> Rated | None:
    """How both sides saw it at the latest review that may be told of."""
    held = [
        review
        for review in partnership.reviews
        if review.held_on and _is_out(review.noun, review.id, gone_out)
    ]
    last = max(held, key=lambda review: (review.held_on, review.id), default=None)
    return Rated(last.ratings, last.held_on) if last and last.held_on else None


def _held(partnership: Partnership, gone_out: Out) -> Held | None:
    """Whether what was gained holds, by the receiver's latest word that may be told of: what it
    says of itself when it looks back is told at once."""
    said = {
        one.moment: one.holds
        for one in partnership.feedback
        if one.holds and _is_out(one.noun, one.id, gone_out)
    }
    looked = {one.months: one.holds for one in partnership.follow_ups}
    said |= {one: looked[months] for one, months in MONTHS_AFTER.items() if months in looked}
    return next((Held(said[one], one) for one in reversed(Moment) if one in said), None)
