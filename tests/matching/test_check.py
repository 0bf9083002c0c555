"""Each kind of broken plan is named by the checker."""

from typing import Any

import pytest

from broker.matching.check import problems
from broker.matching.instance import StatedPlan
from broker.matching.reading import read_instance, read_plan
from tests.matching.rounds import pair, round_json

INSTANCE = round_json(
    [{"id": "P1", "free_days": [10, 10], "max_matches": 2}, {"id": "P2", "min_matches": 1}],
    [
        {"id": "N1", "days": [6], "starts": [0, 1], "weight": 2},
        {"id": "N2", "days": [6], "starts": [0]},
        {"id": "N3", "providers_wanted": 2},
        {"id": "N4"},
    ],
    [
        ("N1", "P1", 100),
        ("N2", "P1", 50),
        pair("N3", "P2", 10, must=True),
        ("N3", "P1", 20),
        ("N2", "P2", 5),
    ],
)


def match(need: str, provider: str, points: int, start: int | None = None, **more: Any) -> Any:
    days = [6] if start is not None else []
    row = {"need": need, "provider": provider, "offer": f"O-{provider}", "points": points}
    return row | {"start": start, "days": days} | more


def plan(*matches: Any, **more: Any) -> Any:
    return {"matches": list(matches)} | more


N1, N3 = match("N1", "P1", 100, 1), match("N3", "P2", 10)
GOOD = plan(N1, N3, points=210, shortfalls=[], unmatched=[{"need": n} for n in ("N2", "N3", "N4")])

BROKEN = {
    "unknown_need": plan(N3, match("N9", "P1", 1)),
    "unknown_provider": plan(N3, match("N1", "P9", 1, 0)),
    "pair_not_possible": plan(N3, match("N4", "P1", 1)),
    "wrong_offer": plan(N3, N1 | {"offer": "O9"}),
    "wrong_points": plan(N3, N1 | {"points": 101}),
    "wrong_days": plan(N3, N1 | {"days": [5]}),
    "start_missing": plan(N3, N1 | {"start": None}),
    "start_not_allowed": plan(N3, match("N2", "P1", 50, 1)),
    "start_without_days": plan(N3 | {"start": 0}),
    "matched_twice": plan(N3, N3),
    "too_many_for_need": plan(N3, match("N2", "P1", 50, 0), match("N2", "P2", 5, 0)),
    "over_match_limit": plan(N3, N1, match("N2", "P1", 50, 0), match("N3", "P1", 20)),
    "over_free_days": plan(N3, match("N1", "P1", 100, 0), match("N2", "P1", 50, 0)),
    "must_left_out": plan(N1),
    "wrong_total": plan(N1, N3, points=110),
    "wrong_shortfall": plan(N3, shortfalls=[{"provider": "P2", "short": 1}]),
    "left_out_unnamed": GOOD | {"unmatched": [{"need": "N2"}, {"need": "N3"}]},
    "wrongly_left_out": GOOD | {"unmatched": [{"need": f"N{n}"} for n in (1, 2, 3, 4)]},
}


def found(data: Any) -> list[str]:
    return [one.code for one in problems(read_instance(INSTANCE), read_plan(data))]


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_plan_is_named(code: str) -> None:
    assert found(BROKEN[code]) == [code]


def test_a_plan_that_holds_has_no_problems() -> None:
    assert found(GOOD) == []
    assert found(plan(N3, N1)) == []


def test_every_problem_says_where_in_words() -> None:
    for data in BROKEN.values():
        for one in problems(read_instance(INSTANCE), read_plan(data)):
            assert one.text.endswith(".")
            assert one.code == "wrong_total" or one.need or one.provider


def test_an_unnamed_shortfall_is_a_problem_once_shortfalls_are_claimed() -> None:
    instance = read_instance(round_json([{"id": "P1", "min_matches": 1}]))
    assert [one.code for one in problems(instance, StatedPlan((), shortfalls=()))] == [
        "wrong_shortfall"
    ]
    assert problems(instance, StatedPlan(())) == []
