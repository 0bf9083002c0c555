"""Totals that others have published or that are known exactly."""

import json
from pathlib import Path

import pytest

from broker.matching.check import problems
from broker.matching.commit import Settings, commit
from broker.matching.instance import Aim, Status
from broker.matching.reading import read_instance
from tests.matching.rounds import matched, pair, round_json

DATA = Path(__file__).with_name("data")
CASES = json.loads((DATA / "small_cases.json").read_text())
GAP1_TOTALS = [336, 327, 339, 341, 326]


def gap1(number: int) -> dict:
    """One problem of the file as a round of one quarter: jobs are needs, agents providers."""
    count, *figures = map(int, (DATA / "gap1.txt").read_text().split())
    assert count == len(GAP1_TOTALS)
    rest = iter(figures)
    for _ in range(number + 1):
        agents, jobs = next(rest), next(rest)
        profit = [[next(rest) for _ in range(jobs)] for _ in range(agents)]
        use = [[next(rest) for _ in range(jobs)] for _ in range(agents)]
        capacity = [next(rest) for _ in range(agents)]
    return round_json(
        [{"id": f"A{a}", "free_days": [capacity[a]]} for a in range(agents)],
        [{"id": f"J{j}"} for j in range(jobs)],
        [
            pair(f"J{j}", f"A{a}", profit[a][j], days=[use[a][j]])
            for a in range(agents)
            for j in range(jobs)
        ],
        quarters=1,
    )


@pytest.mark.parametrize("number", range(5))
def test_gap1_reaches_its_published_total(number: int) -> None:
    instance = read_instance(gap1(number))
    plan = commit(instance, Settings(aim=Aim.COVERAGE))
    assert (plan.points, plan.bound) == (GAP1_TOTALS[number], GAP1_TOTALS[number])
    assert len(plan.matches) == 15
    assert plan.status is Status.OPTIMAL
    assert problems(instance, plan) == []


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_small_cases_reach_their_exact_totals_and_places(case: dict) -> None:
    instance = read_instance(case["instance"])
    plan = commit(instance, Settings(aim=Aim.COVERAGE))
    assert plan.points == case["expected_points"]
    assert len(plan.matches) == sum(need.providers_wanted for need in instance.needs)
    assert plan.unmatched == ()
    assert problems(instance, plan) == []
    if case["unique"]:
        chosen = {(n, p) for n, providers in case["unique"].items() for p in providers}
        assert matched(plan) == chosen
