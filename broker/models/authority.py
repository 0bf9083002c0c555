"""Authorities and the published facts about them."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker.db import Base, Word


class Grade(Enum):
    """An Ofsted grade, best first; a judgement may leave an area without one."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def is_good_or_better(self) -> bool:
        return self in (Grade.OUTSTANDING, Grade.GOOD)


class Area(Enum):
    """What a judgement speaks of, besides the overall grade."""

    LEADERS = "leaders"
    HELP_AND_PROTECTION = "help_and_protection"
    CHILDREN_IN_CARE = "children_in_care"
    CARE_LEAVERS = "care_leavers"

    @property
    def words(self) -> str:
        return {
            Area.LEADERS: "impact of leaders",
            Area.HELP_AND_PROTECTION: "help and protection",
            Area.CHILDREN_IN_CARE: "children in care",
            Area.CARE_LEAVERS: "care leavers",
        }[self]


class Region(Base):
    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(9), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)


class Authority(Base):
    """One of the 153 authorities with children's services duties. `code` is its ONS code now."""

    __tablename__ = "authority"
    noun = "authority"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(9), unique=True)
    dfe_number: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str] = mapped_column(String(60))
    type: Mapped[str] = mapped_column(String(40))
    region_id: Mapped[int] = mapped_column(ForeignKey(Region.id), index=True)
    london_part: Mapped[str | None] = mapped_column(String(20))
    delivered_by: Mapped[str] = mapped_column(String(80), default="authority")
    delivered_since: Mapped[str | None] = mapped_column(String(20))
    former_codes: Mapped[list[Any]] = mapped_column(default=list)
    since: Mapped[date | None]
    ended_on: Mapped[date | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    population_0_17: Mapped[int | None]
    deprivation: Mapped[float | None]
    deprivation_basis: Mapped[str | None] = mapped_column(String(20))
    rural_band: Mapped[str | None] = mapped_column(String(60))
    rural_percent: Mapped[float | None]
    shares_help: Mapped[bool] = mapped_column(default=False)

    region: Mapped[Region] = relationship(lazy="joined")
    judgements: Mapped[list[Judgement]] = relationship(
        back_populates="authority", order_by="Judgement.published_on.desc()"
    )
    successions: Mapped[list[Succession]] = relationship(
        foreign_keys="Succession.authority_id", order_by="Succession.id"
    )
    follows: Mapped[list[Authority]] = relationship(
        secondary="succession",
        primaryjoin="Authority.id == Succession.successor_id",
        secondaryjoin="Authority.id == Succession.authority_id",
        order_by="Authority.name",
        viewonly=True,
    )

    @property
    def title(self) -> str:
        return self.name

    @property
    def latest_judgement(self) -> Judgement | None:
        """The latest that gave grades."""
        return next((judgement for judgement in self.judgements if judgement.is_graded), None)

    @property
    def priority_action(self) -> Judgement | None:
        """What names an area for priority action, unless grades were published since."""
        for judgement in self.judgements:
            if judgement.has_priority_action:
                return judgement
            if judgement.is_graded:
                return None
        return None


class Tile(Base):
    """An authority's hexagon on the map of England; columns and rows count from the north-west.

    Every second row stands half a hexagon further east. tools/tiles lays the map out.
    """

    __tablename__ = "tile"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), unique=True)
    column: Mapped[int]
    row: Mapped[int]

    authority: Mapped[Authority] = relationship()


class Judgement(Base):
    """One inspection's grades. Ofsted stopped giving `overall` in April 2026.

    A focused visit gives no grade, but may name an area for priority action.
    """

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("authority_id", "published_on", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    framework: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(60))
    inspected_on: Mapped[date | None]
    published_on: Mapped[date]
    overall: Mapped[Grade | None] = mapped_column(Word(Grade))
    leaders: Mapped[Grade | None] = mapped_column(Word(Grade))
    help_and_protection: Mapped[Grade | None] = mapped_column(Word(Grade))
    children_in_care: Mapped[Grade | None] = mapped_column(Word(Grade))
    care_leavers: Mapped[Grade | None] = mapped_column(Word(Grade))
    has_priority_action: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200))
    is_official: Mapped[bool]

    authority: Mapped[Authority] = relationship(back_populates="judgements")

    def grade_for(self, area: Area) -> Grade | None:
        grade: Grade | None = getattr(self, area.value)
        return grade

    @property
    def is_graded(self) -> bool:
        return self.overall is not None or bool(self.area_grades)

    @property
    def area_grades(self) -> dict[Area, Grade]:
        """The areas that were given a grade."""
        given = ((area, self.grade_for(area)) for area in Area)
        return {area: grade for area, grade in given if grade is not None}


class Succession(Base):
    """An authority that ended, one that follows it, and its share of what could be divided."""

    __tablename__ = "succession"
    __table_args__ = (
        UniqueConstraint("authority_id", "successor_id"),
        CheckConstraint("share BETWEEN 1 AND 100", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    successor_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    share: Mapped[int]
    happened_on: Mapped[date]

    authority: Mapped[Authority] = relationship(
        foreign_keys=authority_id, back_populates="successions"
    )
    successor: Mapped[Authority] = relationship(foreign_keys=successor_id)


class Neighbour(Base):
    """A statistical neighbour: rank 1 is the closest; closeness is DfE's band in words."""

    __tablename__ = "neighbour"
    __table_args__ = (UniqueConstraint("authority_id", "rank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    neighbour_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    rank: Mapped[int]
    closeness: Mapped[str] = mapped_column(String(30))

    neighbour: Mapped[Authority] = relationship(foreign_keys=neighbour_id)


class PublishedPartner(Base):
    """What a published page says of an authority's part in a programme, with its source."""

    __tablename__ = "published_partner"
    __table_args__ = (UniqueConstraint("authority_id", "programme_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    programme_name: Mapped[str] = mapped_column(String(20))
    wave: Mapped[int | None]
    started: Mapped[str | None] = mapped_column(String(10))
    ended: Mapped[str | None] = mapped_column(String(10))
    grouping: Mapped[str | None] = mapped_column(String(80))
    specialisms: Mapped[str | None] = mapped_column(String(400))
    source: Mapped[str] = mapped_column(String(400))
    confidence: Mapped[str] = mapped_column(String(200))


class EarlierPartnership(Base):
    """A partnership that published pages tell of, from before the exchange."""

    __tablename__ = "earlier_partnership"
    __table_args__ = (UniqueConstraint("provider_id", "receiver_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    started: Mapped[str] = mapped_column(String(10))
    ended: Mapped[str | None] = mapped_column(String(10))
    basis: Mapped[str] = mapped_column(String(400))
    source: Mapped[str] = mapped_column(String(400))
