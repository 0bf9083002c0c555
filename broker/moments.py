"""The moments at which people look back on a partnership, as named conditions."""

from __future__ import annotations

from broker import clock
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.pulse import Pulse
from broker.models.review import Review, ReviewState

DAYS_TO_ANSWER = 10  # working days in which each side answers for a review


def provider_has_not_said(partnership: Partnership) -> str | None:
    """the provider has not said yet what it learned, at this moment"""
    if partnership.learned_now is None:
        return None
    return "Your authority has said what it learned. You can change what it said."


def provider_has_said(partnership: Partnership) -> str | None:
    """the provider has said what it learned, at this moment"""
    return "Your authority has not said yet." if partnership.learned_now is None else None


def it_is_a_moment(partnership: Partnership) -> str | None:
    """it is a moment to look back: mid-point, end, 6 or 12 months after"""
    if partnership.moment is not None:
        return None
    return "Nobody is asked just now: that is at the mid-point, the end, 6 and 12 months after."


def no_review_is_being_prepared(partnership: Partnership) -> str | None:
    """no review is being prepared"""
    if not any(review.state is ReviewState.PREPARING for review in partnership.reviews):
        return None
    return "A review is being prepared already. Finish it, or call it off."


def partnership_of_review_is_live(review: Review) -> str | None:
    """the partnership is live"""
    return None if review.partnership.is_live else "This partnership has ended."


def both_have_answered(review: Review) -> str | None:
    """both sides have answered, or 10 working days have passed since it was begun"""
    waited = clock.stood_since(clock.today(), DAYS_TO_ANSWER)
    if review.answered_by == set(Side) or review.begun_at < waited:
        return None
    begun = review.begun_at.astimezone(clock.LONDON).date()
    day = clock.add_working_days(begun, DAYS_TO_ANSWER)
    return (
        f"Both sides answer the questions first. From {day.day} {day:%B %Y} it can be recorded "
        f"without an answer that is missing."
    )


def staff_are_not_asked_yet(partnership: Partnership) -> str | None:
    """staff have not been asked yet, at this moment"""
    if partnership.pulse_now is None:
        return None
    return "Staff are asked already. Make more links if you need them."


def pulse_takes_answers(pulse: Pulse) -> str | None:
    """its last day is not over"""
    return None if pulse.takes_answers else "This pulse has closed."


def pulse_is_over(pulse: Pulse) -> str | None:
    """its last day is over"""
    return "This pulse still takes answers." if pulse.takes_answers else None


def enough_answered(pulse: Pulse) -> str | None:
    """five or more people answered"""
    return None if pulse.is_enough else "Fewer than five people answered."
