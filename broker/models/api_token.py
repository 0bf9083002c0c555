"""Tokens by which programs read a programme's records. Only a hash of each is kept."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.programme import Programme


class Scope(Enum):
    """What a token lets a program read."""

    RETURNS = "returns"
    DAYS = "days"
    PARTNERSHIPS = "partnerships"

    @property
    def words(self) -> str:
        return {
            Scope.RETURNS: "Returns, as certified",
            Scope.DAYS: "Support days",
            Scope.PARTNERSHIPS: "Partnerships and their days",
        }[self]


class ApiTokenState(Enum):
    IN_USE = "in_use"
    REVOKED = "revoked"


class ApiToken(Stateful, Base):
    """A token of a programme. `scopes`: words of Scope, apart by spaces; `sha256`: of the token,
    which is shown once and kept nowhere; it counts up to and on `expires_on`."""

    __tablename__ = "api_token"
    noun = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    state: Mapped[ApiTokenState] = mapped_column(Word(ApiTokenState), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime | None]

    programme: Mapped[Programme] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return self.name

    @property
    def may_read(self) -> list[Scope]:
        return [Scope(word) for word in self.scopes.split()]

    @property
    def counts(self) -> bool:
        """Whether it opens anything today."""
        return self.state is ApiTokenState.IN_USE and clock.today() <= self.expires_on

    @property
    def standing(self) -> str:
        """'in use', 'expired' or 'revoked'."""
        if self.state is ApiTokenState.IN_USE and not self.counts:
            return "expired"
        return self.state.value.replace("_", " ")
