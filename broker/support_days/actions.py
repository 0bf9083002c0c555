"""What people do with support days: log, log several at once, confirm many, void."""

from __future__ import annotations

from collections.abc import Sequence

from broker import ledger
from broker.clock import Quarter
from broker.conditions import day_is_not_ahead, is_frozen
from broker.db import db
from broker.errors import NotAllowed, NotRight
from broker.extras.rooms import check_room
from broker.models.match import Side
from broker.models.partnership import Partnership, SupportDay
from broker.models.person import Person
from broker.partnerships.queries import sides_of
from broker.support_days.doubts import overlap, same_day
from broker.support_days.entry import Entry, check
from broker.support_days.queries import standing_on
from broker.taking import lock, may, start, take


class EntryWrong(NotRight):
    """The entry at place `number`, from 1 on, does not hold."""

    def __init__(self, wrong: NotRight, number: int) -> None:
        super().__init__(wrong.words, wrong.field)
        self.number = number


def log(
    partnership: Partnership, entry: Entry, *, is_another: bool = False, by: Person
) -> SupportDay:
    """Log days given on a date. They count as delivered until they are voided.

    What the other side has logged for the same date and length is the same day: it is confirmed,
    and counts once. Anything else on that date is another visit only if somebody says so.
    """
    [day] = log_several(partnership, [entry], is_another=is_another, by=by)
    return day


def log_several(
    partnership: Partnership, entries: Sequence[Entry], *, is_another: bool = False, by: Person
) -> list[SupportDay]:
    """Log all of these or none, each as `log` would; EntryWrong names the first that cannot be."""
    hold(partnership)
    side = side_of(partnership, by=by)
    standing = standing_on(partnership, (entry.given_on for entry in entries))
    logged = []
    for number, entry in enumerate(entries, 1):
        before = standing.get(entry.given_on, [])
        try:
            day = _log_one(partnership, entry, before, side, is_another=is_another, by=by)
        except NotRight as wrong:
            raise EntryWrong(wrong, number) from None
        logged.append(day)
    return logged


def _log_one(
    partnership: Partnership,
    entry: Entry,
    before: list[SupportDay],
    side: Side,
    *,
    is_another: bool,
    by: Person,
) -> SupportDay:
    """Log an entry beside those that stood `before` on its date; one agreed with leaves them."""
    check(entry)
    if same := same_day(entry, before, side):
        before.remove(same)
        return agree_with(same, entry, by=by)
    if not is_another and (said := overlap(entry, before)):
        raise NotRight(f"{said} If this is another visit, say so.", field="is_another")
    return bring(partnership, entry, by=by)


def agree_with(day: SupportDay, entry: Entry, *, by: Person) -> SupportDay:
    """Take an entry as the other side's word for a day that one side has logged."""
    take(day, "log_too", by=by, detail=entry.activity.strip())
    return day


def bring(
    partnership: Partnership,
    entry: Entry,
    *,
    by: Person,
    verb: str = "log",
    import_id: int | None = None,
) -> SupportDay:
    """Write down one entry. The partnership is held, and the person has a side, by now."""
    day = SupportDay(
        partnership=partnership,
        given_on=entry.given_on,
        quarter_days=entry.quarter_days,
        activity=entry.activity.strip(),
        delivery=entry.delivery,
        people_count=entry.people_count,
        support_type=entry.support_type,
        provider_roles=entry.provider_roles.strip(),
        receiver_roles=entry.receiver_roles.strip(),
        is_extra=entry.is_extra,
        note=entry.note.strip(),
        import_id=import_id,
        logged_by_id=by.id,
        logged_by_side=side_of(partnership, by=by),
    )
    if said := day_is_not_ahead(day):
        raise NotRight(said, field="given_on")
    check_room(day)
    start(day, verb, by=by, detail=_late(day))
    return day


def _late(day: SupportDay) -> str:
    """What becomes of a change to a quarter that is frozen, for the history."""
    quarter = Quarter.of(day.given_on)
    if not is_frozen(day.partnership.programme_id, quarter):
        return ""
    return f"{quarter} is frozen: the next return carries this as an adjustment"


def hold(partnership: Partnership) -> None:
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


def confirm_all(days: Sequence[SupportDay], *, by: Person) -> int:
    """Confirm each of these, or none of them; how many there were."""
    if not days:
        raise NotRight("Tick the days that you confirm.", field="days")
    for day in sorted(days, key=lambda one: one.id):
        take(day, "confirm", by=by)
    db.session.flush()
    return len(days)


def void(day: SupportDay, *, reason: str, by: Person) -> None:
    """Take a logged day out of the count, for a reason."""
    hold(day.partnership)
    take(day, "void", by=by, reason=reason, detail=_late(day))
