"""What administrators do with the facts about intervention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.models.authority import Authority
from broker.models.intervention import Intervention, InterventionKind
from broker.models.person import Person
from broker.taking import start, take

SOURCE_LENGTH = 400


@dataclass(frozen=True)
class Period:
    """What was published: the kind, from and until when, and where it stands."""

    kind: InterventionKind
    started_on: date
    source: str
    ended_on: date | None = None


def enter(authority: Authority, period: Period, *, by: Person) -> Intervention:
    """Enter a period of intervention, with its end when it has one."""
    _check(period)
    entered = Intervention(
        authority=authority,
        kind=period.kind,
        started_on=period.started_on,
        source=period.source.strip(),
    )
    start(entered, "enter", by=by)
    if period.ended_on is not None:
        end(entered, on=period.ended_on, by=by)
    return entered


def correct(intervention: Intervention, period: Period, *, by: Person) -> None:
    """Put right what was entered; its history keeps what stood there before."""
    _check(period)
    is_ended = intervention.ended_on is not None
    if is_ended and period.ended_on is None:
        raise NotRight("This has ended. Type the day on which it did.", field="ended_on")
    take(intervention, "correct", by=by, detail=_words(intervention))
    intervention.kind, intervention.started_on = period.kind, period.started_on
    intervention.source = period.source.strip()
    if is_ended:
        intervention.ended_on = period.ended_on
        db.session.flush()
    elif period.ended_on is not None:
        end(intervention, on=period.ended_on, by=by)


def end(intervention: Intervention, *, on: date, by: Person) -> None:
    """Enter the day on which it ended; the 12 months after it begin."""
    if on < intervention.started_on:
        raise NotRight("It cannot end before it began.", field="ended_on")
    if on > clock.today():
        raise NotRight("This day is in the future. Enter the end once it has come.", "ended_on")
    take(intervention, "end", by=by)
    intervention.ended_on = on
    db.session.flush()


def _check(period: Period) -> None:
    if period.started_on > clock.today():
        raise NotRight("This day is in the future.", field="started_on")
    if period.ended_on is not None and period.ended_on < period.started_on:
        raise NotRight("It cannot end before it began.", field="ended_on")
    if period.ended_on is not None and period.ended_on > clock.today():
        raise NotRight("This day is in the future. Leave it empty until it has come.", "ended_on")
    if not period.source.strip():
        raise NotRight("Say where this is published.", field="source")
    if len(period.source.strip()) > SOURCE_LENGTH:
        raise NotRight(f"Keep this under {SOURCE_LENGTH} characters.", field="source")


def _words(intervention: Intervention) -> str:
    """What stood there, for the history."""
    until = intervention.ended_on or "now"
    return f"{intervention.kind.words}, {intervention.started_on} to {until}: {intervention.source}"
