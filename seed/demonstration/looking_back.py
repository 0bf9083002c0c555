"""The demonstration's reviews, staff pulses, what providers learned, and what they read first."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from broker import clock
from broker.feedback import actions as feedback
from broker.feedback.actions import Learned
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.pulse import Statement
from broker.models.review import Asked, Review, ReviewState
from broker.pulse import actions as pulses
from broker.reviews import actions as reviews
from broker.reviews.actions import Answer, Decision, Measure, Record
from broker.showings import actions as showings
from broker.showings.queries import shown_of
from seed.demonstration.company import Company

LEARNED = (
    "To ask what is there already before we bring our own tools.",
    "How much a small team can change once its managers meet every week.",
    "That our own audits look at records more than at what children say.",
)
AT_HOME = (
    "We now audit together with families, as they do.",
    "Our team managers meet weekly with the figures in front of them.",
    "We plan to share one duty rota across two teams.",
)
SHOWS = ("Both leads planned the last visits together.", "Minutes of the last three meetings.", "")
FOUND = (
    "Team managers use the tools by themselves now, and decisions are made sooner. The two "
    "authorities will look at the quality of plans next."
)
COMMENT = "We are glad of these words, and would add how much our own staff put into it."


def begin(company: Company, partnership: Partnership, number: int) -> None:
    """The provider says what it learned, staff are asked, and a review is prepared."""
    rng = Random(partnership.id)
    lead = company.partnership_lead(partnership.provider)
    if number % 3 < 2:
        feedback.say_what_was_learned(
            partnership,
            Learned(rng.choice(LEARNED), rng.choice(AT_HOME), rng.choice([3, 4, 5]), True),
            by=lead,
        )
    if number % 4 == 2:
        _ask_staff(company, partnership, rng)
    review = reviews.begin(partnership, by=lead)
    reviews.answer(review, _seen(review, rng, number), by=lead)


def _ask_staff(company: Company, partnership: Partnership, rng: Random) -> None:
    pulse = pulses.open_pulse(partnership, by=company.improvement_lead(partnership.receiver))
    seed = pulses.make_links(pulse, count=8, by=company.improvement_lead(partnership.receiver))
    for token in pulses.tokens(seed, 8)[:6]:
        pulses.answer(pulse, token, {one: rng.choice([3, 4, 4, 5]) for one in Statement})


def release(company: Company, partnership: Partnership, system: Person) -> None:
    """The clock closes what staff were asked; both authorities read what is told of it."""
    pulses.close_due(clock.today(), by=system)
    for pulse in partnership.pulses:
        _read(company, partnership, pulse.noun, [pulse.id], comment=COMMENT)


def go_on(company: Company, partnership: Partnership, number: int) -> None:
    """Most receivers answer, too; then the review is recorded."""
    review = partnership.reviews[-1]
    rng = Random(partnership.id + 1)
    if number % 3 != 2 and review.state is ReviewState.PREPARING:
        lead = company.improvement_lead(partnership.receiver)
        reviews.answer(review, _seen(review, rng, number), by=lead)
        reviews.record(review, _record(), by=lead)
        _read(company, partnership, review.noun, [review.id], comment="")


def read_feedback(company: Company, partnership: Partnership, number: int) -> None:
    """The provider reads what the receiver said before others do; some say something about it."""
    said = [one.id for one in partnership.feedback]
    _read(company, partnership, "feedback", said, comment=COMMENT if number % 2 else "")


def _seen(review: Review, rng: Random, number: int) -> dict[Asked, Answer]:
    """How a side sees it: well, mostly; one partnership is less sure of who decides."""
    return {
        asked: Answer(
            rng.choice([2, 4]) if number == 4 and asked is Asked.DECISIONS else rng.choice([4, 5]),
            rng.choice(SHOWS),
        )
        for asked in review.asks
    }


def _record() -> Record:
    today = clock.today()
    return Record(
        held_on=today,
        summary=FOUND,
        next_on=clock.add_working_days(today, 60),
        measures=(
            Measure("First visits within five days", "84 of 100", today, "The receiver's own data"),
        ),
        decisions=(
            Decision(
                "Audit twelve plans together and talk to the families",
                "Improvement lead",
                today + timedelta(days=45),
            ),
        ),
    )


def _read(
    company: Company, partnership: Partnership, noun: str, ids: list[int], *, comment: str
) -> None:
    """Both authorities read what would go out of some records."""
    for shown in shown_of(noun, ids).values():
        for showing in shown:
            gives = showing.side is Side.PROVIDER
            place = partnership.provider if gives else partnership.receiver
            lead = company.partnership_lead(place) if gives else company.improvement_lead(place)
            showings.see(showing, comment=comment if gives else "", by=lead)
