"""Writing a plan, version by version, until both sides agree to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.event import Event
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.plan import (
    Activity,
    ChangeReason,
    Horizon,
    Measure,
    Objective,
    Plan,
    PlanConsent,
    PlanState,
    TaperStep,
)
from broker.models.programme import Theme
from broker.partnerships.sides import side_of
from broker.plans.copying import copy_into
from broker.plans.measures import MeasureTerms, check_measure, new_measure
from broker.plans.queries import standing_plan
from broker.system import the_system
from broker.taking import lock, may, start, take

AIM_LENGTH = 1000
WHAT_LENGTH = 200
WHO_LENGTH = 120
BECAUSE_LENGTH = 2000
MOST = 12  # objectives, and activities or measures of one


@dataclass(frozen=True)
class ObjectiveTerms:
    """What is to be different, on which strand, by when, and who carries it on."""

    aim: str
    theme: Theme | None
    horizon: Horizon
    handover_to: str


def draft_first(partnership: Partnership, *, by: Person) -> Plan:
    """The first version: the aim of the terms, its days by quarter, and an exit at their end."""
    match = partnership.match
    last = match.days[-1].quarter if match.days else clock.this_quarter()
    themes = [row.theme for row in match.need.themes]
    objective = Objective(
        key=1,
        aim=(partnership.aims.strip() or partnership.title)[:AIM_LENGTH],
        theme=themes[0] if themes else None,
        activities=[
            Activity(
                key=number,
                what="Support as agreed in the terms",
                quarter=row.quarter,
                quarter_days=row.quarter_days,
            )
            for number, row in enumerate(match.days, 1)
        ],
    )
    taper = [TaperStep(quarter=row.quarter, quarter_days=row.quarter_days) for row in match.days]
    plan = _new(partnership, 1, ChangeReason.FIRST, last.last_day, by)
    plan.objectives, plan.taper = [objective], taper
    start(plan, "draft", by=by)
    return plan


def _new(
    partnership: Partnership, number: int, code: ChangeReason, exit_on: date, by: Person
) -> Plan:
    return Plan(
        partnership=partnership,
        number=number,
        reason_code=code,
        exit_on=exit_on,
        drafted_by_id=by.id,
    )


def revise(partnership: Partnership, code: ChangeReason, *, because: str, by: Person) -> Plan:
    """Begin the next version from the one that stands, saying why."""
    lock(partnership)
    because = because.strip()
    if code is ChangeReason.FIRST:
        raise NotRight("Choose why the plan changes.", field="code")
    if not because or len(because) > BECAUSE_LENGTH:
        raise NotRight("Say in a few sentences why the plan changes.", field="because")
    before = standing_plan(partnership)
    if before is None:
        raise NotPossible("The first version is still being written. Change it instead.")
    plan = _new(partnership, _next_number(partnership), code, before.exit_on, by)
    plan.because = because
    copy_into(plan, before)
    start(plan, "draft", by=by, detail=f"{code.words}: {because}"[:2000])
    return plan


def _next_number(partnership: Partnership) -> int:
    numbers = db.session.query(Plan.number).filter_by(partnership_id=partnership.id)
    return max(number for (number,) in numbers) + 1


# -- writing ----------------------------------------------------------------------------------


def _write(plan: Plan, detail: str, by: Person) -> Event:
    """Note the change; a side that had agreed agrees afresh."""
    event = take(plan, "write", by=by, detail=detail[:2000])
    plan.revision += 1
    return event


def put_objective(plan: Plan, key: int | None, terms: ObjectiveTerms, *, by: Person) -> Objective:
    """Add an objective (`key` None) or change one."""
    aim, handover_to = terms.aim.strip(), terms.handover_to.strip()
    if not aim or len(aim) > AIM_LENGTH:
        raise NotRight(f"Say the aim in at most {AIM_LENGTH:,} characters.", field="aim")
    if len(handover_to) > WHO_LENGTH:
        raise NotRight(f"Keep this under {WHO_LENGTH} characters.", field="handover_to")
    _write(plan, f"Objective: {aim}", by)
    objective = objective_of(plan, key) if key else None
    if objective is None:
        _check_room(plan.objectives)
        objective = Objective(key=_next_objective(plan))
        plan.objectives.append(objective)
    objective.aim, objective.handover_to = aim, handover_to
    objective.theme, objective.horizon = terms.theme, terms.horizon
    db.session.flush()
    return objective


def _check_room(parts: Sequence[object]) -> None:
    if len(parts) >= MOST:
        raise NotPossible(f"A plan holds at most {MOST} of these: fewer are easier to keep.")


def _next_objective(plan: Plan) -> int:
    """A key that no version of this plan has used."""
    used = select(func.max(Objective.key)).where(Objective.plan_id.in_(_versions(plan)))
    return (db.session.scalar(used) or 0) + 1


def _next_part(objective: Objective, kind: type[Activity] | type[Measure]) -> int:
    """A key that no version of this objective has used."""
    used = (
        select(func.max(kind.key))
        .join(Objective, Objective.id == kind.objective_id)
        .where(Objective.key == objective.key, Objective.plan_id.in_(_versions(objective.plan)))
    )
    return (db.session.scalar(used) or 0) + 1


def _versions(plan: Plan) -> Select[int]:
    return select(Plan.id).where(Plan.partnership_id == plan.partnership_id)


def objective_of(plan: Plan, key: int) -> Objective:
    """The objective with a key; NotPossible when it has been dropped meanwhile."""
    found = next((one for one in plan.objectives if one.key == key), None)
    if found is None:
        raise NotPossible("This objective is no longer in the plan.")
    return found


def put_activity(
    objective: Objective,
    key: int | None,
    *,
    what: str,
    quarter: Quarter,
    quarter_days: int,
    by: Person,
) -> Activity:
    """Add an activity (`key` None) or change one."""
    what = what.strip()
    if not what or len(what) > WHAT_LENGTH:
        raise NotRight(f"Say what is done in at most {WHAT_LENGTH} characters.", field="what")
    if quarter_days < 1:
        raise NotRight("Plan at least a quarter of a day.", field="days")
    _write(objective.plan, f"Activity: {what}", by)
    activity = next((one for one in objective.activities if one.key == key), None)
    if activity is None:
        _check_room(objective.activities)
        activity = Activity(key=_next_part(objective, Activity))
        objective.activities.append(activity)
    activity.what, activity.quarter, activity.quarter_days = what, quarter, quarter_days
    db.session.flush()
    return activity


def put_measure(objective: Objective, key: int | None, terms: MeasureTerms, *, by: Person) -> None:
    """Add a measure (`key` None) or change one."""
    check_measure(terms)
    _write(objective.plan, f"Measure: {terms.name}", by)
    before = next((one for one in objective.measures if one.key == key), None)
    if before is None:
        _check_room(objective.measures)
        kept = _next_part(objective, Measure)
    else:
        kept = before.key
        objective.measures.remove(before)
        db.session.flush()
    objective.measures.append(new_measure(kept, terms))
    db.session.flush()


def drop(plan: Plan, kind: str, key: int, inner: int | None = None, *, by: Person) -> None:
    """Take an objective, or an activity or measure of it, out of the version being written."""
    objective = objective_of(plan, key)
    if kind == "objective":
        _write(plan, f"Dropped the objective: {objective.aim}", by)
        plan.objectives.remove(objective)
    else:
        _drop_part(objective, kind, inner, by)
    db.session.flush()


def _drop_part(objective: Objective, kind: str, inner: int | None, by: Person) -> None:
    if kind == "activity":
        for activity in [one for one in objective.activities if one.key == inner]:
            _write(objective.plan, f"Dropped the activity: {activity.what}", by)
            objective.activities.remove(activity)
    elif kind == "measure":
        for measure in [one for one in objective.measures if one.key == inner]:
            _write(objective.plan, f"Dropped the measure: {measure.name}", by)
            objective.measures.remove(measure)


def set_taper(plan: Plan, days: Mapping[Quarter, int], exit_on: date, *, by: Person) -> None:
    """Say how the days go down to the exit. Nothing is planned after the exit."""
    if not any(days.values()):
        raise NotRight("Put days in at least one quarter.")
    if exit_on < plan.partnership.opened_at.date():
        raise NotRight("The exit comes after the opening.", field="exit_on")
    last = max(quarter for quarter, count in days.items() if count)
    if last > Quarter.of(exit_on):
        raise NotRight(f"There are days in {last}, after the exit.", field="exit_on")
    _write(plan, f"Taper; exit on {exit_on:%d/%m/%Y}", by)
    plan.taper.clear()
    db.session.flush()
    plan.taper = [TaperStep(quarter=q, quarter_days=days[q]) for q in sorted(days) if days[q]]
    plan.exit_on = exit_on
    db.session.flush()


# -- agreeing ---------------------------------------------------------------------------------


def agree(plan: Plan, *, by: Person, reason: str = "") -> Event:
    """One side agrees; when both have, the version stands and the one before is replaced."""
    lock(plan.partnership)
    lock(plan)
    may(plan, "agree", by=by)
    side = side_of(plan, by)
    if plan.state is PlanState.BEING_WRITTEN:
        if side in plan.sides_agreed:
            raise NotPossible("Your side has agreed. The other side is next.")
        plan.consents.append(PlanConsent(side=side, revision=plan.revision, agreed_by_id=by.id))
        db.session.flush()
    before = standing_plan(plan.partnership)
    event = take(plan, "agree", by=by, reason=reason)
    if plan.state is PlanState.AGREED:
        plan.agreed_at = clock.now()
        if before is not None:
            take(before, "replace", by=the_system())
    return event
