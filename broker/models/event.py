"""What happened: append-only events, chained per record, with a daily anchor over all."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker.db import Base
from broker.models.person import Person


class Event(Base):
    """Who did what to which record, when and why. `canonical` is the text that was hashed.

    `has_words_erased`: a name was taken out of its reason or detail since.
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("noun", "record_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int]
    number: Mapped[int]
    verb: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str | None] = mapped_column(String(40))
    happened_at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    reason: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    has_words_erased: Mapped[bool] = mapped_column(default=False, server_default=false())
    canonical: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))

    by: Mapped[Person] = relationship(foreign_keys=by_id, lazy="joined")
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=on_behalf_of_id, lazy="joined")


class Anchor(Base):
    """The hash over the last event of every record, as they stood when `day` had ended."""

    __tablename__ = "anchor"

    day: Mapped[date] = mapped_column(primary_key=True)
    records: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
