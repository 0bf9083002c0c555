"""Returns: a provider's quarter, built from its records, certified and frozen."""

from __future__ import annotations

from datetime import datetime
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


class ReturnState(Enum):
    IN_PROGRESS = "in_progress"
    AWAITING_CERTIFICATION = "awaiting_certification"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    JOINED = "joined"


class Return(Stateful, Base):
    __tablename__ = "return"
    noun = "return"
    __table_args__ = (UniqueConstraint("provider_id", "programme_id", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    quarter: Mapped[Quarter]
    state: Mapped[ReturnState] = mapped_column(Word(ReturnState), index=True)
    outcomes: Mapped[str] = mapped_column(Text, default="")
    priorities: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)

    provider: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    versions: Mapped[list[ReturnVersion]] = relationship(
        back_populates="return_", order_by="ReturnVersion.number"
    )

    @property
    def title(self) -> str:
        return f"{self.provider.name}, {self.programme.name}, {self.quarter}"


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
