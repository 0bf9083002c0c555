"""Every hard rule, its words, and who may read them."""

from typing import Any

import pytest

from broker.matching.facts import OfferedTheme
from broker.matching.fitting import pair_days, scaled
from broker.matching.graph import build
from broker.matching.reasons import NOT_AVAILABLE, Audience, all_words_for, change_for, words_for
from broker.matching.rules import (
    LOOKS_AT,
    RULES,
    is_possible,
    points_reach_floor,
    reasons_against,
)
from broker.matching.sifting import Sieve
from tests.matching.cast import BATH, CARE_LEAVERS, HELP, NEGLECT, YORK, need, offer, world

FULL = {("LEEDS", "PIP"): 4}

# rule → what is changed in need, offer and world, and the code that follows
BREAKS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = {
    "theme_in_common": ({"themes": (CARE_LEAVERS,)}, {}, {}, "no_theme_in_common"),
    "same_programme": ({"programmes": ("OWN",)}, {}, {}, "another_programme"),
    "different_authority": (
        {},
        {"provider": YORK},
        {"free": {("YORK", "PIP"): (80, 80, 80)}},
        "same_authority",
    ),
    "programme_open": ({}, {}, {"open_programmes": frozenset({"OWN"})}, "programme_closed"),
    "offer_published": ({}, {"is_published": False}, {}, "offer_not_published"),
    "provider_eligible": ({}, {"why_not_eligible": "No judgement."}, {}, "provider_not_eligible"),
    "need_open": ({"is_open": False}, {}, {}, "need_not_open"),
    "need_ready": ({"is_ready": False}, {}, {}, "need_not_ready"),
    "helps_this_use": (
        {"use": "early_help"},
        {"helps_uses": frozenset({"inadequate"})},
        {},
        "use_not_served",
    ),
    "helps_this_region": ({}, {"helps_regions": frozenset({"SW"})}, {}, "region_not_served"),
    "helps_this_type": ({}, {"helps_types": frozenset({"county"})}, {}, "type_not_served"),
    "mode_not_excluded": (
        {"excluded_modes": frozenset({"advice"})},
        {"modes": frozenset({"advice"})},
        {},
        "mode_excluded",
    ),
    "windows_overlap": ({}, {"first_quarter": 2}, {}, "no_common_window"),
    "enough_for_least": ({"days_least": 60}, {"days_most": 50}, {}, "fewer_days_than_useful"),
    "enough_for_offer": ({}, {"days_least": 90}, {}, "fewer_days_than_offered"),
    "commitment_long_enough": (
        {"commitment_months": 12},
        {"commitment_months": 6},
        {},
        "commitment_too_short",
    ),
    "receiver_does_not_avoid": ({"avoids": frozenset({"LEEDS"})}, {}, {}, "receiver_avoids"),
    "provider_does_not_avoid": ({}, {"avoids": frozenset({"YORK"})}, {}, "provider_avoids"),
    "not_declined": ({"declined": frozenset({"LEEDS"})}, {}, {}, "declined_before"),
    "no_conflict": (
        {},
        {},
        {"conflicts": frozenset({frozenset({"YORK", "LEEDS"})})},
        "declared_conflict",
    ),
    "provider_willing": ({"opted_out": frozenset({"LEEDS"})}, {}, {}, "provider_opted_out"),
    "below_partnership_limit": ({}, {}, {"live": FULL, "limits": FULL}, "at_partnership_limit"),
    "days_free": ({}, {}, {"free": {("LEEDS", "PIP"): (80, 39, 80)}}, "no_days_free"),
}
SECRET = {
    "receiver_avoids",
    "provider_avoids",
    "declined_before",
    "declared_conflict",
    "provider_opted_out",
}
NOT_FOR_THE_PROVIDER = {
    "need_not_open",
    "need_not_ready",
    "use_not_served",
    "region_not_served",
    "type_not_served",
}


def broken(name: str) -> Any:
    in_need, in_offer, in_world, _ = BREAKS[name]
    return reasons_against(need(**in_need), offer(**in_offer), world(**in_world))


def test_every_rule_stands_in_the_table_above() -> None:
    assert [rule.__name__ for rule in RULES] == list(BREAKS)


def test_a_pair_that_fits_has_no_reason_against_it() -> None:
    assert reasons_against(need(), offer(), world()) == []
    assert is_possible(need(), offer(), world())


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_gives_its_own_reason_and_no_other(name: str) -> None:
    assert [reason.code for reason in broken(name)] == [BREAKS[name][3]]


@pytest.mark.parametrize("name", BREAKS)
def test_every_reason_has_words_what_would_change_it_and_an_audience(name: str) -> None:
    (reason,) = broken(name)
    assert reason.text.endswith(".") and reason.change.endswith(".")
    assert Audience.COORDINATOR in reason.audience


@pytest.mark.parametrize("name", BREAKS)
def test_each_audience_reads_only_what_it_may_know(name: str) -> None:
    (reason,) = broken(name)
    hidden = {Audience.RECEIVER, Audience.PROVIDER} if reason.code in SECRET else set()
    hidden |= {Audience.PROVIDER} if reason.code in NOT_FOR_THE_PROVIDER else set()
    for audience in Audience:
        is_hidden = audience in hidden
        assert (words_for(reason, audience) == NOT_AVAILABLE) == is_hidden
        assert (change_for(reason, audience) is None) == is_hidden


def test_all_reasons_are_collected_not_only_the_first() -> None:
    found = reasons_against(
        need(themes=(CARE_LEAVERS,), declined=frozenset({"LEEDS"})),
        offer(is_published=False),
        world(),
    )
    assert {reason.code for reason in found} == {
        "no_theme_in_common",
        "declined_before",
        "offer_not_published",
    }


def test_a_secret_reason_is_silent_beside_others_and_not_available_alone() -> None:
    alone = broken("not_declined")
    assert all_words_for(alone, Audience.RECEIVER) == [NOT_AVAILABLE]
    beside = [*alone, *broken("offer_published")]
    assert all_words_for(beside, Audience.RECEIVER) == ["The offer is not published now."]
    assert len(all_words_for(beside, Audience.COORDINATOR)) == 2
    assert all_words_for([], Audience.RECEIVER) == []


@pytest.mark.parametrize(
    ("wanted", "offered"), [(HELP, NEGLECT), (NEGLECT, HELP), (NEGLECT, NEGLECT)]
)
def test_a_heading_and_its_themes_have_something_in_common(wanted: Any, offered: Any) -> None:
    asked, given = need(themes=(wanted,)), offer(themes=(OfferedTheme(offered),))
    assert is_possible(asked, given, world())


def test_two_themes_under_one_heading_have_not() -> None:
    assert not is_possible(need(), offer(themes=(OfferedTheme(NEGLECT),)), world())


def test_an_exception_lets_a_provider_in() -> None:
    excepted = world(exceptions=frozenset({("LEEDS", "PIP")}))
    assert is_possible(need(), offer(why_not_eligible="No judgement."), excepted)


def test_what_is_not_known_is_no_reason_against() -> None:
    unknown = need(use=None, days_least=None)
    asked = offer(helps_uses=frozenset({"inadequate"}), commitment_months=3)
    assert is_possible(unknown, asked, world(free=None))


def test_a_supply_that_nobody_entered_has_no_days() -> None:
    assert not is_possible(need(), offer(provider=BATH), world(free={}))


def test_another_start_is_enough() -> None:
    late = world(free={("LEEDS", "PIP"): (0, 40, 40)})
    assert is_possible(need(), offer(), late)
    assert not is_possible(need(starts=(0,)), offer(), late)


def test_a_pair_is_for_the_offers_maximum_where_that_is_lower() -> None:
    assert pair_days(need(), offer(days_most=50)) == (25, 25)
    assert pair_days(need(), offer(days_most=81)) == (40, 40)
    small = world(free={("LEEDS", "PIP"): (25, 25, 0)})
    assert is_possible(need(), offer(days_most=50), small)


@pytest.mark.parametrize("total", range(1, 30))
def test_scaled_days_keep_their_total_and_their_shape(total: int) -> None:
    days = scaled((12, 9, 6, 3), total)
    assert sum(days) == total
    assert list(days) == sorted(days, reverse=True)


def test_points_below_the_floor_are_a_reason_that_hides_the_points() -> None:
    below = points_reach_floor(299, world(floor=300))
    assert below is not None and "299" not in below.text
    assert words_for(below, Audience.PROVIDER) == NOT_AVAILABLE
    assert points_reach_floor(300, world(floor=300)) is None


@pytest.mark.parametrize("name", BREAKS)
def test_a_rule_asks_an_offer_for_nothing_but_the_facts_it_is_said_to_look_at(name: str) -> None:
    rule = next(one for one in RULES if one.__name__ == name)
    in_need, in_offer, in_world, _ = BREAKS[name]
    for changed in ({}, in_offer):
        full = offer(**changed)
        shown = Shown(full, LOOKS_AT[rule])
        assert rule(need(**in_need), shown, world(**in_world)) == rule(
            need(**in_need), full, world(**in_world)
        )


class Shown:
    """The named facts of something; asked for any other, it fails the test."""

    def __init__(self, whole: object, names: tuple[str, ...]) -> None:
        for name in names:
            first, _, rest = name.partition(".")
            value = getattr(whole, first)
            setattr(self, first, Shown(value, (rest,)) if rest else value)

    def __getattr__(self, name: str) -> None:
        raise AssertionError(f"{name} was asked for")


@pytest.mark.parametrize("name", BREAKS)
def test_an_offer_is_refused_for_the_same_reasons_among_others_as_alone(name: str) -> None:
    in_need, in_offer, in_world, _ = BREAKS[name]
    asked, a_world = need(**in_need), world(**in_world)
    offers = [offer(), offer(**in_offer), offer(provider=BATH), offer(is_published=False)]
    alone = [reasons_against(asked, one, a_world) for one in offers]
    assert Sieve(offers, a_world).reasons(asked) == alone


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_keeps_the_pair_out_of_the_graph(rule: str) -> None:
    changed_need, changed_offer, changed_world, _ = BREAKS[rule]
    arguments = [need(**changed_need)], [offer(**changed_offer)], world(**changed_world)
    assert build(*arguments).number_of_edges() == 0
    assert build([need()], [offer()], world()).number_of_edges() == 1


def test_every_rule_says_in_a_sentence_what_it_asks() -> None:
    said = [(rule.__doc__ or "").strip() for rule in (*RULES, points_reach_floor)]
    assert all(one.endswith(".") and "\n" not in one for one in said)
    assert len(set(said)) == len(RULES) + 1
