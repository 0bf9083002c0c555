"""Spreadsheets of support days: the file as uploaded, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.match import Side
from broker.models.of_partnership import OfPartnership
from broker.models.partnership import Partnership
from broker.models.person import Person


class DayImportState(Enum):
    SHOWN = "shown"
    APPLIED = "applied"
    SET_ASIDE = "set_aside"


class DayImport(OfPartnership, Stateful, Base):
    """A spreadsheet of days. `content` is kept until it is applied or set aside, `sha256` for good.

    Once applied, `logged` and `confirmed` count what it made, and `left_out` lists the cells of the
    rows that were not taken: [{row, column, heading, typed, said}].
    """

    __tablename__ = "day_import"
    noun = "day_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    state: Mapped[DayImportState] = mapped_column(Word(DayImportState), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logged: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    logged_at: Mapped[datetime] = mapped_column(default=clock.now)
    logged_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    logged_by_side: Mapped[Side] = mapped_column(Word(Side))

    partnership: Mapped[Partnership] = relationship(lazy="joined")
    logged_by: Mapped[Person] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return f"Days from {self.file_name}"
