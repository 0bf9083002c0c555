"""What the provider learned: the other half of feedback on a partnership."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.partnership import Moment, Partnership
from broker.models.person import Person


class ProviderFeedback(Base):
    """What the provider says of a partnership at one moment. `worth` is from 1 to 5: how much it
    was worth the time of its own staff."""

    __tablename__ = "provider_feedback"
    __table_args__ = (
        UniqueConstraint("partnership_id", "moment"),
        CheckConstraint("worth BETWEEN 1 AND 5", name="one_to_five"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id))
    moment: Mapped[Moment] = mapped_column(Word(Moment))
    learned: Mapped[str] = mapped_column(Text)
    at_home: Mapped[str] = mapped_column(Text)
    suggestions: Mapped[str] = mapped_column(Text)
    worth: Mapped[int]
    would_again: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    changed_at: Mapped[datetime | None]

    partnership: Mapped[Partnership] = relationship(back_populates="learned")
    answered_by: Mapped[Person] = relationship()
