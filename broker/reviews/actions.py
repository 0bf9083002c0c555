"""Preparing a review, answering for one side, recording what was decided, and doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from broker import clock
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.review import (
    RATINGS,
    Asked,
    Review,
    ReviewAnswer,
    ReviewDecision,
    ReviewMeasure,
)
from broker.reviews import pack
from broker.showings import actions as showings
from broker.support_days.actions import side_of
from broker.taking import may, start, take

TEXT_LENGTH = 2000
WORDS_LENGTH = 300
NAME_LENGTH = 200
WHO_LENGTH = 120
MONTHS_AHEAD = 12
GOES_TO = "the coordinator of the receiving authority's region"


@dataclass(frozen=True)
class Answer:
    """How a side sees one thing, from 1 to 5, and what shows it."""

    rating: int
    shows: str = ""


@dataclass(frozen=True)
class Measure:
    """Where an outcome measure stands, on which date, from where."""

    name: str
    value: str
    as_of: date
    source: str


@dataclass(frozen=True)
class Decision:
    """What was decided, who does it (a role) and by when."""

    words: str
    who: str
    due_on: date


@dataclass(frozen=True)
class Record:
    """What came of a review."""

    held_on: date
    summary: str
    next_on: date | None = None
    measures: Sequence[Measure] = ()
    decisions: Sequence[Decision] = ()


def begin(partnership: Partnership, *, by: Person) -> Review:
    """Begin to prepare a review, with what the records say today."""
    take(partnership, "begin_review", by=by)
    review = Review(partnership=partnership, phase=partnership.state, pack=pack.build(partnership))
    start(review, "begin", by=by)
    return review


def renew(review: Review, *, reason: str = "", by: Person) -> None:
    """Build the evidence pack again from the records as they are now."""
    take(review, "renew", by=by)
    review.pack, review.packed_at = pack.build(review.partnership), clock.now()
    db.session.flush()


def answer(review: Review, answers: Mapping[Asked, Answer], *, by: Person) -> None:
    """One side says how it sees what is asked, or says it anew, until the review is recorded."""
    if set(answers) != set(review.asks):
        raise NotRight("Answer each question.", field=review.asks[0].value)
    may(review, "answer", by=by)
    side = side_of(review.partnership, by=by)
    for asked, given in answers.items():
        if given.rating not in RATINGS:
            raise NotRight("Choose a number from 1 to 5.", field=asked.value)
        _keep_short(given.shows, WORDS_LENGTH, f"shows_{asked.value}")
    take(review, "answer", by=by)
    review.answers = [one for one in review.answers if one.side is not side]
    db.session.flush()
    review.answers += [_answer(asked, given, side, by) for asked, given in answers.items()]
    db.session.flush()


def _answer(asked: Asked, given: Answer, side: Side, by: Person) -> ReviewAnswer:
    return ReviewAnswer(
        side=side,
        asked=asked,
        rating=given.rating,
        shows=given.shows.strip(),
        answered_by_id=by.id,
    )


def record(review: Review, said: Record, *, by: Person) -> None:
    """Record what was found and decided. What goes out of it both authorities read first."""
    _check(review, said)
    take(review, "record", by=by)
    review.held_on, review.summary = said.held_on, said.summary.strip()
    review.next_on, review.recorded_at = said.next_on, clock.now()
    review.measures = [_measure(number, one) for number, one in enumerate(said.measures, 1)]
    review.decisions = [_decision(number, one) for number, one in enumerate(said.decisions, 1)]
    db.session.flush()
    words = pack.words_going_out(review)
    for side, authority in ((Side.RECEIVER, review.receiver), (Side.PROVIDER, review.provider)):
        showings.show(review, words, to=authority, side=side, title=review.title, goes_to=GOES_TO)


def _check(review: Review, said: Record) -> None:
    begun = review.begun_at.astimezone(clock.LONDON).date()
    if said.held_on > clock.today():
        raise NotRight("Record a review once it has been held.", field="held_on")
    if said.held_on < review.partnership.opened_at.astimezone(clock.LONDON).date():
        raise NotRight("The partnership opened later than this.", field="held_on")
    if not said.summary.strip():
        raise NotRight("Say what you found, in a few sentences.", field="summary")
    _keep_short(said.summary, TEXT_LENGTH, "summary")
    latest = clock.add_months(clock.today(), MONTHS_AHEAD)
    if said.next_on and not max(said.held_on, begun) < said.next_on <= latest:
        raise NotRight("Choose a date within the next twelve months.", field="next_on")


def _measure(number: int, given: Measure) -> ReviewMeasure:
    if given.as_of > clock.today():
        raise NotRight("This date is in the future.", field=f"as_of_{number}")
    for name, most in (("name", NAME_LENGTH), ("value", WORDS_LENGTH), ("source", NAME_LENGTH)):
        _needed(getattr(given, name), most, f"{name}_{number}")
    return ReviewMeasure(
        name=given.name.strip(),
        value=given.value.strip(),
        as_of=given.as_of,
        source=given.source.strip(),
    )


def _decision(number: int, given: Decision) -> ReviewDecision:
    _needed(given.words, WORDS_LENGTH, f"decision_{number}")
    _needed(given.who, WHO_LENGTH, f"who_{number}")
    return ReviewDecision(words=given.words.strip(), who=given.who.strip(), due_on=given.due_on)


def _needed(text: str, most: int, field: str) -> None:
    if not text.strip():
        raise NotRight("Fill this in too.", field=field)
    _keep_short(text, most, field)


def _keep_short(text: str, most: int, field: str) -> None:
    if len(text.strip()) > most:
        raise NotRight(f"Keep this to {most:,} characters.", field=field)


def finish_decision(review: Review, decision_id: int, *, by: Person) -> None:
    """Mark a decision as done."""
    take(review, "finish_decision", by=by)
    decision = next((one for one in review.decisions if one.id == decision_id), None)
    if decision is None or decision.done_at is not None:
        raise NotPossible("This is done already, or was decided elsewhere.")
    decision.done_at, decision.done_by_id = clock.now(), by.id
    db.session.flush()
