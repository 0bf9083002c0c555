"""Reviews of a partnership: what the records say, how each side sees it, what was decided."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.match import Side
from broker.models.of_partnership import OfPartnership
from broker.models.partnership import Partnership, PartnershipState
from broker.models.person import Person

RATINGS = range(1, 6)


class ReviewState(Enum):
    PREPARING = "preparing"
    RECORDED = "recorded"
    CALLED_OFF = "called_off"


class Asked(Enum):
    """What each side is asked for itself, from 1 (disagree) to 5 (agree)."""

    EQUALS = "equals"
    DONE_WITH = "done_with"
    SUPPORT = "support"
    CHALLENGE = "challenge"
    DECISIONS = "decisions"
    LEADERS = "leaders"
    EXIT = "exit"

    @property
    def words(self) -> str:
        return {
            "equals": "We work together as equals.",
            "done_with": "Work is done with the receiving authority, not to it or for it.",
            "support": "There is enough support.",
            "challenge": "There is enough challenge.",
            "decisions": "It is clear who decides what.",
            "leaders": "Leaders of both authorities come when it matters.",
            "exit": "The receiving authority could go on without the other's days.",
        }[self.value]


IN_ANY_PHASE = tuple(one for one in Asked if one is not Asked.EXIT)
ASKED_IN = {
    PartnershipState.SETTING_UP: (Asked.EQUALS, Asked.DECISIONS, Asked.LEADERS),
    PartnershipState.STEADY: tuple(Asked),
    PartnershipState.TAPERING: tuple(Asked),
}


class Review(OfPartnership, Stateful, Base):
    """One review. `pack` is what the records said when it was built: [heading, [[name, words]]].

    The two sides answer apart, and read each other's answers once both have answered.
    """

    __tablename__ = "review"
    noun = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    state: Mapped[ReviewState] = mapped_column(Word(ReviewState), index=True)
    phase: Mapped[PartnershipState] = mapped_column(Word(PartnershipState))
    pack: Mapped[list[Any]]
    packed_at: Mapped[datetime] = mapped_column(default=clock.now)
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    held_on: Mapped[date | None]
    summary: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]
    recorded_at: Mapped[datetime | None]

    partnership: Mapped[Partnership] = relationship(back_populates="reviews", lazy="joined")
    answers: Mapped[list[ReviewAnswer]] = relationship(
        order_by="ReviewAnswer.id", lazy="selectin", cascade="all, delete-orphan"
    )
    measures: Mapped[list[ReviewMeasure]] = relationship(
        order_by="ReviewMeasure.id", lazy="selectin"
    )
    decisions: Mapped[list[ReviewDecision]] = relationship(
        order_by="ReviewDecision.id", lazy="selectin"
    )

    @property
    def title(self) -> str:
        return f"Review: {self.partnership.title}"

    @property
    def asks(self) -> tuple[Asked, ...]:
        """What is asked in the phase in which it was begun."""
        return ASKED_IN.get(self.phase, IN_ANY_PHASE)

    @property
    def answered_by(self) -> set[Side]:
        return {answer.side for answer in self.answers}

    @property
    def ratings(self) -> dict[Asked, dict[Side, int]]:
        """How each side sees each thing that it was asked."""
        found: dict[Asked, dict[Side, int]] = {}
        for answer in self.answers:
            found.setdefault(answer.asked, {})[answer.side] = answer.rating
        return found


class ReviewAnswer(Base):
    """What one side says of one thing, and what shows it."""

    __tablename__ = "review_answer"
    __table_args__ = (
        UniqueConstraint("review_id", "side", "asked"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="one_to_five"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey(Review.id), index=True)
    side: Mapped[Side] = mapped_column(Word(Side))
    asked: Mapped[Asked] = mapped_column(Word(Asked))
    rating: Mapped[int]
    shows: Mapped[str] = mapped_column(Text)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))


class ReviewMeasure(Base):
    """Where an outcome measure stood on a date, and where that is from."""

    __tablename__ = "review_measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey(Review.id), index=True)
    name: Mapped[str] = mapped_column(String(200))
    value: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))


class ReviewDecision(Base):
    """What was decided, who does it (a role) and by when."""

    __tablename__ = "review_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey(Review.id), index=True)
    words: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
