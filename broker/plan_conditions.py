"""When a verb on an agreement or a plan is possible: None, or why not, in words."""

from __future__ import annotations

from sqlalchemy import select

from broker.db import db
from broker.models.agreement import WorkingAgreement, WorkingState
from broker.models.partnership import Partnership, PartnershipState
from broker.models.plan import Plan, PlanState

WORDS_NEEDED = (
    ("aims_receiver", "what the receiver wants from it"),
    ("aims_provider", "what the provider wants from it"),
    ("scope_in", "what is in scope"),
    ("decides", "who decides what"),
    ("no_surprises", "the clause on no surprises"),
)


def missing_from_agreement(agreement: WorkingAgreement) -> list[str]:
    """What has not been said yet, in words."""
    return [words for name, words in WORDS_NEEDED if not getattr(agreement, name).strip()]


def agreement_is_complete(agreement: WorkingAgreement) -> str | None:
    """aims by both, scope, who decides and no surprises have been said"""
    missing = missing_from_agreement(agreement)
    return f"Still missing: {', '.join(missing)}." if missing else None


def partnership_goes_on(thing: Plan | WorkingAgreement) -> str | None:
    """the partnership has not ended"""
    if thing.partnership.is_live:
        return None
    return "This partnership has ended or is paused, so this no longer changes."


def missing_from_plan(plan: Plan) -> list[str]:
    """What has not been said yet, in words."""
    missing = []
    if not plan.objectives:
        missing.append("an objective")
    if any(not objective.measures for objective in plan.objectives):
        missing.append("a measure for each objective")
    if any(not objective.handover_to.strip() for objective in plan.objectives):
        missing.append("who carries each objective on when the help ends")
    if not plan.taper:
        missing.append("how the help tapers off")
    return missing


def plan_is_complete(plan: Plan) -> str | None:
    """each objective has a measure and somebody to carry it on, and the taper is set"""
    missing = missing_from_plan(plan)
    return f"Still missing: {', '.join(missing)}." if missing else None


def is_not_the_first_plan(plan: Plan) -> str | None:
    """an earlier version stands"""
    return None if plan.number > 1 else "There is no earlier version to go back to."


def nothing_else_is_written(plan: Plan) -> str | None:
    """no other version is being written"""
    other = select(Plan.id).where(
        Plan.partnership_id == plan.partnership.id,
        Plan.id != plan.id,
        Plan.state == PlanState.BEING_WRITTEN,
    )
    return "Another version is being written already." if db.session.scalar(other) else None


def something_is_not_begun(partnership: Partnership) -> str | None:
    """it opened before agreements and plans were kept here, and one of them is not begun yet"""
    here = {"partnership_id": partnership.id}
    kept = (select(model.id).filter_by(**here).limit(1) for model in (WorkingAgreement, Plan))
    if all(db.session.scalar(one) for one in kept):
        return "The agreement and the plan are begun already."
    return None


def has_what_its_phase_needs(partnership: Partnership) -> str | None:
    """to leave set-up: the agreement and the first plan are agreed by both, where they are kept"""
    if partnership.state is not PartnershipState.SETTING_UP:
        return None
    here = {"partnership_id": partnership.id}
    agreements = db.session.scalars(select(WorkingAgreement.state).filter_by(**here)).all()
    if agreements and WorkingState.AGREED not in agreements:
        return "Both directors agree to the agreement first: it says how you work together."
    plans = db.session.scalars(select(Plan.state).filter_by(**here)).all()
    if plans and PlanState.AGREED not in plans:
        return "Both sides agree to the plan first."
    return None
