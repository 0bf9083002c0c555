"""Intervention in an authority's children's services: dated facts, each with its source."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority


class InterventionKind(Enum):
    NOTICE = "notice"
    DIRECTION = "direction"
    COMMISSIONER = "commissioner"
    ADVISER = "adviser"

    @property
    def words(self) -> str:
        return {
            InterventionKind.NOTICE: "Improvement notice",
            InterventionKind.DIRECTION: "Statutory direction",
            InterventionKind.COMMISSIONER: "Commissioner",
            InterventionKind.ADVISER: "Improvement adviser",
        }[self]


class InterventionState(Enum):
    RUNNING = "running"
    ENDED = "ended"
    STRUCK_OUT = "struck_out"


class Intervention(Stateful, Base):
    """One period of intervention, as published. For 12 months after it the authority may ask for
    help as 'just out of intervention'. Struck out: it was entered by mistake."""

    __tablename__ = "intervention"
    noun = "intervention"
    __table_args__ = (
        CheckConstraint("started_on <= coalesce(ended_on, started_on)", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    state: Mapped[InterventionState] = mapped_column(Word(InterventionState))
    kind: Mapped[InterventionKind] = mapped_column(Word(InterventionKind))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(400))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)

    authority: Mapped[Authority] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return f"{self.kind.words}, {self.authority.name}"

    @property
    def code(self) -> str:
        """The authority's, for the address of its page."""
        return self.authority.code

    @property
    def after_until(self) -> date | None:
        """The last day of the 12 months after it ended; None while it runs."""
        return None if self.ended_on is None else a_year_after(self.ended_on)

    def is_on(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)

    def is_just_after(self, day: date) -> bool:
        """Ended, by no more than 12 months."""
        until = self.after_until
        return self.ended_on is not None and until is not None and self.ended_on < day <= until


def a_year_after(day: date) -> date:
    """The same day 12 months on; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
