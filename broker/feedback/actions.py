"""Saying how a partnership went."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.feedback.queries import verb_of
from broker.models.match import Side
from broker.models.partnership import Feedback, PartInPlan, Partnership
from broker.models.person import Person
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


def answer(partnership: Partnership, answers: Answers, *, by: Person) -> Feedback:
    """Say how it went at the present moment, or say it anew; both sides can read it."""
    _check(answers)
    event = take(partnership, verb_of(partnership), by=by)
    given = partnership.feedback_of(Side.RECEIVER)
    if given is None:
        given = Feedback(side=Side.RECEIVER, moment=partnership.moment)
        partnership.feedback.append(given)
    for name, value in asdict(answers).items():
        setattr(given, name, value)
    given.answered_at, given.answered_by_id = clock.now(), event.by_id
    db.session.flush()
    return given


def _check(answers: Answers) -> None:
    if answers.effectiveness not in RATINGS:
        raise NotRight("Choose a number from 1 to 5.", field="effectiveness")
    for name in ("outcomes_helped", "what_worked", "suggestions"):
        text: str = getattr(answers, name)
        if len(text) > ANSWER_LENGTH:
            raise NotRight(f"Keep this under {ANSWER_LENGTH:,} characters.", field=name)
    for name in ("outcomes_helped", "what_worked"):
        if not getattr(answers, name).strip():
            raise NotRight("Say it in a sentence or two.", field=name)
