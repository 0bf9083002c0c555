"""Capacity and the append-only entries behind every figure in days. Written by broker/ledger.py."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Word
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.match import Match
from broker.models.partnership import SupportDay
from broker.models.programme import Programme


class Capacity(Base):
    """The one row per provider and programme that is locked before its days are counted.

    `at_once` is how many partnerships the provider takes in a quarter.
    """

    __tablename__ = "capacity"
    noun = "capacity"
    __table_args__ = (
        UniqueConstraint("provider_id", "programme_id"),
        CheckConstraint("at_once >= 0", name="at_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    at_once: Mapped[int]

    provider: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return f"{self.provider.name}, {self.programme.name}"


class EntryKind(Enum):
    OFFER = "offer"
    RETRACT = "retract"
    RESERVE = "reserve"
    UNRESERVE = "unreserve"
    COMMIT = "commit"
    UNCOMMIT = "uncommit"
    DELIVER = "deliver"
    VOID = "void"


class LedgerEntry(Base):
    """One movement of quarter-days. Never changed, never deleted; a correction is a new entry."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("quarter_days > 0", name="some_days"),
        Index("ix_ledger_entry_capacity_quarter", "capacity_id", "quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    capacity_id: Mapped[int] = mapped_column(ForeignKey(Capacity.id))
    quarter: Mapped[Quarter]
    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    quarter_days: Mapped[int]
    match_id: Mapped[int | None] = mapped_column(ForeignKey(Match.id), index=True)
    support_day_id: Mapped[int | None] = mapped_column(ForeignKey(SupportDay.id), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    capacity: Mapped[Capacity] = relationship()
