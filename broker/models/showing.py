"""What leaves a partnership about an authority: shown to that authority first, word for word."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.person import Person

DAYS_TO_SEE = 5  # working days in which the authority reads it before it goes out unread


class ShowingState(Enum):
    """`passed`: the days were over before anybody there said that they had read it."""

    SHOWN = "shown"
    SEEN = "seen"
    PASSED = "passed"
    REPLACED = "replaced"


STANDING = (ShowingState.SHOWN, ShowingState.SEEN, ShowingState.PASSED)


def counts_from(shown_at: datetime) -> date:
    """The day from which something shown then counts although nobody has said they read it."""
    return clock.add_working_days(shown_at.astimezone(clock.LONDON).date(), DAYS_TO_SEE)


class Showing(Stateful, Base):
    """Exactly what would go out about one record (`about_noun`, `about_id`), to one authority.

    `rows` are pairs of a name and words. `side` says which of the authority's people read it.
    `comment` is the authority's, and travels with the record. Other words make a new showing.
    """

    __tablename__ = "showing"
    noun = "showing"
    __table_args__ = (Index("ix_showing_about", "about_noun", "about_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    about_noun: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int]
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    side: Mapped[Side] = mapped_column(Word(Side))
    state: Mapped[ShowingState] = mapped_column(Word(ShowingState), index=True)
    title: Mapped[str] = mapped_column(String(200))
    goes_to: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[Any]]
    path: Mapped[str] = mapped_column(String(200))
    shown_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    comment: Mapped[str] = mapped_column(Text, default="")

    authority: Mapped[Authority] = relationship(lazy="joined")
    seen_by: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def counts_from(self) -> date:
        return counts_from(self.shown_at)

    @property
    def may_go_out(self) -> bool:
        """The authority has read it, or has had its days."""
        if self.state is ShowingState.SHOWN:
            return clock.today() >= self.counts_from
        return self.state is not ShowingState.REPLACED


def waits() -> ColumnElement[bool]:
    """`may_go_out`, turned round, as a condition on rows: it must not go out yet."""
    began = clock.stood_since(clock.today(), DAYS_TO_SEE)
    return and_(Showing.state == ShowingState.SHOWN, Showing.shown_at >= began)


def gone_out(noun: str, record_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """What was shown to the authorities it speaks of, and waits for none of them any more."""
    shown = select(Showing.about_id).where(Showing.about_noun == noun, stands())
    waiting = select(Showing.about_id).where(Showing.about_noun == noun, waits())
    return and_(record_id.in_(shown), record_id.not_in(waiting))


def stands() -> ColumnElement[bool]:
    """What was not replaced by other words."""
    return Showing.state.in_(STANDING)
