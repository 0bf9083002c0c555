"""Putting an offer of a shortlist beside the need."""

from __future__ import annotations

from broker.conversations.actions import suggest
from broker.errors import NotPossible
from broker.matching.reasons import Audience
from broker.models.match import Origin, Suggestion
from broker.models.need import Need
from broker.models.person import Person
from broker.rounds.bridge import lines_json
from broker.shortlists import queries


def suggest_from_shortlist(need: Need, offer_id: int, *, by: Person) -> Suggestion:
    """Put an offer of the need's shortlist beside it: by its own authority or its coordinator."""
    chosen = queries.shortlist_for(need, Audience.COORDINATOR).chosen([offer_id])
    if not chosen:
        raise NotPossible("That offer is not on this need's shortlist any more.")
    [one] = chosen
    is_own = bool(by.belongs_to(need.receiver_id))
    origin = Origin.SHORTLIST if is_own else Origin.COORDINATOR
    reasons = lines_json(one.ranked.explanation)
    return suggest(need, one.offer, origin=origin, by=by, points=one.points, reasons=reasons)
