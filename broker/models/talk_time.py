"""Times for a first talk, proposed by one side and chosen by the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from broker import clock
from broker.db import Base, Word
from broker.models.match import Conversation, Side
from broker.models.person import Person


class TalkTime(Base):
    """`place` is a room or how to join; `set_aside_at` when newer times or another choice came."""

    __tablename__ = "talk_time"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey(Conversation.id), index=True)
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    side: Mapped[Side] = mapped_column(Word(Side))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    chosen_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_standing(self) -> bool:
        return self.set_aside_at is None
