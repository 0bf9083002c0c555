"""Measures and their baselines: what may be said of a change, and what must stand beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date

from broker import clock
from broker.errors import NotRight
from broker.models.plan import Collected, Measure, MeasureKind

LENGTHS = {
    "name": 200,
    "baseline": 300,
    "baseline_source": 200,
    "target": 300,
    "period_before": 120,
    "period_after": 120,
    "how_far_apart": 120,
    "comparable_because": 300,
}
BOTH_SIDES = (
    ("baseline", "Say where it stood before."),
    ("period_before", "Say for which period it was measured before."),
    ("period_after", "Say for which period it is measured after."),
    ("how_far_apart", "Say how far apart the two are."),
    (
        "comparable_because",
        "Say why the two can be compared: same question, same people, same way.",
    ),
)


@dataclass(frozen=True)
class MeasureTerms:
    """A measure as somebody writes it. The last five make a claim about before and after."""

    name: str
    kind: MeasureKind
    target: str
    collected: Collected
    baseline: str = ""
    baseline_source: str = ""
    baseline_on: date | None = None
    existed_before: bool = False
    claims_change: bool = False
    period_before: str = ""
    period_after: str = ""
    how_far_apart: str = ""
    comparable_because: str = ""


def check_measure(terms: MeasureTerms) -> None:
    """NotRight, at its field, unless the measure may stand as it is written.

    A claim of before and after needs both sides: period, interval, comparability, and something
    that was measured before. A baseline names its source; one in words may be a baseline too.
    """
    for name, most in LENGTHS.items():
        if len(getattr(terms, name)) > most:
            raise NotRight(f"Keep this under {most} characters.", field=name)
    if not terms.name.strip():
        raise NotRight("Say what is measured.", field="name")
    if terms.baseline.strip() and not terms.baseline_source.strip():
        raise NotRight("Name the source of the baseline.", field="baseline_source")
    if terms.baseline_on is not None and terms.baseline_on > clock.today():
        raise NotRight("The baseline is of a day that has been.", field="baseline_on")
    if terms.claims_change:
        _check_claim(terms)


def _check_claim(terms: MeasureTerms) -> None:
    if not terms.existed_before:
        raise NotRight(
            "Only what was measured before can be compared. Say that it was, or make no claim.",
            field="existed_before",
        )
    for name, words in BOTH_SIDES:
        if not getattr(terms, name).strip():
            raise NotRight(words, field=name)


def new_measure(key: int, terms: MeasureTerms) -> Measure:
    trimmed = {name: getattr(terms, name).strip() for name in LENGTHS}
    return Measure(key=key, **asdict(replace(terms, **trimmed)))
