"""What may be done with matches and the rounds that suggest them."""

from __future__ import annotations

from broker import conditions as when
from broker import outcomes as outcome
from broker import people, proof
from broker import permissions as who
from broker import programme_conditions as under
from broker.models.match import MatchState as M
from broker.models.match import RoundState as R
from broker.verbs import effects
from broker.verbs.row import GIVERS, OPTIONAL, RECEIVERS, REQUIRED, Row

WHOSE_ROUND = (who.coordinator_of_the_round, who.manager_of_the_round)

# fmt: off
ROWS: tuple[Row, ...] = (
    # Match
    Row("match", "talk", (), M.TALKING, GIVERS, "Talk", "began to talk", is_pressed=False),
    Row("match", "counter_offer", (M.TALKING,), None, (who.one_side,), "Propose other terms",
        "proposed other terms", tells=(people.both_sides,), is_pressed=False),
    Row("match", "agree", (M.TALKING,), outcome.after_agreeing, (who.one_side_director,), "Agree to these terms",
        "agreed to the terms", when=(when.both_said_yes, when.need_is_open, under.programme_is_open,
        under.begins_by_its_programmes_last_day, when.aims_are_said, when.provider_still_eligible),
        effect=effects.reserve_when_agreed, tells=(people.both_sides, people.coordinators_once_agreed), awaited=10),
    Row("match", "send_back", (M.AGREED,), M.TALKING, (who.coordinator_with_fresh_eyes,), "Send back with a question",
        "sent back", reason=REQUIRED, effect=effects.unreserve, tells=(people.both_sides,)),
    Row("match", "explain_one", (M.TALKING, M.AGREED), None, RECEIVERS, "Say why one provider was enough",
        "said why one provider was enough", is_pressed=False),
    Row("match", "approve", (M.AGREED,), M.APPROVED, (who.coordinator_with_fresh_eyes,), "Approve",
        "approved", when=(when.panel_is_not_needed, when.starts_in_time, when.two_were_considered,
        when.provider_still_eligible), effect=effects.commit, weighs=proof.always, tells=(people.both_sides, people.managers), awaited=10),
    Row("match", "send_to_panel", (M.AGREED,), M.WITH_PANEL, (who.coordinator_with_fresh_eyes,),
        "Send to the panel", "sent to the panel", when=(when.panel_is_needed, when.starts_in_time,
        when.two_were_considered), tells=(people.panel,), awaited=10),
    Row("match", "vote", (M.WITH_PANEL,), outcome.after_voting, (who.panel_member,), "Vote", "voted",
        effect=effects.after_panel, weighs=proof.always, tells=(people.all_once_decided,), awaited=10, is_pressed=False),
    Row("match", "decline", (M.TALKING, M.AGREED), M.DECLINED, (who.one_side_director,), "Decline",
        "declined", reason=REQUIRED, effect=effects.unreserve, tells=(people.both_sides, people.coordinators), is_warning=True),
    Row("match", "withdraw", (M.WITH_PANEL,), M.WITHDRAWN, (who.one_side_director,), "Withdraw",
        "withdrew", reason=REQUIRED, effect=effects.unreserve, tells=(people.both_sides, people.coordinators), is_warning=True),
    Row("match", "close", (M.TALKING, M.AGREED, M.WITH_PANEL), M.NOT_NEEDED_NOW, (who.the_clock,), "Close with thanks",
        "closed with thanks: not needed now", effect=effects.unreserve, tells=(people.both_sides,), is_pressed=False),
    Row("match", "lapse", (M.TALKING, M.AGREED, M.WITH_PANEL), M.LAPSED, (who.the_clock,), "Lapse", "lapsed",
        effect=effects.unreserve, tells=(people.both_sides, people.coordinators), is_pressed=False),
    # Round
    Row("round", "run", (), R.QUEUED, WHOSE_ROUND, "Run a round", "asked for a round", when=(under.programme_is_open,),
        is_pressed=False),
    Row("round", "start", (R.QUEUED, R.INTERRUPTED), R.RUNNING, (who.the_clock,), "Start", "started", is_pressed=False),
    Row("round", "finish", (R.RUNNING,), R.SOLVED, (who.the_clock,), "Finish", "finished",
        tells=(people.whose_round_it_is,), is_pressed=False),
    Row("round", "fail", (R.QUEUED, R.RUNNING), R.FAILED, (who.the_clock,), "Fail", "failed",
        reason=REQUIRED, tells=(people.whose_round_it_is,), is_pressed=False),
    Row("round", "interrupt", (R.RUNNING,), R.INTERRUPTED, (who.the_clock,), "Interrupt", "was interrupted",
        tells=(people.whose_round_it_is,), is_pressed=False),
    Row("round", "cancel", (R.QUEUED, R.RUNNING, R.INTERRUPTED), R.CANCELLED, WHOSE_ROUND, "Cancel", "cancelled"),
    Row("round", "keep", (R.CANCELLED,), R.SOLVED, WHOSE_ROUND, "Keep this plan", "kept the plan so far",
        when=(when.round_has_a_plan,), is_pressed=False),
    Row("round", "edit_by_hand", (R.SOLVED,), None, WHOSE_ROUND, "Change by hand", "changed the plan by hand",
        is_pressed=False),
    Row("round", "adopt", (R.SOLVED,), R.ADOPTED, WHOSE_ROUND, "Adopt these suggestions",
        "adopted", is_pressed=False, awaited=10),
    Row("round", "withdraw", (R.SOLVED, R.ADOPTED), R.WITHDRAWN, WHOSE_ROUND, "Set aside", "set aside", reason=OPTIONAL),
)
# fmt: on
