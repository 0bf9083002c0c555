"""Where a verb leads when that depends on the thing: pure functions with a closed list of ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from broker.events import last_event
from broker.models.agreement import WorkingAgreement, WorkingState
from broker.models.extension import Extension, ExtensionState
from broker.models.match import Conversation, ConversationState, Match, MatchState, Side, Vote
from broker.models.offer import Offer, OfferState
from broker.models.partnership import Partnership, PartnershipState
from broker.models.plan import Plan, PlanState


@dataclass(frozen=True)
class Outcome:
    """A named function from the thing to its next state, and the only states it may give."""

    decide: Callable[[Any], Enum]
    ends: tuple[Enum, ...]


def _after_agreeing(match: Match) -> MatchState:
    """Agreed when both sides have agreed to the terms as they stand."""
    return MatchState.AGREED if match.sides_agreed == set(Side) else MatchState.TALKING


after_agreeing = Outcome(_after_agreeing, (MatchState.TALKING, MatchState.AGREED))


def _counted(thing: Match | Extension) -> str:
    """What the panel's votes come to, as the name of a state.

    A majority of the quorum decides; a tie of a full sitting defers once, then refuses. Those who
    stood aside do not count towards the quorum.
    """
    votes_for, votes_against, is_full = _sitting(thing)
    if not is_full:
        return "with_panel"
    if votes_for > votes_against:
        return "approved"
    if votes_against > votes_for or thing.deferrals:
        return "not_approved"
    return "with_panel"


def is_tied(thing: Match | Extension) -> bool:
    """A full sitting with as many votes for as against."""
    votes_for, votes_against, is_full = _sitting(thing)
    return is_full and votes_for == votes_against


def _sitting(thing: Match | Extension) -> tuple[int, int, bool]:
    """Votes for and against in this sitting, and whether they make a quorum."""
    cast = Counter(v.vote for v in thing.votes if v.sitting == thing.deferrals + 1)
    votes_for, votes_against = cast[Vote.FOR], cast[Vote.AGAINST]
    return votes_for, votes_against, votes_for + votes_against >= thing.programme.policy.quorum


def _after_voting(match: Match) -> MatchState:
    """A majority of the quorum decides; a tie of a full sitting defers once, then refuses.

    Those who stood aside do not count towards the quorum.
    """
    return MatchState(_counted(match))


def _after_voting_on_more(extension: Extension) -> ExtensionState:
    """As for a match: a majority of the quorum decides; a tie defers once, then refuses."""
    return ExtensionState(_counted(extension))


after_voting_on_more = Outcome(
    _after_voting_on_more,
    (ExtensionState.WITH_PANEL, ExtensionState.APPROVED, ExtensionState.NOT_APPROVED),
)


def _after_agreeing_more(extension: Extension) -> ExtensionState:
    """Agreed when both directors have agreed."""
    both = extension.sides_agreed == set(Side)
    return ExtensionState.AGREED if both else ExtensionState.PROPOSED


after_agreeing_more = Outcome(
    _after_agreeing_more, (ExtensionState.PROPOSED, ExtensionState.AGREED)
)


after_voting = Outcome(
    _after_voting, (MatchState.WITH_PANEL, MatchState.APPROVED, MatchState.NOT_APPROVED)
)


def _after_talking(conversation: Conversation) -> ConversationState:
    """Held when both sides have recorded what they made of it."""
    both = {outcome.side for outcome in conversation.outcomes} == set(Side)
    return ConversationState.HELD if both else ConversationState.ACCEPTED


after_talking = Outcome(_after_talking, (ConversationState.ACCEPTED, ConversationState.HELD))


def _after_consenting(agreement: WorkingAgreement) -> WorkingState:
    """Agreed when both directors have agreed to the words as they stand."""
    both = agreement.sides_agreed == set(Side)
    return WorkingState.AGREED if both else WorkingState.BEING_WRITTEN


after_consenting = Outcome(_after_consenting, (WorkingState.BEING_WRITTEN, WorkingState.AGREED))


def _after_planning(plan: Plan) -> PlanState:
    """Agreed when both sides have agreed to the version as it stands."""
    return PlanState.AGREED if plan.sides_agreed == set(Side) else PlanState.BEING_WRITTEN


after_planning = Outcome(_after_planning, (PlanState.BEING_WRITTEN, PlanState.AGREED))

NEXT_PHASE = {
    PartnershipState.SETTING_UP: PartnershipState.EARLY,
    PartnershipState.EARLY: PartnershipState.STEADY,
    PartnershipState.STEADY: PartnershipState.TAPERING,
}


def _next_phase(partnership: Partnership) -> PartnershipState:
    return NEXT_PHASE[partnership.state]


next_phase = Outcome(_next_phase, tuple(NEXT_PHASE.values()))


def _before_the_pause(partnership: Partnership) -> PartnershipState:
    """The phase that it was in before it was paused."""
    event = last_event("partnership", partnership.id, verb="pause")
    was = event.from_state if event else None
    return PartnershipState(was) if was else PartnershipState.EARLY


before_the_pause = Outcome(_before_the_pause, (PartnershipState.SETTING_UP, *NEXT_PHASE.values()))


def _after_lifting(offer: Offer) -> OfferState:
    """Where it stood before it was suspended."""
    event = last_event("offer", offer.id, verb="suspend")
    return OfferState(event.from_state) if event and event.from_state else OfferState.PAUSED


after_lifting = Outcome(_after_lifting, (OfferState.PUBLISHED, OfferState.PAUSED))
