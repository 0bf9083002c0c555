"""Programmes with their rules as data, and the editable lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker.db import Base, Word
from broker.models.authority import Area

CODE_LENGTH, NAME_LENGTH = 20, 80
# How an authority comes to be able to use a programme; the words stand in broker/eligibility.py.
WAYS_TO_RECEIVE = (
    "requires_improvement",
    "inadequate",
    "in_intervention",
    "post_exit",
    "evidence_of_decline",
    "early_help",
)


@dataclass(frozen=True)
class Policy:
    """A programme's rules. Days are whole quarter-days: 80 is 20 days."""

    provider_rule: str = "theme"  # 'whole': every area good or better; 'theme': the theme's own
    recent_years: int = 4  # how long an area that moved up may be offered; 'theme' only
    receivers: Sequence[str] = WAYS_TO_RECEIVE
    small_below: int = 80
    small_days: int = 20  # what an ask in a minute starts with
    leads_may_ask: bool = False  # a small ask goes out without the director's sign-off
    panel_from: int | None = 360
    panel_when_regions_differ: bool = False
    quorum: int = 3
    partnerships_at_once: int = 4
    least_days: int = 0
    has_returns: bool = True
    weights: dict[str, int] = field(default_factory=dict)


class Programme(Base):
    """`closes_on` is its last day: nothing new begins under it after that, and what is under way
    runs to its planned end. None: no last day is known."""

    __tablename__ = "programme"
    noun = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True, index=True)
    funder: Mapped[str] = mapped_column(String(NAME_LENGTH))
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]
    rules: Mapped[dict[str, Any]] = mapped_column(default=lambda: asdict(Policy()))

    @property
    def policy(self) -> Policy:
        return Policy(**self.rules)

    @property
    def title(self) -> str:
        return self.name

    def is_open_on(self, day: date) -> bool:
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)

    @classmethod
    def are_open_on(cls, day: date) -> ColumnElement[bool]:
        """The same of all, for a question."""
        return and_(cls.opens_on <= day, or_(cls.closes_on.is_(None), cls.closes_on >= day))


class Theme(Base):
    """A practice area; a theme without a parent is a heading over others."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    area: Mapped[Area] = mapped_column(Word(Area))
    position: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    is_retired: Mapped[bool] = mapped_column(default=False)

    parent: Mapped[Theme | None] = relationship(remote_side=id)


class Choice(Base):
    """An entry of an editable list: `kind` is support_type, mode, style or level."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    is_retired: Mapped[bool] = mapped_column(default=False)
