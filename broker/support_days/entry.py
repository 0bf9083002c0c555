"""What is said of days that were given, however it arrives: typed, several at once, from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from broker.errors import NotRight
from broker.models.offer import Delivery
from broker.models.partnership import SupportDay
from broker.models.programme import Choice

ACTIVITY_LENGTH = 200
ROLES_LENGTH = 120
NOTE_LENGTH = 2000
MOST_PEOPLE = 1000
HOW_GIVEN = (Delivery.ON_SITE, Delivery.REMOTE)


@dataclass(frozen=True)
class Entry:
    """Days given on a date, in quarter-days. Roles are posts such as 'Team manager', no names."""

    given_on: date
    quarter_days: int
    activity: str
    delivery: Delivery
    people_count: int = 1
    support_type: Choice | None = None
    provider_roles: str = ""
    receiver_roles: str = ""
    is_extra: bool = False
    note: str = ""

    def is_told_by(self, day: SupportDay) -> bool:
        """A day in the log says the same: date, length, words, and whether it is extra."""
        told = (day.given_on, day.quarter_days, day.is_extra, day.activity.casefold())
        mine = (self.given_on, self.quarter_days, self.is_extra, self.activity.strip().casefold())
        return told == mine


Check = tuple[str, Callable[[Entry], bool], str]

CHECKS: tuple[Check, ...] = (
    ("days", lambda e: e.quarter_days >= 1, "Log at least a quarter of a day."),
    ("activity", lambda e: bool(e.activity.strip()), "Say in a few words what was done."),
    (
        "activity",
        lambda e: len(e.activity.strip()) <= ACTIVITY_LENGTH,
        f"Keep this under {ACTIVITY_LENGTH} characters.",
    ),
    ("delivery", lambda e: e.delivery in HOW_GIVEN, "Say whether this was on site or remote."),
    (
        "people_count",
        lambda e: 1 <= e.people_count <= MOST_PEOPLE,
        f"Type a number of people from 1 to {MOST_PEOPLE:,}.",
    ),
    (
        "provider_roles",
        lambda e: len(e.provider_roles) <= ROLES_LENGTH,
        f"Keep this under {ROLES_LENGTH} characters.",
    ),
    (
        "receiver_roles",
        lambda e: len(e.receiver_roles) <= ROLES_LENGTH,
        f"Keep this under {ROLES_LENGTH} characters.",
    ),
    ("note", lambda e: len(e.note) <= NOTE_LENGTH, f"Keep this under {NOTE_LENGTH:,} characters."),
)


def check(entry: Entry) -> None:
    """NotRight, at the field it speaks of, unless an entry can be logged at all."""
    for field, holds, words in CHECKS:
        if not holds(entry):
            raise NotRight(words, field=field)
