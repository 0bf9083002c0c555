"""Partnerships: approved matches at work, and their support days."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.days import format_days
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.match import Match, Side
from broker.models.of_partnership import OfPartnership
from broker.models.offer import Delivery
from broker.models.person import Person
from broker.models.programme import Choice, Programme

if TYPE_CHECKING:
    from broker.models.ending import ClosingReport, FollowUp
    from broker.models.learning import ProviderFeedback
    from broker.models.pulse import Pulse
    from broker.models.review import Review


class PartnershipState(Enum):
    SETTING_UP = "setting_up"
    EARLY = "early"
    STEADY = "steady"
    TAPERING = "tapering"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"
    PAUSED = "paused"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


PARTNERSHIPS_LIVE = (
    PartnershipState.SETTING_UP,
    PartnershipState.EARLY,
    PartnershipState.STEADY,
    PartnershipState.TAPERING,
)
FOLLOW_UPS = (6, 12)  # months after the end
# Its days may still be given, or come back to it.
PARTNERSHIPS_OPEN = (*PARTNERSHIPS_LIVE, PartnershipState.PAUSED)


class Moment(Enum):
    """When feedback on a partnership is asked for."""

    MID_POINT = "mid_point"
    END = "end"
    SIX_MONTHS = "six_months"
    TWELVE_MONTHS = "twelve_months"

    @property
    def words(self) -> str:
        return {
            Moment.MID_POINT: "at the mid-point",
            Moment.END: "at the end",
            Moment.SIX_MONTHS: "6 months after",
            Moment.TWELVE_MONTHS: "12 months after",
        }[self]

    @property
    def months(self) -> int | None:
        """How many months after the end it is; None before the end."""
        return MONTHS_AFTER.get(self)


# In their order.
MONTHS_AFTER = {Moment.END: 0, Moment.SIX_MONTHS: 6, Moment.TWELVE_MONTHS: 12}
MONTHS_ASKED = 18  # after the end; later than this nobody is asked any more


MOMENTS = {
    PartnershipState.STEADY: Moment.MID_POINT,
    PartnershipState.TAPERING: Moment.MID_POINT,
    PartnershipState.ENDED: Moment.END,
    PartnershipState.ENDED_EARLY: Moment.END,
    PartnershipState.FOLLOWED_UP: Moment.SIX_MONTHS,
    PartnershipState.CLOSED: Moment.TWELVE_MONTHS,
}


# Months from one review to the next, closer together where more changes.
MONTHS_BETWEEN_REVIEWS = {
    PartnershipState.SETTING_UP: 1,
    PartnershipState.EARLY: 2,
    PartnershipState.STEADY: 3,
    PartnershipState.TAPERING: 2,
}


class Partnership(Stateful, Base):
    """An approved match at work.

    `review_reason` stands while it is flagged for review; `review_cause` names what it was last
    flagged for, so that a flag that was cleared is not raised again for the same thing.
    """

    __tablename__ = "partnership"
    noun = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey(Match.id), unique=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    state: Mapped[PartnershipState] = mapped_column(Word(PartnershipState), index=True)
    title: Mapped[str] = mapped_column(String(120))
    aims: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    review_reason: Mapped[str | None] = mapped_column(Text)
    review_cause: Mapped[str | None] = mapped_column(String(60))
    review_since: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    receiver: Mapped[Authority] = relationship(foreign_keys=receiver_id, lazy="joined")
    provider: Mapped[Authority] = relationship(foreign_keys=provider_id, lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    feedback: Mapped[list[Feedback]] = relationship(
        back_populates="partnership", order_by="Feedback.answered_at"
    )
    learned: Mapped[list[ProviderFeedback]] = relationship(
        back_populates="partnership", order_by="ProviderFeedback.answered_at"
    )
    reviews: Mapped[list[Review]] = relationship(
        back_populates="partnership", order_by="Review.begun_at"
    )
    pulses: Mapped[list[Pulse]] = relationship(
        back_populates="partnership", order_by="Pulse.opened_at"
    )

    closing_report: Mapped[ClosingReport | None] = relationship(back_populates="partnership")
    follow_ups: Mapped[list[FollowUp]] = relationship(
        back_populates="partnership", order_by="FollowUp.months"
    )

    @property
    def follow_up_due(self) -> int | None:
        """After how many months a look back is due today; None while none is."""
        if self.state not in (PartnershipState.ENDED, PartnershipState.FOLLOWED_UP):
            return None
        done = {one.months for one in self.follow_ups}
        months = next((one for one in FOLLOW_UPS if one not in done), None)
        is_due = months is not None and clock.today() >= self.after_end(months)
        return months if is_due else None

    @property
    def is_live(self) -> bool:
        return self.state in PARTNERSHIPS_LIVE

    @property
    def moment(self) -> Moment | None:
        """The moment that feedback is asked for now; None: too early, or long over."""
        if self.ended_at is None:
            return MOMENTS.get(self.state)
        today = clock.today()
        if today >= self.after_end(MONTHS_ASKED):
            return None
        return [one for one, months in MONTHS_AFTER.items() if today >= self.after_end(months)][-1]

    def after_end(self, months: int) -> date:
        """The day so many months after the end of a partnership that has ended."""
        assert self.ended_at is not None
        return clock.add_months(self.ended_at.astimezone(clock.LONDON).date(), months)

    @property
    def waits_since(self) -> datetime | None:
        """Since when something is asked of it; None: since it stands as it does."""
        months = self.moment.months if self.moment else None
        if not months:
            return None
        return datetime.combine(self.after_end(months), time(), clock.LONDON)

    def held_after(self, months: int | None) -> Holds | None:
        """Whether what was gained held so many months after the end, as the receiver said when it
        looked back, or else with its feedback: it is asked once."""
        if looked := self.looked_back_after(months):
            return looked.holds
        said = (one.holds for one in self.feedback if one.moment.months == months)
        return next((holds for holds in said if holds), None)

    def looked_back_after(self, months: int | None) -> FollowUp | None:
        return next((one for one in self.follow_ups if one.months == months), None)

    def feedback_of(self, side: Side) -> Feedback | None:
        """What a side has said at the present moment."""
        now = (f for f in self.feedback if f.side is side and f.moment is self.moment)
        return next(now, None)

    @property
    def last_review(self) -> Review | None:
        """The latest review that was held and recorded."""
        held = [review for review in self.reviews if review.held_on is not None]
        return max(held, key=lambda review: (review.held_on, review.id), default=None)

    @property
    def review_due_on(self) -> date | None:
        """When the next review is due: as agreed at the last one, else by the rhythm of the phase;
        None once it has ended."""
        if not self.is_live:
            return None
        last = self.last_review
        if last is not None and last.next_on is not None:
            return last.next_on
        since = last.held_on if last else None
        opened = self.opened_at.astimezone(clock.LONDON).date()
        return clock.add_months(since or opened, MONTHS_BETWEEN_REVIEWS.get(self.state, 3))

    @property
    def learned_now(self) -> ProviderFeedback | None:
        """What the provider has said it learned, at the present moment."""
        return next((one for one in self.learned if one.moment is self.moment), None)

    @property
    def pulse_now(self) -> Pulse | None:
        """The staff pulse of the present moment, once it was opened."""
        return next((one for one in self.pulses if one.moment is self.moment), None)


class PartInPlan(Enum):
    """What part the help had in the receiver's improvement plan."""

    CENTRAL = "central"
    ONE_OF_SEVERAL = "one_of_several"
    SMALL = "small"
    OUTSIDE = "outside"

    @property
    def words(self) -> str:
        return {
            PartInPlan.CENTRAL: "A central part",
            PartInPlan.ONE_OF_SEVERAL: "One part of several",
            PartInPlan.SMALL: "A small part",
            PartInPlan.OUTSIDE: "It stood outside the plan",
        }[self]


class Holds(Enum):
    """Whether what was gained still holds, months after the end."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"

    @property
    def words(self) -> str:
        return {
            Holds.YES: "Yes, it holds",
            Holds.PARTLY: "In part",
            Holds.NO: "No, it slipped back",
        }[self]


class Feedback(Base):
    """What the receiver says of a partnership at one moment. Only consent lets others read a name.

    `holds` is asked after the end, of whom has not looked back yet. `answered_at` is when it was
    first said.
    """

    __tablename__ = "feedback"
    noun = "feedback"
    __table_args__ = (
        UniqueConstraint("partnership_id", "side", "moment"),
        CheckConstraint("effectiveness BETWEEN 1 AND 5", name="one_to_five"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id))
    side: Mapped[Side] = mapped_column(Word(Side))
    moment: Mapped[Moment] = mapped_column(Word(Moment))
    part_in_plan: Mapped[PartInPlan] = mapped_column(Word(PartInPlan))
    outcomes_helped: Mapped[str] = mapped_column(Text)
    what_worked: Mapped[str] = mapped_column(Text)
    effectiveness: Mapped[int]
    suggestions: Mapped[str] = mapped_column(Text)
    would_recommend: Mapped[bool]
    may_be_named: Mapped[bool] = mapped_column(default=False)
    holds: Mapped[Holds | None] = mapped_column(Word(Holds))
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    changed_at: Mapped[datetime | None]

    partnership: Mapped[Partnership] = relationship(back_populates="feedback")
    answered_by: Mapped[Person] = relationship()


class SupportDayState(Enum):
    LOGGED = "logged"
    CONFIRMED = "confirmed"
    QUERIED = "queried"
    VOID = "void"


class SupportDay(OfPartnership, Stateful, Base):
    """Days given on a date, in quarter-days. Entered by one side, confirmed by the other.

    `provider_roles` and `receiver_roles` name posts, never people. `is_extra` days count against
    the extra days that both sides agreed, the others against what was approved.
    """

    __tablename__ = "support_day"
    noun = "support_day"
    __table_args__ = (
        CheckConstraint("quarter_days > 0", name="some_days"),
        # With the amounts, so that sums are made from it alone.
        Index(
            "ix_support_day_partnership_given",
            *("partnership_id", "given_on", "state", "quarter_days"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id))
    state: Mapped[SupportDayState] = mapped_column(Word(SupportDayState), index=True)
    given_on: Mapped[date] = mapped_column(index=True)
    quarter_days: Mapped[int]
    activity: Mapped[str] = mapped_column(String(200))
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery))
    people_count: Mapped[int] = mapped_column(default=1)
    support_type_id: Mapped[int | None] = mapped_column(ForeignKey(Choice.id))
    provider_roles: Mapped[str] = mapped_column(String(120), default="")
    receiver_roles: Mapped[str] = mapped_column(String(120), default="")
    is_extra: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("day_import.id"), index=True)
    logged_at: Mapped[datetime] = mapped_column(default=clock.now)
    logged_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    logged_by_side: Mapped[Side] = mapped_column(Word(Side))

    partnership: Mapped[Partnership] = relationship(lazy="joined")
    logged_by: Mapped[Person] = relationship(lazy="joined")
    support_type: Mapped[Choice | None] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        day = f"{self.given_on.day} {self.given_on:%B}"
        return f"{format_days(self.quarter_days)} on {day}: {self.activity}"
