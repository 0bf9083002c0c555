"""Who may provide and who may receive under a programme: rules on published facts, in words.

Rules about providing are asked in one place, `why_not_offer`; who else asks, asks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from broker.clock import today
from broker.db import db
from broker.models.authority import Area, Authority, Grade, Judgement
from broker.models.exception import EligibilityException, ExceptionState
from broker.models.programme import Policy, Programme, Theme

RECENT_YEARS = Policy.recent_years
YEAR = 365.25
NO_JUDGEMENT = "There is no judgement on record for this authority yet."


# -- providing --------------------------------------------------------------------------------


def why_not_offer(provider: Authority, programme: Programme, themes: Sequence[Theme]) -> str | None:
    """None when the provider may offer these themes under the programme; else why not, in words.

    A coordinator's recorded exception stands above the rules while it is in force.
    """
    said = why_not_provide(provider, programme.policy, themes)
    if said is None or exception_in_force(provider.id, programme.id):
        return None
    return said


def exception_in_force(provider_id: int, programme_id: int) -> EligibilityException | None:
    """The exception that holds today, if there is one."""
    in_force = select(EligibilityException).where(
        EligibilityException.provider_id == provider_id,
        EligibilityException.programme_id == programme_id,
        EligibilityException.state == ExceptionState.IN_FORCE,
        EligibilityException.starts_on <= today(),
        EligibilityException.expires_on >= today(),
    )
    return db.session.scalars(in_force).one_or_none()


def why_not_provide(provider: Authority, policy: Policy, themes: Sequence[Theme]) -> str | None:
    """What the judgements say, exceptions apart: None, or why not in words.

    Until its own first inspection an authority stands on the judgements of those it follows.
    """
    latest = provider.latest_judgement
    if latest is None and provider.follows:
        said = [why_not_provide(one, policy, themes) for one in provider.follows]
        return next((words for words in said if words), None)
    if latest is None:
        return NO_JUDGEMENT
    if (urgent := provider.priority_action) is not None:
        return _priority_action(urgent)
    if policy.provider_rule == "whole":
        return _whole(latest)
    short = [t for t in themes if not may_offer_theme(provider, t.area, policy.recent_years)]
    if not short:
        return None
    names = ", ".join(theme.name for theme in short)
    return (
        f"Under this programme the area that a theme belongs to is good or outstanding, or has "
        f"moved up in the last {policy.recent_years} years. That is not on record for: {names}."
    )


def _priority_action(urgent: Judgement) -> str:
    on = urgent.published_on
    return (
        f"What was published on {on.day} {on:%B %Y} names an area for priority action. Offers "
        f"stand again once a later inspection allows it."
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


def may_offer_theme(provider: Authority, area: Area, years: int = RECENT_YEARS) -> bool:
    """The area is good or better, or moved up in the last four years."""
    latest = provider.latest_judgement
    grade = latest.grade_for(area) if latest else None
    if grade is None:
        return latest is not None and _whole(latest) is None
    return grade.is_good_or_better or is_recent_improver(provider, area, years)


def is_recent_improver(provider: Authority, area: Area, years: int = RECENT_YEARS) -> bool:
    """The area's grade went up at the latest judgement, published in the last four years."""
    judged = [j for j in provider.judgements if j.grade_for(area) is not None]
    if len(judged) < 2 or (today() - judged[0].published_on).days > years * YEAR:
        return False
    now, before = judged[0].grade_for(area), judged[1].grade_for(area)
    if now is None or before is None:
        return False
    best_first = list(Grade)
    return best_first.index(now) < best_first.index(before)


def improved_lately(provider: Authority, themes: Sequence[Theme]) -> list[Theme]:
    """Themes offered on the strength of an area that moved up lately ('recent improver')."""
    return [theme for theme in themes if is_recent_improver(provider, theme.area)]


def cause(provider: Authority) -> str:
    """What eligibility rests on now, named, so that the same cause is not raised twice."""
    decides = provider.priority_action or provider.latest_judgement
    if decides is None:
        return "no judgement"
    grades = (decides.overall, *(decides.grade_for(area) for area in Area))
    marks = "".join(grade.value[0] if grade else "-" for grade in grades)
    return f"{decides.published_on} {marks}{'!' if decides.has_priority_action else ''}"


# -- receiving --------------------------------------------------------------------------------

WAYS = {
    "requires_improvement": "Your latest judgement is 'requires improvement', overall or in an "
    "area.",
    "inadequate": "Your latest judgement is 'inadequate', overall or in an area: help can be "
    "shaped with your adviser or commissioner.",
    "in_intervention": "You are in intervention: help from another authority works alongside it.",
    "post_exit": "You left intervention in the last 12 months: help keeps the gains.",
    "evidence_of_decline": "Your latest judgement is good, and you have recorded evidence that "
    "something is slipping.",
    "early_help": "You have a worry of your own. No judgement is needed to ask early.",
}


def ways_to_receive(
    authority: Authority,
    policy: Policy,
    *,
    in_intervention: bool = False,
    left_intervention_on: date | None = None,
    has_evidence_of_decline: bool = False,
) -> list[str]:
    """'How you can use this programme', in words, most to the point first; never a score."""
    given = _given_grades(authority)
    exited = left_intervention_on
    holds = {
        "requires_improvement": Grade.REQUIRES_IMPROVEMENT in given,
        "inadequate": Grade.INADEQUATE in given,
        "in_intervention": in_intervention,
        "post_exit": exited is not None and 0 <= (today() - exited).days <= YEAR,
        "evidence_of_decline": has_evidence_of_decline,
        "early_help": True,
    }
    return [WAYS[way] for way in policy.receivers if holds[way]]


def _given_grades(authority: Authority) -> Collection[Grade]:
    """The grades of the latest judgement; before its first, those of the authorities it follows."""
    latest = authority.latest_judgement
    if latest is None:
        return {grade for one in authority.follows for grade in _given_grades(one)}
    return {*latest.area_grades.values(), *([latest.overall] if latest.overall else [])}
