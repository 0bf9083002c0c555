"""Who is asked how a partnership goes, at which moments, since when, and whether they have said.

One place for the list of what is due, for reminders and for the figures of coverage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from broker import clock, outbox, people
from broker.clock import LONDON
from broker.db import db
from broker.models.event import Event
from broker.models.match import Side
from broker.models.partnership import (
    MOMENTS,
    MONTHS_AFTER,
    MONTHS_ASKED,
    Moment,
    Partnership,
    PartnershipState,
)
from broker.models.person import Person
from broker.turns import in_turns

WITHIN = 20  # working days
REMIND_AFTER = {0: "ask_feedback", 10: "remind_feedback", 20: "remind_feedback_again"}
LATE = "tell_feedback_late"
LOADS = tuple(
    selectinload(said) for said in (Partnership.feedback, Partnership.learned, Partnership.pulses)
)


class Voice(Enum):
    """Who is asked."""

    RECEIVER = "receiver"
    PROVIDER = "provider"
    STAFF = "staff"

    @property
    def words(self) -> str:
        return {
            Voice.RECEIVER: "The receiver: how it went",
            Voice.PROVIDER: "The provider: what it learned",
            Voice.STAFF: "Staff: the pulse is opened",
        }[self]


ASKED = {
    Voice.RECEIVER: people.receiving_side,
    Voice.PROVIDER: people.providing_side,
    Voice.STAFF: people.both_sides,
}


@dataclass(frozen=True)
class Due:
    """One voice, asked at one moment of one partnership. For staff, `answered_at` says when the
    pulse was opened: whether anybody answered it is told to nobody."""

    partnership: Partnership
    voice: Voice
    moment: Moment
    asked_on: date
    answered_at: datetime | None

    @property
    def due_on(self) -> date:
        return clock.add_working_days(self.asked_on, WITHIN)

    @property
    def is_open(self) -> bool:
        """It can still be said: the next moment has not come."""
        return self.answered_at is None and self.partnership.moment is self.moment

    @property
    def is_late(self) -> bool:
        return self.is_open and clock.today() > self.due_on

    @property
    def words(self) -> str:
        if self.answered_at is not None:
            return "Said"
        if not self.is_open:
            return "Not said in time"
        return "Late" if self.is_late else "Asked"


def dues_of(partnerships: Collection[Partnership]) -> list[Due]:
    """Every voice at every moment that these partnerships have come to, in one question more than
    it took to load them with LOADS."""
    began = _mid_points([partnership.id for partnership in partnerships])
    return [
        Due(partnership, voice, moment, asked_on, _answered_at(partnership, voice, moment))
        for partnership in partnerships
        for moment, asked_on in _moments(partnership, began.get(partnership.id))
        for voice in Voice
    ]


def _mid_points(partnership_ids: Sequence[int]) -> dict[int, date]:
    """When each partnership came to its mid-point."""
    states = [state.value for state, moment in MOMENTS.items() if moment is Moment.MID_POINT]
    came = (
        select(Event.record_id, func.min(Event.happened_at))
        .where(
            Event.noun == Partnership.noun,
            Event.record_id.in_(partnership_ids),
            Event.to_state.in_(states),
        )
        .group_by(Event.record_id)
    )
    return {id_: moment.astimezone(LONDON).date() for id_, moment in db.session.execute(came)}


def _moments(partnership: Partnership, mid_point: date | None) -> Iterator[tuple[Moment, date]]:
    if mid_point is not None:
        yield Moment.MID_POINT, mid_point
    if partnership.ended_at is None:
        return
    for moment, months in MONTHS_AFTER.items():
        if (asked_on := partnership.after_end(months)) <= clock.today():
            yield moment, asked_on


def _answered_at(partnership: Partnership, voice: Voice, moment: Moment) -> datetime | None:
    if voice is Voice.RECEIVER:
        said = (f for f in partnership.feedback if f.side is Side.RECEIVER)
        return next((one.answered_at for one in said if one.moment is moment), None)
    if voice is Voice.PROVIDER:
        return next((one.answered_at for one in partnership.learned if one.moment is moment), None)
    return next((one.opened_at for one in partnership.pulses if one.moment is moment), None)


def remind(day: date) -> None:
    """Write the letters about feedback that came due by a day in the last week; each once."""
    for due in in_turns(dues_of(_asked_lately(day))):
        if not due.is_open:
            continue
        for after, letter in REMIND_AFTER.items():
            if _came_due(due.asked_on, after, day):
                _write(due, letter, ASKED[due.voice](due.partnership))
        if _came_due(due.asked_on, WITHIN, day):
            _write(due, LATE, people.coordinators(due.partnership))


def _write(due: Due, letter: str, to: list[Person]) -> None:
    outbox.remind(to, letter, about=due.partnership, since=due.asked_on)


def _came_due(asked_on: date, after: int, day: date) -> bool:
    return 0 <= clock.working_days_between(asked_on, day) - after < 5


def _asked_lately(day: date) -> list[Partnership]:
    """Live ones, and those that ended so lately that somebody may still be asked."""
    oldest = clock.stood_since(clock.add_months(day, -MONTHS_ASKED), 0)
    asked = select(Partnership).where(
        Partnership.state.in_([*MOMENTS, PartnershipState.SETTING_UP, PartnershipState.EARLY]),
        (Partnership.ended_at.is_(None)) | (Partnership.ended_at >= oldest),
    )
    return list(db.session.scalars(asked.options(*LOADS).order_by(Partnership.id)).unique())
