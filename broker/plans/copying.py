"""The next version of a plan begins as a copy of the one before, keys and all."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import inspect

from broker.db import Base
from broker.models.plan import Activity, Measure, Objective, Plan, TaperStep

Row = TypeVar("Row", bound=Base)
OWN = {"id", "plan_id", "objective_id"}


def copy_into(plan: Plan, before: Plan) -> None:
    """Put what one version holds into another that is empty."""
    plan.objectives = [_copy_objective(one) for one in before.objectives]
    plan.taper = [_copy(TaperStep, step) for step in before.taper]


def _copy_objective(objective: Objective) -> Objective:
    made = _copy(Objective, objective)
    made.activities = [_copy(Activity, one) for one in objective.activities]
    made.measures = [_copy(Measure, one) for one in objective.measures]
    return made


def _copy(kind: type[Row], row: Row) -> Row:
    """A new row with the same facts, belonging to nothing yet."""
    names = [column.key for column in inspect(kind).column_attrs if column.key not in OWN]
    return kind(**{name: getattr(row, name) for name in names})
