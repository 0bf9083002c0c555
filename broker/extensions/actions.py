"""Asking for more days, agreeing, deciding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from broker import clock, voting
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.event import Event
from broker.models.extension import (
    EXTENSIONS_OPEN,
    Extension,
    ExtensionConsent,
    ExtensionDays,
    ExtensionState,
)
from broker.models.match import MatchDays, Vote
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.partnerships.sides import side_of
from broker.system import the_system
from broker.taking import lock, may, start, take

BECAUSE_LENGTH = 2000


def propose(
    partnership: Partnership,
    *,
    days: Mapping[Quarter, int],
    exit_on: date,
    because: str,
    by: Person,
) -> Extension:
    """Ask for more days; both directors agree to them before anybody approves."""
    lock(partnership)
    wanted = {quarter: count for quarter, count in sorted(days.items()) if count}
    _check(wanted, exit_on, because)
    extension = Extension(
        partnership=partnership,
        because=because.strip(),
        exit_on=exit_on,
        proposed_by_id=by.id,
        days=[ExtensionDays(quarter=q, quarter_days=count) for q, count in wanted.items()],
    )
    start(extension, "propose", by=by, detail=in_words(extension))
    return extension


def _check(wanted: Mapping[Quarter, int], exit_on: date, because: str) -> None:
    if not wanted:
        raise NotRight("Put days in at least one quarter.")
    if min(wanted) < clock.this_quarter():
        raise NotRight(f"{min(wanted)} is over. Choose a later quarter.")
    if Quarter.of(exit_on) < max(wanted):
        raise NotRight(f"There are days in {max(wanted)}, after the exit.", field="exit_on")
    if not because.strip() or len(because.strip()) > BECAUSE_LENGTH:
        raise NotRight("Say in a few sentences what the days are for.", field="because")


def in_words(extension: Extension) -> str:
    """The days by quarter, for the history."""
    return "; ".join(f"{row.quarter}: {format_days(row.quarter_days)}" for row in extension.days)


def agree(extension: Extension, *, by: Person, reason: str = "") -> Event:
    """One director agrees; when both have, the days are reserved."""
    lock(extension.partnership)
    lock(extension)
    may(extension, "agree", by=by)
    side = side_of(extension, by)
    if extension.state is ExtensionState.PROPOSED:
        if side in extension.sides_agreed:
            raise NotPossible("Your side has agreed. The other side's director is next.")
        extension.consents.append(ExtensionConsent(side=side, agreed_by_id=by.id))
        db.session.flush()
    return take(extension, "agree", by=by, reason=reason, detail=in_words(extension))


def approve(extension: Extension, *, by: Person, reason: str = "") -> Event:
    """The receiving region approves: the further days are committed."""
    _hold(extension)
    event = take(extension, "approve", by=by, reason=reason)
    _join_the_terms(extension)
    return event


def _hold(extension: Extension) -> None:
    """The need, then the partnership, as matches and endings do."""
    lock(extension.match.need)
    lock(extension.partnership)


def _join_the_terms(extension: Extension) -> None:
    """What was approved becomes part of the days agreed, quarter by quarter."""
    match = extension.match
    agreed = {row.quarter: row for row in match.days}
    for row in extension.days:
        if row.quarter in agreed:
            agreed[row.quarter].quarter_days += row.quarter_days
        else:
            match.days.append(MatchDays(quarter=row.quarter, quarter_days=row.quarter_days))
    db.session.flush()
    db.session.expire(match, ["days"])


def send_to_panel(extension: Extension, *, by: Person, reason: str = "") -> Event:
    event = take(extension, "send_to_panel", by=by, reason=reason)
    extension.sent_to_panel_at = clock.now()
    return event


def vote(extension: Extension, *, vote: Vote, reason: str, by: Person) -> Event:
    """A panel member votes or stands aside, once in a sitting; the last needed vote decides."""
    _hold(extension)
    event = voting.cast(extension, vote, reason=reason, by=by)
    if extension.state is ExtensionState.APPROVED:
        _join_the_terms(extension)
    return event


def close_open_ones(partnership: Partnership) -> None:
    """When a partnership stops, what was asked for on top is not needed, and its days go back."""
    wanted = select(Extension).where(
        Extension.partnership_id == partnership.id, Extension.state.in_(EXTENSIONS_OPEN)
    )
    for extension in db.session.scalars(wanted).unique():
        take(extension, "close", by=the_system())
