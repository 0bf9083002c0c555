"""Two versions of a plan side by side: what came, what went, what reads otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from broker.days import format_days
from broker.models.plan import Activity, Measure, Objective, Plan

Said = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """One line; an empty side is not there in that version."""

    what: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        if not self.before:
            return "Added"
        return "Changed" if self.after else "Dropped"


def differences(before: Plan, after: Plan) -> list[Difference]:
    """In the order of the plan: each part that is not the same in both versions."""
    one, other = _said(before), _said(after)
    order = [*one, *(name for name in other if name not in one)]
    found = [Difference(name.label, one.get(name, ""), other.get(name, "")) for name in order]
    return [line for line in found if line.before != line.after]


@dataclass(frozen=True)
class Name:
    """A place in a plan, the same in every version; `label` is how the page calls it."""

    place: tuple[Any, ...]
    label: str

    def __hash__(self) -> int:
        return hash(self.place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self.place == other.place


def _said(plan: Plan) -> dict[Name, str]:
    said = {Name(("exit",), "Exit"): f"{plan.exit_on.day} {plan.exit_on:%B %Y}"}
    for step in plan.taper:
        name = Name(("taper", step.quarter), f"Taper, {step.quarter}")
        said[name] = format_days(step.quarter_days)
    for objective in plan.objectives:
        said |= dict(_said_of(objective))
    return said


def _said_of(objective: Objective) -> Iterator[tuple[Name, str]]:
    key = objective.key
    yield Name((key,), f"Objective {key}"), _objective_words(objective)
    parts: tuple[tuple[str, list[Any], Callable[[Any], str]], ...] = (
        ("Activity", list(objective.activities), _activity_words),
        ("Measure", list(objective.measures), _measure_words),
    )
    for word, rows, words in parts:
        for row in rows:
            yield Name((key, word, row.key), f"{word} {key}.{row.key}"), words(row)


def _objective_words(objective: Objective) -> str:
    theme = objective.theme.name if objective.theme else ""
    carried = f"Carried on by {objective.handover_to}" if objective.handover_to else ""
    return _lines(objective.aim, theme, objective.horizon.words, carried)


def _activity_words(activity: Activity) -> str:
    return _lines(activity.what, f"{format_days(activity.quarter_days)} in {activity.quarter}")


def _measure_words(measure: Measure) -> str:
    before = f"Before: {measure.baseline} ({measure.baseline_source})" if measure.baseline else ""
    target = f"Target: {measure.target}" if measure.target else ""
    claim = f"Comparable: {measure.comparable_because}" if measure.claims_change else ""
    return _lines(measure.name, before, target, measure.collected.words, claim)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
