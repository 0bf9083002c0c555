"""An authority's own journey over its judgements, in words, strengths first."""

from __future__ import annotations

from datetime import date

from broker.models.authority import Area, Authority, Grade, Judgement


def journey_of(authority: Authority) -> list[str]:
    """Sentences: what is strong now, then where it moved up, the latest move first."""
    latest = authority.latest_judgement
    if latest is None:
        return []
    moves = [words for area in (None, *Area) if (words := _move(authority, area))]
    return [*_strengths(latest), *moves]


def _grade(judgement: Judgement, area: Area | None) -> Grade | None:
    return judgement.overall if area is None else judgement.grade_for(area)


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _strengths(latest: Judgement) -> list[str]:
    """The best grades of the latest judgement, one sentence for each grade."""
    said = []
    for grade in (Grade.OUTSTANDING, Grade.GOOD):
        names = ["overall"] if latest.overall is grade else []
        names += [area.words for area, given in latest.area_grades.items() if given is grade]
        if names:
            when = f"{_month(latest.published_on)} ({latest.framework})"
            said.append(f"{grade.words} in {when}: {_listed(names)}.")
    return said


def _move(authority: Authority, area: Area | None) -> str | None:
    """From the lowest earlier grade to the latest one, where that is a way up."""
    given = [(j, g) for j in authority.judgements if (g := _grade(j, area)) is not None]
    if len(given) < 2:
        return None
    order = list(Grade)
    now, earlier = given[0], max(given[1:], key=lambda pair: order.index(pair[1]))
    if order.index(now[1]) >= order.index(earlier[1]):
        return None
    name = "Overall" if area is None else area.words.capitalize()
    start = f"{earlier[1].words.lower()} in {_month(earlier[0].published_on)}"
    return f"{name}: from {start} to {now[1].words.lower()} in {_month(now[0].published_on)}."
