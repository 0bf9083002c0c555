"""What may be done with the agreement of a partnership and the versions of its plan."""

from __future__ import annotations

from broker import outcomes as outcome
from broker import people
from broker import permissions as who
from broker import plan_conditions as when
from broker.models.agreement import WorkingState as W
from broker.models.plan import PlanState as L
from broker.verbs.row import REQUIRED, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    # Agreement
    Row("working_agreement", "begin", (), W.BEING_WRITTEN, (who.the_clock,), "Begin", "carried over from the terms", is_pressed=False),
    Row("working_agreement", "write", (W.BEING_WRITTEN,), None, (who.one_side,), "Write the agreement", "wrote the agreement",
        when=(when.partnership_goes_on,), is_pressed=False),
    Row("working_agreement", "agree", (W.BEING_WRITTEN,), outcome.after_consenting, (who.one_side_director,), "Agree to this agreement",
        "agreed to the agreement", when=(when.agreement_is_complete, when.partnership_goes_on), tells=(people.both_sides,), awaited=10),
    Row("working_agreement", "reopen", (W.AGREED,), W.BEING_WRITTEN, (who.one_side,), "Change the agreement",
        "reopened the agreement", when=(when.partnership_goes_on,), reason=REQUIRED, tells=(people.both_sides,)),
    # Plan: one version
    Row("plan", "draft", (), L.BEING_WRITTEN, (who.one_side, who.the_clock), "Begin a version", "began a version",
        when=(when.nothing_else_is_written, when.partnership_goes_on), is_pressed=False),
    Row("plan", "write", (L.BEING_WRITTEN,), None, (who.one_side,), "Write the plan", "wrote the plan",
        when=(when.partnership_goes_on,), is_pressed=False),
    Row("plan", "agree", (L.BEING_WRITTEN,), outcome.after_planning, (who.one_side,), "Agree to this plan", "agreed to the plan",
        when=(when.plan_is_complete, when.partnership_goes_on), tells=(people.both_sides,), awaited=10),
    Row("plan", "set_aside", (L.BEING_WRITTEN,), L.SET_ASIDE, (who.one_side,), "Set this version aside", "set a version aside",
        when=(when.is_not_the_first_plan,), tells=(people.both_sides,)),
    Row("plan", "replace", (L.AGREED,), L.REPLACED, (who.the_clock,), "Replace", "was replaced by the next version", is_pressed=False),
)
# fmt: on
