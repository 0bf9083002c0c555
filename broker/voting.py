"""A panel member's vote, on whatever is with the panel."""

from __future__ import annotations

from broker.db import db
from broker.errors import NotAllowed, NotRight
from broker.models.event import Event
from broker.models.extension import Extension, ExtensionState, ExtensionVote
from broker.models.match import Match, MatchState, PanelVote, Vote
from broker.models.person import Person
from broker.outcomes import is_tied
from broker.taking import lock, may, take


def cast(thing: Match | Extension, vote: Vote, *, reason: str, by: Person) -> Event:
    """Vote or stand aside, once in a sitting; a tie of a full sitting begins the next one.

    The caller holds what stands above the thing, and does what follows when it is approved.
    """
    lock(thing)
    may(thing, "vote", by=by)
    sitting = thing.deferrals + 1
    if not reason.strip():
        raise NotRight("Give your reason, in a sentence.", field="reason")
    if any(v.person_id == by.id and v.sitting == sitting for v in thing.votes):
        raise NotAllowed(f"You have voted on this {thing.noun} already.")
    if is_with_panel(thing):
        said = {"person_id": by.id, "sitting": sitting, "vote": vote, "reason": reason.strip()}
        if isinstance(thing, Match):
            thing.votes.append(PanelVote(**said))
        else:
            thing.votes.append(ExtensionVote(**said))
        db.session.flush()
    event = take(thing, "vote", by=by, detail=vote.value)
    if is_with_panel(thing) and is_tied(thing):
        thing.deferrals += 1
    return event


def is_with_panel(thing: Match | Extension) -> bool:
    return thing.state in (MatchState.WITH_PANEL, ExtensionState.WITH_PANEL)
