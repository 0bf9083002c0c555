"""Themes that an authority's own published facts point to. They are offered, never filled in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from broker.db import db
from broker.models.authority import Authority, Judgement
from broker.models.indicator import Better, Indicator, IndicatorValue, Unit
from broker.models.programme import Theme

# Code of an indicator → code of the theme that works on it. Counts that are neither better nor
# worse in themselves point nowhere.
THEME_OF = {
    "re-referrals": "contact-and-referral",
    "assessments-in-45-days": "assessment",
    "conferences-in-15-days": "child-protection-planning",
    "second-protection-plans": "child-protection-planning",
    "long-protection-plans": "child-protection-planning",
    "protection-plans-reviewed": "child-protection-planning",
    "turnover": "recruitment-and-retention",
    "vacancies": "recruitment-and-retention",
    "agency": "recruitment-and-retention",
    "absence": "supervision",
    "caseload": "supervision",
}


@dataclass(frozen=True)
class Pointer:
    """A published fact in words, where it is published, and the themes that it points to."""

    fact: str
    source: str
    themes: tuple[Theme, ...]


def pointers(authority: Authority, themes: list[Theme]) -> list[Pointer]:
    """From its indicators beside England's, then from its latest judgement's areas."""
    return [*_from_indicators(authority, themes), *_from_judgement(authority, themes)]


def _from_judgement(authority: Authority, themes: list[Theme]) -> list[Pointer]:
    latest = select(Judgement).filter_by(authority_id=authority.id)
    judgement = db.session.scalars(latest.order_by(Judgement.published_on.desc()).limit(1)).first()
    if judgement is None:
        return []
    day = judgement.published_on
    return [
        Pointer(
            fact=f"{area.words.capitalize()}: {grade.words.lower()} ({judgement.framework}, "
            f"{day.day} {day:%B %Y})",
            source=judgement.source,
            themes=tuple(theme for theme in themes if theme.area is area),
        )
        for area, grade in judgement.area_grades.items()
        if not grade.is_good_or_better
    ]


def _from_indicators(authority: Authority, themes: list[Theme]) -> list[Pointer]:
    known = {theme.code: theme for theme in themes}
    found = []
    for indicator, own, england, year in _latest_pairs(authority):
        theme = known.get(THEME_OF.get(indicator.code, ""))
        if theme is not None and _is_behind(indicator, own, england):
            fact = (
                f"{indicator.name}: {_figure(indicator, own)} in {year}, "
                f"England {_figure(indicator, england)}"
            )
            found.append(Pointer(fact=fact, source=indicator.source, themes=(theme,)))
    return found


def _latest_pairs(authority: Authority) -> list[tuple[Indicator, float, float, int]]:
    """(indicator, own figure, England's, year): the latest year in which both are published."""
    england: ColumnElement[bool] = and_(
        IndicatorValue.authority_id.is_(None), IndicatorValue.region_id.is_(None)
    )
    wanted = (
        select(IndicatorValue)
        .join(IndicatorValue.indicator)
        .where(
            or_(IndicatorValue.authority_id == authority.id, england),
            IndicatorValue.value.is_not(None),
            Indicator.code.in_(THEME_OF),
        )
        .options(contains_eager(IndicatorValue.indicator))
        .order_by(Indicator.position, IndicatorValue.year.desc())
    )
    figures: dict[tuple[int, int], dict[bool, IndicatorValue]] = {}
    for row in db.session.scalars(wanted).unique():
        figures.setdefault((row.indicator_id, row.year), {})[row.authority_id is not None] = row
    pairs: dict[int, tuple[Indicator, float, float, int]] = {}
    for (indicator_id, year), both in figures.items():
        if len(both) == 2 and indicator_id not in pairs:
            own, other = both[True].value, both[False].value
            assert own is not None and other is not None
            pairs[indicator_id] = (both[True].indicator, own, other, year)
    return list(pairs.values())


def _is_behind(indicator: Indicator, own: float, england: float) -> bool:
    if indicator.better is Better.HIGH:
        return own < england
    return indicator.better is Better.LOW and own > england


def _figure(indicator: Indicator, value: float) -> str:
    return f"{value:g}{'%' if indicator.unit is Unit.PERCENT else ''}"
