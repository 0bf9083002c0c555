"""What may be done with needs, suggested needs, suggestions and conversations."""

from __future__ import annotations

from broker import conditions as when
from broker import outcomes as outcome
from broker import people
from broker import permissions as who
from broker import programme_conditions as under
from broker.models.match import ConversationState as C
from broker.models.match import SuggestionState as S
from broker.models.need import NeedState as N
from broker.models.suggested_need import SuggestedNeedState as U
from broker.verbs.row import GIVERS, OPTIONAL, RECEIVERS, REQUIRED, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    # Need
    Row("need", "describe", (), N.PRIVATE, RECEIVERS, "Describe a need", "described", is_pressed=False),
    Row("need", "edit", (N.PRIVATE, N.IN_CONFIDENCE), None, RECEIVERS, "Change this need", "changed", is_pressed=False),
    Row("need", "share", (N.PRIVATE,), N.IN_CONFIDENCE, RECEIVERS,
        "Share in confidence with your coordinator", "shared in confidence", tells=(people.coordinators,)),
    Row("need", "submit", (N.PRIVATE, N.IN_CONFIDENCE), N.SUBMITTED,
        (who.director_of_the_receiver, who.lead_with_a_small_ask, who.lead_once_the_director_has_signed),
        "Sign off and submit", "submitted",
        when=(under.programme_is_open, when.need_has_days_for_programme, when.need_says_what_should_change),
        tells=(people.coordinators,), awaited=45),
    Row("need", "grow", (N.SUBMITTED, N.OPEN), N.IN_CONFIDENCE, RECEIVERS, "Grow it into a larger need",
        "took back to grow it", when=(when.is_small_ask, when.nothing_is_agreed), tells=(people.coordinators,)),
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
    # Suggested need
    Row("suggested_need", "suggest", (), U.WAITING,
        (who.coordinator_of_the_region, who.dfe_lead_of_the_region, who.adviser_of_the_receiver),
        "Suggest a need", "suggested", tells=(people.receiving_side,), is_pressed=False),
    Row("suggested_need", "take_up", (U.WAITING,), U.TAKEN_UP, RECEIVERS, "Take it up", "taken up",
        awaited=20, is_pressed=False),
    Row("suggested_need", "decline", (U.WAITING,), U.DECLINED, RECEIVERS, "Decline, without a reason", "declined", awaited=20),
    Row("suggested_need", "take_back", (U.WAITING,), U.TAKEN_BACK, (who.who_suggested_it,), "Take it back", "taken back"),
    # Suggestion
    Row("suggestion", "make", (), S.MADE, (*RECEIVERS, who.coordinator_of_the_region, who.manager_of_the_programme, who.the_clock),
        "Suggest", "suggested", tells=(people.receiving_side,), is_pressed=False),
    Row("suggestion", "ask", (S.MADE, S.PASSED_OVER), S.ASKED, RECEIVERS, "Ask to talk", "asked to talk",
        when=(when.need_can_be_asked_about, when.offer_is_published, under.help_can_be_agreed_under_a_programme), awaited=10, is_pressed=False),
    Row("suggestion", "pass_over", (S.MADE,), S.PASSED_OVER, RECEIVERS, "Pass over", "passed over", reason=OPTIONAL),
    Row("suggestion", "take_back", (S.MADE,), S.PASSED_OVER, (who.coordinator_of_the_region, who.manager_of_the_programme), "Take back",
        "took back", is_pressed=False),
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
)
# fmt: on
