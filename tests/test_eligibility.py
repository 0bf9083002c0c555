"""Who may provide: the whole authority under national programmes, else the theme's own area."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.eligibility import is_recent_improver, may_offer_theme, why_not_provide
from broker.models.authority import Area, Authority, Grade, Judgement
from broker.models.programme import Policy, Theme

OUTSTANDING, GOOD = Grade.OUTSTANDING, Grade.GOOD
IMPROVING, INADEQUATE = Grade.REQUIRES_IMPROVEMENT, Grade.INADEQUATE
WHOLE, BY_THEME = Policy(provider_rule="whole"), Policy(provider_rule="theme")
HELP = Area.HELP_AND_PROTECTION
TODAY = date(2026, 11, 20)


def judged(
    on: date, *, overall: Grade | None = GOOD, others: Grade | None = GOOD, **areas: Grade | None
) -> Judgement:
    grades = {area.value: others for area in Area} | areas
    return Judgement(published_on=on, overall=overall, kind="inspection", **grades)


def authority(*judgements: Judgement) -> Authority:
    """An authority with these judgements, newest first."""
    return Authority(name="Somewhere", judgements=list(judgements))


def theme(area: Area = HELP, name: str = "Front door") -> Theme:
    return Theme(code="front-door", name=name, area=area)


# -- the whole authority ----------------------------------------------------------------------


def test_eighty_one_authorities_may_provide_under_national_programmes_today(app: Flask) -> None:
    everybody = db.session.scalars(select(Authority)).all()
    assert len(everybody) == 153
    assert sum(why_not_provide(one, WHOLE, []) is None for one in everybody) == 81


@pytest.mark.parametrize("overall", [OUTSTANDING, GOOD, None])
def test_good_in_every_area_is_enough_with_or_without_an_overall_grade(
    overall: Grade | None,
) -> None:
    assert why_not_provide(authority(judged(TODAY, overall=overall)), WHOLE, []) is None


@pytest.mark.parametrize("area", Area)
@pytest.mark.parametrize("grade", [IMPROVING, INADEQUATE])
def test_one_area_that_is_not_good_is_enough_to_refuse(area: Area, grade: Grade) -> None:
    somewhere = authority(judged(TODAY, overall=OUTSTANDING, **{area.value: grade}))
    assert "good or outstanding overall and in every area" in str(
        why_not_provide(somewhere, WHOLE, [])
    )


def test_an_overall_grade_that_is_not_good_refuses_whatever_the_areas_say() -> None:
    assert why_not_provide(authority(judged(TODAY, overall=IMPROVING)), WHOLE, [])


def test_an_area_without_a_grade_is_not_counted_against_anybody() -> None:
    somewhere = authority(judged(TODAY, care_leavers=None))
    assert why_not_provide(somewhere, WHOLE, []) is None


def test_a_judgement_without_any_grade_lets_nobody_provide() -> None:
    empty = authority(judged(TODAY, overall=None, others=None))
    assert why_not_provide(empty, WHOLE, [])
    assert why_not_provide(empty, BY_THEME, [theme()])


def test_without_a_judgement_nobody_provides() -> None:
    for policy in (WHOLE, BY_THEME):
        assert "no judgement on record" in str(why_not_provide(authority(), policy, [theme()]))


def test_only_the_latest_judgement_counts() -> None:
    better = judged(TODAY)
    worse = judged(TODAY - timedelta(days=900), overall=INADEQUATE, others=INADEQUATE)
    assert why_not_provide(authority(better, worse), WHOLE, []) is None
    assert why_not_provide(authority(worse, better), WHOLE, []) is not None


# -- the theme's own area ---------------------------------------------------------------------


def test_a_theme_looks_at_its_own_area_only() -> None:
    somewhere = authority(judged(TODAY, overall=IMPROVING, others=IMPROVING, care_leavers=GOOD))
    leavers, front_door = theme(Area.CARE_LEAVERS, "Pathways"), theme()
    assert why_not_provide(somewhere, BY_THEME, [leavers]) is None
    said = why_not_provide(somewhere, BY_THEME, [leavers, front_door])
    assert said is not None and said.endswith("not on record for: Front door.")


def test_an_ungraded_area_counts_as_good_only_where_the_rest_is() -> None:
    good, weak = (
        judged(TODAY, care_leavers=None),
        judged(TODAY, leaders=IMPROVING, care_leavers=None),
    )
    assert may_offer_theme(authority(good), Area.CARE_LEAVERS)
    assert not may_offer_theme(authority(weak), Area.CARE_LEAVERS)


# -- recent improvers -------------------------------------------------------------------------


def moved(before: Grade, now: Grade, on: date) -> Authority:
    latest = judged(on, help_and_protection=now)
    return authority(latest, judged(date(2019, 3, 1), help_and_protection=before))


@pytest.mark.parametrize(
    ("before", "now", "improved"),
    [
        (INADEQUATE, IMPROVING, True),
        (IMPROVING, IMPROVING, False),
        (GOOD, IMPROVING, False),
        (INADEQUATE, INADEQUATE, False),
    ],
)
def test_an_area_that_moved_up_lately_may_be_offered(
    before: Grade, now: Grade, improved: bool
) -> None:
    with clock.set_to(TODAY):
        somewhere = moved(before, now, date(2025, 6, 1))
        assert is_recent_improver(somewhere, HELP) is improved
        assert may_offer_theme(somewhere, HELP) is improved
        assert (why_not_provide(somewhere, BY_THEME, [theme()]) is None) is improved


@pytest.mark.parametrize(
    ("published", "recent"), [(date(2022, 11, 20), True), (date(2022, 11, 19), False)]
)
def test_moving_up_counts_for_four_years_to_the_day(published: date, recent: bool) -> None:
    with clock.set_to(TODAY):
        assert is_recent_improver(moved(INADEQUATE, IMPROVING, published), HELP) is recent


def test_four_years_end_well_for_a_judgement_of_29_february() -> None:
    leap = moved(INADEQUATE, IMPROVING, date(2024, 2, 29))
    with clock.set_to(date(2028, 2, 29)):
        assert is_recent_improver(leap, HELP)
    with clock.set_to(date(2028, 3, 1)):
        assert not is_recent_improver(leap, HELP)


def test_moving_up_never_helps_under_the_whole_authority_rule() -> None:
    with clock.set_to(TODAY):
        assert why_not_provide(moved(INADEQUATE, IMPROVING, date(2025, 6, 1)), WHOLE, [theme()])


def test_a_judgement_that_leaves_the_area_out_is_passed_over() -> None:
    with clock.set_to(TODAY):
        somewhere = authority(
            judged(date(2025, 6, 1), help_and_protection=IMPROVING),
            judged(date(2023, 6, 1), help_and_protection=None),
            judged(date(2019, 6, 1), help_and_protection=INADEQUATE),
        )
        assert is_recent_improver(somewhere, HELP)
        assert not is_recent_improver(authority(judged(TODAY)), HELP)
