"""The staff pulse: three statements, answered by one-time link, of which nothing but sums is kept.

An answer is no row. It adds one to three counters of its pulse, and its link's hash is overwritten
with noise; so there is no order, no time, no link from an answer to anybody, nor from one answer
to the next, and a link that was used looks like one that was not (docs/adr/0015).
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.of_partnership import OfPartnership
from broker.models.partnership import Moment, Partnership

LEAST = 5  # answers below which nothing of a pulse is shown, or kept
RATINGS = range(1, 6)


class Statement(Enum):
    """What staff agree or disagree with. Their order is that of `Pulse.counts`."""

    PURPOSE = "I know what this partnership is for, and how it helps children."
    TOGETHER = "We work on it together, as equals."
    USE = "It helps me to do my job better."


class PulseState(Enum):
    """`too_few`: fewer than five had answered on its last day; what they said was destroyed."""

    OPEN = "open"
    RELEASED = "released"
    TOO_FEW = "too_few"


def nothing_said() -> list[Any]:
    return [[0] * len(RATINGS) for _ in Statement]


class Pulse(OfPartnership, Stateful, Base):
    """One asking of the staff of both sides, at one moment of a partnership.

    `counts`: for each statement how many chose 1 (disagree) to 5 (agree). `code` begins the address
    of every link. It closes on a day that was set when it opened, whoever has answered by then.
    """

    __tablename__ = "pulse"
    noun = "pulse"
    __table_args__ = (UniqueConstraint("partnership_id", "moment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id))
    moment: Mapped[Moment] = mapped_column(Word(Moment))
    state: Mapped[PulseState] = mapped_column(Word(PulseState), index=True)
    code: Mapped[str] = mapped_column(
        String(32), unique=True, default=lambda: secrets.token_urlsafe(16)
    )
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    closes_on: Mapped[date]
    counts: Mapped[list[Any]] = mapped_column(default=nothing_said)

    partnership: Mapped[Partnership] = relationship(back_populates="pulses", lazy="joined")

    @property
    def title(self) -> str:
        return f"Staff pulse {self.moment.words}: {self.partnership.title}"

    @property
    def takes_answers(self) -> bool:
        return self.state is PulseState.OPEN and clock.today() <= self.closes_on

    @property
    def is_enough(self) -> bool:
        return self.answered >= LEAST

    @property
    def answered(self) -> int:
        """How many answered. Nobody is shown it before the pulse is released."""
        return sum(self.counts[0])


class PulseLink(Base):
    """A link to answer by: its hash, and nothing else. Kept in the order of the hashes."""

    __tablename__ = "pulse_link"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    pulse_id: Mapped[int] = mapped_column(ForeignKey(Pulse.id), index=True)
