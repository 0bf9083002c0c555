"""Coverage of feedback: who was not asked yet, who was asked, and who of those has answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from broker.clock import LONDON
from broker.db import db
from broker.feedback.due import LOADS, Due, Voice, dues_of
from broker.models.partnership import Moment, Partnership


@dataclass(frozen=True)
class Coverage:
    """Partnerships at one moment, for one voice: asked, and answered among those. Of staff,
    'answered' means that a pulse was opened."""

    voice: Voice
    moment: Moment
    partnerships: int
    asked: int
    answered: int

    @property
    def not_asked(self) -> int:
        return self.partnerships - self.asked

    @property
    def not_answered(self) -> int:
        return self.asked - self.answered


def coverage_in(partnerships: Collection[Partnership], dues: Sequence[Due]) -> list[Coverage]:
    """For each voice and moment, over partnerships and what `dues_of` gives for them."""
    return [
        Coverage(
            voice,
            moment,
            len(partnerships),
            len(asked),
            sum(due.answered_at is not None for due in asked),
        )
        for voice in Voice
        for moment in Moment
        for asked in [[due for due in dues if (due.voice, due.moment) == (voice, moment)]]
    ]


def coverage_of(programme_id: int, as_of: datetime) -> tuple[Coverage, ...]:
    """The same over a programme's partnerships opened by then, as it was then."""
    opened = select(Partnership).where(
        Partnership.programme_id == programme_id, Partnership.opened_at <= as_of
    )
    partnerships = db.session.scalars(opened.options(*LOADS)).unique().all()
    dues = (_as_it_was(due, as_of) for due in dues_of(partnerships))
    return tuple(coverage_in(partnerships, [due for due in dues if due]))


def _as_it_was(due: Due, as_of: datetime) -> Due | None:
    """A due as of a moment in the past; None when nobody had been asked by then. What was asked on
    that very day counts once it is answered: what is frozen does not change in the afternoon."""
    answered_at = due.answered_at if due.answered_at and due.answered_at <= as_of else None
    if answered_at is None and due.asked_on >= as_of.astimezone(LONDON).date():
        return None
    return replace(due, answered_at=answered_at)
