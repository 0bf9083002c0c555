"""Councils' own accounts that open an account here, and ways to their sign-in and back."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.person import Person


class CouncilAccount(Base):
    """What a council's sign-in calls somebody (OpenID Connect issuer and subject), and who that is
    here. One that was disconnected stays, so that it does not connect itself again."""

    __tablename__ = "council_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    issuer: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(255))
    connected_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Purpose(Enum):
    """What somebody goes to their council's sign-in for."""

    SIGN_IN = "sign_in"
    JOIN = "join"
    CONNECT = "connect"
    PROVE = "prove"


class CouncilTrip(Base):
    """Somebody on the way to their council's sign-in and back. It counts once, for a short while,
    at the browser where it began: `state_hash` and `browser_hash` are of secrets that only the
    address they come back by and the browser's cookie have."""

    __tablename__ = "council_trip"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    leads_to: Mapped[str] = mapped_column(String(400), default="")
    begun_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
