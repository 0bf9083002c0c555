"""How a partnership ends: three tests, who carries each strand on, a report, a look back later."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.match import Side
from broker.models.partnership import Holds, Partnership
from broker.models.person import Person

SHOWN_AFTER = 5  # working days after which an unread report can go out


class Ending(Base):
    """The three tests before a planned end, each with its evidence, and the budget for after it."""

    __tablename__ = "ending"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), unique=True)
    performance_met: Mapped[bool]
    performance: Mapped[str] = mapped_column(Text)
    capacity_met: Mapped[bool]
    capacity: Mapped[str] = mapped_column(Text)
    succession_met: Mapped[bool]
    succession: Mapped[str] = mapped_column(Text)
    budget_protected: Mapped[bool]
    budget: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    recorded_by: Mapped[Person] = relationship()

    @property
    def tests_met(self) -> bool:
        return self.performance_met and self.capacity_met and self.succession_met


class Handover(Base):
    """A strand of the plan that has found its home. `objective_key`: as in the plan's versions."""

    __tablename__ = "handover"
    __table_args__ = (UniqueConstraint("partnership_id", "objective_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    objective_key: Mapped[int]
    to_whom: Mapped[str] = mapped_column(String(120))
    handed_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))


class EarlyReason(Enum):
    """Why a partnership ended early, as one side sees it."""

    PRIORITIES = "priorities"
    PEOPLE = "people"
    TRUST = "trust"
    CAPACITY = "capacity"
    NOT_WORKING = "not_working"
    MET_SOONER = "met_sooner"
    OTHER = "other"

    @property
    def words(self) -> str:
        return {
            "priorities": "Priorities changed",
            "people": "Leaders or leads changed",
            "trust": "We did not find a way to work together",
            "capacity": "There was no time or no money for it",
            "not_working": "It was not helping",
            "met_sooner": "What it was for was met sooner",
            "other": "Something else",
        }[self.value]


class SaidEarly(Base):
    """One side's reasons for an early end: for itself and the coordinator alone."""

    __tablename__ = "said_early"
    __table_args__ = (UniqueConstraint("partnership_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id))
    side: Mapped[Side] = mapped_column(Word(Side))
    code: Mapped[EarlyReason] = mapped_column(Word(EarlyReason))
    words: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
    said_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))


class ClosingReport(Base):
    """What became of a partnership, by questions that are the same for all.

    It goes out of the partnership once the receiver has read it, or five working days later; what
    the receiver says of it goes with it.
    """

    __tablename__ = "closing_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), unique=True)
    changed: Mapped[str] = mapped_column(Text)
    worked: Mapped[str] = mapped_column(Text)
    did_not_work: Mapped[str] = mapped_column(Text)
    taper_words: Mapped[str] = mapped_column(Text)
    carries_on: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    written_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    comment: Mapped[str] = mapped_column(Text, default="")

    partnership: Mapped[Partnership] = relationship(back_populates="closing_report")
    written_by: Mapped[Person] = relationship(foreign_keys=written_by_id)
    seen_by: Mapped[Person | None] = relationship(foreign_keys=seen_by_id)

    @property
    def goes_out_on(self) -> date:
        """The day from which it can be read outside, though nobody said that they read it."""
        written = self.written_at.astimezone(clock.LONDON).date()
        return clock.add_working_days(written, SHOWN_AFTER)

    @property
    def is_out(self) -> bool:
        return self.seen_at is not None or clock.today() >= self.goes_out_on


class FollowUp(Base):
    """A look back, so many months after the end."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("partnership_id", "months"),
        CheckConstraint("months IN (6, 12)", name="six_or_twelve"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    months: Mapped[int]
    holds: Mapped[Holds] = mapped_column(Word(Holds))
    words: Mapped[str] = mapped_column(Text)
    looked_at: Mapped[datetime] = mapped_column(default=clock.now)
    looked_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    partnership: Mapped[Partnership] = relationship(back_populates="follow_ups")
