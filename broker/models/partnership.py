"""Partnerships: approved matches at work, and their support days."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.days import format_days
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.match import Match, Side
from broker.models.offer import Delivery
from broker.models.person import Person
from broker.models.programme import Programme


class PartnershipState(Enum):
    SETTING_UP = "setting_up"
    EARLY = "early"
    STEADY = "steady"
    TAPERING = "tapering"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"


PARTNERSHIPS_LIVE = (
    PartnershipState.SETTING_UP,
    PartnershipState.EARLY,
    PartnershipState.STEADY,
    PartnershipState.TAPERING,
)


class Moment(Enum):
    """When feedback on a partnership is asked for."""

    MID_POINT = "mid_point"
    END = "end"

    @property
    def words(self) -> str:
        return {Moment.MID_POINT: "at the mid-point", Moment.END: "at the end"}[self]


MOMENTS = {
    PartnershipState.STEADY: Moment.MID_POINT,
    PartnershipState.TAPERING: Moment.MID_POINT,
    PartnershipState.ENDED: Moment.END,
    PartnershipState.ENDED_EARLY: Moment.END,
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

    @property
    def is_live(self) -> bool:
        return self.state in PARTNERSHIPS_LIVE

    @property
    def moment(self) -> Moment | None:
        """The moment that feedback is asked for now; None: too early."""
        return MOMENTS.get(self.state)

    def feedback_of(self, side: Side) -> Feedback | None:
        """What a side has said at the present moment."""
        now = (f for f in self.feedback if f.side is side and f.moment is self.moment)
        return next(now, None)


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


class Feedback(Base):
    """What one side says of a partnership at one moment. Only consent lets others read a name."""

    __tablename__ = "feedback"
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
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    partnership: Mapped[Partnership] = relationship(back_populates="feedback")
    answered_by: Mapped[Person] = relationship()


class SupportDayState(Enum):
    LOGGED = "logged"
    CONFIRMED = "confirmed"
    QUERIED = "queried"
    VOID = "void"


class SupportDay(Stateful, Base):
    """Days given on a date, in quarter-days. Entered by one side, confirmed by the other."""

    __tablename__ = "support_day"
    noun = "support_day"
    __table_args__ = (CheckConstraint("quarter_days > 0", name="some_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    state: Mapped[SupportDayState] = mapped_column(Word(SupportDayState), index=True)
    given_on: Mapped[date] = mapped_column(index=True)
    quarter_days: Mapped[int]
    activity: Mapped[str] = mapped_column(String(200))
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery))
    people_count: Mapped[int] = mapped_column(default=1)
    logged_at: Mapped[datetime] = mapped_column(default=clock.now)
    logged_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    logged_by_side: Mapped[Side] = mapped_column(Word(Side))

    partnership: Mapped[Partnership] = relationship(lazy="joined")
    logged_by: Mapped[Person] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        day = f"{self.given_on.day} {self.given_on:%B}"
        return f"{format_days(self.quarter_days)} on {day}: {self.activity}"

    @property
    def receiver_id(self) -> int:
        return self.partnership.receiver_id

    @property
    def provider_id(self) -> int:
        return self.partnership.provider_id

    @property
    def receiver(self) -> Authority:
        return self.partnership.receiver
