"""More days for a partnership: agreed by both, then approved as a match is."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.match import Match, Side, Vote
from broker.models.of_partnership import OfPartnership
from broker.models.partnership import Partnership
from broker.models.person import Person


class ExtensionState(Enum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    WITH_PANEL = "with_panel"
    APPROVED = "approved"
    DECLINED = "declined"
    NOT_APPROVED = "not_approved"
    NOT_NEEDED_NOW = "not_needed_now"


EXTENSIONS_OPEN = (ExtensionState.PROPOSED, ExtensionState.AGREED, ExtensionState.WITH_PANEL)


class Extension(OfPartnership, Stateful, Base):
    """Days by quarter that a partnership asks for on top of those approved, and until when."""

    __tablename__ = "extension"
    noun = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    state: Mapped[ExtensionState] = mapped_column(Word(ExtensionState), index=True)
    because: Mapped[str] = mapped_column(Text)
    exit_on: Mapped[date]
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    sent_to_panel_at: Mapped[datetime | None]
    deferrals: Mapped[int] = mapped_column(default=0)

    partnership: Mapped[Partnership] = relationship(lazy="joined")
    proposed_by: Mapped[Person] = relationship()
    days: Mapped[list[ExtensionDays]] = relationship(
        lazy="selectin", order_by="ExtensionDays.quarter", cascade="all, delete-orphan"
    )
    consents: Mapped[list[ExtensionConsent]] = relationship(lazy="selectin")
    votes: Mapped[list[ExtensionVote]] = relationship(lazy="selectin", order_by="ExtensionVote.id")

    @property
    def title(self) -> str:
        return f"More days for {self.partnership.title}"

    @property
    def total_days(self) -> int:
        return sum(row.quarter_days for row in self.days)

    @property
    def sides_agreed(self) -> set[Side]:
        return {one.side for one in self.consents}

    @property
    def originated_by_id(self) -> int:
        """Who began it, and so does not approve it."""
        return self.proposed_by_id

    @property
    def match(self) -> Match:
        return self.partnership.match


class ExtensionDays(Base):
    """How many quarter-days more in one quarter."""

    __tablename__ = "extension_days"
    __table_args__ = (
        UniqueConstraint("extension_id", "quarter"),
        CheckConstraint("quarter_days > 0", name="some_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    extension_id: Mapped[int] = mapped_column(ForeignKey(Extension.id))
    quarter: Mapped[Quarter]
    quarter_days: Mapped[int]


class ExtensionConsent(Base):
    """One side's director agreeing to it."""

    __tablename__ = "extension_consent"
    __table_args__ = (UniqueConstraint("extension_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    extension_id: Mapped[int] = mapped_column(ForeignKey(Extension.id))
    side: Mapped[Side] = mapped_column(Word(Side))
    agreed_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))


class ExtensionVote(Base):
    """A panel member's vote in one sitting, as on a match."""

    __tablename__ = "extension_vote"
    __table_args__ = (UniqueConstraint("extension_id", "person_id", "sitting"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    extension_id: Mapped[int] = mapped_column(ForeignKey(Extension.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    sitting: Mapped[int]
    vote: Mapped[Vote] = mapped_column(Word(Vote))
    reason: Mapped[str] = mapped_column(Text)
    voted_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship()
