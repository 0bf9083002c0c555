"""A programme's rules as they stood from one day to the next: one row for each change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base
from broker.models.person import Person
from broker.models.programme import Policy, Programme


class PolicyVersion(Base):
    """Numbered from 1, which holds the rules before the first change. Never edited."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)
    noun = "policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    number: Mapped[int]
    rules: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    programme: Mapped[Programme] = relationship(lazy="joined")
    made_by: Mapped[Person] = relationship(lazy="joined")

    @property
    def policy(self) -> Policy:
        return Policy(**self.rules)

    @property
    def title(self) -> str:
        return f"Version {self.number} of the rules of {self.programme.name}"
