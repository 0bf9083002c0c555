"""Sign-offs of a need: who signed what, and the one-time links that let somebody sign."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from enum import Enum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.need import Need
from broker.models.person import Person, Role


class Signer(Enum):
    DIRECTOR = "director"
    CHIEF_EXECUTIVE = "chief_executive"
    LEAD_MEMBER = "lead_member"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def role(self) -> Role:
        return Role(self.value)


BESIDE_THE_DIRECTOR = (Signer.CHIEF_EXECUTIVE, Signer.LEAD_MEMBER)


class Signature(Base):
    """A sign-off. It stands for what the need said in `substance`, until it is taken back."""

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id), index=True)
    signer: Mapped[Signer] = mapped_column(Word(Signer))
    substance: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(default=clock.now)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    is_by_link: Mapped[bool] = mapped_column(default=False)
    taken_back_at: Mapped[datetime | None]

    need: Mapped[Need] = relationship(back_populates="signatures")
    signed_by: Mapped[Person] = relationship(lazy="joined")


class SignLink(Base):
    """A link that works once, for one signer of one need as it was. Only its hash is kept."""

    __tablename__ = "sign_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id), index=True)
    signer: Mapped[Signer] = mapped_column(Word(Signer))
    substance: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    need: Mapped[Need] = relationship()
    made_by: Mapped[Person] = relationship()


def substance_of(need: Need) -> str:
    """A hash of what is signed for: programme, themes, days, quarters, and the change wanted."""
    said = [
        need.programme_id,
        [row.theme_id for row in need.themes],
        [need.days_wanted, need.days_least],
        [need.first_quarter.ordinal, need.quarters_wanted],
        [need.change_wanted, need.diagnosis],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def standing(need: Need) -> dict[Signer, Signature]:
    """The sign-offs that hold for what the need says now."""
    now = substance_of(need)
    return {
        one.signer: one
        for one in need.signatures
        if one.taken_back_at is None and one.substance == now
    }
