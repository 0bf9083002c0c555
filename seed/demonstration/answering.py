"""What the demonstration's receivers say of their partnerships."""

from __future__ import annotations

from random import Random

from broker.feedback import actions as feedback
from broker.feedback.actions import Answers
from broker.models.partnership import PartInPlan, Partnership
from seed.demonstration.company import Company

OUTCOMES = (
    "Decisions at the front door are quicker and children wait less for a first visit.",
    "Plans are clearer, and families tell us that they know what happens next.",
    "Fewer children come back to us within a year, as far as we can see so early.",
)
WORKED = (
    "They worked beside our managers rather than telling us what to do.",
    "The same two people came each time, and knew our teams by name.",
    "They left us tools that we still use, and came back to see how it went.",
)
BETTER = ("Start with the senior team a month sooner.", "Fewer, longer visits.", "")


def say_how_it_went(company: Company, partnership: Partnership) -> None:
    """The receiver's improvement lead answers; every other one agrees to be named."""
    rng = Random(partnership.id)
    answers = Answers(
        part_in_plan=rng.choice([PartInPlan.CENTRAL, PartInPlan.ONE_OF_SEVERAL]),
        outcomes_helped=rng.choice(OUTCOMES),
        what_worked=rng.choice(WORKED),
        effectiveness=rng.choice([3, 4, 4, 5]),
        would_recommend=True,
        suggestions=rng.choice(BETTER),
        may_be_named=partnership.id % 2 == 0,
    )
    feedback.answer(partnership, answers, by=company.improvement_lead(partnership.receiver))
