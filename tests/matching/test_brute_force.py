"""Small random rounds against every plan counted out."""

import random

import pytest

from broker.matching.check import problems
from broker.matching.commit import Settings, commit
from broker.matching.instance import Aim, Instance, Plan, Status
from broker.matching.reading import read_instance
from tests.matching.rounds import every_plan, random_round, round_json, solved, worth

ROUNDS = 540


def levels_of(plan: Plan) -> tuple[int, ...]:
    short = sum(one.short for one in plan.shortfalls)
    values = [level.value for level in plan.levels if level.measure.value != "shortfall"]
    return (-short, *values)


def best(instance: Instance, aim: Aim) -> tuple[int, ...] | None:
    return max((worth(instance, plan, aim) for plan in every_plan(instance)), default=None)


@pytest.mark.parametrize("block", range(6))
def test_every_aim_reaches_the_best_of_all_plans(block: int) -> None:
    for seed in range(block * ROUNDS // 6, (block + 1) * ROUNDS // 6):
        instance = read_instance(random_round(seed))
        for aim in Aim:
            plan = commit(instance, Settings(aim=aim, seed=seed))
            expected = best(instance, aim)
            if expected is None:
                assert plan.status is Status.INFEASIBLE and plan.causes, seed
            else:
                assert levels_of(plan) == expected, (seed, aim)
                assert plan.status is Status.OPTIMAL and plan.gap == 0
                assert all(level.bound == level.value for level in plan.levels)
            assert problems(instance, plan) == [], (seed, aim)


@pytest.mark.parametrize("seed", range(25))
def test_five_by_five_with_minimums_reaches_the_optimum(seed: int) -> None:
    chance = random.Random(seed)
    providers = [{"id": f"P{n}", "min_matches": chance.randint(0, 2)} for n in range(5)]
    pairs = [(f"N{n}", f"P{p}", chance.randint(0, 99)) for n in range(5) for p in range(5)]
    data = round_json(providers, [{"id": f"N{n}"} for n in range(5)], pairs)
    instance = read_instance(data)
    assert levels_of(solved(data)) == best(instance, Aim.FIT)


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    data, chance = random_round(seed), random.Random(seed)
    plans = []
    for _ in range(3):
        for rows in ("providers", "needs", "pairs"):
            chance.shuffle(data[rows])
        for need in data["needs"]:
            chance.shuffle(need.get("starts", []))
        plan = solved(data, "fair", seed=seed)
        plans.append((plan.matches, plan.unmatched, plan.levels, plan.shortfalls, plan.causes))
    assert plans[0] == plans[1] == plans[2]


def test_another_seed_breaks_ties_another_way() -> None:
    providers = [{"id": f"P{n}", "max_matches": 1} for n in range(6)]
    pairs = [("N1", f"P{n}", 50) for n in range(6)]
    data = round_json(providers, pairs=pairs)
    chosen = {solved(data, seed=seed).matches[0].provider for seed in range(8)}
    assert len(chosen) > 1


def _without_minimums(seed: int) -> dict:
    data = random_round(seed, with_musts=False)
    for provider in data["providers"]:
        provider.pop("min_matches", None)
    return data


@pytest.mark.parametrize("aim", ["fit", "coverage"])
@pytest.mark.parametrize("seed", range(15))
def test_more_capacity_never_lowers_the_first_level(seed: int, aim: str) -> None:
    data = _without_minimums(seed)
    before = solved(data, aim).levels[0].value
    for provider in data["providers"]:
        if "free_days" in provider:
            provider["free_days"][seed % 3] += 2
    assert solved(data, aim).levels[0].value >= before


@pytest.mark.parametrize("aim", ["fit", "coverage"])
@pytest.mark.parametrize("seed", range(15))
def test_a_forbidden_pair_never_raises_the_first_level(seed: int, aim: str) -> None:
    data = _without_minimums(seed)
    before = solved(data, aim).levels[0].value
    data["pairs"] = data["pairs"][1:]
    assert solved(data, aim).levels[0].value <= before
