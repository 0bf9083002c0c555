"""What would help most: by provider and by theme, found by solving again."""

import pytest

from broker.matching.candidates import candidates, changed_by
from broker.matching.check import problems
from broker.matching.commit import commit
from broker.matching.helping import what_would_help
from broker.matching.reading import read_instance
from tests.matching.rounds import random_round, round_json

NEEDS = [{"id": f"N{n}", "days": [4], "starts": [0, 1]} for n in (1, 2, 3, 4)]
PAIRS = [(f"N{n}", f"P{p}", 10 * n + p) for n in (1, 2, 3, 4) for p in (1, 2)]
PROVIDERS = [{"id": f"P{p}", "free_days": [4, 0]} for p in (1, 2)]
TIGHT = round_json(PROVIDERS, NEEDS, PAIRS)


def test_what_would_help_is_found_by_solving_again() -> None:
    instance = read_instance(TIGHT)
    plan = commit(instance)
    found = what_would_help(instance, plan, names={"P1": "Leeds"})
    assert found and found[0].needs
    best = found[0]
    assert best.text.endswith("(found by solving again).")
    again = commit(changed_by(instance, best.candidate))
    assert again.points - plan.points == best.points > 0
    assert best.is_proven
    assert problems(changed_by(instance, best.candidate), again) == []


def test_help_reads_as_days_from_somebody_in_a_quarter() -> None:
    one = round_json(
        [{"id": "P1", "free_days": [4, 0]}], NEEDS[:2], [("N1", "P1", 5), ("N2", "P1", 3)]
    )
    instance = read_instance(one)
    found = what_would_help(instance, commit(instance), names={"P1": "Leeds"})
    assert found[0].text == (
        "4 more days from Leeds in 2026-27 Q1 would meet 1 more need and gain 3 points "
        "(found by solving again)."
    )


def test_matches_at_once_are_a_candidate_too() -> None:
    needs = [{"id": "N1"}, {"id": "N2"}]
    data = round_json([{"id": "P1", "max_matches": 1}], needs, [("N1", "P1", 5), ("N2", "P1", 3)])
    instance = read_instance(data)
    found = what_would_help(instance, commit(instance))
    assert found[0].text.startswith("1 more match at once for P1 would meet 1 more need")


def test_nothing_helps_a_full_plan_and_nothing_is_tried_after_a_stop() -> None:
    full = read_instance(round_json(pairs=[("N1", "P1", 5)]))
    assert what_would_help(full, commit(full)) == ()
    tight = read_instance(TIGHT)
    assert what_would_help(tight, commit(tight), should_stop=lambda: True) == ()
    assert candidates(commit(tight))


def placements() -> tuple[dict, dict[str, tuple[str, ...]]]:
    """Four needs; two for placements, left out at two providers that are full in the first."""
    providers = [{"id": "P1", "free_days": [4, 0]}, {"id": "P2", "free_days": [5, 0]}]
    needs = [{"id": f"N{n}", "days": [4]} for n in (1, 2, 3)] + [{"id": "N4", "days": [6]}]
    pairs = [("N1", "P1", 90), ("N2", "P2", 90), ("N3", "P1", 50), ("N4", "P2", 40)]
    themes = {"N1": ("courts",), "N2": (), "N3": ("placements", "courts"), "N4": ("placements",)}
    return round_json(providers, needs, pairs), themes


def test_days_for_a_theme_are_tried_at_all_providers_that_could_give_them() -> None:
    data, themes = placements()
    instance = read_instance(data)
    names = {"P1": "Leeds", "P2": "York"}
    best = what_would_help(instance, commit(instance), names=names, themes=themes)[0]
    assert best.text == (
        "9 more days for placements in 2026-27 Q1 (4 from Leeds, 5 from York) would meet 2 more "
        "needs and gain 90 points (found by solving again)."
    )
    assert best.needs == ("N3", "N4")
    assert best.candidate.given == (("P1", 16), ("P2", 20))
    again = commit(changed_by(instance, best.candidate))
    assert again.points == commit(instance).points + best.points


def test_single_providers_are_tried_beside_themes() -> None:
    data, themes = placements()
    found = candidates(commit(read_instance(data)), themes)
    assert [(one.theme, [who for who, _ in one.given]) for one in found] == [
        ("placements", ["P1", "P2"]),
        (None, ["P2"]),
        ("courts", ["P1"]),
    ]


def test_a_theme_at_one_provider_names_it() -> None:
    data, themes = placements()
    instance = read_instance(data)
    texts = [one.text for one in what_would_help(instance, commit(instance), themes=themes)]
    assert any(text.startswith("4 more days for courts from P1 in 2026-27 Q1") for text in texts)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_to_help_does(seed: int) -> None:
    instance = read_instance(random_round(seed))
    plan = commit(instance)
    themes = {need.id: (f"theme {at % 2}",) for at, need in enumerate(instance.needs)}
    for one in what_would_help(instance, plan, themes=themes):
        changed = changed_by(instance, one.candidate)
        again = commit(changed)
        assert problems(changed, again) == []
        assert again.points - plan.points == one.points
        assert one.points > 0 or len(again.matches) > len(plan.matches)
