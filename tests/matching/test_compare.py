"""Plans side by side, and aims against each other."""

from dataclasses import replace

from broker.matching.aims import other_aims
from broker.matching.check import problems
from broker.matching.commit import Settings, commit
from broker.matching.compare import compare
from broker.matching.instance import Aim, Match
from broker.matching.introduce import conversations, introduce
from broker.matching.reading import read_instance, read_plan
from tests.matching.rounds import random_round, round_json, solved

NEEDS = [{"id": f"N{n}", "days": [4], "starts": [0, 1]} for n in (1, 2, 3, 4)]
PAIRS = [(f"N{n}", f"P{p}", 10 * n + p) for n in (1, 2, 3, 4) for p in (1, 2)]
PROVIDERS = [{"id": f"P{p}", "free_days": [4, 0]} for p in (1, 2)]
TIGHT = round_json(PROVIDERS, NEEDS, PAIRS)


def stated(*matches: tuple[str, str, int | None]) -> object:
    rows = [{"need": n, "provider": p, "start": s} for n, p, s in matches]
    return read_plan({"matches": rows})


def test_a_plan_is_the_same_as_itself() -> None:
    plan = solved(TIGHT)
    found = compare(plan, plan)
    assert found.is_same and found.kept == len(plan.matches) == 2


def test_added_dropped_and_moved_are_told_apart() -> None:
    before = stated(("N1", "P1", 0), ("N2", "P1", 1), ("N3", "P2", 0), ("N5", "P1", 0))
    after = stated(("N1", "P1", 0), ("N2", "P2", 1), ("N4", "P1", 0), ("N5", "P1", 1))
    found = compare(before, after)
    assert [match.need for match in found.added] == ["N4"]
    assert [match.need for match in found.dropped] == ["N3"]
    moves = [(one.before.need, one.is_to_another_provider) for one in found.moved]
    assert moves == [("N2", True), ("N5", False)]
    assert found.kept == 1 and not found.is_same


def test_other_days_are_a_move() -> None:
    plan = solved(TIGHT)
    first: Match = plan.matches[0]
    other = replace(plan, matches=(replace(first, days=(2,)), *plan.matches[1:]))
    assert len(compare(plan, other).moved) == 1


TRADE = round_json(
    [{"id": "P1", "max_matches": 1}, {"id": "P2", "max_matches": 1}],
    [{"id": "N1"}, {"id": "N2"}],
    [("N1", "P1", 900), ("N1", "P2", 300), ("N2", "P1", 250)],
)


def test_the_price_of_each_aim_is_told_in_words() -> None:
    instance = read_instance(TRADE)
    plan = commit(instance)
    prices = {one.aim: one for one in other_aims(instance, plan, Settings(), commit)}
    assert set(prices) == {Aim.COVERAGE, Aim.FAIR}
    assert prices[Aim.COVERAGE].points == 300 + 250 - 900
    text = prices[Aim.COVERAGE].text()
    assert (
        text == "coverage costs 350 points, fills 1 place more and lowers the lowest points by 650."
    )
    assert prices[Aim.COVERAGE].is_proven


def test_an_aim_that_changes_nothing_says_so() -> None:
    instance = read_instance(round_json(pairs=[("N1", "P1", 5)]))
    texts = [one.text() for one in other_aims(instance, commit(instance), Settings(), commit)]
    assert texts == ["coverage gives the same.", "fair gives the same."]


def test_aims_of_conversation_rounds_are_priced_too() -> None:
    instance = conversations(read_instance(TRADE), each_need=1, each_provider=1)
    prices = other_aims(instance, introduce(instance), Settings(), introduce)
    assert [one.points for one in prices] == [-350, -350]


def test_a_plan_to_begin_with_is_never_made_worse() -> None:
    for seed in range(20):
        instance = read_instance(random_round(seed))
        plan = commit(instance)
        again = commit(instance, Settings(seconds=1e-9), start=plan)
        assert again.points == plan.points
        assert problems(instance, again) == []
