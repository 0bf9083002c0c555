"""Extra days: beyond the total that was approved, and agreed by both authorities."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.days import format_days
from broker.db import Base, Stateful, Word
from broker.models.match import Side
from broker.models.of_partnership import OfPartnership
from broker.models.partnership import Partnership
from broker.models.person import Person


class ExtraState(Enum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class Extra(OfPartnership, Stateful, Base):
    """Extra days of a partnership in a quarter, in quarter-days; proposed by one side."""

    __tablename__ = "extra"
    noun = "extra"
    __table_args__ = (CheckConstraint("quarter_days > 0", name="some_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    state: Mapped[ExtraState] = mapped_column(Word(ExtraState), index=True)
    quarter: Mapped[Quarter]
    quarter_days: Mapped[int]
    because: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    proposed_by_side: Mapped[Side] = mapped_column(Word(Side))

    partnership: Mapped[Partnership] = relationship(lazy="joined")
    proposed_by: Mapped[Person] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        words = "extra day" if self.quarter_days == 4 else "extra days"
        return f"{format_days(self.quarter_days).split()[0]} {words} in {self.quarter}"

    @property
    def sides_agreed(self) -> set[Side]:
        """Who proposes agrees by it."""
        return set(Side) if self.state is ExtraState.AGREED else {self.proposed_by_side}
