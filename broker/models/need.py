"""Needs: what a receiver describes, and the readiness check before it opens."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.offer import Delivery
from broker.models.person import Person
from broker.models.programme import Choice, Programme, Theme


class NeedState(Enum):
    PRIVATE = "private"
    IN_CONFIDENCE = "in_confidence"
    SUBMITTED = "submitted"
    OPEN = "open"
    PART_MATCHED = "part_matched"
    MATCHED = "matched"
    MET = "met"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Shape(Enum):
    """How the days spread over the quarters wanted."""

    EVEN = "even"
    FRONT_LOADED = "front_loaded"
    TAPERING = "tapering"

    @property
    def words(self) -> str:
        return {
            "even": "Evenly",
            "front_loaded": "More at the start",
            "tapering": "Tapering off steadily",
        }[self.value]


need_choice = Table(
    "need_choice",
    Base.metadata,
    Column("need_id", ForeignKey("need.id"), primary_key=True),
    Column("choice_id", ForeignKey(Choice.id), primary_key=True),
)


class Need(Stateful, Base):
    """What an authority wants help with. Days are quarter-days over the whole need."""

    __tablename__ = "need"
    noun = "need"
    __table_args__ = (
        CheckConstraint("days_least > 0 AND days_least <= days_wanted", name="days"),
        CheckConstraint("quarters_wanted BETWEEN 1 AND 8", name="quarters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    state: Mapped[NeedState] = mapped_column(Word(NeedState), index=True)
    title: Mapped[str] = mapped_column(String(120))
    change_wanted: Mapped[str] = mapped_column(Text, default="")
    strengths: Mapped[str] = mapped_column(Text, default="")
    diagnosis: Mapped[str] = mapped_column(Text, default="")
    days_wanted: Mapped[int]
    days_least: Mapped[int]
    first_quarter: Mapped[Quarter]
    quarters_wanted: Mapped[int] = mapped_column(default=1)
    shape: Mapped[Shape] = mapped_column(Word(Shape), default=Shape.EVEN)
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery), default=Delivery.EITHER)
    releases_region: Mapped[bool] = mapped_column(default=False)
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    submitted_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]

    receiver: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    created_by: Mapped[Person] = relationship()
    themes: Mapped[list[NeedTheme]] = relationship(
        lazy="selectin", order_by="NeedTheme.position", cascade="all, delete-orphan"
    )
    choices: Mapped[list[Choice]] = relationship(
        secondary=need_choice, lazy="selectin", order_by=Choice.position
    )
    readiness: Mapped[list[ReadinessCheck]] = relationship(
        back_populates="need", order_by="ReadinessCheck.id.desc()"
    )

    @property
    def is_small(self) -> bool:
        """A small ask: under its programme's small band."""
        return self.days_wanted < self.programme.policy.small_below

    def chosen(self, kind: str) -> list[Choice]:
        return [choice for choice in self.choices if choice.kind == kind]


class NeedTheme(Base):
    """A theme of a need; position 1 matters most."""

    __tablename__ = "need_theme"
    __table_args__ = (UniqueConstraint("need_id", "theme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id))
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id), index=True)
    position: Mapped[int]

    theme: Mapped[Theme] = relationship(lazy="joined")


class Readiness(Enum):
    READY = "ready"
    CONDITIONAL = "conditional"
    NOT_READY = "not_ready"

    @property
    def words(self) -> str:
        return {
            "ready": "Ready",
            "conditional": "Ready with conditions",
            "not_ready": "Not ready yet",
        }[self.value]


class ReadinessCheck(Base):
    """The check before a need opens, with the two signatures that the director's joins."""

    __tablename__ = "readiness_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id), index=True)
    outcome: Mapped[Readiness] = mapped_column(Word(Readiness))
    evidence: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text, default="")
    chief_executive_signed_on: Mapped[date | None]
    lead_member_signed_on: Mapped[date | None]
    assessed_at: Mapped[datetime] = mapped_column(default=clock.now)
    assessed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    need: Mapped[Need] = relationship(back_populates="readiness")
    assessed_by: Mapped[Person] = relationship()

    @property
    def lets_open(self) -> bool:
        """Ready, if with conditions, and signed by chief executive and lead member."""
        signed = self.chief_executive_signed_on and self.lead_member_signed_on
        return self.outcome is not Readiness.NOT_READY and bool(signed)
