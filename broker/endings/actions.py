"""Handing over, ending, reporting and looking back."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select

from broker import clock, outbox, people
from broker.closing_conditions import ending_of
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.ending import (
    ClosingReport,
    EarlyReason,
    Ending,
    FollowUp,
    Handover,
    SaidEarly,
)
from broker.models.event import Event
from broker.models.partnership import Holds, Partnership, PartnershipState
from broker.models.person import Person
from broker.models.plan import Objective
from broker.partnerships.sides import side_of
from broker.taking import lock, take
from broker.turns import in_turns

WORDS_LENGTH = 2000
WHO_LENGTH = 120


def _said(name: str, words: str, *, optional: bool = False) -> str:
    """What was written, trimmed; NotRight at its field when it is missing or too long."""
    words = words.strip()
    if not words and not optional:
        raise NotRight("Say it in a sentence or two.", field=name)
    if len(words) > WORDS_LENGTH:
        raise NotRight(f"Keep this under {WORDS_LENGTH:,} characters.", field=name)
    return words


def hand_over(
    partnership: Partnership, objective: Objective, *, to_whom: str, note: str, by: Person
) -> Event:
    """Record who carries a strand of the plan on from today."""
    lock(partnership)
    to_whom, note = to_whom.strip(), _said("note", note, optional=True)
    if not to_whom or len(to_whom) > WHO_LENGTH:
        raise NotRight(f"Say who, by role, in at most {WHO_LENGTH} characters.", field="to_whom")
    event = take(partnership, "hand_over", by=by, detail=f"{objective.aim[:200]} → {to_whom}")
    here = {"partnership_id": partnership.id, "objective_key": objective.key}
    given = db.session.scalars(select(Handover).filter_by(**here)).one_or_none()
    if given is None:
        given = Handover(**here)
        db.session.add(given)
    given.to_whom, given.note = to_whom, note
    given.handed_on, given.recorded_by_id = clock.today(), by.id
    db.session.flush()
    return event


@dataclass(frozen=True)
class Tests:
    """The three tests and the budget: whether each is met, and how one can tell."""

    performance_met: bool
    performance: str
    capacity_met: bool
    capacity: str
    succession_met: bool
    succession: str
    budget_protected: bool
    budget: str


def record_tests(partnership: Partnership, tests: Tests, *, by: Person) -> Event:
    """Record the tests, or record them anew; the history keeps who did."""
    lock(partnership)
    for name in ("performance", "capacity", "succession", "budget"):
        _said(name, getattr(tests, name))
    event = take(partnership, "record_tests", by=by)
    ending = ending_of(partnership)
    if ending is None:
        ending = Ending(partnership_id=partnership.id)
        db.session.add(ending)
    for name, value in asdict(tests).items():
        setattr(ending, name, value.strip() if isinstance(value, str) else value)
    ending.recorded_at, ending.recorded_by_id = clock.now(), by.id
    db.session.flush()
    return event


def invite_to_give(partnership: Partnership, event: Event) -> None:
    """Invite a receiver to offer to others what it got good at."""
    outbox.tell(
        people.receiving_side(partnership),
        "You could now help others with what you got good at",
        about=partnership,
        event=event,
        kind="invitation",
    )


def say_why(partnership: Partnership, code: EarlyReason, *, words: str, by: Person) -> Event:
    """One side's reasons for an early end, once; the other side does not read them."""
    lock(partnership)
    words = _said("words", words, optional=True)
    event = take(partnership, "say_why", by=by)
    side = side_of(partnership, by)
    here = select(SaidEarly).filter_by(partnership_id=partnership.id, side=side)
    if db.session.scalars(here).one_or_none():
        raise NotPossible("Your side has said why.")
    said = SaidEarly(partnership_id=partnership.id, side=side, code=code, words=words,
                     said_by_id=by.id)  # fmt: skip
    db.session.add(said)
    db.session.flush()
    return event


@dataclass(frozen=True)
class Report:
    """Answers to the questions of every closing report."""

    changed: str
    worked: str
    did_not_work: str
    taper_words: str
    carries_on: str
    advice: str = ""


def write_report(partnership: Partnership, report: Report, *, by: Person) -> Event:
    """Write the closing report, or anew before it goes out; the receiver reads it first."""
    lock(partnership)
    answers = {name: _said(name, words, optional=name == "advice")
               for name, words in asdict(report).items()}  # fmt: skip
    event = take(partnership, "write_report", by=by)
    written = partnership.closing_report
    if written is None:
        written = ClosingReport(partnership=partnership)
        db.session.add(written)
    for name, words in answers.items():
        setattr(written, name, words)
    written.written_at, written.written_by_id = clock.now(), by.id
    db.session.flush()
    return event


def read_report(partnership: Partnership, *, comment: str, by: Person) -> Event:
    """The receiver says that it has read the report; what it says of it goes with it."""
    lock(partnership)
    comment = _said("comment", comment, optional=True)
    event = take(partnership, "read_report", by=by)
    report = partnership.closing_report
    if report is None:
        raise NotPossible("There is no closing report to read.")
    report.seen_at, report.seen_by_id, report.comment = clock.now(), by.id, comment
    db.session.flush()
    return event


def look_back(partnership: Partnership, holds: Holds, *, words: str, by: Person) -> Event:
    """Say whether what changed still holds, at six or twelve months after the end."""
    lock(partnership)
    words = _said("words", words)
    due = partnership.follow_up_due
    event = take(partnership, "look_back", by=by, detail=f"after {due} months" if due else "")
    if due is None:
        raise NotPossible("No look back is due now.")
    partnership.follow_ups.append(
        FollowUp(months=due, holds=holds, words=words, looked_by_id=by.id)
    )
    db.session.flush()
    return event


def tell_of_looks_back() -> None:
    """Ask receivers to look back once it is due; each is asked once for as long as it stands so."""
    wanted = select(Partnership).where(
        Partnership.state.in_([PartnershipState.ENDED, PartnershipState.FOLLOWED_UP])
    )
    for partnership in in_turns(db.session.scalars(wanted.order_by(Partnership.id)).unique()):
        if partnership.follow_up_due:
            outbox.remind(people.receiving_side(partnership), "look_back_due", about=partnership)
