"""Bad instances and plans are refused in words that name the place."""

import json
from typing import Any

import pytest

from broker.matching.instance import Need, Provider
from broker.matching.reading import read_instance, read_plan, stated
from broker.matching.rows import BadInstance, BadPlan
from broker.matching.writing import instance_json, plan_json
from tests.matching.rounds import pair, random_round, round_json, solved

NAN, INF = float("nan"), float("inf")


def with_provider(**facts: Any) -> Any:
    return round_json(providers=[{"id": "P1"} | facts])


def with_need(**facts: Any) -> Any:
    return round_json(needs=[{"id": "N1"} | facts])


def with_pair(**facts: Any) -> Any:
    return round_json(pairs=[pair("N1", "P1", 10) | facts])


BAD = [
    ([], "The instance: this must be an object, not a list"),
    (None, "not null"),
    ({}, '"quarters" is missing'),
    ({"quarters": "Q1"}, '"quarters" must be a list, not "Q1"'),
    ({"quarters": ["Q1", "Q1"]}, 'holds "Q1" twice'),
    ({"quarters": [1]}, "must hold texts, not 1"),
    ({"quarters": [], "providers": [3]}, "providers 1: this must be an object, not 3"),
    (round_json(providers=[{"id": "P1"}, {"id": "P1"}]), '"providers" holds "P1" twice'),
    (round_json(needs=[{"id": "N1"}, {"id": "N1"}]), '"needs" holds "N1" twice'),
    (with_provider(id=7), "must be text, not 7"),
    (with_provider(id=""), "must be text, not empty text"),
    (with_provider(free_days=[1]), 'providers 1 ("P1"): "free_days" must hold one figure for each'),
    (with_provider(free_days=None), "must be a list, not null"),
    (with_provider(free_days=[-1, 2]), "must hold days from 0"),
    (with_provider(free_days=[0.3, 2]), "quarters of a day (0.25), not 0.3"),
    (with_provider(free_days=[NAN, 2]), "must hold days from 0"),
    (with_provider(free_days=[INF, 2]), "must hold days from 0"),
    (with_provider(free_days=[10**400, 2]), "must hold days from 0"),
    (with_provider(free_days=["2", 2]), 'must hold numbers of days, not "2"'),
    (with_provider(free_days=[True, 2]), "must hold numbers of days, not true"),
    (with_provider(max_matches=-1), "must be from 0"),
    (with_provider(max_matches=1.5), "must be a whole number, not 1.5"),
    (with_provider(max_matches=None), "must be a whole number, not null"),
    (with_provider(min_matches="1"), 'must be a whole number, not "1"'),
    (with_need(days=[]), "leave it out when no days are wanted"),
    (with_need(days=[0.1]), 'needs 1 ("N1"): "days" must hold whole days or quarters'),
    (with_need(days=3), '"days" must be a list, not 3'),
    (with_need(starts=[]), '"starts" must hold at least one quarter'),
    (with_need(starts=[0, 0]), "holds a quarter twice"),
    (with_need(starts=[-1]), "must be from 0"),
    (with_need(starts=[0.0]), "must be a whole number, not 0.0"),
    (with_need(days=[1, 1], starts=[0, 1]), "run past the last quarter: 2 from start 1"),
    (with_need(days=[1, 1, 1]), "run past the last quarter"),
    (with_need(days=[1], providers_wanted=2), "only for a need without days"),
    (with_need(providers_wanted=-1), "must be from 0"),
    (with_need(weight=-1), "must be from 0"),
    (with_need(weight=True), "must be a whole number, not true"),
    (with_pair(need="N9"), 'pairs 1: "need" "N9" is not among the needs'),
    (with_pair(provider="P9"), '"P9" is not among the providers'),
    (with_pair(points=7.0), '"points" must be a whole number, not 7.0'),
    (with_pair(points=NAN), '"points" must be a whole number, not nan'),
    (with_pair(points=10**30), '"points" must be from'),
    (with_pair(must="yes"), '"must" must be true or false'),
    (with_pair(days=[1, 1, 1]), "run past the last quarter"),
    (with_pair(offer=None), '"offer" must be text, not null'),
    (round_json(pairs=[("N1", "P1", 1), ("N1", "P1", 2)]), 'stands twice with need "N1"'),
    (
        round_json(
            needs=[{"id": "N1", "providers_wanted": 2}], pairs=[pair("N1", "P1", 1, days=[1])]
        ),
        "wants several providers",
    ),
]


@pytest.mark.parametrize(("data", "words"), BAD, ids=[words for _, words in BAD])
def test_a_bad_instance_is_refused_in_words(data: object, words: str) -> None:
    with pytest.raises(BadInstance) as refusal:
        read_instance(data)
    assert words in str(refusal.value)


@pytest.mark.parametrize("key", ["need", "provider", "offer", "points"])
def test_what_is_missing_from_a_pair_is_named(key: str) -> None:
    data = with_pair()
    del data["pairs"][0][key]
    with pytest.raises(BadInstance, match=f'pairs 1: "{key}" is missing'):
        read_instance(data)


def test_defaults_are_as_documented() -> None:
    instance = read_instance(with_pair())
    assert instance.needs == (Need("N1", (), (0,), 1, 1),)
    assert instance.providers == (Provider("P1", None, None, 0),)
    assert (instance.pairs[0].days, instance.pairs[0].must) == ((), False)


def test_days_inside_are_quarter_days_and_a_pair_replaces_its_needs() -> None:
    data = with_need(days=[1.25, 2])
    data["providers"].append({"id": "P2"})
    data["pairs"] = [pair("N1", "P1", 1), pair("N1", "P2", 1, days=[0.5])]
    assert [one.days for one in read_instance(data).pairs] == [(5, 8), (2,)]


@pytest.mark.parametrize("seed", range(20))
def test_an_instance_written_and_read_again_is_the_same(seed: int) -> None:
    instance = read_instance(random_round(seed))
    assert read_instance(json.loads(json.dumps(instance_json(instance)))) == instance


@pytest.mark.parametrize("seed", range(20))
def test_a_plan_written_and_read_again_claims_the_same(seed: int) -> None:
    data = random_round(seed)
    plan = solved(data)
    written = json.loads(json.dumps(plan_json(plan, tuple(data["quarters"]))))
    assert read_plan(written) == stated(plan)


def test_a_plan_leaves_in_the_documented_shape() -> None:
    needs = [{"id": "N1", "days": [10, 15]}, {"id": "N2", "days": [10.5, 6]}]
    data = round_json(
        [{"id": "P1", "free_days": [20, 25]}], needs, [("N1", "P1", 730), ("N2", "P1", 100)]
    )
    written = plan_json(solved(data), tuple(data["quarters"]))
    assert written.pop("seconds") < 1
    assert written == {
        "status": "optimal",
        "aim": "fit",
        "levels": [{"measure": "points", "value": 730, "bound": 730}],
        "shortfalls": [],
        "points": 730,
        "bound": 730,
        "gap": 0.0,
        "matches": [
            {
                "need": "N1",
                "provider": "P1",
                "offer": "O-P1",
                "start": 0,
                "days": [10, 15],
                "points": 730,
            }
        ],
        "unmatched": [
            {
                "need": "N2",
                "missing": 1,
                "because": [
                    {
                        "code": "no_free_days",
                        "text": "The only possible provider is short of free days in 2026-27 Q1: "
                        "P1. Would match P1 with 0.5 more days in 2026-27 Q1.",
                        "providers": ["P1"],
                        "would_match_if": [
                            {
                                "provider": "P1",
                                "start": 0,
                                "quarter": "2026-27 Q1",
                                "more_days": 0.5,
                            }
                        ],
                    }
                ],
            }
        ],
    }


BAD_PLANS = [
    (3, "The plan: this must be an object"),
    ({}, '"matches" is missing'),
    ({"matches": [{}]}, 'matches 1: "need" is missing'),
    ({"matches": [{"need": "N1", "provider": "P1", "start": 1.5}]}, '"start" must be a whole'),
    ({"matches": [{"need": "N1", "provider": "P1", "days": [0.1]}]}, '"days" must hold whole days'),
    ({"matches": [], "points": "many"}, '"points" must be a whole number'),
    ({"matches": [], "unmatched": ["N1"]}, "unmatched 1: this must be an object"),
    ({"matches": [], "shortfalls": [{"provider": "P1"}]}, '"short" is missing'),
]


@pytest.mark.parametrize(("data", "words"), BAD_PLANS, ids=[words for _, words in BAD_PLANS])
def test_a_bad_plan_is_refused_in_words(data: object, words: str) -> None:
    with pytest.raises(BadPlan) as refusal:
        read_plan(data)
    assert words in str(refusal.value)
