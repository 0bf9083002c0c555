"""Every verb, one row each: from, to, who, why-not, reason, days, who hears.

The row is the check, the button, the entry in the history and the line in docs/states.md.
`broker/taking.py` carries rows out. To change who may do something or when, change its row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from broker import conditions as when
from broker import ledger, people
from broker import outcomes as outcome
from broker import permissions as who
from broker.models.event import Event
from broker.models.exception import ExceptionState as X
from broker.models.fact_import import ImportState as I
from broker.models.intervention import InterventionState as V
from broker.models.match import ConversationState as C
from broker.models.match import MatchState as M
from broker.models.match import RoundState as R
from broker.models.match import SuggestionState as S
from broker.models.need import NeedState as N
from broker.models.offer import OfferState as O
from broker.models.partnership import MOMENTS, PARTNERSHIPS_LIVE, Partnership
from broker.models.partnership import PartnershipState as P
from broker.models.partnership import SupportDayState as D
from broker.models.return_ import ReturnState as T
from broker.outcomes import Outcome


class Reason(Enum):
    """Whether a verb is given with a reason."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Row:
    """One verb. `from_` empty: it makes the record. `to` None: the state stays.

    `effect` is what it does to the ledger; `awaited` marks a verb that somebody is waited for, in
    working days; `is_pressed` is False for verbs that have a form of their own or that another
    verb brings about.
    """

    noun: str
    verb: str
    from_: tuple[Enum, ...]
    to: Enum | Outcome | None
    who: tuple[who.Test, ...]
    label: str
    past: str
    when: tuple[when.Condition, ...] = ()
    reason: Reason = Reason.NONE
    effect: Callable[[Any, Event], None] | None = None
    tells: tuple[people.Group, ...] = ()
    awaited: int | None = None
    is_pressed: bool = True
    is_warning: bool = False


def _reserve_when_agreed(match: Any, event: Event) -> None:
    """reserves the days once both sides agree"""
    if match.state is M.AGREED:
        ledger.reserve(match, event)


def _after_panel(match: Any, event: Event) -> None:
    """commits the days if approved, gives them back if not"""
    if match.state is M.APPROVED:
        ledger.commit(match, event)
    elif match.state is M.NOT_APPROVED:
        ledger.unreserve(match, event)


def _unreserve(match: Any, event: Event) -> None:
    """gives reserved days back"""
    ledger.unreserve(match, event)


def _commit(match: Any, event: Event) -> None:
    """turns reserved days into committed days"""
    ledger.commit(match, event)


def _release(partnership: Partnership, event: Event) -> None:
    """gives back committed days that were not used"""
    ledger.release(partnership, event)


def _deliver(day: Any, event: Event) -> None:
    """counts the days as delivered"""
    ledger.deliver(day, event)


def _void(day: Any, event: Event) -> None:
    """takes the days out of the count"""
    ledger.void(day, event)


GIVERS = (who.director_of_the_provider, who.lead_of_the_provider)
RECEIVERS = (who.director_of_the_receiver, who.lead_of_the_receiver)
FEEDBACK_ASKED = tuple(MOMENTS)
STANDING = (O.PUBLISHED, O.PAUSED, O.SUSPENDED)
REQUIRED, OPTIONAL = Reason.REQUIRED, Reason.OPTIONAL

# What moves when an authority is followed by others: the states that are open, and who hears.
SUCCEEDED: tuple[tuple[str, tuple[Enum, ...], tuple[people.Group, ...]], ...] = (
    ("offer", (O.DRAFT, O.PUBLISHED, O.PAUSED, O.SUSPENDED), ()),
    ("capacity", (), ()),
    (
        "need",
        (N.PRIVATE, N.IN_CONFIDENCE, N.SUBMITTED, N.OPEN, N.PART_MATCHED, N.MATCHED, N.MET),
        (),
    ),
    ("conversation", (C.ASKED, C.ACCEPTED, C.HELD), ()),
    ("match", (M.TALKING, M.AGREED, M.WITH_PANEL, M.APPROVED), ()),
    ("partnership", tuple(P), (people.both_sides, people.coordinators)),
    ("return", tuple(state for state in T if state is not T.JOINED), ()),
    ("exception", (X.IN_FORCE,), ()),
    ("person", (), (people.themselves,)),
)

# fmt: off
ROWS: tuple[Row, ...] = (
    # Offer
    Row("offer", "draft", (), O.DRAFT, GIVERS, "Draft an offer", "drafted", is_pressed=False),
    Row("offer", "edit", (O.DRAFT, *STANDING), None, GIVERS, "Write this offer", "changed",
        when=(when.is_being_written,), is_pressed=False),
    Row("offer", "ask_partners", (O.DRAFT, *STANDING), None, GIVERS, "Ask the other authorities to agree",
        "asked the other authorities to agree", when=(when.partners_are_to_be_asked,), tells=(people.partner_directors,)),
    Row("offer", "join", (O.DRAFT, *STANDING), None, (who.director_of_a_partner_asked,), "Agree to be named",
        "agreed to be named", when=(when.is_being_written,), tells=(people.providing_side,), awaited=10),
    Row("offer", "stay_out", (O.DRAFT, *STANDING), None, (who.director_of_a_partner_asked,), "Do not be named",
        "did not want to be named", when=(when.is_being_written,), reason=OPTIONAL, tells=(people.providing_side,)),
    Row("offer", "leave", STANDING, None, (who.director_of_a_partner_named,), "Take our name off this offer",
        "took its name off", reason=REQUIRED, tells=(people.providing_side,), is_warning=True),
    Row("offer", "hand_over", (O.DRAFT, *STANDING), None, (who.lead_of_the_provider,), "Send to the director",
        "sent to the director", when=(when.is_being_written, when.offer_is_complete), tells=(people.providing_side,)),
    Row("offer", "publish", (O.DRAFT,), O.PUBLISHED, (who.director_of_the_provider,), "Sign off and publish",
        "published", when=(when.offer_is_complete, when.what_is_written_is_eligible), awaited=10),
    Row("offer", "set_aside", (O.DRAFT,), O.WITHDRAWN, GIVERS, "Set this draft aside", "set aside", is_warning=True),
    Row("offer", "revise", STANDING, None, GIVERS, "Revise this offer", "began a revision",
        when=(when.is_not_being_revised,)),
    Row("offer", "sign_off", STANDING, None, (who.director_of_the_provider,), "Sign off this version",
        "signed off a new version", when=(when.is_being_written, when.offer_is_complete,
        when.what_is_written_is_eligible), awaited=10),
    Row("offer", "reword", STANDING, None, GIVERS, "Publish the new wording", "published new wording",
        when=(when.is_being_written, when.offer_is_complete)),
    Row("offer", "discard", STANDING, None, GIVERS, "Discard this revision", "discarded a revision",
        when=(when.is_being_written,), is_warning=True),
    Row("offer", "pause", (O.PUBLISHED,), O.PAUSED, GIVERS, "Pause", "paused", reason=OPTIONAL),
    Row("offer", "resume", (O.PAUSED,), O.PUBLISHED, GIVERS, "Publish again", "published again",
        when=(when.programme_is_open, when.provider_is_eligible)),
    Row("offer", "withdraw", STANDING, O.WITHDRAWN, (who.director_of_the_provider,), "Withdraw", "withdrew",
        when=(when.no_matches_talking,), reason=REQUIRED, is_warning=True),
    Row("offer", "suspend", (O.PUBLISHED, O.PAUSED), O.SUSPENDED, (who.the_clock,), "Suspend", "suspended",
        reason=REQUIRED, tells=(people.providing_side,), is_pressed=False),
    Row("offer", "lift", (O.SUSPENDED,), outcome.after_lifting, (who.the_clock,), "Lift the suspension",
        "lifted the suspension", when=(when.provider_is_eligible,), tells=(people.providing_side,), is_pressed=False),

    # Capacity (no states of its own)
    Row("capacity", "confirm", (), None, GIVERS, "Confirm days", "set out its days", is_pressed=False),
    Row("capacity", "firm_up", (), None, GIVERS, "Confirm likely days", "confirmed likely days",
        when=(when.programme_is_open,), is_pressed=False),
    Row("capacity", "correct", (), None, (who.director_of_the_provider, who.manager_of_the_programme),
        "Correct an entry", "corrected an entry", reason=REQUIRED, tells=(people.providing_side, people.managers),
        is_pressed=False),
    Row("capacity", "expire", (), None, (who.the_clock,), "Let free days expire", "free days expired",
        tells=(people.providing_side,), is_pressed=False),

    # Need
    Row("need", "describe", (), N.PRIVATE, RECEIVERS, "Describe a need", "described", is_pressed=False),
    Row("need", "edit", (N.PRIVATE, N.IN_CONFIDENCE), None, RECEIVERS, "Change this need", "changed", is_pressed=False),
    Row("need", "share", (N.PRIVATE,), N.IN_CONFIDENCE, RECEIVERS,
        "Share in confidence with your coordinator", "shared in confidence", tells=(people.coordinators,)),
    Row("need", "submit", (N.PRIVATE, N.IN_CONFIDENCE), N.SUBMITTED,
        (who.director_of_the_receiver, who.lead_with_a_small_ask, who.lead_once_the_director_has_signed),
        "Sign off and submit", "submitted",
        when=(when.programme_is_open, when.need_has_days_for_programme, when.need_says_what_should_change),
        tells=(people.coordinators,), awaited=45),
    Row("need", "send_back", (N.SUBMITTED,), N.PRIVATE, (who.coordinator_of_the_region,), "Send back",
        "sent back", reason=REQUIRED, tells=(people.receiving_side,)),
    Row("need", "make_sign_link", (N.PRIVATE, N.IN_CONFIDENCE, N.SUBMITTED), None, RECEIVERS,
        "Make a link to sign by", "made a link to sign by", is_pressed=False),
    Row("need", "cancel_sign_link", (N.PRIVATE, N.IN_CONFIDENCE, N.SUBMITTED), None, RECEIVERS,
        "Stop a link to sign by", "stopped a link to sign by", is_pressed=False),
    Row("need", "sign", (N.PRIVATE, N.IN_CONFIDENCE, N.SUBMITTED), None,
        (who.chief_executive_of_the_receiver, who.lead_member_of_the_receiver), "Sign", "signed", is_pressed=False),
    Row("need", "unsign", (N.PRIVATE, N.IN_CONFIDENCE, N.SUBMITTED), None, (who.director_of_the_receiver,),
        "Take a sign-off back", "took a sign-off back", reason=REQUIRED, is_pressed=False),
    Row("need", "see_readiness", (N.SUBMITTED,), None, RECEIVERS, "Read the readiness check",
        "read the readiness check", when=(when.check_is_unread,), awaited=5, is_pressed=False),
    Row("need", "meet_condition", (N.SUBMITTED, N.OPEN, N.PART_MATCHED, N.MATCHED), None,
        (who.coordinator_of_the_region,), "Mark a condition as done", "marked a condition as done", is_pressed=False),
    Row("need", "check_readiness", (N.SUBMITTED,), None, (who.coordinator_of_the_region,),
        "Record a readiness check", "recorded a readiness check", tells=(people.receiving_side,), awaited=10, is_pressed=False),
    Row("need", "open", (N.SUBMITTED,), N.OPEN, (who.coordinator_of_the_region,), "Open this need",
        "opened", when=(when.need_is_ready, when.check_was_shown, when.need_is_signed), tells=(people.receiving_side,), awaited=10),
    Row("need", "set_priority", (N.IN_CONFIDENCE, N.SUBMITTED, N.OPEN, N.PART_MATCHED), None,
        (who.coordinator_of_the_region,), "Set its priority", "set its priority", reason=REQUIRED, is_pressed=False),
    Row("need", "follow_on", (N.SUBMITTED, N.OPEN, N.PART_MATCHED, N.MATCHED, N.MET), None, RECEIVERS,
        "Begin a follow-on need", "began a follow-on need", is_pressed=False),
    Row("need", "part_match", (N.OPEN, N.PART_MATCHED), N.PART_MATCHED, (who.the_clock,), "Part-match",
        "part-matched", is_pressed=False),
    Row("need", "match", (N.OPEN, N.PART_MATCHED), N.MATCHED, (who.the_clock,), "Match", "matched", is_pressed=False),
    Row("need", "reopen", (N.MATCHED, N.PART_MATCHED), N.OPEN, (who.the_clock,), "Reopen", "reopened",
        tells=(people.receiving_side,), is_pressed=False),
    Row("need", "meet", (N.MATCHED,), N.MET, (who.director_of_the_receiver,), "Mark as met", "marked as met"),
    Row("need", "withdraw", (N.PRIVATE, N.IN_CONFIDENCE, N.SUBMITTED, N.OPEN, N.PART_MATCHED), N.WITHDRAWN,
        (who.director_of_the_receiver,), "Withdraw", "withdrew", reason=OPTIONAL, is_warning=True),

    # Suggestion
    Row("suggestion", "make", (), S.MADE, (*RECEIVERS, who.coordinator_of_the_region, who.the_clock),
        "Suggest", "suggested", tells=(people.receiving_side,), is_pressed=False),
    Row("suggestion", "ask", (S.MADE, S.PASSED_OVER), S.ASKED, RECEIVERS, "Ask to talk", "asked to talk",
        when=(when.need_can_be_asked_about, when.offer_is_published), awaited=10, is_pressed=False),
    Row("suggestion", "pass_over", (S.MADE,), S.PASSED_OVER, RECEIVERS, "Pass over", "passed over", reason=OPTIONAL),

    # Conversation
    Row("conversation", "ask", (), C.ASKED, RECEIVERS, "Ask to talk", "asked to talk",
        tells=(people.providing_side,), is_pressed=False),
    Row("conversation", "accept", (C.ASKED,), C.ACCEPTED, GIVERS, "Accept and talk", "accepted",
        tells=(people.receiving_side,), awaited=9),
    Row("conversation", "decline", (C.ASKED,), C.DECLINED, GIVERS, "Decline", "declined", reason=REQUIRED,
        tells=(people.receiving_side, people.coordinators), is_pressed=False),
    Row("conversation", "propose_times", (C.ACCEPTED,), None, (who.one_side,), "Propose times to talk", "proposed times",
        tells=(people.both_sides,), is_pressed=False),
    Row("conversation", "choose_time", (C.ACCEPTED,), None, (who.one_side,), "Choose a time", "chose a time",
        tells=(people.both_sides,), is_pressed=False),
    Row("conversation", "record_outcome", (C.ACCEPTED,), outcome.after_talking, (who.one_side,),
        "Record what you made of it", "recorded what they made of it", awaited=9, is_pressed=False),
    Row("conversation", "lapse", (C.ASKED, C.ACCEPTED), C.LAPSED, (who.the_clock,), "Lapse", "lapsed",
        tells=(people.receiving_side, people.coordinators), is_pressed=False),

    # Match
    Row("match", "talk", (), M.TALKING, GIVERS, "Talk", "began to talk", is_pressed=False),
    Row("match", "counter_offer", (M.TALKING,), None, (who.one_side,), "Propose other terms",
        "proposed other terms", tells=(people.both_sides,), is_pressed=False),
    Row("match", "agree", (M.TALKING,), outcome.after_agreeing, (who.one_side_director,), "Agree to these terms",
        "agreed to the terms", when=(when.both_said_yes, when.need_is_open, when.provider_still_eligible),
        effect=_reserve_when_agreed, tells=(people.both_sides, people.coordinators_once_agreed), awaited=10),
    Row("match", "send_back", (M.AGREED,), M.TALKING, (who.coordinator_with_fresh_eyes,), "Send back with a question",
        "sent back", reason=REQUIRED, effect=_unreserve, tells=(people.both_sides,)),
    Row("match", "explain_one", (M.TALKING, M.AGREED), None, RECEIVERS, "Say why one provider was enough",
        "said why one provider was enough", is_pressed=False),
    Row("match", "approve", (M.AGREED,), M.APPROVED, (who.coordinator_with_fresh_eyes,), "Approve",
        "approved", when=(when.panel_is_not_needed, when.starts_in_time, when.two_were_considered,
        when.provider_still_eligible), effect=_commit, tells=(people.both_sides, people.managers), awaited=10),
    Row("match", "send_to_panel", (M.AGREED,), M.WITH_PANEL, (who.coordinator_with_fresh_eyes,),
        "Send to the panel", "sent to the panel", when=(when.panel_is_needed, when.starts_in_time,
        when.two_were_considered), tells=(people.panel,), awaited=10),
    Row("match", "vote", (M.WITH_PANEL,), outcome.after_voting, (who.panel_member,), "Vote", "voted",
        effect=_after_panel, tells=(people.all_once_decided,), awaited=10, is_pressed=False),
    Row("match", "decline", (M.TALKING, M.AGREED), M.DECLINED, (who.one_side_director,), "Decline",
        "declined", reason=REQUIRED, effect=_unreserve, tells=(people.both_sides, people.coordinators), is_warning=True),
    Row("match", "withdraw", (M.WITH_PANEL,), M.WITHDRAWN, (who.one_side_director,), "Withdraw",
        "withdrew", reason=REQUIRED, effect=_unreserve, tells=(people.both_sides, people.coordinators), is_warning=True),
    Row("match", "close", (M.TALKING, M.AGREED, M.WITH_PANEL), M.NOT_NEEDED_NOW, (who.the_clock,), "Close with thanks",
        "closed with thanks: not needed now", effect=_unreserve, tells=(people.both_sides,), is_pressed=False),
    Row("match", "lapse", (M.TALKING, M.AGREED, M.WITH_PANEL), M.LAPSED, (who.the_clock,), "Lapse", "lapsed",
        effect=_unreserve, tells=(people.both_sides, people.coordinators), is_pressed=False),

    # Round
    Row("round", "run", (), R.QUEUED, (who.coordinator_of_the_round,), "Run a round", "asked for a round", is_pressed=False),
    Row("round", "start", (R.QUEUED, R.INTERRUPTED), R.RUNNING, (who.the_clock,), "Start", "started", is_pressed=False),
    Row("round", "finish", (R.RUNNING,), R.SOLVED, (who.the_clock,), "Finish", "finished",
        tells=(people.round_coordinators,), is_pressed=False),
    Row("round", "fail", (R.QUEUED, R.RUNNING), R.FAILED, (who.the_clock,), "Fail", "failed",
        reason=REQUIRED, tells=(people.round_coordinators,), is_pressed=False),
    Row("round", "interrupt", (R.RUNNING,), R.INTERRUPTED, (who.the_clock,), "Interrupt", "was interrupted", is_pressed=False),
    Row("round", "cancel", (R.QUEUED, R.RUNNING, R.INTERRUPTED), R.CANCELLED, (who.coordinator_of_the_round,), "Cancel", "cancelled"),
    Row("round", "adopt", (R.SOLVED,), R.ADOPTED, (who.coordinator_of_the_round,), "Adopt these suggestions",
        "adopted", is_pressed=False, awaited=10),
    Row("round", "withdraw", (R.SOLVED,), R.WITHDRAWN, (who.coordinator_of_the_round,), "Set aside", "set aside", reason=OPTIONAL),

    # Partnership
    Row("partnership", "open", (), P.SETTING_UP, (who.the_clock,), "Open", "opened",
        tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "move_on", (P.SETTING_UP, P.EARLY, P.STEADY), outcome.next_phase, (who.one_side,),
        "Move to the next phase", "moved to the next phase", reason=OPTIONAL),
    Row("partnership", "end", (P.TAPERING,), P.ENDED, (who.one_side_director,), "End as planned", "ended as planned",
        reason=REQUIRED, effect=_release, tells=(people.both_sides, people.coordinators)),
    Row("partnership", "end_early", PARTNERSHIPS_LIVE, P.ENDED_EARLY, (who.one_side_director,), "End early",
        "ended early", reason=REQUIRED, effect=_release, tells=(people.both_sides, people.coordinators), is_warning=True),
    Row("partnership", "give_feedback", FEEDBACK_ASKED, None, RECEIVERS, "Say how it went", "said how it went",
        when=(when.feedback_is_wanted,), tells=(people.providing_side,), awaited=20, is_pressed=False),
    Row("partnership", "change_feedback", FEEDBACK_ASKED, None, RECEIVERS, "Change what you said",
        "changed what they said", when=(when.feedback_was_given,), is_pressed=False),

    Row("partnership", "flag", PARTNERSHIPS_LIVE, None, (who.the_clock,), "Flag for review", "flagged for review",
        reason=REQUIRED, tells=(people.both_sides, people.coordinators), is_pressed=False),
    Row("partnership", "clear_flag", PARTNERSHIPS_LIVE, None, (who.coordinator_of_the_region,), "Record your review",
        "reviewed: it goes on", when=(when.partnership_is_flagged,), reason=REQUIRED, tells=(people.both_sides,),
        awaited=10, is_pressed=False),
    Row("partnership", "lift_flag", PARTNERSHIPS_LIVE, None, (who.the_clock,), "Lift the flag",
        "lifted the flag: no review is needed now", when=(when.partnership_is_flagged,),
        tells=(people.both_sides, people.coordinators), is_pressed=False),

    # Exception to a programme's rule on who may provide
    Row("exception", "grant", (), X.IN_FORCE, (who.coordinator_of_the_providing_region,), "Grant an exception",
        "granted an exception", reason=REQUIRED, tells=(people.providing_side, people.managers), is_pressed=False),
    Row("exception", "end", (X.IN_FORCE,), X.ENDED_SOONER, (who.coordinator_of_the_providing_region,), "End this exception",
        "ended the exception", reason=REQUIRED, tells=(people.providing_side, people.managers), is_warning=True),
    Row("exception", "expire", (X.IN_FORCE,), X.EXPIRED, (who.the_clock,), "Expire", "expired",
        tells=(people.providing_side, people.providing_coordinators, people.managers), is_pressed=False),

    # Import of published facts
    Row("fact_import", "show", (), I.SHOWN, (who.administrator, who.the_clock), "Look at a file of facts",
        "looked at what it would change", is_pressed=False),
    Row("fact_import", "apply", (I.SHOWN,), I.APPLIED, (who.administrator, who.the_clock), "Apply exactly this", "applied"),
    Row("fact_import", "set_aside", (I.SHOWN,), I.SET_ASIDE, (who.administrator,), "Set aside", "set aside"),

    Row("partnership", "move_days", PARTNERSHIPS_LIVE, None, (who.one_side,), "Move days between quarters",
        "moved days between quarters", reason=OPTIONAL, tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "carry", PARTNERSHIPS_LIVE, None, (who.director_of_the_provider,), "Carry days to a later quarter",
        "carried days that were not given", tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "release_days", PARTNERSHIPS_LIVE, None, (who.director_of_the_provider,), "Release days",
        "released days that were not given", tells=(people.both_sides, people.coordinators), is_pressed=False),

    # Support day
    Row("support_day", "log", (), D.LOGGED, (*GIVERS, who.practitioner_of_the_provider, *RECEIVERS), "Log days",
        "logged", when=(when.partnership_is_live, when.day_is_not_ahead, when.quarter_not_frozen), effect=_deliver,
        tells=(people.side_to_confirm,), is_pressed=False),
    Row("support_day", "confirm", (D.LOGGED, D.QUERIED), D.CONFIRMED, (who.side_that_did_not_log,), "Confirm",
        "confirmed", awaited=10),
    Row("support_day", "query", (D.LOGGED,), D.QUERIED, (who.side_that_did_not_log,), "Query", "queried",
        reason=REQUIRED, tells=(people.side_to_answer,)),
    Row("support_day", "answer", (D.QUERIED,), D.LOGGED, (who.side_that_logged,), "Answer", "answered",
        reason=REQUIRED, tells=(people.side_to_confirm,), awaited=10),
    Row("support_day", "void", (D.LOGGED, D.CONFIRMED, D.QUERIED), D.VOID, (who.side_that_logged,), "Void",
        "voided", when=(when.quarter_not_frozen,), reason=REQUIRED, effect=_void, tells=(people.side_to_confirm,), is_warning=True),

    # Return
    Row("return", "start", (), T.IN_PROGRESS, (*GIVERS, who.the_clock), "Start the return", "started",
        when=(when.quarter_is_over,), tells=(people.providing_side,), is_pressed=False),
    Row("return", "write", (T.IN_PROGRESS, T.AWAITING_CERTIFICATION, T.CHANGES_REQUESTED), None, GIVERS,
        "Write this return", "wrote", is_pressed=False),
    Row("return", "hand_over", (T.IN_PROGRESS, T.CHANGES_REQUESTED), T.AWAITING_CERTIFICATION, (who.lead_of_the_provider,),
        "Send to the director", "sent to the director", when=(when.outcomes_are_written,), tells=(people.providing_side,), awaited=20),
    Row("return", "certify", (T.IN_PROGRESS, T.AWAITING_CERTIFICATION, T.CHANGES_REQUESTED), T.SUBMITTED,
        (who.director_of_the_provider,), "Certify and submit", "certified and submitted",
        when=(when.outcomes_are_written, when.return_not_frozen), tells=(people.managers,), awaited=20, is_pressed=False),
    Row("return", "request_changes", (T.SUBMITTED,), T.CHANGES_REQUESTED, (who.manager_of_the_programme,),
        "Ask for changes", "asked for changes", when=(when.return_not_frozen,), reason=REQUIRED, tells=(people.providing_side,)),
    Row("return", "accept", (T.SUBMITTED,), T.ACCEPTED, (who.manager_of_the_programme,), "Accept", "accepted",
        tells=(people.providing_side,), awaited=10),
    Row("return", "reopen", (T.ACCEPTED, T.SUBMITTED), T.IN_PROGRESS, (who.manager_of_the_programme,), "Reopen", "reopened",
        when=(when.return_not_frozen,), reason=REQUIRED, tells=(people.providing_side,)),
    Row("return", "join", (T.IN_PROGRESS, T.AWAITING_CERTIFICATION, T.SUBMITTED, T.CHANGES_REQUESTED, T.ACCEPTED),
        T.JOINED, (who.administrator, who.the_clock), "Join to the successor's return", "was joined to the successor's return",
        when=(when.return_not_frozen,), reason=REQUIRED, is_pressed=False),
    # Intervention, as published
    Row("intervention", "enter", (), V.RUNNING, (who.administrator,), "Enter an intervention", "entered", is_pressed=False),
    Row("intervention", "correct", (V.RUNNING, V.ENDED), None, (who.administrator,), "Correct this", "corrected", is_pressed=False),
    Row("intervention", "end", (V.RUNNING,), V.ENDED, (who.administrator,), "Enter its end", "entered its end", is_pressed=False),
    Row("intervention", "strike_out", (V.RUNNING, V.ENDED), V.STRUCK_OUT, (who.administrator,),
        "Strike out as a mistake", "struck out as a mistake", reason=REQUIRED, is_warning=True),

    Row("freeze", "freeze", (), None, (who.manager_of_the_programme,), "Freeze this quarter", "froze the quarter", is_pressed=False),

    # A named deputy (a membership on loan; it has no states of its own)
    Row("deputy", "name", (), None, (who.whose_deputy_it_is,), "Name a deputy", "named a deputy",
        tells=(people.the_deputy,), is_pressed=False),
    Row("deputy", "end", (), None, (who.whose_deputy_it_is,), "End this sooner", "ended it sooner",
        tells=(people.the_deputy,), is_pressed=False),

    # Succession: an authority is split, merged or gets another code. What is open goes to who follows.
    Row("authority", "recode", (), None, (who.administrator, who.the_clock), "Give another code", "was given another code",
        reason=REQUIRED, is_pressed=False),
    Row("authority", "succeed", (), None, (who.administrator, who.the_clock), "Record who follows", "ended, and is followed by others",
        reason=REQUIRED, is_pressed=False),
    *(Row(noun, "succeed", states, None, (who.administrator, who.the_clock), "Move to the successor", "moved to the successor",
        reason=REQUIRED, tells=tells, is_pressed=False) for noun, states, tells in SUCCEEDED),
)
# fmt: on

BY_NAME = {(row.noun, row.verb): row for row in ROWS}
STATES: dict[str, type[Enum]] = {
    "offer": O, "need": N, "suggestion": S, "conversation": C, "match": M, "round": R,
    "partnership": P, "support_day": D, "return": T, "exception": X, "fact_import": I,
    "intervention": V,
}  # fmt: skip
