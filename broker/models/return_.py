"""Returns: a provider's quarter, built from its records, certified and frozen."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.showing import counts_from


class ReturnState(Enum):
    IN_PROGRESS = "in_progress"
    AWAITING_CERTIFICATION = "awaiting_certification"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    JOINED = "joined"


RETURNS_OPEN = (
    ReturnState.IN_PROGRESS,
    ReturnState.AWAITING_CERTIFICATION,
    ReturnState.CHANGES_REQUESTED,
)

# What people write, by the column it stands in. The first are carried from quarter to quarter.
EVERY_QUARTER = {
    "outcomes": "Outcomes: what changed",
    "measured": "How the outcomes were measured",
    "evidence": "Evidence of impact",
    "priorities": "Priorities for next quarter",
}
TWICE_A_YEAR = {
    "reflection": "Reflection on six months",
    "case_study": "Case study",
}
WORDS = {**EVERY_QUARTER, **TWICE_A_YEAR}


class Return(Stateful, Base):
    """A provider's quarter in a programme. Its figures are built (broker/returns/figures.py); its
    words stand in the columns that WORDS names."""

    __tablename__ = "return"
    noun = "return"
    __table_args__ = (UniqueConstraint("provider_id", "programme_id", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    quarter: Mapped[Quarter]
    state: Mapped[ReturnState] = mapped_column(Word(ReturnState), index=True)
    outcomes: Mapped[str] = mapped_column(Text, default="")
    measured: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    priorities: Mapped[str] = mapped_column(Text, default="")
    reflection: Mapped[str] = mapped_column(Text, default="")
    case_study: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)

    provider: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    versions: Mapped[list[ReturnVersion]] = relationship(
        back_populates="return_", order_by="ReturnVersion.number"
    )
    sections: Mapped[list[ReturnSection]] = relationship(
        back_populates="return_", order_by="ReturnSection.id"
    )

    @property
    def title(self) -> str:
        return f"{self.provider.name}, {self.programme.name}, {self.quarter}"

    @property
    def asks_reflection(self) -> bool:
        """Every second quarter asks for a reflection and a case study."""
        return self.quarter.number % 2 == 0

    @property
    def words_asked(self) -> dict[str, str]:
        """Labels by column, of what this quarter asks people to write."""
        return WORDS if self.asks_reflection else EVERY_QUARTER


class SectionState(Enum):
    WRITTEN = "written"
    SHOWN = "shown"
    READ = "read"


class ReturnSection(Stateful, Base):
    """What a return says of one receiver. That authority reads it first, and what it says about it
    (`comment`) travels with it. Changed words are to be shown again."""

    __tablename__ = "return_section"
    noun = "return_section"
    __table_args__ = (UniqueConstraint("return_id", "receiver_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey(Return.id))
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    state: Mapped[SectionState] = mapped_column(Word(SectionState), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    shown_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    return_: Mapped[Return] = relationship(back_populates="sections", lazy="joined")
    receiver: Mapped[Authority] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return f"{self.receiver.name} in the return of {self.return_.title}"

    @property
    def provider_id(self) -> int:
        return self.return_.provider_id

    @property
    def provider(self) -> Authority:
        return self.return_.provider

    @property
    def programme(self) -> Programme:
        return self.return_.programme

    @property
    def quarter(self) -> Quarter:
        return self.return_.quarter

    @property
    def goes_out_from(self) -> date | None:
        """The day from which it may go out unread; None while it is not shown."""
        return counts_from(self.shown_at) if self.shown_at else None

    @property
    def may_go_out(self) -> bool:
        if self.state is SectionState.SHOWN and self.shown_at:
            return clock.today() >= counts_from(self.shown_at)
        return self.state is SectionState.READ


class ReturnNote(Base):
    """What a programme's managers tell each other about a provider's quarter: theirs alone."""

    __tablename__ = "return_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    quarter: Mapped[Quarter]
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    written_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    provider: Mapped[Authority] = relationship(lazy="joined")
    written_by: Mapped[Person] = relationship(lazy="joined")


class ReturnVersion(Base):
    """A return as certified: its whole content and the SHA-256 of its canonical JSON."""

    __tablename__ = "return_version"
    __table_args__ = (UniqueConstraint("return_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey(Return.id))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    certified_at: Mapped[datetime] = mapped_column(default=clock.now)
    certified_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    return_: Mapped[Return] = relationship(back_populates="versions")
    certified_by: Mapped[Person] = relationship()


class Freeze(Base):
    """A programme's quarter as the manager froze it: the latest submitted versions, once."""

    __tablename__ = "freeze"
    noun = "freeze"
    __table_args__ = (UniqueConstraint("programme_id", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    quarter: Mapped[Quarter]
    frozen_at: Mapped[datetime] = mapped_column(default=clock.now)
    frozen_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    missing: Mapped[list[Any]] = mapped_column(default=list)

    programme: Mapped[Programme] = relationship(lazy="joined")
    frozen_by: Mapped[Person] = relationship()
    versions: Mapped[list[FrozenVersion]] = relationship()

    @property
    def title(self) -> str:
        return f"{self.programme.name}, {self.quarter}"


class FrozenVersion(Base):
    """Which version of a return a freeze took."""

    __tablename__ = "frozen_version"

    freeze_id: Mapped[int] = mapped_column(ForeignKey(Freeze.id), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(ReturnVersion.id), primary_key=True)

    version: Mapped[ReturnVersion] = relationship()
