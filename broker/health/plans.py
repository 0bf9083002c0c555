"""What the checks look at in plans, for many partnerships at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from broker.clock import LONDON, Quarter
from broker.db import db
from broker.models.plan import Objective, Plan, PlanState, TaperStep


@dataclass(frozen=True)
class PlanFacts:
    """Of the plan that both agreed. `taper` is in quarter-days; `homes`: strands that somebody
    carries on, of all `strands`."""

    agreed_on: date
    versions: int
    exit_on: date
    taper: Mapping[Quarter, int]
    strands: int
    homes: int


def plans_of(partnership_ids: list[int]) -> dict[int, PlanFacts]:
    """By partnership's id; who has agreed none is left out. In three questions."""
    kept = select(Plan.partnership_id, Plan.id, Plan.state, Plan.agreed_at, Plan.exit_on).where(
        Plan.partnership_id.in_(partnership_ids),
        Plan.state.in_([PlanState.AGREED, PlanState.REPLACED]),
    )
    rows = db.session.execute(kept).all()
    versions = Counter(row.partnership_id for row in rows)
    standing = [row for row in rows if row.state is PlanState.AGREED and row.agreed_at]
    taper, strands = _taper([row.id for row in standing]), _strands([row.id for row in standing])
    return {
        row.partnership_id: PlanFacts(
            row.agreed_at.astimezone(LONDON).date(),
            versions[row.partnership_id],
            row.exit_on,
            taper.get(row.id, {}),
            *strands.get(row.id, (0, 0)),
        )
        for row in standing
    }


def _taper(plan_ids: list[int]) -> dict[int, dict[Quarter, int]]:
    steps = select(TaperStep.plan_id, TaperStep.quarter, TaperStep.quarter_days).where(
        TaperStep.plan_id.in_(plan_ids)
    )
    found: dict[int, dict[Quarter, int]] = defaultdict(dict)
    for plan_id, quarter, quarter_days in db.session.execute(steps):
        found[plan_id][quarter] = quarter_days
    return found


def _strands(plan_ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many objectives each plan has, and how many of them have somebody to carry them on."""
    has_home = case((Objective.handover_to != "", 1), else_=0)
    rows = (
        select(Objective.plan_id, func.count(Objective.id), func.sum(has_home))
        .where(Objective.plan_id.in_(plan_ids))
        .group_by(Objective.plan_id)
    )
    return {plan_id: (count, int(homes)) for plan_id, count, homes in db.session.execute(rows)}
