"""What was made of it: feedback, reviews, pulses, what is read first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from broker import clock
from broker.events import Recorded
from broker.feedback import actions as says
from broker.feedback.actions import Answers, Learned
from broker.models.learning import ProviderFeedback
from broker.models.partnership import Feedback, PartInPlan, Partnership
from broker.models.pulse import Pulse
from broker.models.review import Asked, Review
from broker.models.showing import Showing
from broker.permissions import authority_it_is_shown_to
from broker.pulse import actions as pulses
from broker.reviews import actions as reviews
from broker.reviews.actions import Answer as ReviewAnswer
from broker.reviews.actions import Decision, Measure, Record
from broker.showings import actions as showings
from broker.showings.queries import shown_of
from tests import people
from tests.make.walks import walked_once
from tests.make.working import (
    steady,
)


def answers(**changed: Any) -> Answers:
    """A receiver's answers about a partnership."""
    usual = Answers(
        part_in_plan=PartInPlan.CENTRAL,
        outcomes_helped="Children are seen within a day.",
        what_worked="Sitting beside our managers.",
        effectiveness=4,
        would_recommend=True,
    )
    return replace(usual, **changed)


@walked_once
def feedback(within: Partnership, *, by: str = "receiver", **changed: Any) -> Feedback:
    """What Wirral says of a partnership at the moment."""
    return says.answer(within, answers(**changed), by=people.person(by))


@walked_once
def learned(within: Partnership, *, by: str = "giver_lead", **changed: Any) -> ProviderFeedback:
    """What Leeds says it learned from a partnership at the moment."""
    usual = Learned("To listen first.", "We audit together now.", worth=4, would_again=True)
    return says.say_what_was_learned(within, replace(usual, **changed), by=people.person(by))


def seeing(review: Review, rating: int = 4, **others: int) -> dict[Asked, ReviewAnswer]:
    """One side's answers for a review: the same rating throughout, but for those named."""
    return {
        asked: ReviewAnswer(others.get(asked.value, rating), "We saw it ourselves.")
        for asked in review.asks
    }


@walked_once
def review(within: Partnership, *, receiver: int = 4, provider: int = 4, **others: int) -> Review:
    """A recorded review; each side sees everything alike, but for what the receiver names."""
    begun = reviews.begin(within, by=people.person("receiver_lead"))
    reviews.answer(begun, seeing(begun, receiver, **others), by=people.person("receiver_lead"))
    reviews.answer(begun, seeing(begun, provider), by=people.person("giver_lead"))
    reviews.record(begun, record(), by=people.person("giver"))
    return begun


def record(**changed: Any) -> Record:
    """What came of a review."""
    usual = Record(
        held_on=clock.today(),
        summary="Decisions are quicker, and families notice.",
        measures=(Measure("Seen in a day", "7 of 10", clock.today(), "Our own audit"),),
        decisions=(Decision("Audit together", "Improvement lead", date(2027, 1, 29)),),
    )
    return replace(usual, **changed)


@walked_once
def read_first(thing: Recorded, *, by: str = "giver_lead", comment: str = "") -> None:
    """An authority says that it has read what would go out about a record."""
    for showing in shown_of(thing.noun, [thing.id])[thing.id]:
        if permitted(showing, by):
            showings.see(showing, comment=comment, by=people.person(by))


def permitted(showing: Showing, name: str) -> bool:
    return authority_it_is_shown_to(people.person(name), showing) is not None


@walked_once
def pulse(within: Partnership | None = None, *, count: int = 8) -> tuple[Pulse, list[str]]:
    """A staff pulse that takes answers, and the secret ends of the links to it."""
    opened = pulses.open_pulse(within or steady(), by=people.person("receiver_lead"))
    seed = pulses.make_links(opened, count=count, by=people.person("receiver_lead"))
    return opened, pulses.tokens(seed, count)
