"""Conversation rounds: exact flows against every plan counted out, limits, musts, minimums."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from broker.matching.check import problems
from broker.matching.instance import Aim, Instance, Measure, Plan, Status
from broker.matching.introduce import conversations, introduce
from broker.matching.outcome import Settings
from broker.matching.reading import read_instance
from tests.matching.rounds import every_plan, matched, pair, random_round, round_json, worth

BLOCKS, EACH = 10, 54


def meeting(seed: int) -> Instance:
    """Up to four needs and three providers that meet two each at most."""
    chance = random.Random(f"meeting {seed}")
    instance = read_instance(random_round(seed))
    some = [(one.need, one.provider) for one in instance.pairs if not one.must]
    forbidden = [one for one in some if chance.random() < 0.1]
    return conversations(
        instance, each_need=2, each_provider=chance.randint(1, 2), forbidden=forbidden
    )


def levels_of(plan: Plan) -> tuple[int, ...]:
    values = [one.value for one in plan.levels if one.measure is not Measure.SHORTFALL]
    return (-sum(one.short for one in plan.shortfalls), *values)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_aim_reaches_the_best_of_all_plans(block: int) -> None:
    for seed in range(block * EACH, block * EACH + EACH):
        instance = meeting(seed)
        plans = list(every_plan(instance))
        for aim in Aim:
            plan = introduce(instance, Settings(aim=aim, seed=seed))
            assert problems(instance, plan) == [], (seed, aim)
            if not plans:
                assert plan.status is Status.INFEASIBLE and plan.causes, seed
                continue
            assert levels_of(plan) == max(worth(instance, one, aim) for one in plans), (seed, aim)
            assert plan.status is Status.OPTIMAL
            assert all(one.bound == one.value for one in plan.levels)


def test_limits_hold_on_both_sides() -> None:
    needs = [{"id": f"N{n}", "days": [5]} for n in range(9)]
    providers = [{"id": f"P{n}", "free_days": [1, 0]} for n in range(5)]
    pairs = [(f"N{n}", f"P{p}", 10 * n + p) for n in range(9) for p in range(5)]
    instance = conversations(read_instance(round_json(providers, needs, pairs)))
    plan = introduce(instance)
    by_need = Counter(match.need for match in plan.matches)
    by_provider = Counter(match.provider for match in plan.matches)
    assert max(by_need.values()) == 3 and max(by_provider.values()) == 6
    assert len(plan.matches) == 27
    assert problems(instance, plan) == []


def small(providers: list[dict[str, Any]], pairs: list[Any]) -> Instance:
    needs = [{"id": "N1"}, {"id": "N2"}]
    read = read_instance(round_json(providers, needs, pairs))
    return conversations(read, each_need=1, each_provider=1)


def test_a_must_holds_and_a_forbidden_pair_does_not() -> None:
    two = [{"id": "P1"}, {"id": "P2"}]
    must = small(two, [pair("N1", "P1", 1, must=True), ("N1", "P2", 90), ("N2", "P1", 90)])
    assert matched(introduce(must)) == {("N1", "P1")}
    plain = read_instance(round_json(two, [{"id": "N1"}], [("N1", "P1", 90), ("N1", "P2", 1)]))
    without = conversations(plain, each_need=1, forbidden={("N1", "P1")})
    assert matched(introduce(without)) == {("N1", "P2")}


def test_a_minimum_comes_before_points_and_falls_short_by_least() -> None:
    providers = [{"id": "P1"}, {"id": "P2", "min_matches": 1}, {"id": "P3", "min_matches": 1}]
    pairs = [("N1", "P1", 900), ("N1", "P2", 1), ("N1", "P3", 2), ("N2", "P1", 900)]
    plan = introduce(small(providers, pairs))
    assert matched(plan) == {("N1", "P3"), ("N2", "P1")}
    assert [(one.provider, one.short) for one in plan.shortfalls] == [("P2", 1)]


def test_clashing_musts_are_named() -> None:
    instance = small([{"id": "P1"}], [pair(f"N{n}", "P1", 1, must=True) for n in (1, 2)])
    plan = introduce(instance)
    assert plan.status is Status.INFEASIBLE
    assert plan.causes[0].code == "too_many_musts_for_provider"


def test_the_order_of_rows_changes_nothing() -> None:
    chance = random.Random(1)
    for seed in range(20):
        instance = meeting(seed)
        plans = []
        for _ in range(3):
            rows = list(instance.pairs)
            chance.shuffle(rows)
            plans.append(introduce(replace(instance, pairs=tuple(rows))))
        assert plans[0].matches == plans[1].matches == plans[2].matches


def test_days_are_refused() -> None:
    data = round_json(needs=[{"id": "N1", "days": [1]}], pairs=[("N1", "P1", 1)])
    with pytest.raises(ValueError, match="no days"):
        introduce(read_instance(data))


def test_a_round_without_pairs_is_an_empty_plan() -> None:
    for aim in Aim:
        plan = introduce(conversations(read_instance(round_json())), Settings(aim=aim))
        assert (plan.status, plan.matches) == (Status.OPTIMAL, ())


@pytest.mark.parametrize("aim", Aim)
def test_a_round_stopped_before_it_began_has_a_plan_with_its_bounds(aim: Aim) -> None:
    for seed in range(40):
        instance = meeting(seed)
        best = introduce(instance, Settings(aim=aim))
        plan = introduce(instance, Settings(aim=aim), should_stop=lambda: True)
        assert problems(instance, plan) == []
        if best.status is Status.INFEASIBLE:
            continue
        assert plan.status in (Status.CANCELLED, Status.OPTIMAL)
        first = 1 if plan.levels[0].measure is Measure.SHORTFALL else 0
        exact = next(one.value for one in best.levels if one.measure is not Measure.SHORTFALL)
        assert plan.levels[first].bound >= exact


def test_seventeen_providers_with_minimums_end_at_once() -> None:
    """The kind of round that keeps a flow over fractions going for ever."""
    chance = random.Random(18)
    providers = [{"id": f"P{n}", "min_matches": 3} for n in range(17)]
    needs = [{"id": f"N{n}"} for n in range(18)]
    pairs = [(f"N{n}", f"P{p}", chance.randint(0, 1000)) for n in range(18) for p in range(17)]
    instance = conversations(read_instance(round_json(providers, needs, pairs)))
    for aim in Aim:
        plan = introduce(instance, Settings(aim=aim, seconds=2))
        assert len(plan.matches) == 54 and plan.shortfalls == ()
        assert problems(instance, plan) == []
