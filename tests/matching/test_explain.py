"""Why a need is left out, and what would change it."""

from dataclasses import replace

import pytest

from benchmarks.instances import round_json as large_round
from broker.matching.check import problems
from broker.matching.commit import Settings, commit
from broker.matching.instance import Aim, Change, Instance, Match, Plan, Provider
from broker.matching.reading import read_instance
from tests.matching.rounds import random_round, round_json, solved


def changed(instance: Instance, plan: Plan, need: str, change: Change) -> tuple[Instance, Plan]:
    """The instance with the change made, and the plan with that one match more."""
    providers = tuple(
        _with_more(one, change) if one.id == change.provider else one for one in instance.providers
    )
    pair = next(p for p in instance.pairs if (p.need, p.provider) == (need, change.provider))
    match = Match(need, pair.provider, pair.offer, change.start, pair.days, pair.points)
    weight = next(one.weight for one in instance.needs if one.id == need)
    unmatched = tuple(
        replace(one, missing=one.missing - 1) if one.need == need else one for one in plan.unmatched
    )
    shortfalls = tuple(
        replace(one, matches=one.matches + 1) if one.provider == pair.provider else one
        for one in plan.shortfalls
    )
    return replace(instance, providers=providers), replace(
        plan,
        matches=(*plan.matches, match),
        points=plan.points + weight * pair.points,
        unmatched=tuple(one for one in unmatched if one.missing),
        shortfalls=tuple(one for one in shortfalls if one.short),
    )


def _with_more(provider: Provider, change: Change) -> Provider:
    free = list(provider.free or ())
    for quarter, more in change.more_days:
        free[quarter] += more
    limit = provider.max_matches
    return replace(
        provider,
        free=None if provider.free is None else tuple(free),
        max_matches=None if limit is None else limit + change.more_matches,
    )


def rounds() -> list[dict]:
    return [random_round(seed) for seed in range(80)] + [large_round(19, 71, seed=3)]


def test_every_counterfactual_passes_the_checker_and_nothing_less_would() -> None:
    tried = 0
    for data in rounds():
        instance = read_instance(data)
        plan = commit(instance, Settings(aim=Aim.COVERAGE, seconds=5))
        for one in plan.unmatched:
            for change in (c for reason in one.because for c in reason.would_match_if):
                assert problems(*changed(instance, plan, one.need, change)) == []
                assert problems(*changed(instance, plan, one.need, _less(change))) != []
                tried += 1
    assert tried > 100


def _less(change: Change) -> Change:
    if change.more_days:
        (quarter, more), *rest = change.more_days
        return replace(change, more_days=((quarter, more - 1), *rest))
    return replace(change, more_matches=0)


def test_every_need_left_out_has_words() -> None:
    for data in rounds():
        for one in solved(data, seconds=2).unmatched:
            assert one.because
            assert all(reason.code and reason.text for reason in one.because)


def codes(data: dict) -> list[str]:
    return [reason.code for reason in solved(data).unmatched[0].because]


def test_no_pair_at_all_is_said() -> None:
    assert codes(round_json()) == ["no_possible_provider"]


def test_full_providers_are_named_with_the_quarter_they_share() -> None:
    providers = [{"id": "P1", "free_days": [2, 9]}, {"id": "P2", "free_days": [3, 9]}]
    needs = [{"id": "N1", "days": [4, 4]}]
    data = round_json(providers, needs, [("N1", "P1", 9), ("N1", "P2", 8)])
    because = solved(data).unmatched[0].because[0]
    assert because.code == "no_free_days"
    assert because.providers == ("P1", "P2")
    assert because.text == (
        "All 2 possible providers are short of free days in 2026-27 Q1: P1, P2. "
        "Would match P2 with 1 more day in 2026-27 Q1."
    )


def test_the_easiest_change_touches_the_fewest_quarters_then_the_fewest_days() -> None:
    assert easiest_change([9, 9, 5, 10]) == (2, ((2, 20),))
    assert easiest_change([9, 9, 8, 8]) == (0, ((0, 4), (1, 4)))


def easiest_change(free: list[int]) -> tuple[int | None, tuple[tuple[int, int], ...]]:
    """For ten days in each of two quarters, from the first quarter or the third."""
    needs = [{"id": "N1", "days": [10, 10], "starts": [0, 2]}]
    data = round_json([{"id": "P1", "free_days": free}], needs, [("N1", "P1", 9)], quarters=4)
    (change,) = solved(data).unmatched[0].because[0].would_match_if
    return change.start, change.more_days


def test_a_limit_of_partnerships_is_named() -> None:
    data = round_json([{"id": "P1", "max_matches": 0}], pairs=[("N1", "P1", 5)])
    assert codes(data) == ["no_free_matches"]


def test_days_and_limit_together_are_named() -> None:
    providers = [{"id": "P1", "max_matches": 0, "free_days": [0, 0]}]
    data = round_json(providers, [{"id": "N1", "days": [1]}], [("N1", "P1", 5)])
    assert codes(data) == ["no_free_days_or_matches"]


def test_names_stand_in_the_words_where_they_are_given() -> None:
    data = round_json([{"id": "P1", "max_matches": 0}], pairs=[("N1", "P1", 5)])
    plan = commit(read_instance(data), names={"P1": "Essex"})
    assert (
        "Would match Essex with one more partnership at once." in plan.unmatched[0].because[0].text
    )


@pytest.mark.parametrize("wanted", [2, 3])
def test_a_need_that_gets_only_some_of_its_providers_says_how_many_are_missing(
    wanted: int,
) -> None:
    data = round_json(needs=[{"id": "N1", "providers_wanted": wanted}], pairs=[("N1", "P1", 5)])
    assert solved(data).unmatched[0].missing == wanted - 1
