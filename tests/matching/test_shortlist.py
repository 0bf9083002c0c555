"""Shortlists both ways: ranked with reasons, and who was left out with all of them."""

import random

from benchmarks.instances import facts
from broker.matching.facts import OfferedTheme
from broker.matching.rules import is_possible
from broker.matching.shortlist import shortlist, shortlist_for_offer
from tests.matching.cast import BATH, CARE_LEAVERS, FRONT_DOOR, need, offer, world


def test_the_best_fit_comes_first_with_its_explanation() -> None:
    found = shortlist(
        need(preferred=frozenset({"LEEDS"}), knows=frozenset({"BATH"})),
        [offer(id="O2", provider=BATH, themes=(OfferedTheme(FRONT_DOOR),)), offer(id="O1")],
        world(),
    )
    assert [one.offer.id for one in found.ranked] == ["O1", "O2"]
    first = found.ranked[0]
    assert first.points == first.explanation.points
    assert (first.days, first.starts(), first.note) == ((40, 40), (0, 1), None)


def test_a_pair_for_fewer_days_says_so() -> None:
    (one,) = shortlist(need(), [offer(days_most=50)], world()).ranked
    assert one.days == (25, 25)
    assert one.note == "For 12.5 of the 20 days wanted: the most this offer gives."


def test_who_is_left_out_stands_there_with_every_reason() -> None:
    refused = offer(is_published=False, days_least=400)
    found = shortlist(need(), [refused], world())
    assert found.ranked == ()
    assert [reason.code for reason in found.left_out[0].reasons] == [
        "offer_not_published",
        "fewer_days_than_offered",
    ]


def test_pairs_below_the_floor_are_left_out() -> None:
    found = shortlist(need(), [offer()], world(floor=1000))
    assert [one.code for one in found.left_out[0].reasons] == ["below_floor"]


def test_an_offer_finds_the_needs_that_it_could_help() -> None:
    needs = [need(id="N1"), need(id="N2", themes=(CARE_LEAVERS,)), need(id="N3", days=(20,))]
    found = shortlist_for_offer(offer(), needs, world())
    assert {one.need.id for one in found.ranked} == {"N1", "N3"}
    assert [one.need.id for one in found.left_out] == ["N2"]
    assert all(one.explanation.points == one.points for one in found.ranked)


def test_nobody_at_all_is_an_empty_shortlist() -> None:
    assert shortlist(need(), [], world()).ranked == ()
    assert shortlist_for_offer(offer(), [], world()).left_out == ()


def test_equal_points_stand_in_an_order_that_rows_do_not_change() -> None:
    offers = [offer(id=f"O{n}", version=f"O{n}.1") for n in range(12)]
    orders = []
    for seed in range(4):
        random.Random(seed).shuffle(offers)
        orders.append([one.offer.id for one in shortlist(need(), offers, world()).ranked])
    assert orders[0] == orders[1] == orders[2] == orders[3]
    again = [one.offer.id for one in shortlist(need(), offers, world(), seed=1).ranked]
    assert again != orders[0] and sorted(again) == sorted(orders[0])


def test_ranked_and_left_out_together_are_all_offers() -> None:
    needs, offers, a_world = facts(3, 200, seed=2)
    for one in needs:
        found = shortlist(one, offers, a_world)
        ranked = {row.offer.id for row in found.ranked}
        assert ranked == {o.id for o in offers if is_possible(one, o, a_world)}
        assert len(found.ranked) + len(found.left_out) == 200
        points = [row.points for row in found.ranked]
        assert points == sorted(points, reverse=True)
