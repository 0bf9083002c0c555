"""A time for the first talk: one side proposes, the other chooses; either may think again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar
from icalendar import Event as CalendarEvent
from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.match import Conversation, Side
from broker.models.person import Person
from broker.models.talk_time import TalkTime
from broker.taking import lock, may, take

MOST_TIMES = 3
LONGEST_AHEAD = timedelta(days=183)
PLACE_LENGTH = 200


@dataclass(frozen=True)
class Times:
    """What stands between the two sides: a time that was chosen, and times to choose among."""

    chosen: TalkTime | None
    proposed: tuple[TalkTime, ...]

    def to_choose(self, side: Side | None) -> tuple[TalkTime, ...]:
        """Those that the other side proposed and that have not gone by."""
        now = clock.now()
        return tuple(t for t in self.proposed if side is t.side.other and t.starts_at > now)


def times_of(conversation: Conversation) -> Times:
    wanted = (
        select(TalkTime)
        .filter_by(conversation_id=conversation.id, set_aside_at=None)
        .order_by(TalkTime.starts_at)
    )
    standing = db.session.scalars(wanted).all()
    chosen = next((one for one in standing if one.chosen_at), None)
    return Times(chosen, tuple(one for one in standing if not one.chosen_at))


def propose_times(
    conversation: Conversation,
    *,
    starts: Sequence[datetime],
    minutes: int,
    place: str,
    by: Person,
) -> list[TalkTime]:
    """Up to three times (aware datetimes). Earlier proposals go; a chosen time stands until the
    other side chooses another."""
    side = _side_of(conversation, "propose_times", by)
    _check(starts, place)
    lock(conversation)
    for one in times_of(conversation).proposed:
        one.set_aside_at = clock.now()
    proposed = [
        TalkTime(
            conversation_id=conversation.id,
            starts_at=start,
            minutes=minutes,
            place=place.strip(),
            side=side,
            proposed_by_id=by.id,
        )
        for start in sorted(starts)
    ]
    db.session.add_all(proposed)
    take(conversation, "propose_times", by=by)
    return proposed


def choose_time(conversation: Conversation, time_id: int, *, by: Person) -> TalkTime:
    """Take one of the times that the other side proposed; what was chosen before it goes."""
    side = _side_of(conversation, "choose_time", by)
    lock(conversation)
    times = times_of(conversation)
    chosen = next((one for one in times.to_choose(side) if one.id == time_id), None)
    if chosen is None:
        raise NotPossible("That time is no longer open. Choose another, or propose times.")
    for one in (*times.proposed, times.chosen):
        if one is not None and one is not chosen:
            one.set_aside_at = clock.now()
    chosen.chosen_at = clock.now()
    take(conversation, "choose_time", by=by)
    return chosen


def _side_of(conversation: Conversation, verb: str, by: Person) -> Side:
    held = may(conversation, verb, by=by)
    sides = {conversation.receiver_id: Side.RECEIVER, conversation.provider_id: Side.PROVIDER}
    if held.authority_id not in sides:
        raise NotAllowed("The two authorities find the time between them.")
    return sides[held.authority_id]


def _check(starts: Sequence[datetime], place: str) -> None:
    now = clock.now()
    if not 1 <= len(starts) <= MOST_TIMES:
        raise NotRight(f"Propose from one to {MOST_TIMES} times.", "first")
    if len(set(starts)) < len(starts):
        raise NotRight("Two of these times are the same. Change or leave out one.", "first")
    if min(starts) <= now:
        raise NotRight("A time has gone by. Choose one that is still ahead.", "first")
    if max(starts) > now + LONGEST_AHEAD:
        raise NotRight("Choose times in the next six months.", "first")
    if not place.strip() or len(place.strip()) > PLACE_LENGTH:
        raise NotRight(f"Say where or how in 1 to {PLACE_LENGTH} characters.", "place")


def calendar_file(conversation: Conversation, chosen: TalkTime, *, link: str, host: str) -> bytes:
    """The chosen time for a calendar (RFC 5545). It names the two authorities, who know each
    other by now, and says nothing of the need. A new choice replaces the entry by its number."""
    calendar = Calendar()
    calendar.add("prodid", "-//Support Exchange//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = CalendarEvent()
    entry.add("uid", f"conversation-{conversation.id}@{host}")
    entry.add("sequence", chosen.id)
    entry.add("dtstamp", chosen.chosen_at or chosen.proposed_at)
    entry.add("dtstart", chosen.starts_at)
    entry.add("dtend", chosen.ends_at)
    entry.add("summary", f"First talk: {conversation.provider.name}, {conversation.receiver.name}")
    entry.add("location", chosen.place)
    entry.add("description", f"What to talk about, and what came of it: {link}")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
