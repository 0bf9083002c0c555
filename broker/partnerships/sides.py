"""For which of the two sides somebody acts."""

from __future__ import annotations

from typing import Any

from broker.errors import NotAllowed
from broker.models.match import Side
from broker.models.person import Person


def side_of(thing: Any, person: Person) -> Side:
    """The one side of a match, plan or agreement that a person acts for; NotAllowed for neither or
    both."""
    places = {Side.RECEIVER: thing.receiver_id, Side.PROVIDER: thing.provider_id}
    sides = {side for side, place in places.items() if place in person.authority_ids}
    if len(sides) != 1:
        raise NotAllowed("Nobody acts for both sides, or for a side that is not theirs.")
    return sides.pop()
