"""Verbs of recordings: written, sent to the other side, confirmed, noted by the coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from broker import clock
from broker.clock import Quarter
from broker.days import MAX_DAYS
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.match import Side
from broker.models.person import Person
from broker.models.recording import RecordedDays, Recording
from broker.recordings.agreed import Agreed, Found, Given
from broker.recordings.opening import open_partnership
from broker.support_days.entry import ACTIVITY_LENGTH, HOW_GIVEN
from broker.taking import lock, may, start, take

TITLE_LENGTH, TEXT_LENGTH = 120, 2000
LONGEST_AGO = timedelta(days=5 * 366)


def begin(agreed: Agreed, side: Side, *, given: Sequence[Given] = (), by: Person) -> Recording:
    """Begin to record what was agreed, for one of the two sides; only that side sees it yet."""
    _check(agreed)
    recording = Recording(entered_side=side, entered_by_id=by.id)
    with db.session.no_autoflush:
        _write(recording, agreed)
        for one in given:
            _check_day(recording, one)
            recording.days.append(_row(one))
    start(recording, "begin", by=by)
    return recording


def write(recording: Recording, agreed: Agreed, *, by: Person) -> None:
    """Change what was agreed; days given stay, where they are not before the start."""
    _check(agreed)
    take(recording, "write", by=by)
    early = [row for row in recording.given if row.given_on and row.given_on < agreed.starts_on]
    if early:
        raise NotRight("Days were given before that. Choose an earlier start.", "starts_on")
    _write(recording, agreed)
    db.session.flush()


def add_day(recording: Recording, given: Given, *, by: Person) -> None:
    """Add days that were given."""
    _check_day(recording, given)
    take(recording, "write", by=by)
    recording.days.append(_row(given))
    db.session.flush()


def remove_day(recording: Recording, day_id: int, *, by: Person) -> None:
    take(recording, "write", by=by)
    recording.days = [row for row in recording.days if row.id != day_id]
    db.session.flush()


def begin_all(found: Sequence[Found], *, by: Person) -> list[Recording]:
    """Begin all that a sheet says, or none; NotRight names the agreement that does not hold."""
    made = []
    for one in found:
        try:
            made.append(begin(one.agreed, one.side, given=one.given, by=by))
        except NotRight as wrong:
            raise NotRight(f"{one.agreed.title}: {wrong.words}", "file") from wrong
    return made


def _check(agreed: Agreed) -> None:
    if agreed.provider.id == agreed.receiver.id:
        raise NotRight("Choose the other authority.", "other")
    for name, words, most in (
        ("title", agreed.title, TITLE_LENGTH),
        ("aims", agreed.aims, TEXT_LENGTH),
    ):
        if len(words.strip()) > most:
            raise NotRight(f"Keep this to {most:,} characters.", name)
    if not agreed.title.strip():
        raise NotRight("Give it a title.", "title")
    if agreed.starts_on < clock.today() - LONGEST_AGO:
        raise NotRight("Choose a start within the last five years.", "starts_on")
    for quarter, days in (agreed.to_come or {}).items():
        if days and quarter < clock.this_quarter():
            raise NotRight(f"{quarter} is over. Add its days as days given, with their dates.")
        if not 0 <= days <= MAX_DAYS * 4:
            raise NotRight(f"Type days from 0 to {MAX_DAYS:,}.")


def _check_day(recording: Recording, given: Given) -> None:
    if not 0 < given.quarter_days <= MAX_DAYS * 4:
        raise NotRight("Record at least a quarter of a day.", "days")
    if given.on > clock.today():
        raise NotRight(
            "This date is in the future. Put these days into a quarter to come.", "given_on"
        )
    if given.on < recording.starts_on:
        raise NotRight("This date is before the start of what was agreed.", "given_on")
    if not given.activity.strip() or len(given.activity.strip()) > ACTIVITY_LENGTH:
        words = f"Say in a few words what was done, in {ACTIVITY_LENGTH} characters at most."
        raise NotRight(words, "activity")
    if given.delivery not in HOW_GIVEN:
        raise NotRight("Say whether this was on site or remote.", "delivery")


def _row(given: Given) -> RecordedDays:
    return RecordedDays(
        quarter=Quarter.of(given.on),
        quarter_days=given.quarter_days,
        given_on=given.on,
        activity=given.activity.strip(),
        delivery=given.delivery,
    )


def _write(recording: Recording, agreed: Agreed) -> None:
    recording.provider, recording.receiver = agreed.provider, agreed.receiver
    recording.provider_id, recording.receiver_id = agreed.provider.id, agreed.receiver.id
    recording.programme, recording.theme = agreed.programme, agreed.theme
    recording.programme_id, recording.theme_id = agreed.programme.id, agreed.theme.id
    recording.title, recording.aims = agreed.title.strip(), agreed.aims.strip()
    recording.starts_on = agreed.starts_on
    to_come = [
        RecordedDays(quarter=quarter, quarter_days=days)
        for quarter, days in sorted((agreed.to_come or {}).items())
        if days
    ]
    recording.days = [*recording.given, *to_come]


# -- moving on --------------------------------------------------------------------------------


def send(recording: Recording, *, by: Person, reason: str = "") -> None:
    """Ask the other side whether it is so."""
    take(recording, "send", by=by)
    recording.sent_at = clock.now()
    db.session.flush()


def send_all(recordings: Sequence[Recording], *, by: Person) -> None:
    """Send several, all of them or none."""
    for recording in recordings:
        send(recording, by=by)


def confirm(recording: Recording, *, by: Person, reason: str = "") -> None:
    """The other side says that it is so; the coordinator is next."""
    take(recording, "confirm", by=by)
    recording.confirmed_at = clock.now()
    db.session.flush()


def note(recording: Recording, *, by: Person, reason: str = "") -> None:
    """The coordinator notes it: days are committed and counted, and the partnership opens."""
    lock(recording)
    may(recording, "note", by=by)
    if any(row.quarter < clock.this_quarter() for row in recording.to_come):
        raise NotPossible(
            "A quarter of the days to come is over by now. Send it back to be dated again."
        )
    event = take(recording, "note", by=by, reason=reason)
    recording.match_id = open_partnership(recording, event).id
    db.session.flush()


DEEDS = {"send": send, "confirm": confirm, "note": note}
