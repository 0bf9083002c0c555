"""Rounds made by hand, where each aim, weight, minimum and must changes the answer."""

from time import perf_counter

import pytest

from benchmarks.instances import round_json as large_round
from broker.matching.check import problems
from broker.matching.choices import choices_of
from broker.matching.commit import Settings, commit, started_early
from broker.matching.instance import Aim, Measure, Status
from broker.matching.reading import read_instance
from tests.matching.rounds import matched, pair, round_json, solved

TWO_NEEDS = [{"id": "N1"}, {"id": "N2"}]
TWO_PROVIDERS = [{"id": "P1", "max_matches": 1}, {"id": "P2", "max_matches": 1}]


def test_coverage_fills_more_places_where_fit_takes_more_points() -> None:
    providers = [{"id": "P1", "free_days": [10]}]
    needs = [{"id": "N1", "days": [10]}, {"id": "N2", "days": [5]}, {"id": "N3", "days": [5]}]
    pairs = [("N1", "P1", 900), ("N2", "P1", 300), ("N3", "P1", 300)]
    data = round_json(providers, needs, pairs, quarters=1)
    assert matched(solved(data, "fit")) == {("N1", "P1")}
    assert matched(solved(data, "coverage")) == {("N2", "P1"), ("N3", "P1")}


def test_fair_raises_the_lowest_where_coverage_takes_more_points() -> None:
    pairs = [("N1", "P1", 900), ("N1", "P2", 400), ("N2", "P1", 400), ("N2", "P2", 100)]
    data = round_json(TWO_PROVIDERS, TWO_NEEDS, pairs)
    assert matched(solved(data, "coverage")) == {("N1", "P1"), ("N2", "P2")}
    fair = solved(data, "fair")
    assert matched(fair) == {("N1", "P2"), ("N2", "P1")}
    assert [(level.measure, level.value) for level in fair.levels] == [
        (Measure.PLACES, 2),
        (Measure.LOWEST_POINTS, 400),
        (Measure.POINTS, 800),
    ]


def test_the_floor_of_fair_is_shared_by_parts_that_share_nothing_else() -> None:
    low = [("N3", "P3", 50)]
    pairs = [("N1", "P1", 900), ("N1", "P2", 400), ("N2", "P1", 400), ("N2", "P2", 100)]
    data = round_json([*TWO_PROVIDERS, {"id": "P3"}], [*TWO_NEEDS, {"id": "N3"}], [*pairs, *low])
    plan = solved(data, "fair")
    assert matched(plan) == {("N1", "P1"), ("N2", "P2"), ("N3", "P3")}
    assert plan.levels[1].value == 50


def test_weight_decides_who_comes_first() -> None:
    providers = [{"id": "P1", "max_matches": 1}]
    pairs = [("N1", "P1", 500), ("N2", "P1", 400)]
    plain = round_json(providers, TWO_NEEDS, pairs)
    assert matched(solved(plain)) == {("N1", "P1")}
    weighted = round_json(providers, [{"id": "N1"}, {"id": "N2", "weight": 2}], pairs)
    plan = solved(weighted)
    assert matched(plan) == {("N2", "P1")}
    assert plan.points == 800


def test_a_minimum_comes_before_points() -> None:
    providers = [{"id": "P1"}, {"id": "P2", "min_matches": 1}]
    pairs = [("N1", "P1", 900), ("N1", "P2", 100), ("N2", "P1", 900), ("N2", "P2", 200)]
    plan = solved(round_json(providers, TWO_NEEDS, pairs))
    assert matched(plan) == {("N1", "P1"), ("N2", "P2")}
    assert plan.shortfalls == ()


def test_a_minimum_that_cannot_be_met_is_named_and_the_rest_goes_on() -> None:
    providers = [{"id": "P1"}, {"id": "P2", "min_matches": 3}]
    plan = solved(round_json(providers, TWO_NEEDS, [("N1", "P1", 5), ("N1", "P2", 1)]))
    assert [(one.provider, one.short) for one in plan.shortfalls] == [("P2", 2)]
    assert "only 1 needs could match it" in plan.shortfalls[0].text
    assert (plan.levels[0].measure, plan.levels[0].value) == (Measure.SHORTFALL, 2)
    assert plan.status is Status.OPTIMAL


def test_a_minimum_without_any_pair_is_a_shortfall_too() -> None:
    plan = solved(round_json([{"id": "P1", "min_matches": 2}]))
    assert [one.short for one in plan.shortfalls] == [2]
    assert (plan.levels[0].value, plan.levels[0].bound) == (2, 2)


def test_a_must_holds_whatever_it_costs() -> None:
    pairs = [pair("N1", "P1", -50, must=True), ("N1", "P2", 900)]
    plan = solved(round_json(TWO_PROVIDERS, pairs=pairs))
    assert matched(plan) == {("N1", "P1")}
    assert plan.points == -50


def test_a_pair_below_zero_is_left_out_by_fit_and_taken_by_coverage() -> None:
    data = round_json(pairs=[("N1", "P1", -5)])
    plan = solved(data)
    assert plan.matches == ()
    assert plan.unmatched[0].because[0].code == "not_worth_it"
    assert matched(solved(data, "coverage")) == {("N1", "P1")}


def test_a_pair_without_points_is_still_worth_a_match() -> None:
    assert matched(solved(round_json(pairs=[("N1", "P1", 0)]))) == {("N1", "P1")}


def test_matches_start_as_early_as_the_others_leave_room() -> None:
    needs = [{"id": "N1", "days": [5], "starts": [1, 0]}, {"id": "N2", "days": [5], "starts": [0]}]
    providers = [{"id": "P1", "free_days": [5, 5]}]
    plan = solved(round_json(providers, needs, [("N1", "P1", 10), ("N2", "P1", 10)]))
    assert [(match.need, match.start) for match in plan.matches] == [("N1", 1), ("N2", 0)]
    alone = solved(round_json(providers, needs, [("N1", "P1", 10)]))
    assert alone.matches[0].start == 0


def test_a_late_start_moves_to_the_first_that_has_room() -> None:
    needs = [{"id": "N1", "days": [5], "starts": [0, 1, 2]}]
    providers = [{"id": "P1", "free_days": [0, 5, 5]}]
    data = round_json(providers, needs, [("N1", "P1", 10)], quarters=3)
    choices = choices_of(read_instance(data), seed=0)
    assert [row.start for row in choices.rows] == [1, 2]
    assert started_early(choices, [1]) == [0]


def test_a_need_that_wants_nobody_is_left_in_peace() -> None:
    plan = solved(round_json(needs=[{"id": "N1", "providers_wanted": 0}], pairs=[("N1", "P1", 9)]))
    assert (plan.matches, plan.unmatched) == ((), ())


def test_an_empty_round_is_an_empty_plan() -> None:
    empty = {"quarters": [], "providers": [], "needs": [], "pairs": []}
    for aim in Aim:
        plan = solved(empty, aim)
        assert (plan.status, plan.points, plan.matches) == (Status.OPTIMAL, 0, ())


CLASHES = {
    "too_many_musts_for_need": round_json(
        TWO_PROVIDERS, pairs=[pair("N1", "P1", 1, must=True), pair("N1", "P2", 1, must=True)]
    ),
    "too_many_musts_for_provider": round_json(
        [{"id": "P1", "max_matches": 1}],
        TWO_NEEDS,
        [pair("N1", "P1", 1, must=True), pair("N2", "P1", 1, must=True)],
    ),
    "must_does_not_fit": round_json(
        [{"id": "P1", "free_days": [1, 1]}],
        [{"id": "N1", "days": [2]}],
        [pair("N1", "P1", 1, must=True)],
    ),
    "musts_clash_over_days": round_json(
        [{"id": "P1", "free_days": [5, 5]}],
        [
            {"id": "N1", "days": [3], "starts": [0]},
            {"id": "N2", "days": [3], "starts": [0]},
            {"id": "N3", "days": [1], "starts": [1]},
        ],
        [pair(f"N{n}", "P1", 1, must=True) for n in (1, 2, 3)],
    ),
}


@pytest.mark.parametrize("code", CLASHES)
def test_clashing_musts_are_named(code: str) -> None:
    plan = solved(CLASHES[code])
    assert plan.status is Status.INFEASIBLE
    assert [cause.code for cause in plan.causes] == [code]
    assert plan.matches == ()
    assert all(one.because for one in plan.unmatched)


def test_only_the_musts_that_clash_are_named() -> None:
    text = solved(CLASHES["musts_clash_over_days"]).causes[0].text
    assert "N1, N2" in text and "N3" not in text


def test_musts_find_starts_that_go_together() -> None:
    needs = [{"id": f"N{n}", "days": [3], "starts": [0, 1]} for n in (1, 2)]
    pairs = [pair(f"N{n}", "P1", 1, must=True) for n in (1, 2)]
    plan = solved(round_json([{"id": "P1", "free_days": [3, 3]}], needs, pairs))
    assert {match.start for match in plan.matches} == {0, 1}


def test_a_run_without_time_gives_a_plan_with_a_bound() -> None:
    instance = read_instance(large_round(60, 300, seed=1))
    for aim in Aim:
        began = perf_counter()
        plan = commit(instance, Settings(aim=aim, seconds=0.05))
        assert perf_counter() - began < 3
        assert plan.matches and plan.bound >= plan.points
        assert plan.status is Status.TIME_LIMIT and plan.gap > 0.001
        assert problems(instance, plan) == []


def test_the_programmes_own_size_is_proven_within_the_gap() -> None:
    instance = read_instance(large_round(19, 71, seed=2))
    plan = commit(instance)
    assert plan.status in (Status.OPTIMAL, Status.WITHIN_GAP) and plan.gap <= 0.001
    assert problems(instance, plan) == []
    assert commit(instance).matches == plan.matches
