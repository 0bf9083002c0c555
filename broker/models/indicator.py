"""Published indicators: what each counts, and its figures by year for places."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker.db import Base, Word
from broker.models.authority import Authority, Region


class Unit(Enum):
    PERCENT = "percent"
    RATE = "rate"
    CASES = "cases"

    @property
    def words(self) -> str:
        return {
            Unit.PERCENT: "%",
            Unit.RATE: "for every 10,000 children",
            Unit.CASES: "cases",
        }[self]


class Better(Enum):
    """Which way is usually better. Most counts of children are neither: they show demand."""

    HIGH = "high"
    LOW = "low"
    NEITHER = "neither"

    @property
    def words(self) -> str:
        return {
            Better.HIGH: "Higher is usually better.",
            Better.LOW: "Lower is usually better.",
            Better.NEITHER: "Neither higher nor lower is better in itself.",
        }[self]


class Flag(Enum):
    """What to know before a figure is used."""

    JOINT_RETURN = "joint-return"
    VERY_SMALL = "very-small"
    METHOD_CHANGED = "method-changed"
    NOT_USABLE = "not-usable"

    @property
    def words(self) -> str:
        return {
            Flag.JOINT_RETURN: "One return is made together with a neighbouring authority: the "
            "figure is for both.",
            Flag.VERY_SMALL: "Very few children live here: one or two of them change the figure "
            "a great deal.",
            Flag.METHOD_CHANGED: "Counted in another way before 2017: do not compare with later "
            "years.",
            Flag.NOT_USABLE: "Published as 0, which cannot be right: left out.",
        }[self]


class Indicator(Base):
    """One published measure. `counted` says over what: a financial year, or a day in it."""

    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    topic: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[Unit] = mapped_column(Word(Unit))
    better: Mapped[Better] = mapped_column(Word(Better))
    counted: Mapped[str] = mapped_column(String(40))
    meaning: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]

    def figure(self, value: float | None) -> str:
        """A figure as it is read aloud: 12.5%, 1,043.0."""
        if value is None:
            return "Not published"
        return f"{value:,.1f}" + ("%" if self.unit is Unit.PERCENT else "")


AT_AUTHORITY = text("authority_id IS NOT NULL")
IN_REGION = text("region_id IS NOT NULL")
IN_ENGLAND = text("authority_id IS NULL AND region_id IS NULL")


class IndicatorValue(Base):
    """A figure for an authority, a region or (neither) England, in the year that ends in `year`.

    A year without a row: nothing was published (not collected, or suppressed because the numbers
    behind it are small). `value` None: a figure that must not be used, its flag says why.
    `flag` holds codes of Flag, separated by spaces.
    """

    __tablename__ = "indicator_value"
    __table_args__ = (
        CheckConstraint("authority_id IS NULL OR region_id IS NULL", name="one_place"),
        Index(
            "uq_indicator_value_authority",
            "authority_id",
            "indicator_id",
            "year",
            unique=True,
            sqlite_where=AT_AUTHORITY,
            postgresql_where=AT_AUTHORITY,
        ),
        Index(
            "uq_indicator_value_region",
            "region_id",
            "indicator_id",
            "year",
            unique=True,
            sqlite_where=IN_REGION,
            postgresql_where=IN_REGION,
        ),
        Index(
            "uq_indicator_value_england",
            "indicator_id",
            "year",
            unique=True,
            sqlite_where=IN_ENGLAND,
            postgresql_where=IN_ENGLAND,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey(Indicator.id))
    authority_id: Mapped[int | None] = mapped_column(ForeignKey(Authority.id))
    region_id: Mapped[int | None] = mapped_column(ForeignKey(Region.id))
    year: Mapped[int]
    value: Mapped[float | None]
    flag: Mapped[str | None] = mapped_column(String(60))

    indicator: Mapped[Indicator] = relationship()

    @property
    def flags(self) -> tuple[Flag, ...]:
        return tuple(Flag(code) for code in (self.flag or "").split())
