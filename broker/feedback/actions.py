"""Saying how a partnership went, and what was learned from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.feedback.queries import learning_verb_of, verb_of, words_going_out
from broker.models.event import Event
from broker.models.learning import ProviderFeedback
from broker.models.match import Side
from broker.models.partnership import Feedback, Holds, PartInPlan, Partnership
from broker.models.person import Person
from broker.showings import actions as showings
from broker.taking import take

ANSWER_LENGTH = 2000
RATINGS = range(1, 6)


@dataclass(frozen=True)
class Answers:
    """A receiver's answers; `effectiveness` is from 1 (not at all) to 5 (very)."""

    part_in_plan: PartInPlan
    outcomes_helped: str
    what_worked: str
    effectiveness: int
    would_recommend: bool
    suggestions: str = ""
    may_be_named: bool = False
    holds: Holds | None = None


@dataclass(frozen=True)
class Learned:
    """A provider's answers; `worth` is from 1 (not at all) to 5 (very much)."""

    learned: str
    at_home: str
    worth: int
    would_again: bool
    suggestions: str = ""


def answer(partnership: Partnership, answers: Answers, *, by: Person) -> Feedback:
    """Say how it went at the present moment, or say it anew; both sides can read it."""
    _check(answers, "effectiveness", ("outcomes_helped", "what_worked"))
    event = take(partnership, verb_of(partnership), by=by)
    given = partnership.feedback_of(Side.RECEIVER)
    if given is None:
        given = Feedback(side=Side.RECEIVER, moment=partnership.moment)
        partnership.feedback.append(given)
    _write(given, answers, event)
    showings.show(
        given,
        words_going_out(given),
        to=partnership.provider,
        side=Side.PROVIDER,
        title=f"How it went, {given.moment.words}: {partnership.title}",
        goes_to="everybody, on your page, once four or more authorities have said how it went",
    )
    return given


def say_what_was_learned(
    partnership: Partnership, answers: Learned, *, by: Person
) -> ProviderFeedback:
    """The provider says what it learned at the present moment, or says it anew."""
    _check(answers, "worth", ("learned", "at_home"))
    event = take(partnership, learning_verb_of(partnership), by=by)
    given = partnership.learned_now
    if given is None:
        given = ProviderFeedback(moment=partnership.moment)
        partnership.learned.append(given)
    _write(given, answers, event)
    return given


def _write(given: Feedback | ProviderFeedback, answers: Answers | Learned, event: Event) -> None:
    for name, value in asdict(answers).items():
        setattr(given, name, value)
    if given.id is None:
        given.answered_at = clock.now()
    else:
        given.changed_at = clock.now()
    given.answered_by_id = event.by_id
    db.session.flush()


def _check(answers: Answers | Learned, rating: str, needed: tuple[str, ...]) -> None:
    if getattr(answers, rating) not in RATINGS:
        raise NotRight("Choose a number from 1 to 5.", field=rating)
    for name in (*needed, "suggestions"):
        text: str = getattr(answers, name)
        if len(text) > ANSWER_LENGTH:
            raise NotRight(f"Keep this under {ANSWER_LENGTH:,} characters.", field=name)
        if name in needed and not text.strip():
            raise NotRight("Say it in a sentence or two.", field=name)
