"""Where a verb leads when that depends on the thing: pure functions with a closed list of ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from broker.events import last_event
from broker.models.match import Conversation, ConversationState, Match, MatchState, Side, Vote
from broker.models.offer import Offer, OfferState
from broker.models.partnership import Partnership, PartnershipState


@dataclass(frozen=True)
class Outcome:
    """A named function from the thing to its next state, and the only states it may give."""

    decide: Callable[[Any], Enum]
    ends: tuple[Enum, ...]


def _after_agreeing(match: Match) -> MatchState:
    """Agreed when both sides have agreed to the terms as they stand."""
    return MatchState.AGREED if match.sides_agreed == set(Side) else MatchState.TALKING


after_agreeing = Outcome(_after_agreeing, (MatchState.TALKING, MatchState.AGREED))


def _after_voting(match: Match) -> MatchState:
    """A majority of the quorum decides; a tie of a full sitting defers once, then refuses.

    Those who stood aside do not count towards the quorum.
    """
    quorum = match.programme.policy.quorum
    cast = Counter(v.vote for v in match.votes if v.sitting == match.deferrals + 1)
    if cast[Vote.FOR] + cast[Vote.AGAINST] < quorum:
        return MatchState.WITH_PANEL
    if cast[Vote.FOR] > cast[Vote.AGAINST]:
        return MatchState.APPROVED
    if cast[Vote.AGAINST] > cast[Vote.FOR] or match.deferrals:
        return MatchState.NOT_APPROVED
    return MatchState.WITH_PANEL


after_voting = Outcome(
    _after_voting, (MatchState.WITH_PANEL, MatchState.APPROVED, MatchState.NOT_APPROVED)
)


def _after_talking(conversation: Conversation) -> ConversationState:
    """Held when both sides have recorded what they made of it."""
    both = {outcome.side for outcome in conversation.outcomes} == set(Side)
    return ConversationState.HELD if both else ConversationState.ACCEPTED


after_talking = Outcome(_after_talking, (ConversationState.ACCEPTED, ConversationState.HELD))

NEXT_PHASE = {
    PartnershipState.SETTING_UP: PartnershipState.EARLY,
    PartnershipState.EARLY: PartnershipState.STEADY,
    PartnershipState.STEADY: PartnershipState.TAPERING,
}


def _next_phase(partnership: Partnership) -> PartnershipState:
    return NEXT_PHASE[partnership.state]


next_phase = Outcome(_next_phase, tuple(NEXT_PHASE.values()))


def _after_lifting(offer: Offer) -> OfferState:
    """Where it stood before it was suspended."""
    event = last_event("offer", offer.id, verb="suspend")
    return OfferState(event.from_state) if event and event.from_state else OfferState.PAUSED


after_lifting = Outcome(_after_lifting, (OfferState.PUBLISHED, OfferState.PAUSED))
