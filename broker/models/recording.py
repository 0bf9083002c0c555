"""Help that two authorities agreed outside the exchange, recorded with the days given so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.match import Match, Side
from broker.models.offer import Delivery
from broker.models.person import Person
from broker.models.programme import Programme, Theme


class RecordingState(Enum):
    BEING_WRITTEN = "being_written"
    WITH_OTHER_SIDE = "with_other_side"
    WITH_COORDINATOR = "with_coordinator"
    SENT_BACK = "sent_back"
    NOTED = "noted"
    TAKEN_BACK = "taken_back"


class Recording(Stateful, Base):
    """One side writes it, the other confirms it, the receiving region's coordinator notes it; then
    it is a partnership like any other. `match_id`: what came of it."""

    __tablename__ = "recording"
    noun = "recording"
    __table_args__ = (CheckConstraint("receiver_id <> provider_id", name="two_authorities"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id))
    state: Mapped[RecordingState] = mapped_column(Word(RecordingState), index=True)
    title: Mapped[str] = mapped_column(String(120))
    aims: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    entered_side: Mapped[Side] = mapped_column(Word(Side))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    sent_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    match_id: Mapped[int | None] = mapped_column(ForeignKey(Match.id))

    receiver: Mapped[Authority] = relationship(foreign_keys=receiver_id, lazy="joined")
    provider: Mapped[Authority] = relationship(foreign_keys=provider_id, lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    theme: Mapped[Theme] = relationship(lazy="joined")
    entered_by: Mapped[Person] = relationship()
    days: Mapped[list[RecordedDays]] = relationship(
        lazy="selectin",
        order_by="RecordedDays.quarter, RecordedDays.given_on, RecordedDays.id",
        cascade="all, delete-orphan",
    )

    @property
    def originated_by_id(self) -> int:
        """Whoever wrote it does not note it."""
        return self.entered_by_id

    @property
    def given(self) -> list[RecordedDays]:
        return [row for row in self.days if row.given_on is not None]

    @property
    def to_come(self) -> list[RecordedDays]:
        return [row for row in self.days if row.given_on is None]


class RecordedDays(Base):
    """Days given on a date, or, without a date, agreed for a quarter to come. Quarter-days."""

    __tablename__ = "recorded_days"
    __table_args__ = (CheckConstraint("quarter_days > 0", name="some_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey(Recording.id), index=True)
    quarter: Mapped[Quarter]
    quarter_days: Mapped[int]
    given_on: Mapped[date | None]
    activity: Mapped[str] = mapped_column(String(200), default="")
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery), default=Delivery.ON_SITE)


def by_quarter(rows: Iterable[RecordedDays]) -> dict[Quarter, int]:
    """Quarter-days by quarter."""
    days: dict[Quarter, int] = {}
    for row in rows:
        days[row.quarter] = days.get(row.quarter, 0) + row.quarter_days
    return days
