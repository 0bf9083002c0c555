"""What administrators tell everybody at the top of each page, and whether writing is closed."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from broker.db import Base, Stateful, Word


class NoticeState(Enum):
    UP = "up"
    TAKEN_DOWN = "taken_down"


class Notice(Stateful, Base):
    """One notice; at most one is up. While one that closes writing is up, nothing is changed."""

    __tablename__ = "notice"
    noun = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState), index=True)
    words: Mapped[str] = mapped_column(String(300))
    closes_writing: Mapped[bool]

    @property
    def title(self) -> str:
        return self.words
