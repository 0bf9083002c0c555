"""What the clock reminds of, and when: one line each, in working days since the thing stands so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Select, select

from broker import clock, outbox, people
from broker.db import db
from broker.models.match import Conversation, Match
from broker.models.match import ConversationState as C
from broker.models.match import MatchState as M
from broker.models.partnership import SupportDay
from broker.models.partnership import SupportDayState as D
from broker.models.person import Person
from broker.taking import lock, take
from broker.turns import in_turns

LAPSES_AFTER = 45


@dataclass(frozen=True)
class Reminder:
    """`after` working days in `state`, `letter` goes to `tells`."""

    noun: type[Any]
    state: Enum
    after: int
    letter: str
    tells: people.Group


REMINDERS = (
    Reminder(Conversation, C.ASKED, 9, "remind", people.providing_side),
    Reminder(Conversation, C.ASKED, 21, "remind_again", people.providing_side),
    Reminder(Conversation, C.ASKED, 21, "tell_coordinator", people.coordinators),
    Reminder(Conversation, C.ASKED, LAPSES_AFTER, "last_day", people.providing_side),
    Reminder(Match, M.AGREED, 10, "tell_deputy", people.deputies),
    Reminder(Match, M.AGREED, 20, "tell_panel", people.panel),
    Reminder(Match, M.AGREED, LAPSES_AFTER, "last_day", people.coordinators),
    Reminder(SupportDay, D.LOGGED, 10, "remind", people.side_to_confirm),
)
LAPSING = ((Conversation, (C.ASKED,)), (Match, (M.AGREED, M.WITH_PANEL)))


def remind(day: date) -> None:
    """Write the reminders that came due by a day in the last week; each is written once."""
    for reminder in REMINDERS:
        standing = _standing(reminder.noun, (reminder.state,), day, reminder.after)
        week_ago = clock.stood_since(day, reminder.after + 5)
        for thing in _load(standing.where(reminder.noun.state_since >= week_ago), reminder.noun):
            if thing.state is not reminder.state:
                continue  # somebody was faster
            outbox.remind(reminder.tells(thing), reminder.letter, about=thing)


def lapse(day: date, *, by: Person) -> None:
    """Let lapse what had all of 45 working days; the days that it held go back."""
    for noun, states in LAPSING:
        for thing in _load(_standing(noun, states, day, LAPSES_AFTER + 1), noun):
            lock(thing)
            if thing.state in states:  # nobody was faster
                take(thing, "lapse", by=by)


def _standing(
    noun: type[Any], states: tuple[Enum, ...], day: date, after: int
) -> Select[tuple[int]]:
    """Ids of what has stood in one of the states for so many working days by a day."""
    too_late = clock.stood_since(day, after)
    return select(noun.id).where(noun.state.in_(states), noun.state_since < too_late)


def _load(ids: Select[tuple[int]], noun: type[Any]) -> Iterator[Any]:
    for thing_id in in_turns(db.session.scalars(ids.order_by(noun.id))):
        yield db.session.get_one(noun, thing_id)
