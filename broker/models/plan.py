"""Plans: what a partnership sets out to do, by whom, measured how, and how it tapers off.

Every change makes a version. Objectives, activities and measures keep their `key` from version to
version, so that two versions can be laid side by side and readings of a measure go on.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.match import Side
from broker.models.of_partnership import OfPartnership
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.programme import Theme


class PlanState(Enum):
    BEING_WRITTEN = "being_written"
    AGREED = "agreed"
    REPLACED = "replaced"
    SET_ASIDE = "set_aside"


class ChangeReason(Enum):
    """Why a version was begun."""

    FIRST = "first"
    APPROACH = "approach"
    BLOCKAGE = "blockage"
    RESOURCE = "resource"
    NEW_OBJECTIVE = "new_objective"
    STAKEHOLDER = "stakeholder"

    @property
    def words(self) -> str:
        return {
            "first": "The first plan",
            "approach": "The approach was not working",
            "blockage": "Something stood in the way",
            "resource": "People or money changed",
            "new_objective": "A new objective",
            "stakeholder": "Somebody with a stake asked for it",
        }[self.value]


class Horizon(Enum):
    IMMEDIATE = "immediate"
    MEDIUM = "medium"
    LONG = "long"

    @property
    def words(self) -> str:
        return {
            "immediate": "Immediate: within three months",
            "medium": "Medium: within a year",
            "long": "Long: beyond a year",
        }[self.value]


class MeasureKind(Enum):
    INDICATOR = "indicator"
    AUDIT = "audit"
    SURVEY = "survey"
    QUALITATIVE = "qualitative"

    @property
    def words(self) -> str:
        return {
            "indicator": "An indicator that is counted",
            "audit": "An audit of practice",
            "survey": "A survey",
            "qualitative": "In words: what people say or see",
        }[self.value]


class Collected(Enum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    AT_THE_END = "at_the_end"

    @property
    def words(self) -> str:
        return {
            "monthly": "Every month",
            "quarterly": "Every quarter",
            "half_yearly": "Every six months",
            "at_the_end": "At the end",
        }[self.value]


class Plan(OfPartnership, Stateful, Base):
    """One version of a partnership's plan. `exit_on`: when the help ends, known from day one."""

    __tablename__ = "plan"
    noun = "plan"
    __table_args__ = (UniqueConstraint("partnership_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    number: Mapped[int]
    state: Mapped[PlanState] = mapped_column(Word(PlanState), index=True)
    reason_code: Mapped[ChangeReason] = mapped_column(Word(ChangeReason))
    because: Mapped[str] = mapped_column(Text, default="")
    exit_on: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    drafted_at: Mapped[datetime] = mapped_column(default=clock.now)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    agreed_at: Mapped[datetime | None]

    partnership: Mapped[Partnership] = relationship(lazy="joined")
    drafted_by: Mapped[Person] = relationship()
    objectives: Mapped[list[Objective]] = relationship(
        lazy="selectin", order_by="Objective.key", cascade="all, delete-orphan"
    )
    taper: Mapped[list[TaperStep]] = relationship(
        lazy="selectin", order_by="TaperStep.quarter", cascade="all, delete-orphan"
    )
    consents: Mapped[list[PlanConsent]] = relationship(lazy="selectin")

    @property
    def title(self) -> str:
        return f"Version {self.number} of the plan for {self.partnership.title}"

    @property
    def sides_agreed(self) -> set[Side]:
        """The sides that have agreed to it as it stands."""
        return {one.side for one in self.consents if one.revision == self.revision}

    @property
    def activities(self) -> list[Activity]:
        return [activity for objective in self.objectives for activity in objective.activities]

    @property
    def measures(self) -> list[Measure]:
        return [measure for objective in self.objectives for measure in objective.measures]


class Objective(Base):
    """What is to be different for children, on one strand of the work."""

    __tablename__ = "plan_objective"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    key: Mapped[int]
    aim: Mapped[str] = mapped_column(Text)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey(Theme.id))
    horizon: Mapped[Horizon] = mapped_column(Word(Horizon), default=Horizon.MEDIUM)
    handover_to: Mapped[str] = mapped_column(String(120), default="")

    plan: Mapped[Plan] = relationship(back_populates="objectives")
    theme: Mapped[Theme | None] = relationship(lazy="joined")
    activities: Mapped[list[Activity]] = relationship(
        lazy="selectin", order_by="Activity.key", cascade="all, delete-orphan"
    )
    measures: Mapped[list[Measure]] = relationship(
        lazy="selectin", order_by="Measure.key", cascade="all, delete-orphan"
    )


class Activity(Base):
    """What is done, in which quarter, in how many quarter-days."""

    __tablename__ = "plan_activity"
    __table_args__ = (
        UniqueConstraint("objective_id", "key"),
        CheckConstraint("quarter_days > 0", name="some_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey(Objective.id))
    key: Mapped[int]
    what: Mapped[str] = mapped_column(String(200))
    quarter: Mapped[Quarter]
    quarter_days: Mapped[int]


class Measure(Base):
    """How an objective is seen to be met. Who says 'before and after' says so for both sides of
    it: the same period, at an interval, and why the two can be compared. A baseline in words
    names its source.
    """

    __tablename__ = "plan_measure"
    __table_args__ = (
        UniqueConstraint("objective_id", "key"),
        CheckConstraint(
            "NOT claims_change OR (existed_before AND baseline <> '' AND period_before <> '' "
            "AND period_after <> '' AND how_far_apart <> '' AND comparable_because <> '')",
            name="both_sides",
        ),
        CheckConstraint("baseline = '' OR baseline_source <> ''", name="sourced"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(ForeignKey(Objective.id))
    key: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[MeasureKind] = mapped_column(Word(MeasureKind))
    baseline: Mapped[str] = mapped_column(String(300), default="")
    baseline_source: Mapped[str] = mapped_column(String(200), default="")
    baseline_on: Mapped[date | None]
    target: Mapped[str] = mapped_column(String(300), default="")
    collected: Mapped[Collected] = mapped_column(Word(Collected), default=Collected.QUARTERLY)
    existed_before: Mapped[bool] = mapped_column(default=False)
    claims_change: Mapped[bool] = mapped_column(default=False)
    period_before: Mapped[str] = mapped_column(String(120), default="")
    period_after: Mapped[str] = mapped_column(String(120), default="")
    how_far_apart: Mapped[str] = mapped_column(String(120), default="")
    comparable_because: Mapped[str] = mapped_column(String(300), default="")


class TaperStep(Base):
    """How many quarter-days are left to give in a quarter, as the help goes down."""

    __tablename__ = "plan_taper"
    __table_args__ = (
        UniqueConstraint("plan_id", "quarter"),
        CheckConstraint("quarter_days >= 0", name="no_less_than_none"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    quarter: Mapped[Quarter]
    quarter_days: Mapped[int]


class PlanConsent(Base):
    """One side agreeing to one state of a version."""

    __tablename__ = "plan_consent"
    __table_args__ = (UniqueConstraint("plan_id", "side", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    side: Mapped[Side] = mapped_column(Word(Side))
    revision: Mapped[int]
    agreed_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    agreed_by: Mapped[Person] = relationship()
