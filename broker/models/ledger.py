"""Capacity and the append-only entries behind every figure in days. Written by broker/ledger.py."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Word
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.match import Match
from broker.models.partnership import SupportDay
from broker.models.programme import Programme


class Backfill(Enum):
    """Whether the work at home of those who give days is covered."""

    SECURED = "secured"
    NOT_SECURED = "not_secured"
    NOT_NEEDED = "not_needed"

    @property
    def words(self) -> str:
        return {
            "secured": "Secured",
            "not_secured": "Not secured yet",
            "not_needed": "Not needed",
        }[self.value]


class Capacity(Base):
    """The one row per provider and programme that is locked before its days are counted.

    `at_once` is how many partnerships the provider takes in a quarter; `backfill` says whether
    the work of those who give the days is covered at home (None: not said).
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
    backfill: Mapped[Backfill | None] = mapped_column(Word(Backfill))
    note: Mapped[str] = mapped_column(Text, default="")

    provider: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return f"{self.provider.name}, {self.programme.name}"


class EntryKind(Enum):
    INDICATE = "indicate"
    UNINDICATE = "unindicate"
    OFFER = "offer"
    RETRACT = "retract"
    RESERVE = "reserve"
    UNRESERVE = "unreserve"
    COMMIT = "commit"
    UNCOMMIT = "uncommit"
    DELIVER = "deliver"
    VOID = "void"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    EntryKind.INDICATE: "Indicated",
    EntryKind.UNINDICATE: "No longer indicated",
    EntryKind.OFFER: "Confirmed",
    EntryKind.RETRACT: "Retracted",
    EntryKind.RESERVE: "Reserved",
    EntryKind.UNRESERVE: "No longer reserved",
    EntryKind.COMMIT: "Committed",
    EntryKind.UNCOMMIT: "Released",
    EntryKind.DELIVER: "Delivered",
    EntryKind.VOID: "Voided",
}

# What takes an entry back. A reservation follows the terms of its match and a delivery its support
# day, so those are put right there.
COUNTERS = {
    EntryKind.INDICATE: EntryKind.UNINDICATE,
    EntryKind.UNINDICATE: EntryKind.INDICATE,
    EntryKind.OFFER: EntryKind.RETRACT,
    EntryKind.RETRACT: EntryKind.OFFER,
    EntryKind.COMMIT: EntryKind.UNCOMMIT,
    EntryKind.UNCOMMIT: EntryKind.COMMIT,
}


SUMMED = ("kind", "quarter_days")  # in the indexes, so that sums are made from these alone


class LedgerEntry(Base):
    """One movement of quarter-days. Never changed, never deleted; a correction is a new entry,
    which says what it `corrects`: each entry is corrected once at most."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("quarter_days > 0", name="some_days"),
        Index("ix_ledger_entry_capacity_quarter", "capacity_id", "quarter", *SUMMED),
        Index("ix_ledger_entry_match_quarter", "match_id", "quarter", *SUMMED),
        Index("ix_ledger_entry_corrects_id", "corrects_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    capacity_id: Mapped[int] = mapped_column(ForeignKey(Capacity.id))
    quarter: Mapped[Quarter]
    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    quarter_days: Mapped[int]
    match_id: Mapped[int | None] = mapped_column(ForeignKey(Match.id))
    support_day_id: Mapped[int | None] = mapped_column(ForeignKey(SupportDay.id), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    capacity: Mapped[Capacity] = relationship()
    event: Mapped[Event] = relationship()
    match: Mapped[Match | None] = relationship()
    corrects: Mapped[LedgerEntry | None] = relationship(remote_side=id)
