"""Grants: what a programme pays a provider in a year, and what it has paid. Money is in pence."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base
from broker.models.authority import Authority
from broker.models.person import Person
from broker.models.programme import Programme


class Grant(Base):
    """`year` is the calendar year in which its financial year starts."""

    __tablename__ = "grant"
    noun = "grant"
    __table_args__ = (
        UniqueConstraint("provider_id", "programme_id", "year"),
        CheckConstraint("pence > 0 AND day_rate > 0", name="some_money"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    year: Mapped[int]
    pence: Mapped[int]
    day_rate: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    provider: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    payments: Mapped[list[Payment]] = relationship(
        lazy="selectin", order_by="Payment.paid_on, Payment.id"
    )

    @property
    def title(self) -> str:
        return f"Grant to {self.provider.name}, {self.programme.name}, {self.years}"

    @property
    def years(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02}"

    @property
    def paid(self) -> int:
        return sum(one.pence for one in self.payments if one.taken_back_at is None)


class Payment(Base):
    """A payment under a grant. One that was entered by mistake is taken back, never deleted."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("pence > 0", name="some_money"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey(Grant.id), index=True)
    pence: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(120), default="")
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    taken_back_at: Mapped[datetime | None]
    taken_back_because: Mapped[str] = mapped_column(Text, default="")

    entered_by: Mapped[Person] = relationship(lazy="joined")
