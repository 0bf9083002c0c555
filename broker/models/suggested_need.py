"""Suggested needs: what a region, the Department or an adviser puts to an authority."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.need import Need, NeedOrigin
from broker.models.person import Person
from broker.models.programme import Theme


class SuggestedNeedState(Enum):
    WAITING = "waiting"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class SuggestedNeed(Stateful, Base):
    """Something that an authority might want help with, in somebody else's words.

    It is the authority's to take up, change or decline, without a reason. What it does with it is
    its own: who suggested it learns only that it was answered. `need_id`: what it became.
    """

    __tablename__ = "suggested_need"
    noun = "suggested_need"
    __table_args__ = (CheckConstraint("days_wanted > 0", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id))
    state: Mapped[SuggestedNeedState] = mapped_column(Word(SuggestedNeedState), index=True)
    origin: Mapped[NeedOrigin] = mapped_column(Word(NeedOrigin))
    title: Mapped[str] = mapped_column(String(120))
    strengths: Mapped[str] = mapped_column(Text, default="")
    because: Mapped[str] = mapped_column(Text)
    days_wanted: Mapped[int]
    suggested_at: Mapped[datetime] = mapped_column(default=clock.now)
    suggested_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey(Need.id))

    receiver: Mapped[Authority] = relationship(lazy="joined")
    theme: Mapped[Theme] = relationship(lazy="joined")
    suggested_by: Mapped[Person] = relationship(lazy="joined")

    @property
    def is_waiting(self) -> bool:
        return self.state is SuggestedNeedState.WAITING
