"""When something may begin under a programme: not before its first day, nor after its last.

What is agreed by both sides by then is approved and runs to its planned end. What is written for
several programmes asks each of them (conditions.py: what_is_written_is_eligible).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from broker import clock
from broker.models.match import Match, Suggestion
from broker.models.offer import Offer
from broker.models.programme import Programme


def programme_is_open(thing: Any) -> str | None:
    """the programme is open today"""
    return _one_is_open([thing.programme])


def one_of_its_programmes_is_open(offer: Offer) -> str | None:
    """one of its programmes is open today"""
    return _one_is_open(offer.programmes)


def help_can_be_agreed_under_a_programme(suggestion: Suggestion) -> str | None:
    """a programme that the offer is open to is open today"""
    return _one_is_open(suggestion.offer.programmes)


def _one_is_open(programmes: Sequence[Programme]) -> str | None:
    if any(one.is_open_on(clock.today()) for one in programmes):
        return None
    names = " and ".join(one.name for one in programmes)
    return f"{names} {'is' if len(programmes) == 1 else 'are'} not open today."


def begins_by_its_programmes_last_day(match: Match) -> str | None:
    """its first quarter begins by the programme's last day, where one is set"""
    last = match.programme.closes_on
    if last is None or not match.days or match.days[0].quarter.first_day <= last:
        return None
    return (
        f"The last day of {match.programme.name} is {last.day} {last:%B %Y}. Propose terms whose "
        "first days are given in a quarter that has begun by then."
    )
