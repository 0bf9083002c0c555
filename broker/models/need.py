"""Needs: what a receiver describes, and the readiness check before it opens."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.offer import Delivery
from broker.models.person import Person
from broker.models.programme import Choice, Programme, Theme

if TYPE_CHECKING:
    from broker.models.readiness import ReadinessCheck
    from broker.models.signing import Signature


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


class Root(Enum):
    """Where a need comes from."""

    FINDING = "finding"
    SYSTEMIC = "systemic"

    @property
    def words(self) -> str:
        return {
            "finding": "A finding of an inspection",
            "systemic": "Something systemic, which no single finding names",
        }[self.value]


class NeedOrigin(Enum):
    """Who thought of a need first. It is always its own authority's."""

    OWN = "own"
    REGION = "region"
    DFE = "dfe"
    ADVISER = "adviser"

    @property
    def words(self) -> str:
        return {
            "own": "The authority itself",
            "region": "Suggested by the region",
            "dfe": "Suggested by the Department for Education",
            "adviser": "Suggested by an adviser",
        }[self.value]


class Priority(Enum):
    """How a region's coordinator ranks a need for its rounds."""

    USUAL = "usual"
    RAISED = "raised"
    FIRST = "first"

    @property
    def words(self) -> str:
        return {"usual": "As usual", "raised": "Raised", "first": "Before others"}[self.value]

    @property
    def weight(self) -> int:
        """How much its days count in a round."""
        return {"usual": 1, "raised": 2, "first": 3}[self.value]


class Wish(Enum):
    """What an authority says of a possible provider: to its coordinator, and to nobody else."""

    PREFERRED = "preferred"
    KNOWN = "known"
    AVOIDED = "avoided"

    @property
    def words(self) -> str:
        return {
            "preferred": "We would like them to help",
            "known": "We know each other",
            "avoided": "Not them, please",
        }[self.value]


need_choice = Table(
    "need_choice",
    Base.metadata,
    Column("need_id", ForeignKey("need.id"), primary_key=True),
    Column("choice_id", ForeignKey(Choice.id), primary_key=True),
)

need_follow = Table(
    "need_follow",
    Base.metadata,
    Column("need_id", ForeignKey("need.id"), primary_key=True),
    Column("follows_id", ForeignKey("need.id"), nullable=False),
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
    strengths: Mapped[str] = mapped_column(Text, default="")
    change_wanted: Mapped[str] = mapped_column(Text, default="")
    children_view: Mapped[str] = mapped_column(Text, default="")
    diagnosis: Mapped[str] = mapped_column(Text, default="")
    diagnosis_source: Mapped[str] = mapped_column(String(200), default="")
    diagnosed_on: Mapped[date | None]
    strengths_found: Mapped[str] = mapped_column(Text, default="")
    accepted_by: Mapped[str] = mapped_column(String(200), default="")
    root: Mapped[Root | None] = mapped_column(Word(Root))
    finding: Mapped[str] = mapped_column(String(300), default="")
    plan_item: Mapped[str] = mapped_column(String(300), default="")
    days_wanted: Mapped[int]
    days_least: Mapped[int]
    first_quarter: Mapped[Quarter]
    quarters_wanted: Mapped[int] = mapped_column(default=1)
    shape: Mapped[Shape] = mapped_column(Word(Shape), default=Shape.EVEN)
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery), default=Delivery.EITHER)
    releases_region: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[NeedOrigin] = mapped_column(Word(NeedOrigin), default=NeedOrigin.OWN)
    priority: Mapped[Priority] = mapped_column(Word(Priority), default=Priority.USUAL)
    priority_because: Mapped[str] = mapped_column(Text, default="")
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
    partners: Mapped[list[NeedPartner]] = relationship(
        order_by="NeedPartner.id", cascade="all, delete-orphan"
    )
    follows: Mapped[Need | None] = relationship(
        secondary="need_follow",
        primaryjoin="Need.id == need_follow.c.need_id",
        secondaryjoin="Need.id == need_follow.c.follows_id",
    )
    signatures: Mapped[list[Signature]] = relationship(
        back_populates="need", order_by="Signature.id"
    )
    readiness: Mapped[list[ReadinessCheck]] = relationship(
        back_populates="need", order_by="ReadinessCheck.id.desc()"
    )

    @property
    def is_small(self) -> bool:
        """A small ask: under its programme's small band."""
        return self.days_wanted < self.programme.policy.small_below

    @property
    def last_quarter(self) -> Quarter:
        return self.first_quarter + (self.quarters_wanted - 1)

    def chosen(self, kind: str) -> list[Choice]:
        return [choice for choice in self.choices if choice.kind == kind]


class NeedTheme(Base):
    """A theme of a need; position 1 matters most. `counterpart`: who leads on it, by role."""

    __tablename__ = "need_theme"
    __table_args__ = (UniqueConstraint("need_id", "theme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id))
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id), index=True)
    position: Mapped[int]
    counterpart: Mapped[str] = mapped_column(String(120), default="")

    theme: Mapped[Theme] = relationship(lazy="joined")


class NeedPartner(Base):
    """What a need's authority says of a possible provider. Its coordinator alone reads it too."""

    __tablename__ = "need_partner"
    __table_args__ = (UniqueConstraint("need_id", "authority_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id))
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    wish: Mapped[Wish] = mapped_column(Word(Wish))
    reason: Mapped[str] = mapped_column(Text, default="")

    authority: Mapped[Authority] = relationship(lazy="joined")
