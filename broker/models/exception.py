"""A coordinator's recorded reason why an authority may provide although the rules say no."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.person import Person
from broker.models.programme import Programme


class ExceptionState(Enum):
    IN_FORCE = "in_force"
    ENDED_SOONER = "ended_sooner"
    EXPIRED = "expired"


IN_FORCE = text("state = 'in_force'")


class EligibilityException(Stateful, Base):
    """In force until the end of `expires_on`, unless its coordinator ends it sooner."""

    __tablename__ = "eligibility_exception"
    noun = "exception"
    __table_args__ = (
        CheckConstraint("expires_on >= starts_on", name="in_order"),
        Index(
            "uq_eligibility_exception_in_force",
            "provider_id",
            "programme_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    state: Mapped[ExceptionState] = mapped_column(Word(ExceptionState), index=True)
    because: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    expires_on: Mapped[date]
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    granted_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    provider: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    granted_by: Mapped[Person] = relationship()

    @property
    def title(self) -> str:
        return f"{self.provider.name} under {self.programme.name}"
