"""What may be done with partnerships."""

from __future__ import annotations

from broker import closing_conditions as closing
from broker import conditions as when
from broker import moments, people
from broker import outcomes as outcome
from broker import permissions as who
from broker import plan_conditions as planned
from broker.models.partnership import MOMENTS, PARTNERSHIPS_LIVE, PARTNERSHIPS_OPEN
from broker.models.partnership import PartnershipState as P
from broker.verbs import effects
from broker.verbs.row import OPTIONAL, RECEIVERS, REQUIRED, Row

FEEDBACK_ASKED = tuple(MOMENTS)
REPORTED = (P.ENDED, P.ENDED_EARLY, P.FOLLOWED_UP)

# fmt: off
ROWS: tuple[Row, ...] = (
    # Partnership
    Row("partnership", "open", (), P.SETTING_UP, (who.the_clock,), "Open", "opened",
        tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "move_on", (P.SETTING_UP, P.EARLY, P.STEADY), outcome.next_phase, (who.one_side,),
        "Move to the next phase", "moved to the next phase", when=(planned.has_what_its_phase_needs,), reason=OPTIONAL,
        tells=(people.both_sides,)),
    Row("partnership", "begin_papers", PARTNERSHIPS_LIVE, None, (who.one_side,), "Begin the agreement and the plan",
        "began the agreement and the plan", when=(planned.something_is_not_begun,), tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "follow_director", PARTNERSHIPS_OPEN, None, (who.the_clock,), "Name the new director",
        "named the new director", tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "change_lead", PARTNERSHIPS_LIVE, None, (who.one_side,), "Say who leads", "named who leads",
        tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "pause", PARTNERSHIPS_LIVE, P.PAUSED, (who.one_side_director,), "Pause", "paused",
        reason=REQUIRED, effect=effects.release_ahead, tells=(people.both_sides, people.coordinators)),
    Row("partnership", "resume", (P.PAUSED,), outcome.before_the_pause, (who.one_side_director,), "Resume", "resumed",
        tells=(people.both_sides, people.coordinators), is_pressed=False),
    Row("partnership", "vary", PARTNERSHIPS_LIVE, None, (who.one_side,), "Spread the days otherwise", "spread the days otherwise",
        reason=REQUIRED, tells=(people.both_sides, people.coordinators), is_pressed=False),
    Row("partnership", "hand_over", (P.STEADY, P.TAPERING), None, (who.one_side,), "Hand a strand over", "handed a strand over",
        tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "record_tests", (P.TAPERING,), None, (who.one_side,), "Record the three tests", "recorded the three tests",
        tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "end", (P.TAPERING,), P.ENDED, (who.one_side_director,), "End as planned", "ended as planned",
        when=(closing.three_tests_are_met, closing.strands_have_a_home, closing.budget_is_protected),
        reason=REQUIRED, effect=effects.release, tells=(people.both_sides, people.coordinators)),
    Row("partnership", "end_early", PARTNERSHIPS_OPEN, P.ENDED_EARLY, (who.one_side_director,), "End early",
        "ended early", reason=OPTIONAL, effect=effects.release, tells=(people.both_sides, people.coordinators), is_warning=True),
    Row("partnership", "say_why", (P.ENDED_EARLY,), None, (who.one_side,), "Say why it ended early", "said why it ended early",
        tells=(people.coordinators,), is_pressed=False),
    Row("partnership", "write_report", REPORTED, None, (who.one_side,), "Write the closing report", "wrote the closing report",
        when=(closing.report_is_not_out,), tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "read_report", REPORTED, None, RECEIVERS, "Read the closing report", "read the closing report",
        when=(closing.report_waits,), tells=(people.providing_side, people.coordinators), awaited=5, is_pressed=False),
    Row("partnership", "look_back", (P.ENDED, P.FOLLOWED_UP), P.FOLLOWED_UP, RECEIVERS, "Look back", "looked back",
        when=(closing.look_back_is_due,), tells=(people.both_sides, people.coordinators), awaited=20, is_pressed=False),
    Row("partnership", "close", (P.FOLLOWED_UP,), P.CLOSED, (who.coordinator_of_the_region,), "Close", "closed",
        when=(closing.both_looks_back_are_done,), tells=(people.both_sides,), awaited=10),
    Row("partnership", "give_feedback", FEEDBACK_ASKED, None, RECEIVERS, "Say how it went", "said how it went",
        when=(moments.it_is_a_moment, when.feedback_is_wanted), tells=(people.providing_side,), awaited=20, is_pressed=False),
    Row("partnership", "change_feedback", FEEDBACK_ASKED, None, RECEIVERS, "Change what you said",
        "changed what they said", when=(moments.it_is_a_moment, when.feedback_was_given), is_pressed=False),
    Row("partnership", "flag", PARTNERSHIPS_LIVE, None, (who.the_clock,), "Flag for review", "flagged for review",
        reason=REQUIRED, tells=(people.both_sides, people.coordinators), is_pressed=False),
    Row("partnership", "clear_flag", PARTNERSHIPS_LIVE, None, (who.coordinator_of_the_region,), "Record your review",
        "reviewed: it goes on", when=(when.partnership_is_flagged,), reason=REQUIRED, tells=(people.both_sides,),
        awaited=10, is_pressed=False),
    Row("partnership", "lift_flag", PARTNERSHIPS_LIVE, None, (who.the_clock,), "Lift the flag",
        "lifted the flag: no review is needed now", when=(when.partnership_is_flagged,),
        tells=(people.both_sides, people.coordinators), is_pressed=False),
    Row("partnership", "move_days", PARTNERSHIPS_LIVE, None, (who.one_side,), "Move days between quarters",
        "moved days between quarters", reason=OPTIONAL, tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "carry", PARTNERSHIPS_OPEN, None, (who.director_of_the_provider,), "Carry days to a later quarter",
        "carried days that were not given", tells=(people.both_sides,), is_pressed=False),
    Row("partnership", "release_days", PARTNERSHIPS_OPEN, None, (who.director_of_the_provider,), "Release days",
        "released days that were not given", tells=(people.both_sides, people.coordinators), is_pressed=False),
)
# fmt: on
