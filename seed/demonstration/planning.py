"""How the demonstration's partnerships agree to work, what they plan, and who leads."""

from __future__ import annotations

from datetime import timedelta

from broker import clock
from broker.agreements import actions as agreements
from broker.agreements import leads
from broker.agreements.queries import agreement_of
from broker.clock import Quarter
from broker.models.agreement import Post, WorkingAgreement
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.plan import ChangeReason, Collected, Horizon, MeasureKind, Plan
from broker.plans import actions as plans
from broker.plans.measures import MeasureTerms
from broker.plans.queries import written_plan
from seed.demonstration.company import Company

IN_WORDS = MeasureTerms(
    name="What practitioners say about the support they get",
    kind=MeasureKind.QUALITATIVE,
    target="Most say that somebody thinks with them every week.",
    collected=Collected.QUARTERLY,
    baseline="Several say that they decide alone.",
    baseline_source="Two group talks with practitioners",
)
COUNTED = MeasureTerms(
    name="Cases audited as good or better",
    kind=MeasureKind.AUDIT,
    target="Eight of ten",
    collected=Collected.QUARTERLY,
    baseline="Five of ten",
    baseline_source="Monthly audit",
    existed_before=True,
    claims_change=True,
    period_before="The six months before the opening",
    period_after="The six months before the exit",
    how_far_apart="About a year",
    comparable_because="The same tool, the same moderators, cases drawn by lot.",
)


def agree_how(company: Company, partnership: Partnership) -> None:
    """Both directors agree how they work together."""
    agreement = _agreement(partnership)
    terms = agreements.Terms(
        aims_receiver=agreement.aims_receiver,
        aims_provider="To see our approach work in another place, and to bring back what is new.",
        scope_in=agreement.scope_in,
        scope_out="Restructuring, and decisions about single cases.",
        decides=agreement.decides,
        boundaries="No casework and no inspection. What staff say in confidence stays with them.",
        no_surprises=agreement.no_surprises,
    )
    watched = [("Share of cases audited as good", clock.today() + timedelta(days=180))]
    agreements.write(agreement, terms, watched, by=company.improvement_lead(partnership.receiver))
    for director in _directors(company, partnership):
        agreements.agree(agreement, by=director)


def _agreement(partnership: Partnership) -> WorkingAgreement:
    found = agreement_of(partnership)
    assert found is not None
    return found


def _directors(company: Company, partnership: Partnership) -> tuple[Person, Person]:
    return company.director(partnership.receiver), company.director(partnership.provider)


def write_plan(company: Company, partnership: Partnership) -> Plan:
    """The first version with measures, and who carries each objective on."""
    by = company.improvement_lead(partnership.receiver)
    plan = written_plan(partnership)
    assert plan is not None
    first = plan.objectives[0]
    terms = plans.ObjectiveTerms(first.aim, first.theme, Horizon.MEDIUM, "Principal social worker")
    plans.put_objective(plan, first.key, terms, by=by)
    plans.put_measure(first, None, COUNTED, by=by)
    early = plans.ObjectiveTerms(
        "Managers meet every week about what the figures say.",
        first.theme,
        Horizon.IMMEDIATE,
        "Head of performance",
    )
    second = plans.put_objective(plan, None, early, by=by)
    plans.put_measure(second, None, IN_WORDS, by=by)
    return plan


def end_by(company: Company, plan: Plan, quarter: Quarter) -> None:
    """The last visits lie further apart, until the end of a quarter."""
    if quarter.last_day > plan.exit_on:
        days = {step.quarter: step.quarter_days for step in plan.taper}
        by = company.improvement_lead(plan.receiver)
        plans.set_taper(plan, days, quarter.last_day, by=by)


def agree_plan(company: Company, plan: Plan) -> None:
    plans.agree(plan, by=company.improvement_lead(plan.receiver))
    plans.agree(plan, by=company.partnership_lead(plan.provider))


def name_a_deputy(company: Company, partnership: Partnership) -> None:
    theme = partnership.match.need.themes[0].theme
    leads.change(
        partnership,
        post=Post.DEPUTY,
        theme=theme,
        who="Team manager, practice development",
        note="",
        by=company.partnership_lead(partnership.provider),
    )


def change_a_lead(company: Company, partnership: Partnership) -> None:
    """The receiving lead moves on, and leaves a note."""
    leads.change(
        partnership,
        post=Post.LEAD,
        theme=partnership.match.need.themes[0].theme,
        who="Head of practice",
        note="Audits are on time. The next workshop is booked; two managers still want coaching.",
        by=company.improvement_lead(partnership.receiver),
    )


def drop_an_objective(company: Company, partnership: Partnership) -> None:
    """The second version lets an early objective go."""
    by = company.improvement_lead(partnership.receiver)
    plan = plans.revise(
        partnership,
        ChangeReason.APPROACH,
        because="The weekly meeting took time and changed little. We look at audits instead.",
        by=by,
    )
    plans.drop(plan, "objective", plan.objectives[-1].key, by=by)
    agree_plan(company, plan)
