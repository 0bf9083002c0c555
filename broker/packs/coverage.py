"""Who was asked how it went, and who answered: the coverage of feedback at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from broker.db import db
from broker.models.event import Event
from broker.models.match import Side
from broker.models.partnership import MOMENTS, Feedback, Moment, Partnership


@dataclass(frozen=True)
class Coverage:
    """Partnerships at one moment of feedback: not asked yet, asked, and answered among those."""

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


def coverage_of(programme_id: int, as_of: datetime) -> tuple[Coverage, ...]:
    """For each moment, over a programme's partnerships opened by then, from receivers."""
    opened = select(Partnership.id).where(
        Partnership.programme_id == programme_id, Partnership.opened_at <= as_of
    )
    count = db.session.scalar(select(func.count()).select_from(opened.subquery())) or 0
    reached = select(Event.to_state, Event.record_id).where(
        Event.noun == Partnership.noun, Event.record_id.in_(opened), Event.happened_at <= as_of
    )
    asked: dict[Moment, set[int]] = {moment: set() for moment in Moment}
    states = {state.value: moment for state, moment in MOMENTS.items()}
    for state, partnership_id in db.session.execute(reached):
        if moment := states.get(state or ""):
            asked[moment].add(partnership_id)
    answered: dict[Moment, set[int]] = {moment: set() for moment in Moment}
    given = select(Feedback.moment, Feedback.partnership_id).where(
        Feedback.partnership_id.in_(opened),
        Feedback.side == Side.RECEIVER,
        Feedback.answered_at <= as_of,
    )
    for moment, partnership_id in db.session.execute(given):
        answered[moment].add(partnership_id)
    return tuple(
        Coverage(one, count, len(asked[one] | answered[one]), len(answered[one])) for one in Moment
    )
