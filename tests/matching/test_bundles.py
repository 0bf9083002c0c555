"""The search by bundles: small rounds come out exact, its bounds hold, its plans hold."""

import itertools
import random

import numpy as np
import pytest

from benchmarks.instances import round_json as large_round
from broker.matching import bundling, part
from broker.matching.check import problems
from broker.matching.choices import choices_of
from broker.matching.commit import Settings, commit
from broker.matching.instance import Aim, Instance, Measure, Plan, Status
from broker.matching.market import Market, market_of
from broker.matching.packing import packed
from broker.matching.part import Part
from broker.matching.prices import Prices
from broker.matching.pricing import Pricing
from broker.matching.reading import read_instance
from broker.matching.settling import can_settle, settled
from broker.matching.watch import Progress
from tests.matching.rounds import every_plan, random_round, worth
from tests.matching.rounds import round_json as small_round


@pytest.fixture
def only_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part with days goes to the search by bundles, and to nothing else."""
    monkeypatch.setattr(part, "EXACT_CHOICES", 0)
    monkeypatch.setattr(part, "BRANCHED_CHOICES", 0)


def levels_of(plan: Plan) -> tuple[int, ...]:
    values = [one.value for one in plan.levels if one.measure is not Measure.SHORTFALL]
    return (-sum(one.short for one in plan.shortfalls), *values)


def expect_the_best(instance: Instance, aim: Aim) -> None:
    plan = commit(instance, Settings(aim=aim, gap=0.0))
    best = max((worth(instance, one, aim) for one in every_plan(instance)), default=None)
    assert problems(instance, plan) == []
    if best is None:
        assert plan.status is Status.INFEASIBLE
    else:
        assert levels_of(plan) == best
        assert all(
            one.bound >= one.value for one in plan.levels if one.measure.value != "shortfall"
        )


@pytest.mark.parametrize("aim", Aim)
@pytest.mark.parametrize("block", range(4))
def test_small_rounds_are_exact_by_bundles_too(only_bundles: None, block: int, aim: Aim) -> None:
    for seed in range(block * 30, block * 30 + 30):
        expect_the_best(read_instance(random_round(seed)), aim)


def market(providers: int, needs: int, seed: int) -> Market:
    choices = choices_of(read_instance(large_round(providers, needs, seed=seed)), seed)
    everything = np.ones(choices.size, np.bool_)
    return market_of(choices, Measure.POINTS, everything, {})


@pytest.mark.parametrize("seed", range(5))
def test_no_bundle_is_worth_more_than_the_bound_of_its_provider(seed: int) -> None:
    one = market(12, 50, seed)
    prices = Prices(np.random.default_rng(seed).uniform(0, 400, len(one.wanted)))
    narrow = Pricing(one).price(prices, width=2)
    wide = Pricing(one).price(prices, width=100_000)
    assert np.allclose(wide.bounds, wide.values)
    assert (narrow.bounds >= wide.values - 1e-6).all()
    assert (narrow.values <= wide.values + 1e-6).all()


@pytest.mark.parametrize("seed", range(5))
def test_branching_and_searching_agree_on_the_best_bundle(seed: int) -> None:
    one = market(12, 50, seed)
    pricing, prices = Pricing(one), Prices(np.full(len(one.wanted), 150.0))
    wide = pricing.price(prices, width=100_000)
    for who in range(len(one.limit)):
        assert can_settle(one, prices, who)
        bound, bundle = settled(pricing, prices, who, known=0.0, seconds=5)
        assert bundle is not None
        assert wide.values[who] - 1e-6 <= bound <= wide.values[who] * 1.006


def test_days_packed_in_words_fit_when_each_quarter_does() -> None:
    chance = np.random.default_rng(1)
    for highest in (5, 40_000, 3_000_000_000):
        free = chance.integers(0, highest, (300, 8))
        use = chance.integers(0, highest, (300, 8))
        use[:150] = np.minimum(use[:150], free[:150])
        words = packed(use, free)
        assert (words.fits(words.free, words.use) == (use <= free).all(axis=1)).all()


@pytest.mark.parametrize("aim", Aim)
def test_a_middling_round_holds_under_every_aim(aim: Aim) -> None:
    data, chance = large_round(30, 90, seed=3), random.Random(3)
    for provider in data["providers"]:
        provider["min_matches"] = chance.choice([0, 0, 1])
    some = [(one.need, one.provider) for one in commit(read_instance(data)).matches[::9]]
    for pair in data["pairs"]:
        pair["must"] = (pair["need"], pair["provider"]) in some
    instance = read_instance(data)
    plan = commit(instance, Settings(aim=aim, seconds=4))
    assert problems(instance, plan) == []
    assert plan.status is not Status.INFEASIBLE
    assert all(one.bound >= one.value for one in plan.levels if one.measure.value != "shortfall")


def test_cancelling_gives_the_best_plan_so_far_with_its_bound() -> None:
    instance = read_instance(large_round(100, 400, seed=1))
    heard: list[Progress] = []
    plan = commit(instance, progress=heard.append, should_stop=lambda: len(heard) >= 3)
    assert plan.status is Status.CANCELLED
    assert plan.matches and plan.bound >= plan.points
    assert problems(instance, plan) == []
    assert len(heard) < 6


def test_progress_goes_one_way() -> None:
    heard: list[Progress] = []
    instance = read_instance(large_round(40, 120, seed=1))
    plan = commit(instance, Settings(seconds=5), progress=heard.append)
    told = [one for one in heard if one.measure is Measure.POINTS]
    assert [one.value for one in told] == sorted(one.value for one in told)
    assert [one.bound for one in told] == sorted((one.bound for one in told), reverse=True)
    assert told[-1].value == plan.points and told[-1].bound == plan.bound


def test_a_repeat_within_the_time_gives_the_same_plan() -> None:
    instance = read_instance(large_round(25, 80, seed=4))
    first, second = commit(instance), commit(instance)
    assert (first.matches, first.bound) == (second.matches, second.bound)


def test_a_large_part_starts_from_a_plan_and_never_falls_behind_it() -> None:
    instance = read_instance(large_round(60, 200, seed=2))
    choices = choices_of(instance, 0)
    greedy = Part(choices, gap=0.0, fills_places=False).value(Measure.POINTS)
    assert commit(instance, Settings(seconds=0.3)).points >= greedy


@pytest.mark.parametrize("aim", Aim)
def test_large_ways_of_search_hold_on_small_rounds_too(
    only_bundles: None, monkeypatch: pytest.MonkeyPatch, aim: Aim
) -> None:
    """Dives and blocks, as large rounds have them, with every kind of must and minimum."""
    monkeypatch.setattr(bundling, "PROVIDERS", 1)
    for seed in range(60):
        instance = read_instance(random_round(seed))
        plan = commit(instance, Settings(aim=aim, gap=0.0))
        best = max((worth(instance, one, aim) for one in every_plan(instance)), default=None)
        assert problems(instance, plan) == []
        if best is not None:
            first = [one for one in plan.levels if one.measure is not Measure.SHORTFALL][0]
            assert levels_of(plan) <= best
            assert levels_of(plan)[0] < best[0] or first.bound >= best[1]


def best_by_hand(one: Market, who: int, gains: np.ndarray) -> float:
    """Over every set of a provider's items, one a need, that its days and limit allow."""
    groups: dict[int, list[int | None]] = {}
    for item in np.flatnonzero(one.provider == who).tolist():
        groups.setdefault(int(one.need[item]), [None]).append(item)
    values = [0.0]
    for chosen in itertools.product(*groups.values()):
        items = [item for item in chosen if item is not None]
        fits = (one.use[items].sum(axis=0) <= one.free[who]).all()
        if fits and len(items) <= one.limit[who]:
            values.append(float(gains[items].sum()))
    return max(values)


def random_starts(seed: int) -> Instance:
    """One provider with uneven days, six needs that each may start anywhere."""
    chance = random.Random(seed)
    needs = [
        {"id": f"N{n}", "days": [chance.randint(1, 4), chance.randint(0, 4)], "starts": [0, 1, 2]}
        for n in range(6)
    ]
    providers = [{"id": "P1", "free_days": [chance.randint(0, 9) for _ in range(4)]}]
    pairs = [(f"N{n}", "P1", chance.randint(1, 99)) for n in range(6)]
    return read_instance(small_round(providers, needs, pairs, quarters=4))


@pytest.mark.parametrize("width", [3, 20, 10_000])
def test_the_best_bundle_is_that_of_all_bundles_counted_out(width: int) -> None:
    for seed in range(60):
        choices = choices_of(random_starts(seed), seed)
        if not choices.size:
            continue
        one = market_of(choices, Measure.POINTS, np.ones(choices.size, np.bool_), {})
        prices = Prices(np.random.default_rng(seed).uniform(0, 60, len(one.wanted)))
        best = best_by_hand(one, 0, one.value - prices.needs[one.need])
        found = Pricing(one).price(prices, width=width)
        assert found.bounds[0] >= best - 1e-6
        assert found.values[0] <= best + 1e-6
        assert width < 10_000 or found.values[0] == pytest.approx(best)
