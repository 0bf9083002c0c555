"""Questions about support days, for the person asking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from sqlalchemy import Select, func, select

from broker import clock, sights
from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.person import Person
from broker.models.programme import Choice
from broker.partnerships.queries import sides_of

CONFIRM_WITHIN = 10
AT_A_TIME = 500  # days read at once for a file


class Standing(Enum):
    """What a list of days may be narrowed to; the first two are parts of 'logged'."""

    LATE = "late"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    QUERIED = "queried"
    VOID = "void"

    @property
    def words(self) -> str:
        return {
            Standing.LATE: f"Waiting for more than {CONFIRM_WITHIN} working days",
            Standing.WAITING: "Not confirmed yet",
        }.get(self, self.value.capitalize())


@dataclass(frozen=True)
class Wanted:
    """Which days: of a partnership, a quarter, a standing; None is all. `words`: all are said."""

    partnership_id: int | None = None
    quarter: Quarter | None = None
    standing: Standing | None = None
    words: str = ""


def days_visible_to(person: Person) -> Select[SupportDay]:
    """The support days that a person may see."""
    return select(SupportDay).where(sights.support_days_seen_by(person))


def days_wanted(person: Person, wanted: Wanted) -> Select[SupportDay]:
    """The days that a person may see and asks for, newest first."""
    days = days_visible_to(person)
    if wanted.partnership_id is not None:
        days = days.where(SupportDay.partnership_id == wanted.partnership_id)
    if wanted.quarter is not None:
        first, last = wanted.quarter.first_day, wanted.quarter.last_day
        days = days.where(SupportDay.given_on.between(first, last))
    days = _standing_so(days, wanted.standing)
    for word in wanted.words.split():
        days = days.where(_speaks_of(word))
    return days.order_by(SupportDay.given_on.desc(), SupportDay.id.desc())


def _standing_so(days: Select[SupportDay], standing: Standing | None) -> Select[SupportDay]:
    if standing is None:
        return days
    if standing is Standing.WAITING:
        return days.where(SupportDay.state == SupportDayState.LOGGED)
    if standing is Standing.LATE:
        late = SupportDay.state_since < late_before()
        return days.where(SupportDay.state == SupportDayState.LOGGED, late)
    return days.where(SupportDay.state == SupportDayState(standing.value))


def late_before() -> datetime:
    """Days that stand as logged since before this moment have waited more than ten working days."""
    last = clock.add_working_days(clock.today(), -CONFIRM_WITHIN)
    return datetime.combine(last, time(), clock.LONDON)


def _speaks_of(word: str) -> sights.Sight:
    """A word stands in what was done, the partnership's title or a party's name."""
    places = select(Authority.id).where(Authority.name.icontains(word, autoescape=True))
    within = select(Partnership.id).where(
        Partnership.title.icontains(word, autoescape=True)
        | Partnership.provider_id.in_(places)
        | Partnership.receiver_id.in_(places)
    )
    said = SupportDay.activity.icontains(word, autoescape=True)
    return said | SupportDay.partnership_id.in_(within)


def count(days: Select[SupportDay]) -> tuple[int, int]:
    """How many records, and their quarter-days."""
    asked = days.order_by(None).with_only_columns(
        func.count(SupportDay.id), func.coalesce(func.sum(SupportDay.quarter_days), 0)
    )
    records, quarter_days = db.session.execute(asked).one()
    return records, int(quarter_days)


def quarters_with_days(person: Person) -> list[Quarter]:
    """From the first quarter in which a person sees days to the last, the latest first."""
    ends = select(func.min(SupportDay.given_on), func.max(SupportDay.given_on)).where(
        sights.support_days_seen_by(person)
    )
    first, last = db.session.execute(ends).one()
    if first is None or last is None:
        return []
    begins, count_of = Quarter.of(first), Quarter.of(last).ordinal - Quarter.of(first).ordinal + 1
    return [begins + n for n in reversed(range(count_of))]


def overdue_in(partnership: Partnership) -> int:
    """How many days of a partnership have waited too long to be confirmed."""
    late = select(func.count(SupportDay.id)).where(
        SupportDay.partnership_id == partnership.id,
        SupportDay.state == SupportDayState.LOGGED,
        SupportDay.state_since < late_before(),
    )
    return db.session.scalar(late) or 0


def some(days: Select[SupportDay], at: int, most: int) -> list[SupportDay]:
    """Up to `most` days from the one at place `at` on, which starts at 0."""
    return list(db.session.scalars(days.limit(most).offset(at)).unique())


def each(days: Select[SupportDay]) -> Iterator[SupportDay]:
    """Every day, some hundreds in memory at a time, the newest first."""
    before: tuple[date, int] | None = None
    while True:
        more = days if before is None else days.where(_comes_after(*before))
        found = list(db.session.scalars(more.limit(AT_A_TIME)).unique())
        yield from found
        if len(found) < AT_A_TIME:
            return
        before = found[-1].given_on, found[-1].id


def _comes_after(given_on: date, day_id: int) -> sights.Sight:
    same = (SupportDay.given_on == given_on) & (SupportDay.id < day_id)
    return (SupportDay.given_on < given_on) | same


def log_of(partnership: Partnership) -> list[SupportDay]:
    """All the support days of a partnership, newest first."""
    days = select(SupportDay).filter_by(partnership_id=partnership.id)
    newest = days.order_by(SupportDay.given_on.desc(), SupportDay.id.desc())
    return list(db.session.scalars(newest).unique())


def standing_on(partnership: Partnership, dates: Iterable[date]) -> dict[date, list[SupportDay]]:
    """The days of a partnership that are not void, by the dates asked for, oldest entry first."""
    days = (
        select(SupportDay)
        .where(
            SupportDay.partnership_id == partnership.id,
            SupportDay.given_on.in_(set(dates)),
            SupportDay.state != SupportDayState.VOID,
        )
        .order_by(SupportDay.id)
        .execution_options(populate_existing=True)
    )
    found: dict[date, list[SupportDay]] = {}
    for day in db.session.scalars(days).unique():
        found.setdefault(day.given_on, []).append(day)
    return found


def waiting_for(person: Person, partnership: Partnership) -> list[SupportDay]:
    """The days that a person may confirm now, the oldest first."""
    sides = sides_of(person, partnership)
    days = (
        select(SupportDay)
        .where(
            SupportDay.partnership_id == partnership.id,
            SupportDay.state == SupportDayState.LOGGED,
            SupportDay.logged_by_side.in_([side.other for side in sides]),
            SupportDay.logged_by_id != person.id,
        )
        .order_by(SupportDay.given_on, SupportDay.id)
    )
    return list(db.session.scalars(days).unique())


def is_overdue(day: SupportDay) -> bool:
    """Logged more than ten working days ago (or answered then), and still not confirmed."""
    return day.state is SupportDayState.LOGGED and day.state_since < late_before()


def words_about(days: Sequence[SupportDay]) -> dict[int, list[Event]]:
    """What was queried, answered and voided, and why: support day's id → events, oldest first."""
    events = select(Event).where(
        Event.noun == SupportDay.noun,
        Event.record_id.in_([day.id for day in days]),
        Event.reason.is_not(None) | (Event.verb == "log_too"),
    )
    found: dict[int, list[Event]] = {}
    for event in db.session.scalars(events.order_by(Event.number)).unique():
        found.setdefault(event.record_id, []).append(event)
    return found


def last_logged(partnership: Partnership, person: Person) -> SupportDay | None:
    """What a person logged last in a partnership, else anybody; to begin the next from."""
    days = select(SupportDay).where(
        SupportDay.partnership_id == partnership.id, SupportDay.state != SupportDayState.VOID
    )
    mine = (SupportDay.logged_by_id == person.id).desc()
    return db.session.scalars(days.order_by(mine, SupportDay.id.desc()).limit(1)).first()


def support_types() -> list[Choice]:
    """The kinds of help to choose from."""
    kinds = select(Choice).filter_by(kind="support_type", is_retired=False)
    return list(db.session.scalars(kinds.order_by(Choice.position)))


def can_log(person: Person, partnership: Partnership) -> bool:
    """Whether a person may log days of the partnership now: for one side, never for both."""
    return len(sides_of(person, partnership)) == 1 and partnership.is_live
