"""Questions about the end of a partnership, for the person asking."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from broker import closing_conditions as closing
from broker import ledger
from broker.clock import Quarter
from broker.db import db
from broker.models.ending import ClosingReport, Handover, SaidEarly
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.plan import Plan
from broker.partnerships.queries import coordinates, sides_of
from broker.plans.queries import standing_plan
from broker.taking import membership_for, row_for, why_not


def handed_over(partnership: Partnership) -> dict[int, Handover]:
    """Objective's key → who carries it on."""
    found = select(Handover).filter_by(partnership_id=partnership.id)
    return {one.objective_key: one for one in db.session.scalars(found)}


@dataclass(frozen=True)
class Check:
    """A line of the exit checklist."""

    words: str
    why_not: str | None


def checklist(partnership: Partnership) -> list[Check]:
    """What must be so before a planned end, each with what is missing."""
    return [
        Check("The three tests are met", closing.three_tests_are_met(partnership)),
        Check("Every strand has a home", closing.strands_have_a_home(partnership)),
        Check("The budget is protected", closing.budget_is_protected(partnership)),
    ]


def said_early(person: Person, partnership: Partnership) -> list[SaidEarly]:
    """Reasons for an early end that a person may read: own side's; the coordinator, both."""
    found = select(SaidEarly).filter_by(partnership_id=partnership.id).order_by(SaidEarly.id)
    mine, every = sides_of(person, partnership), coordinates(person, partnership)
    return [one for one in db.session.scalars(found) if every or one.side in mine]


def report_for(person: Person, partnership: Partnership) -> ClosingReport | None:
    """The closing report: at once for the two sides, for others once it has gone out."""
    report = partnership.closing_report
    is_near = bool(sides_of(person, partnership))
    return report if report and (is_near or report.is_out) else None


@dataclass(frozen=True)
class TaperLine:
    """Quarter-days of one quarter: as the taper planned them, as they were given."""

    quarter: Quarter
    planned: int
    given: int


def taper_of(partnership: Partnership) -> list[TaperLine]:
    """The taper of the plan that stands, beside what was given."""
    plan = standing_plan(partnership)
    held = ledger.balances_of_match(partnership.match_id)
    planned = {step.quarter: step.quarter_days for step in plan.taper} if plan else {}
    given = {quarter: balance.delivered for quarter, balance in held.items() if balance.delivered}
    return [
        TaperLine(quarter, planned.get(quarter, 0), given.get(quarter, 0))
        for quarter in sorted({*planned, *given})
    ]


def taper_words(lines: list[TaperLine]) -> str:
    """Whether the taper was kept: no quarter beyond its plan, none after the last one planned."""
    if not lines:
        return "No taper was planned."
    over = [line for line in lines if line.given > line.planned]
    if not over:
        return "The taper was kept: in no quarter were more days given than it planned."
    last = max((line.quarter for line in lines if line.planned), default=None)
    late = [line for line in over if last is not None and line.quarter > last]
    more = f"{len(over)} of {len(lines)} quarters had more days than it planned"
    return f"The taper was not kept: {more}{', some of them after its end' if late else ''}."


def strands_of(partnership: Partnership) -> Plan | None:
    """The plan whose objectives are the strands to hand over."""
    return standing_plan(partnership)


def may_now(person: Person, partnership: Partnership, verb: str) -> bool:
    """Whether a person may do something to a partnership as it stands."""
    row = row_for(partnership, verb)
    return bool(membership_for(row, person, partnership)) and why_not(partnership, row) is None
