"""What each phase is for, and the style of the help in it."""

from __future__ import annotations

from dataclasses import dataclass

from broker.models.partnership import Partnership, PartnershipState

P = PartnershipState


@dataclass(frozen=True)
class Phase:
    """How often it is reviewed stands with the partnership (MONTHS_BETWEEN_REVIEWS)."""

    purpose: str
    style: str
    next_step: str


PHASES = {
    P.SETTING_UP: Phase(
        "Agree how you work, what you plan and who leads.",
        "Listening first: the provider asks more than it tells.",
        "It moves on once both have agreed to the agreement and the plan.",
    ),
    P.EARLY: Phase(
        "Begin on what cannot wait, and build trust.",
        "Hands-on: working side by side, showing how.",
        "Move on when the first objective shows in practice.",
    ),
    P.STEADY: Phase(
        "Do the work of the plan; look at the measures each time.",
        "Consulting: the receiver does, the provider advises and challenges.",
        "Move on when the receiver leads most of it itself.",
    ),
    P.TAPERING: Phase(
        "Hand each strand over, and step back by the schedule.",
        "Coaching at a distance: the receiver sets the questions.",
        "It ends when the three tests are met and every strand has a home.",
    ),
    P.PAUSED: Phase(
        "Nothing is given for now; the days ahead are free for others.",
        "A word between directors now and then.",
        "Resume it with days that are free then, or end it early.",
    ),
    P.ENDED: Phase(
        "The help has ended as planned.",
        "A call when it is wanted.",
        "Look back six and twelve months after the end.",
    ),
    P.ENDED_EARLY: Phase(
        "It ended before its time, and that can be right.",
        "No more days are given.",
        "Each side says why, apart and in its own time.",
    ),
    P.FOLLOWED_UP: Phase(
        "Somebody looked back on what holds.",
        "A call when it is wanted.",
        "It is closed once both looks back are done.",
    ),
    P.CLOSED: Phase("All is said and done.", "None.", "Its story stays here."),
}


def phase_of(partnership: Partnership) -> Phase:
    return PHASES[partnership.state]
