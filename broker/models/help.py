"""Help that an authority has from elsewhere, kept once for all of its needs; its joint plan."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.person import Person
from broker.models.programme import Theme


class LiveHelpState(Enum):
    RUNNING = "running"
    ENDED = "ended"


class LiveHelp(Stateful, Base):
    """Help from outside the exchange. `each_quarter`: quarter-days in a quarter, if known."""

    __tablename__ = "live_help"
    noun = "live_help"
    __table_args__ = (
        CheckConstraint("each_quarter > 0", name="days"),
        CheckConstraint("starts_on <= coalesce(ends_on, starts_on)", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id))
    state: Mapped[LiveHelpState] = mapped_column(Word(LiveHelpState), index=True)
    helper: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    each_quarter: Mapped[int | None]
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    receiver: Mapped[Authority] = relationship(lazy="joined")
    theme: Mapped[Theme] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return f"{self.helper}: {self.theme.name}"

    def days_in(self, quarter: Quarter) -> int:
        """Quarter-days in a quarter, where they are known and it runs then."""
        runs = self.starts_on <= quarter.last_day and (
            self.ends_on is None or self.ends_on >= quarter.first_day
        )
        return (self.each_quarter or 0) if runs else 0


class JointQuarter(Base):
    """What an authority wants everybody who helps it to work towards in one quarter."""

    __tablename__ = "joint_quarter"
    __table_args__ = (UniqueConstraint("receiver_id", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    quarter: Mapped[Quarter]
    aim: Mapped[str] = mapped_column(Text)
