"""Questions about plans, for the person asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from broker import ledger, sights
from broker.clock import Quarter
from broker.db import db
from broker.ledger import Balance
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.plan import Objective, Plan, PlanState
from broker.models.programme import Theme
from broker.taking import membership_for, row_for, why_not


def plans_visible_to(person: Person) -> Select[Plan]:
    """The versions that a person may see."""
    return select(Plan).where(sights.plans_seen_by(person))


def versions_of(partnership: Partnership, person: Person) -> list[Plan]:
    """The versions of a partnership's plan that a person may see, newest first."""
    mine = plans_visible_to(person).where(Plan.partnership_id == partnership.id)
    return list(db.session.scalars(mine.order_by(Plan.number.desc())).unique())


def standing_plan(partnership: Partnership) -> Plan | None:
    """The version that both sides agreed to and that stands now."""
    wanted = select(Plan).filter_by(partnership_id=partnership.id, state=PlanState.AGREED)
    return db.session.scalars(wanted).unique().one_or_none()


def planned_end(partnership: Partnership) -> date | None:
    """When the help ends by the plan that stands; None while none is agreed."""
    wanted = select(Plan.exit_on).filter_by(partnership_id=partnership.id, state=PlanState.AGREED)
    return db.session.scalar(wanted)


def has_a_plan(partnership: Partnership) -> bool:
    """Whether any version was begun, whatever became of it."""
    begun = select(Plan.id).filter_by(partnership_id=partnership.id).limit(1)
    return db.session.scalar(begun) is not None


def written_plan(partnership: Partnership) -> Plan | None:
    """The version that is being written, if any."""
    wanted = select(Plan).filter_by(partnership_id=partnership.id, state=PlanState.BEING_WRITTEN)
    return db.session.scalars(wanted).unique().one_or_none()


@dataclass(frozen=True)
class QuarterPicture:
    """Quarter-days of one quarter: planned, committed now, delivered."""

    quarter: Quarter
    planned: int
    committed: int
    delivered: int

    @property
    def still_to_give(self) -> int:
        return max(0, max(self.planned, self.committed) - self.delivered)


def picture_of(plan: Plan) -> list[QuarterPicture]:
    """What was planned by quarter beside what the ledger counts."""
    held = ledger.balances_of_match(plan.partnership.match_id)
    planned: dict[Quarter, int] = {}
    for activity in plan.activities:
        planned[activity.quarter] = planned.get(activity.quarter, 0) + activity.quarter_days
    return [
        QuarterPicture(quarter, planned.get(quarter, 0), now.committed, now.delivered)
        for quarter in sorted({*planned, *held})
        for now in [held.get(quarter, Balance())]
    ]


def themes_of(partnership: Partnership, objective: Objective | None) -> list[Theme]:
    """The themes that an objective may belong to: the need's, and the one that it has."""
    themes = [row.theme for row in partnership.match.need.themes]
    if objective and objective.theme and objective.theme not in themes:
        themes.append(objective.theme)
    return themes


def may_write(person: Person, plan: Plan) -> bool:
    """Whether a person may change a version now."""
    row = row_for(plan, "write")
    return bool(membership_for(row, person, plan)) and why_not(plan, row) is None


def may_revise(person: Person, partnership: Partnership) -> bool:
    """Whether a person may begin the next version now."""
    row = row_for(Plan, "draft")
    is_theirs = membership_for(row, person, partnership) is not None
    return is_theirs and partnership.is_live and standing_plan(partnership) is not None
