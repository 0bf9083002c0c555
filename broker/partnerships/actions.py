"""What people do with partnerships and their support days."""

from __future__ import annotations

from datetime import date

from broker import clock, ledger
from broker.agreements import actions as agreements
from broker.agreements import leads
from broker.clock import Quarter
from broker.conditions import day_is_not_ahead, is_frozen
from broker.days import format_days
from broker.db import db
from broker.endings.actions import invite_to_give
from broker.errors import NotAllowed, NotRight
from broker.extensions.actions import close_open_ones
from broker.models.event import Event
from broker.models.match import Match, Side
from broker.models.need import NeedState
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay
from broker.models.person import Person
from broker.partnerships.queries import sides_of
from broker.plans import actions as plans
from broker.system import the_system
from broker.taking import lock, may, start, take

ACTIVITY_LENGTH = 200
MOST_PEOPLE = 1000
HOW_GIVEN = (Delivery.ON_SITE, Delivery.REMOTE)


def open_for(match: Match, *, by: Person) -> Partnership:
    """Open the partnership of an approved match; its aims are those of the terms or the need."""
    partnership = Partnership(
        match=match,
        receiver_id=match.receiver_id,
        provider_id=match.provider_id,
        programme_id=match.programme_id,
        title=match.need.title,
        aims=match.aims.strip() or match.need.change_wanted,
        is_illustrative=match.need.is_illustrative,
    )
    start(partnership, "open", by=by)
    agreements.begin(partnership, by=by)
    leads.begin(partnership)
    plans.draft_first(partnership, by=by)
    return partnership


def log(
    partnership: Partnership,
    *,
    given_on: date,
    quarter_days: int,
    activity: str,
    delivery: Delivery,
    people_count: int = 1,
    by: Person,
) -> SupportDay:
    """Log days given on a date. They count as delivered until they are voided."""
    _check_day(quarter_days, activity, delivery, people_count)
    _hold(partnership)
    day = SupportDay(
        partnership=partnership,
        given_on=given_on,
        quarter_days=quarter_days,
        activity=activity.strip(),
        delivery=delivery,
        people_count=people_count,
        logged_by_id=by.id,
        logged_by_side=side_of(partnership, by=by),
    )
    if said := day_is_not_ahead(day):
        raise NotRight(said, field="given_on")
    start(day, "log", by=by, detail=_late(day))
    return day


def _late(day: SupportDay) -> str:
    """What becomes of a change to a quarter that is frozen, for the history."""
    quarter = Quarter.of(day.given_on)
    if not is_frozen(day.partnership.programme_id, quarter):
        return ""
    return f"{quarter} is frozen: the next return carries this as an adjustment"


def _check_day(quarter_days: int, activity: str, delivery: Delivery, people_count: int) -> None:
    if quarter_days < 1:
        raise NotRight("Log at least a quarter of a day.", field="days")
    if not activity.strip():
        raise NotRight("Say in a few words what was done.", field="activity")
    if len(activity.strip()) > ACTIVITY_LENGTH:
        raise NotRight(f"Keep this under {ACTIVITY_LENGTH} characters.", field="activity")
    if delivery not in HOW_GIVEN:
        raise NotRight("Say whether this was on site or remote.", field="delivery")
    if not 1 <= people_count <= MOST_PEOPLE:
        raise NotRight(f"Type a number of people from 1 to {MOST_PEOPLE:,}.", field="people_count")


def _hold(partnership: Partnership) -> None:
    """Hold the partnership, then its provider's days: nobody ends it or freezes them meanwhile."""
    lock(partnership)
    ledger.lock([ledger.capacity_of(partnership.provider_id, partnership.programme).id])


def side_of(partnership: Partnership, *, by: Person) -> Side:
    """The side that a person logs days for; NotAllowed for nobody's side, or for both at once."""
    sides = sides_of(by, partnership)
    if len(sides) > 1:
        raise NotAllowed("You hold roles at both authorities. Somebody else logs these days.")
    if not sides:
        may(SupportDay(partnership=partnership), "log", by=by)
    return sides.pop()


def void(day: SupportDay, *, reason: str, by: Person) -> None:
    """Take a logged day out of the count, for a reason."""
    _hold(day.partnership)
    take(day, "void", by=by, reason=reason, detail=_late(day))


def move_days(
    partnership: Partnership,
    *,
    source: Quarter,
    target: Quarter,
    quarter_days: int,
    reason: str = "",
    by: Person,
) -> Event:
    """Move committed days that were not given to another quarter; the total stays the same."""
    _hold(partnership)
    if said := _why_not_move(partnership, source, target):
        raise NotRight(said, field="target")
    if quarter_days < 1:
        raise NotRight("Move at least a quarter of a day.", field="days")
    said = f"{format_days(quarter_days)} from {source} to {target}"
    event = take(partnership, "move_days", by=by, reason=reason, detail=said)
    ledger.move(partnership.match, source, target, quarter_days, event)
    return event


def _why_not_move(partnership: Partnership, source: Quarter, target: Quarter) -> str | None:
    now = clock.this_quarter()
    if source == target:
        return "Choose another quarter than the one they come from."
    if target < now:
        return f"{target} is over. Choose this quarter or a later one."
    if source < now and partnership.programme.policy.has_returns:
        return (
            f"{source} is over. The provider carries or releases what is left of it when its "
            f"director certifies the return."
        )
    return None


def carry(
    partnership: Partnership, *, source: Quarter, target: Quarter, quarter_days: int, by: Person
) -> Event:
    """Carry committed days of a quarter that is over, and that were not given, to a later one."""
    _hold(partnership)
    said = f"{format_days(quarter_days)} from {source} to {target}"
    event = take(partnership, "carry", by=by, detail=said)
    ledger.move(partnership.match, source, target, quarter_days, event)
    return event


def release_days(partnership: Partnership, *, source: Quarter, by: Person) -> Event:
    """Give back the committed days of a quarter that is over, and that were not given."""
    _hold(partnership)
    unused = ledger.undelivered(ledger.balances_of_match(partnership.match_id), source)
    said = f"{format_days(unused)} of {source}"
    event = take(partnership, "release_days", by=by, detail=said)
    ledger.release_from(partnership.match, source, event)
    return event


def end(partnership: Partnership, *, reason: str, by: Person) -> None:
    """End a tapering partnership as planned: unused days go back, and the receiver is invited to
    help others in its turn."""
    lock(partnership)
    event = _end(partnership, "end", reason=reason, by=by)
    invite_to_give(partnership, event)


def end_early(partnership: Partnership, *, reason: str = "", by: Person) -> None:
    """End a live partnership at once; unused days go back, and its need looks for help again."""
    need = partnership.match.need
    lock(need)
    _end(partnership, "end_early", reason=reason, by=by)
    if need.state in (NeedState.MATCHED, NeedState.PART_MATCHED):
        take(need, "reopen", by=the_system())


def _end(partnership: Partnership, verb: str, *, reason: str, by: Person) -> Event:
    event = take(partnership, verb, by=by, reason=reason)
    close_open_ones(partnership)
    partnership.ended_at = clock.now()
    db.session.flush()
    return event
