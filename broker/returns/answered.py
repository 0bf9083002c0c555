"""Who was asked how it went and who answered, by a moment: one definition for returns and packs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from broker.db import db
from broker.models.event import Event
from broker.models.match import Side
from broker.models.partnership import MOMENTS, Feedback, Moment, Partnership

Pair = tuple[int, Moment]  # a partnership's id, and a moment at which receivers are asked


@dataclass(frozen=True)
class Answered:
    """Partnerships' receivers at the moments of feedback. An answer counts as asked for."""

    asked: frozenset[Pair]
    answered: frozenset[Pair]

    def of(self, partnership_ids: Collection[int]) -> Answered:
        kept = set(partnership_ids)
        return Answered(
            frozenset(pair for pair in self.asked if pair[0] in kept),
            frozenset(pair for pair in self.answered if pair[0] in kept),
        )

    def at(self, moment: Moment) -> tuple[int, int]:
        """How many were asked, and how many of them answered."""
        return sum(m is moment for _, m in self.asked), sum(m is moment for _, m in self.answered)


def answered_by(partnership_ids: Collection[int] | Select[int], as_of: datetime) -> Answered:
    """Of partnerships given by their ids, or by the question for these; in two questions."""
    moments = {state.value: moment for state, moment in MOMENTS.items()}
    reached = select(Event.to_state, Event.record_id).where(
        Event.noun == Partnership.noun,
        Event.record_id.in_(partnership_ids),
        Event.to_state.in_(moments),
        Event.happened_at <= as_of,
    )
    asked = {
        (partnership_id, moments[state])
        for state, partnership_id in db.session.execute(reached)
        if state
    }
    given = select(Feedback.partnership_id, Feedback.moment).where(
        Feedback.partnership_id.in_(partnership_ids),
        Feedback.side == Side.RECEIVER,
        Feedback.answered_at <= as_of,
    )
    answered = {(partnership_id, moment) for partnership_id, moment in db.session.execute(given)}
    return Answered(frozenset(asked | answered), frozenset(answered))
