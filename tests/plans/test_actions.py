"""Plans: begun from the terms, agreed by both, changed by versions that say why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from broker.agreements.queries import agreement_of
from broker.clock import Quarter
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.plan import ChangeReason, Measure, PlanState
from broker.partnerships import actions as partnerships
from broker.plans import actions
from broker.plans.differences import differences
from broker.plans.measures import BOTH_SIDES
from broker.plans.queries import picture_of, standing_plan
from broker.taking import take
from tests import make, people
from tests.make import DAY

CLAIM = {
    "existed_before": True,
    "claims_change": True,
    "baseline": "62 of 100",
    "period_before": "April to September 2026",
    "period_after": "April to September 2027",
    "how_far_apart": "Twelve months",
    "comparable_because": "Same question, same teams.",
}


def test_a_partnership_opens_with_a_plan_an_exit_and_a_taper_from_its_terms(app: Flask) -> None:
    within = make.partnership()
    [plan] = make.plans_of(within)
    assert (plan.number, plan.state) == (1, PlanState.BEING_WRITTEN)
    assert [one.aim for one in plan.objectives] == [within.aims]
    days = {row.quarter: row.quarter_days for row in within.match.days}
    assert {step.quarter: step.quarter_days for step in plan.taper} == days
    assert plan.exit_on == max(days).last_day
    assert [row.planned for row in picture_of(plan)] == list(days.values())


def test_nobody_agrees_to_a_plan_without_measures_or_somebody_to_carry_it_on(app: Flask) -> None:
    [plan] = make.plans_of(make.partnership())
    with pytest.raises(NotPossible, match="a measure for each objective, who carries"):
        actions.agree(plan, by=people.person("receiver"))


def test_both_sides_agree_and_a_change_asks_both_again(app: Flask) -> None:
    plan = make.complete_plan(make.partnership())
    actions.agree(plan, by=people.person("receiver_lead"))
    with pytest.raises(NotPossible, match="Your side has agreed"):
        actions.agree(plan, by=people.person("receiver"))
    terms = make.measure_terms(name="Another")
    actions.put_measure(plan.objectives[0], None, terms, by=people.person("giver_lead"))
    actions.agree(plan, by=people.person("giver"))
    assert plan.state is PlanState.BEING_WRITTEN
    actions.agree(plan, by=people.person("receiver"))
    assert plan.state is PlanState.AGREED and plan.agreed_at


@pytest.mark.parametrize("name", ["practitioner", "coordinator", "manager", "other"])
def test_nobody_but_the_two_sides_writes(app: Flask, name: str) -> None:
    plan = make.complete_plan(make.partnership())
    with pytest.raises(NotAllowed):
        actions.drop(plan, "objective", 1, by=people.person(name))


def test_the_next_version_says_why_and_replaces_the_one_before_once_both_agree(
    app: Flask,
) -> None:
    within = make.begun()
    by = people.person("giver_lead")
    with pytest.raises(NotRight):
        actions.revise(within, ChangeReason.BLOCKAGE, because="  ", by=by)
    with pytest.raises(NotRight):
        actions.revise(within, ChangeReason.FIRST, because="x", by=by)
    second = actions.revise(within, ChangeReason.BLOCKAGE, because="A post is empty.", by=by)
    with pytest.raises(NotPossible, match="Another version"):
        actions.revise(within, ChangeReason.RESOURCE, because="Also.", by=by)
    first = standing_plan(within)
    assert first and first.number == 1 and differences(first, second) == []
    quarter = second.taper[0].quarter
    actions.put_activity(
        second.objectives[0], 1, what="Two visits", quarter=quarter, quarter_days=2 * DAY, by=by
    )
    for name in ("giver", "receiver"):
        actions.agree(second, by=people.person(name))
    assert (first.state, second.state) == (PlanState.REPLACED, PlanState.AGREED)
    assert standing_plan(within) is second
    [line] = differences(first, second)
    assert (line.kind, line.what) == ("Changed", "Activity 1.1")


def test_a_dropped_objective_is_named_and_its_key_is_not_given_again(app: Flask) -> None:
    within, by = make.begun(), people.person("receiver_lead")
    second = actions.revise(within, ChangeReason.APPROACH, because="It did not work.", by=by)
    terms = actions.ObjectiveTerms("A steadier team", None, second.objectives[0].horizon, "Head")
    added = actions.put_objective(second, None, terms, by=by)
    assert added.key == 2
    actions.drop(second, "objective", 1, by=by)
    first = standing_plan(within)
    assert first is not None
    kinds = {line.what: line.kind for line in differences(first, second)}
    assert kinds["Objective 1"] == "Dropped" and kinds["Objective 2"] == "Added"
    assert actions.put_objective(second, None, terms, by=by).key == 3


def test_a_first_version_is_not_set_aside_and_a_later_one_is(app: Flask) -> None:
    within, by = make.partnership(), people.person("giver")
    with pytest.raises(NotPossible, match="no earlier version"):
        take(make.complete_plan(within), "set_aside", by=by)
    make.begun(within)
    second = actions.revise(within, ChangeReason.STAKEHOLDER, because="The board asks.", by=by)
    take(second, "set_aside", by=by)
    assert actions.revise(within, ChangeReason.RESOURCE, because="Money.", by=by).number == 3


@pytest.mark.parametrize("field", ["existed_before", *(name for name, _ in BOTH_SIDES)])
def test_a_claim_of_before_and_after_needs_both_sides(app: Flask, field: str) -> None:
    plan = make.complete_plan(make.partnership())
    whole = make.measure_terms(**CLAIM)
    lacking = replace(whole, **{field: False if field == "existed_before" else " "})
    by = people.person("receiver_lead")
    with pytest.raises(NotRight) as refused:
        actions.put_measure(plan.objectives[0], None, lacking, by=by)
    assert refused.value.field == field
    actions.put_measure(plan.objectives[0], None, whole, by=by)


def test_the_database_holds_the_rule_on_claims_too(app: Flask) -> None:
    plan = make.complete_plan(make.partnership())
    measure = plan.objectives[0].measures[0]
    db.session.add(
        Measure(objective_id=measure.objective_id, key=9, name="x", kind=measure.kind,
                existed_before=True, claims_change=True, baseline="1", baseline_source="y")
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"baseline_source": ""}, "baseline_source"),
        ({"baseline_on": date(2027, 1, 1)}, "baseline_on"),
    ],
)
def test_a_baseline_names_its_source_and_a_day_that_has_been(
    app: Flask, changed: dict[str, object], field: str
) -> None:
    plan = make.complete_plan(make.partnership())
    with pytest.raises(NotRight) as refused:
        actions.put_measure(
            plan.objectives[0], None, make.measure_terms(**changed), by=people.person("giver")
        )
    assert refused.value.field == field


def test_nothing_is_planned_after_the_exit(app: Flask) -> None:
    plan, by = make.complete_plan(make.partnership()), people.person("giver")
    first = plan.taper[0].quarter
    with pytest.raises(NotRight, match="after the exit"):
        actions.set_taper(plan, {first + 1: DAY}, first.last_day, by=by)
    with pytest.raises(NotRight, match="after the opening"):
        actions.set_taper(plan, {first: DAY}, date(2020, 1, 1), by=by)
    with pytest.raises(NotRight, match="at least one"):
        actions.set_taper(plan, {first: 0}, first.last_day, by=by)
    actions.set_taper(plan, {first: 3 * DAY, first + 1: DAY}, (first + 1).last_day, by=by)
    assert [step.quarter for step in plan.taper] == [first, first + 1]
    assert Quarter.of(plan.exit_on) == first + 1


def test_set_up_ends_once_both_have_agreed_how_they_work_and_what_they_plan(app: Flask) -> None:
    within, by = make.partnership(), people.person("receiver")
    with pytest.raises(NotPossible, match="agreement first"):
        take(within, "move_on", by=by)
    make.agreed_agreement(within)
    with pytest.raises(NotPossible, match="plan first"):
        take(within, "move_on", by=by)
    make.agreed_plan(within)
    take(within, "move_on", by=by)


def test_one_that_opened_before_plans_were_kept_moves_on_as_before(app: Flask) -> None:
    within = make.partnership()
    agreement = agreement_of(within)
    for record in (*make.plans_of(within), agreement):
        db.session.delete(record)
    db.session.flush()
    take(within, "move_on", by=people.person("receiver"))


def test_a_plan_of_an_ended_partnership_no_longer_changes(app: Flask) -> None:
    plan = make.complete_plan(make.partnership())
    partnerships.end_early(plan.partnership, reason="Moved on.", by=people.person("receiver"))
    with pytest.raises(NotPossible, match="ended"):
        actions.agree(plan, by=people.person("giver"))
