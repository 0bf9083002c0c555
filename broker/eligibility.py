"""Who may provide under a programme: product rules on judgements, in words."""

from __future__ import annotations

from collections.abc import Sequence

from broker.clock import today
from broker.models.authority import Area, Authority, Grade, Judgement
from broker.models.programme import Policy, Theme

RECENT_YEARS = 4


def why_not_provide(provider: Authority, policy: Policy, themes: Sequence[Theme]) -> str | None:
    """None when the provider may offer these themes; else why not, in words."""
    latest = provider.latest_judgement
    if latest is None:
        return "There is no judgement on record for this authority yet."
    if policy.provider_rule == "whole":
        return _whole(latest)
    short = [theme for theme in themes if not may_offer_theme(provider, theme.area)]
    if not short:
        return None
    names = ", ".join(theme.name for theme in short)
    return (
        f"Under this programme the area that a theme belongs to is good or outstanding, or has "
        f"moved up in the last {RECENT_YEARS} years. That is not on record for: {names}."
    )


def _whole(latest: Judgement) -> str | None:
    """Good or outstanding overall and in every area given (no overall: the areas decide)."""
    grades = list(latest.area_grades.values())
    if latest.overall is not None:
        grades.append(latest.overall)
    if grades and all(grade.is_good_or_better for grade in grades):
        return None
    return (
        "Under this programme the latest judgement is good or outstanding overall and in every "
        "area. Own days and regional programmes look at the theme's own area instead."
    )


def may_offer_theme(provider: Authority, area: Area) -> bool:
    """The area is good or better, or moved up in the last four years."""
    latest = provider.latest_judgement
    grade = latest.grade_for(area) if latest else None
    if grade is None:
        return latest is not None and _whole(latest) is None
    return grade.is_good_or_better or is_recent_improver(provider, area)


def is_recent_improver(provider: Authority, area: Area) -> bool:
    """The area's grade went up at the latest judgement, published in the last four years."""
    judged = [j for j in provider.judgements if j.grade_for(area) is not None]
    if len(judged) < 2 or (today() - judged[0].published_on).days > RECENT_YEARS * 365.25:
        return False
    now, before = judged[0].grade_for(area), judged[1].grade_for(area)
    if now is None or before is None:
        return False
    best_first = list(Grade)
    return best_first.index(now) < best_first.index(before)
