"""The nine criteria: what moves each, what is unknown, and how it is said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.instances import facts
from broker.matching.criteria import CRITERIA, weights_of
from broker.matching.facts import Conversation, Delivery, Evidence, Grade, OfferedTheme, Outcome
from broker.matching.reasons import Audience
from broker.matching.scores import Verdict, averages, score
from broker.matching.table import Table
from tests.matching.cast import (
    BATH,
    CARE_LEAVERS,
    FRONT_DOOR,
    HELP,
    LEEDS,
    NEGLECT,
    YORK,
    full_need,
    full_offer,
    need,
    offer,
    world,
)

BY_CODE = {criterion.code: criterion for criterion in CRITERIA}
SMALL = {"days": (40,), "days_least": None}
LARGE = {"days": (400, 400), "days_least": None}
MUCH = {("LEEDS", "PIP"): (900, 900, 900)}


def value(code: str, a_need: Any, an_offer: Any, a_world: Any = None) -> float:
    return float(BY_CODE[code].value(Table([a_need], [an_offer], a_world or world()))[0, 0])


def test_the_default_weights_sum_to_1000() -> None:
    assert sum(criterion.weight for criterion in CRITERIA) == 1000
    assert [criterion.weight for criterion in CRITERIA] == [
        260,
        140,
        120,
        100,
        120,
        60,
        50,
        50,
        100,
    ]


def test_every_criterion_has_a_name_evidence_and_an_audience() -> None:
    for criterion in CRITERIA:
        assert criterion.name and criterion.evidence.endswith(".")
        assert Audience.COORDINATOR in criterion.audience


@pytest.mark.parametrize("change", [{"theme_fit": 261}, {"wishes": -1, "theme_fit": 361}])
def test_weights_that_do_not_sum_or_are_below_zero_are_refused(change: dict[str, int]) -> None:
    weights = {one.code: one.weight for one in CRITERIA} | change
    with pytest.raises(ValueError, match="sum to 1000"):
        weights_of(world(weights=weights))


def test_weights_for_other_criteria_are_refused() -> None:
    with pytest.raises(ValueError, match="exactly"):
        weights_of(world(weights={"theme_fit": 1000}))


def themes(*pairs: Any) -> Any:
    return offer(themes=tuple(OfferedTheme(*pair) for pair in pairs))


def conversation(receiver: Outcome | None, provider: Outcome | None = None) -> Any:
    return need(conversations={"LEEDS": Conversation(receiver, provider)})


def journey(before: Grade, now: Grade) -> Any:
    return offer(journey={"help_and_protection": (before, now)})


def placed(**facts: Any) -> Any:
    return offer(provider=replace(LEEDS, **facts))


# code, then cases from best to worst: (need, offer) or (need, offer, world)
FALLING: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("theme_fit", [(need(), themes((FRONT_DOOR, evidence))) for evidence in Evidence]),
    (
        "theme_fit",
        [
            (need(themes=(FRONT_DOOR, CARE_LEAVERS)), themes((FRONT_DOOR,), (CARE_LEAVERS,))),
            (need(themes=(FRONT_DOOR, CARE_LEAVERS)), themes((FRONT_DOOR,))),
            (need(themes=(FRONT_DOOR, CARE_LEAVERS)), themes((CARE_LEAVERS,))),
        ],
    ),
    (
        "theme_fit",
        [
            (need(), themes((FRONT_DOOR,))),
            (need(), themes((HELP,))),
            (need(), themes((NEGLECT,))),
            (need(), themes((CARE_LEAVERS,))),
        ],
    ),
    (
        "track_record",
        [
            (need(), journey(Grade.INADEQUATE, Grade.GOOD)),
            (need(), journey(Grade.GOOD, Grade.OUTSTANDING)),
            (need(), journey(Grade.GOOD, Grade.GOOD)),
            (need(), journey(Grade.GOOD, Grade.REQUIRES_IMPROVEMENT)),
        ],
    ),
    ("track_record", [(need(), offer(feedback=0.9)), (need(), offer(feedback=0.4))]),
    ("track_record", [(need(), offer(helped_before=n)) for n in (4, 1, 0)]),
    (
        "support_fit",
        [
            (full_need(), full_offer(support_types=frozenset({"peer", "audit"}))),
            (full_need(), full_offer()),
            (full_need(), full_offer(delivery=Delivery.REMOTE)),
            (full_need(), full_offer(delivery=Delivery.REMOTE, modes=frozenset({"advice"}))),
        ],
    ),
    (
        "capacity",
        [
            (need(), offer(), world(free=MUCH)),
            (need(), offer()),
            (need(), offer(), world(free={("LEEDS", "PIP"): (0, 80, 80)})),
            (need(), offer(), world(free={("LEEDS", "PIP"): (0, 40, 40)})),
            (need(), offer(), world(free={("LEEDS", "PIP"): (0, 40, 0)})),
        ],
    ),
    ("capacity", [(need(), offer()), (need(), offer(first_quarter=1))]),
    (
        "context",
        [
            (need(), placed(type="unitary", deprivation=0.11, rural_band="mixed")),
            (need(), placed(type="unitary", deprivation=0.11)),
            (need(), placed(type="unitary")),
            (need(), placed()),
            (need(), placed(key="HULL")),
        ],
    ),
    ("context", [(need(), placed()), (need(), placed(key="BATH"))]),
    (
        "relative_size",
        [
            (need(**SMALL), placed(population=36_000)),
            (need(**SMALL), placed(population=72_000)),
            (need(**SMALL), placed(population=170_000)),
        ],
    ),
    (
        "relative_size",
        [(need(**LARGE), placed(population=170_000)), (need(**LARGE), placed(population=12_000))],
    ),
    (
        "distance",
        [
            (need(), offer(delivery=Delivery.ON_SITE)),
            (need(), offer(provider=BATH, delivery=Delivery.REMOTE)),
            (need(), offer(provider=BATH, delivery=Delivery.EITHER)),
            (need(), offer(provider=BATH, delivery=Delivery.ON_SITE)),
        ],
    ),
    (
        "levels",
        [
            (full_need(), full_offer()),
            (full_need(), full_offer(levels=frozenset({"leaders"}))),
            (full_need(), full_offer(levels=frozenset({"leaders"}), roles=frozenset({"adviser"}))),
        ],
    ),
    (
        "wishes",
        [
            (need(preferred=frozenset({"LEEDS"})), offer()),
            (need(knows=frozenset({"LEEDS"})), offer()),
            (conversation(Outcome.NOT_NOW), offer()),
            (conversation(Outcome.NO), offer()),
        ],
    ),
    (
        "wishes",
        [
            (conversation(Outcome.YES, Outcome.YES), offer()),
            (conversation(Outcome.YES, Outcome.NOT_NOW), offer()),
            (conversation(Outcome.NO, Outcome.NOT_NOW), offer()),
        ],
    ),
]


@pytest.mark.parametrize(("code", "cases"), FALLING)
def test_a_criterion_falls_from_case_to_case(code: str, cases: list[Any]) -> None:
    values = [value(code, *case) for case in cases]
    assert all(0 <= one <= 1 for one in values)
    assert all(better > worse for better, worse in zip(values, values[1:], strict=False)), values


def test_a_light_need_prefers_a_like_size_and_an_intensive_one_a_larger_provider() -> None:
    assert value("relative_size", need(**SMALL), offer()) < 0.5
    assert value("relative_size", need(**LARGE), offer()) == 1.0


def test_the_providers_own_wish_counts() -> None:
    assert value("wishes", need(), offer(preferred=frozenset({"YORK"}))) == 1.0


UNKNOWN: dict[str, tuple[Any, Any, Any]] = {
    "theme_fit": (need(themes=()), offer(), world()),
    "track_record": (need(), offer(), world()),
    "support_fit": (need(), full_offer(), world()),
    "capacity": (need(), offer(), world(free=None)),
    "context": (
        need(receiver=replace(YORK, neighbours=None)),
        placed(type=None, deprivation=None, rural_band=None),
        world(),
    ),
    "relative_size": (need(), placed(population=None), world()),
    "distance": (need(), placed(latitude=None), world()),
    "levels": (full_need(), offer(), world()),
    "wishes": (need(), offer(), world()),
}


@pytest.mark.parametrize("code", BY_CODE)
def test_missing_facts_are_unknown_and_not_zero(code: str) -> None:
    assert np.isnan(value(code, *UNKNOWN[code]))


def test_an_unknown_value_counts_as_the_average_of_the_known_pairs() -> None:
    offers = [offer(id="O1", feedback=0.2), offer(id="O2", feedback=0.6), offer(id="O3")]
    parts = score([need()], offers, world()).parts[list(BY_CODE).index("track_record"), 0]
    assert parts.tolist() == [28, 84, 56]


def test_an_average_given_by_the_world_comes_first() -> None:
    scores = score([need()], [offer()], world(averages={"wishes": 0.9}))
    assert scores.parts[list(BY_CODE).index("wishes"), 0, 0] == 90


def test_averages_of_a_large_scoring_can_be_kept_for_a_small_one() -> None:
    offers = [offer(id="O1", feedback=0.2), offer(id="O2", feedback=0.6), offer(id="O3")]
    kept = averages(score([need()], offers, world()))
    assert kept["track_record"] == pytest.approx(0.4)
    assert "wishes" not in kept


def test_averages_come_from_possible_pairs_only() -> None:
    offers = [offer(id="O1", feedback=0.2), offer(id="O2", feedback=0.6), offer(id="O3")]
    possible = np.array([[True, False, True]])
    scores = score([need()], offers, world(), possible=possible)
    assert scores.parts[list(BY_CODE).index("track_record"), 0].tolist() == [28, 84, 28]


def test_points_are_whole_from_0_to_1000_and_the_sum_of_their_parts() -> None:
    needs, offers, a_world = facts(20, 60, seed=4)
    scores = score(needs, offers, a_world)
    assert scores.points.min() >= 0 and scores.points.max() <= 1000
    assert (scores.points == scores.parts.sum(axis=0)).all()


def test_one_pair_scores_the_same_among_many_once_averages_are_given() -> None:
    needs, offers, a_world = facts(6, 40, seed=5)
    many = score(needs, offers, a_world)
    fixed = replace(a_world, averages=averages(many))
    many = score(needs, offers, fixed)
    for row, column in [(0, 0), (3, 17), (5, 39)]:
        alone = score([needs[row]], [offers[column]], fixed)
        assert alone.points[0, 0] == many.points[row, column]


def test_another_weight_changes_the_order() -> None:
    near, wished = offer(id="O1"), offer(id="O2", provider=BATH)
    asked = need(preferred=frozenset({"BATH"}), conversations={"LEEDS": Conversation(Outcome.NO)})
    zero = dict.fromkeys(BY_CODE, 0)
    by_distance = score([asked], [near, wished], world(weights=zero | {"distance": 1000}))
    by_wish = score([asked], [near, wished], world(weights=zero | {"wishes": 1000}))
    assert by_distance.points[0].argmax() == 0
    assert by_wish.points[0].argmax() == 1


def test_an_explanation_reads_as_documented() -> None:
    explained = score(
        [full_need(preferred=frozenset())], [full_offer(provider=BATH)], world()
    ).explain(0, 0)
    text = explained.text()
    assert text.startswith("Fits on 7 of 9 (1 unknown). ")
    assert "Same problem: front door, evaluated by others." in text
    assert "Track record: help and protection from inadequate to good" in text
    assert "Does not fit on distance: 300 km, on site only." in text
    assert text.endswith("Not known, so counted as the average: both sides' wishes.")


def test_the_provider_reads_nothing_that_gives_the_receiver_away() -> None:
    explained = score([full_need()], [full_offer()], world()).explain(0, 0)
    shown = {line.criterion.code for line in explained.lines_for(Audience.PROVIDER)}
    assert shown == {"theme_fit", "track_record", "support_fit", "capacity", "levels"}
    text = explained.text(Audience.PROVIDER)
    assert "Fits on 5 of 5." in text
    assert not any(word in text for word in ("km", "neighbour", "times as many", "preferred"))


def test_a_criterion_fits_from_half_of_its_points() -> None:
    scores = score([need()], [offer(feedback=0.5), offer(id="O2", feedback=0.49)], world())
    verdicts = [scores.explain(0, column).lines[1].verdict for column in (0, 1)]
    assert verdicts == [Verdict.FITS, Verdict.DOES_NOT_FIT]


def test_every_pair_of_a_large_scoring_can_be_explained() -> None:
    needs, offers, a_world = facts(5, 40, seed=6)
    scores = score(needs, offers, a_world)
    for row in range(5):
        for column in range(40):
            lines = scores.explain(row, column).lines
            assert sum(line.points for line in lines) == scores.points[row, column]
            assert all(line.words for line in lines)
