"""Partnerships at work: days, agreements, plans, phases, endings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from broker import clock
from broker.agreements import actions as agreements
from broker.agreements.queries import agreement_of
from broker.clock import Quarter
from broker.day_imports import actions as day_imports
from broker.db import db
from broker.endings import actions as endings
from broker.extensions import actions as extensions
from broker.extras import actions as extras
from broker.matches import actions as matches
from broker.models.agreement import WorkingAgreement
from broker.models.day_import import DayImport
from broker.models.extension import Extension
from broker.models.extra import Extra
from broker.models.match import Match
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay
from broker.models.plan import Collected, Horizon, MeasureKind, Plan, PlanState
from broker.partnerships import actions as partnerships
from broker.plans import actions as plans
from broker.plans.measures import MeasureTerms
from broker.plans.queries import standing_plan
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from broker.taking import take
from tests import people
from tests.make.giving import (
    DAY,
    next_quarter,
)
from tests.make.needing import (
    agreed,
)
from tests.make.walks import walked_once

DAYS_FILE = b"Date,Days,What was done,How\n20/11/2026,0.5,Joint audit,on site\n"


@walked_once
def partnership(made: Match | None = None) -> Partnership:
    """A partnership from an approved match."""
    approved = made or agreed()
    matches.approve(approved, by=people.person("coordinator"))
    return db.session.scalars(select(Partnership).filter_by(match_id=approved.id)).unique().one()


@walked_once
def day(
    within: Partnership,
    *,
    quarter_days: int = DAY,
    on: date | None = None,
    is_extra: bool = False,
    by: str = "giver_lead",
) -> SupportDay:
    """A support day, logged by the giving lead; another one whatever is logged on its date."""
    entry = Entry(
        given_on=on or clock.today(),
        quarter_days=quarter_days,
        activity="Looked at decisions together",
        delivery=Delivery.ON_SITE,
        is_extra=is_extra,
    )
    return support_days.log(within, entry, is_another=True, by=people.person(by))


@walked_once
def extra(within: Partnership, *, quarter_days: int = DAY) -> Extra:
    """Extra days in this quarter, proposed by the receiver's lead."""
    return extras.propose(
        within,
        quarter=clock.this_quarter(),
        quarter_days=quarter_days,
        because="The team asked for one more visit.",
        by=people.person("receiver_lead"),
    )


@walked_once
def day_import(
    within: Partnership, content: bytes = DAYS_FILE, *, by: str = "giver_lead"
) -> DayImport:
    """A spreadsheet of days that was looked at."""
    return day_imports.show(within, file_name="days.csv", content=content, by=people.person(by))


@walked_once
def agreed_agreement(within: Partnership) -> WorkingAgreement:
    """How two sides work together, agreed by both directors."""
    made = agreement_of(within)
    assert made is not None
    terms = agreements.Terms(
        aims_receiver=made.aims_receiver,
        aims_provider="To test our own tools on another front door.",
        scope_in=made.scope_in,
        scope_out="Fostering.",
        decides=made.decides,
        boundaries="No casework.",
        no_surprises=made.no_surprises,
    )
    kpis = [("Decisions within a day", clock.today() + timedelta(days=90))]
    agreements.write(made, terms, kpis, by=people.person("receiver_lead"))
    for name in ("receiver", "giver"):
        agreements.agree(made, by=people.person(name))
    return made


@walked_once
def complete_plan(within: Partnership) -> Plan:
    """The plan that is being written, with a measure and somebody to carry each objective on."""
    made = next(one for one in plans_of(within) if one.state is PlanState.BEING_WRITTEN)
    lead = people.person("receiver_lead")
    for objective in list(made.objectives):
        terms = plans.ObjectiveTerms(
            objective.aim, objective.theme, Horizon.MEDIUM, "Head of the front door"
        )
        plans.put_objective(made, objective.key, terms, by=lead)
        if not objective.measures:
            plans.put_measure(objective, None, measure_terms(), by=lead)
    return made


def measure_terms(**changed: Any) -> MeasureTerms:
    """A measure with a baseline in words, that makes no claim of before and after."""
    usual = MeasureTerms(
        name="What families say about their first call",
        kind=MeasureKind.QUALITATIVE,
        target="Most say that they were heard.",
        collected=Collected.QUARTERLY,
        baseline="Many say that they had to call twice.",
        baseline_source="Twelve calls listened to",
    )
    return replace(usual, **changed)


def plans_of(within: Partnership) -> list[Plan]:
    found = select(Plan).filter_by(partnership_id=within.id).order_by(Plan.number)
    return list(db.session.scalars(found).unique())


@walked_once
def agreed_plan(within: Partnership) -> Plan:
    """A plan that both sides agreed to."""
    made = complete_plan(within)
    for name in ("receiver_lead", "giver_lead"):
        plans.agree(made, by=people.person(name))
    return made


@walked_once
def begun(within: Partnership | None = None) -> Partnership:
    """A partnership whose sides agreed how they work and what they plan."""
    opened = within or partnership()
    agreed_agreement(opened)
    agreed_plan(opened)
    return opened


@walked_once
def steady(within: Partnership | None = None) -> Partnership:
    """A partnership at its mid-point."""
    walked = begun(within)
    for _ in range(2):
        take(walked, "move_on", by=people.person("receiver"))
    return walked


def met(**changed: Any) -> endings.Tests:
    """The three tests and the budget, all met unless told otherwise."""
    usual = endings.Tests(
        performance_met=True,
        performance="Visits are in time for two quarters.",
        capacity_met=True,
        capacity="Two managers run it.",
        succession_met=True,
        succession="A deputy is named.",
        budget_protected=True,
        budget="In the budget until 2029.",
    )
    return replace(usual, **changed)


@walked_once
def tapering(within: Partnership | None = None) -> Partnership:
    """A partnership in its last phase."""
    walked = steady(within)
    take(walked, "move_on", by=people.person("receiver"))
    return walked


@walked_once
def ready_to_end(within: Partnership | None = None) -> Partnership:
    """A tapering partnership whose tests are met and whose strands have a home."""
    walked = tapering(within)
    lead = people.person("receiver_lead")
    plan = standing_plan(walked)
    assert plan is not None
    for strand in plan.objectives:
        endings.hand_over(walked, strand, to_whom="Head of the front door", note="", by=lead)
    endings.record_tests(walked, met(), by=lead)
    return walked


@walked_once
def ended(within: Partnership | None = None) -> Partnership:
    """A partnership that ended as planned."""
    walked = ready_to_end(within)
    partnerships.end(walked, reason="The tests are met.", by=people.person("receiver"))
    return walked


def report(**changed: Any) -> endings.Report:
    """A closing report."""
    usual = endings.Report(
        changed="Children are seen within a day.",
        worked="Sitting beside managers.",
        did_not_work="The weekly meeting.",
        taper_words="As planned.",
        carries_on="The head of the front door.",
    )
    return replace(usual, **changed)


@walked_once
def reported(within: Partnership | None = None) -> Partnership:
    """An ended partnership with a closing report that its receiver has not read yet."""
    walked = within or ended()
    endings.write_report(walked, report(), by=people.person("giver_lead"))
    return walked


@walked_once
def extension(
    within: Partnership,
    *,
    days: int = 2 * DAY,
    agreed: bool = True,
    quarter: Quarter | None = None,
) -> Extension:
    """More days in the next quarter, agreed by both directors unless told otherwise."""
    first = quarter or next_quarter()
    made = extensions.propose(
        within,
        days={first: days},
        exit_on=first.last_day,
        because="The second team begins later.",
        by=people.person("receiver_lead"),
    )
    for name in ("receiver", "giver") if agreed else ():
        extensions.agree(made, by=people.person(name))
    return made
