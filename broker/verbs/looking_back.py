"""What may be done when people look back on a partnership: reviews, pulses, what goes out of it."""

from __future__ import annotations

from broker import moments, people
from broker import permissions as who
from broker.models.partnership import PARTNERSHIPS_LIVE
from broker.models.pulse import PulseState as U
from broker.models.review import ReviewState as R
from broker.models.showing import ShowingState as W
from broker.verbs.partnerships import FEEDBACK_ASKED
from broker.verbs.row import GIVERS, OPTIONAL, REQUIRED, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    # What leaves a partnership is shown to the authority it speaks of first
    Row("showing", "show", (), W.SHOWN, (who.the_clock,), "Show to the authority", "shown to the authority first",
        tells=(people.authority_shown,), is_pressed=False),
    Row("showing", "see", (W.SHOWN, W.PASSED), W.SEEN, (who.authority_it_is_shown_to,), "Read it first", "read",
        awaited=5, is_pressed=False),
    Row("showing", "comment", (W.SEEN,), None, (who.authority_it_is_shown_to,), "Say something about it", "said something about it",
        is_pressed=False),
    Row("showing", "let_pass", (W.SHOWN,), W.PASSED, (who.the_clock,), "Let it go out", "5 working days passed: it may go out",
        is_pressed=False),
    Row("showing", "replace", (W.SHOWN, W.SEEN, W.PASSED), W.REPLACED, (who.the_clock,), "Replace", "replaced by other words",
        is_pressed=False),
    # Review
    Row("partnership", "begin_review", PARTNERSHIPS_LIVE, None, (who.one_side,), "Prepare a review", "began to prepare a review",
        when=(moments.no_review_is_being_prepared,), awaited=10, is_pressed=False),
    Row("review", "begin", (), R.PREPARING, (who.one_side,), "Begin", "began", tells=(people.both_sides,), is_pressed=False),
    Row("review", "renew", (R.PREPARING,), None, (who.one_side,), "Build the evidence afresh", "built the evidence afresh"),
    Row("review", "answer", (R.PREPARING,), None, (who.one_side,), "Answer for your side", "answered for their side",
        awaited=10, is_pressed=False),
    Row("review", "record", (R.PREPARING,), R.RECORDED, (who.one_side,), "Record the review", "recorded it",
        when=(moments.both_have_answered,), tells=(people.both_sides,), awaited=20, is_pressed=False),
    Row("review", "call_off", (R.PREPARING,), R.CALLED_OFF, (who.one_side,), "Call it off", "called it off",
        reason=OPTIONAL, tells=(people.both_sides,), is_warning=True),
    Row("review", "finish_decision", (R.RECORDED,), None, (who.one_side,), "Mark a decision as done", "did what was decided",
        is_pressed=False),
    # What the provider learned
    Row("partnership", "give_learning", FEEDBACK_ASKED, None, GIVERS, "Say what you learned", "said what they learned",
        when=(moments.it_is_a_moment, moments.provider_has_not_said), tells=(people.receiving_side,), awaited=20, is_pressed=False),
    Row("partnership", "change_learning", FEEDBACK_ASKED, None, GIVERS, "Change what you learned", "changed what they learned",
        when=(moments.it_is_a_moment, moments.provider_has_said), is_pressed=False),
    # Staff pulse. An answer is no verb: it leaves no event, no time and no name.
    Row("partnership", "ask_staff", FEEDBACK_ASKED, None, (who.one_side,), "Ask staff how it goes", "asked staff how it goes",
        when=(moments.it_is_a_moment, moments.staff_are_not_asked_yet), tells=(people.both_sides,), awaited=20, is_pressed=False),
    Row("pulse", "open", (), U.OPEN, (who.one_side,), "Open a pulse", "opened", is_pressed=False),
    Row("pulse", "make_links", (U.OPEN,), None, (who.one_side,), "Make links for staff", "made links",
        when=(moments.pulse_takes_answers,), is_pressed=False),
    Row("pulse", "stop_links", (U.OPEN,), None, (who.one_side,), "Stop every link handed out so far", "stopped every link",
        when=(moments.pulse_takes_answers,), reason=REQUIRED, tells=(people.both_sides,), is_warning=True),
    Row("pulse", "release", (U.OPEN,), U.RELEASED, (who.the_clock,), "Release", "released to both sides",
        when=(moments.pulse_is_over, moments.enough_answered), tells=(people.both_sides,), is_pressed=False),
    Row("pulse", "close", (U.OPEN,), U.TOO_FEW, (who.the_clock,), "Close", "closed: fewer than five had answered",
        when=(moments.pulse_is_over,), tells=(people.both_sides,), is_pressed=False),
)
# fmt: on
