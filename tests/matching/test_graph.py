"""The graph of possible pairs, its parts, and the round made from it."""

from dataclasses import replace
from typing import Any

from benchmarks.instances import facts
from broker.matching.check import problems
from broker.matching.commit import commit
from broker.matching.criteria import CRITERIA
from broker.matching.facts import Evidence, OfferedTheme
from broker.matching.graph import build, components, explain_edge, round_of
from broker.matching.reading import read_instance
from broker.matching.rules import is_possible
from broker.matching.writing import instance_json
from tests.matching.cast import BATH, CARE_LEAVERS, FRONT_DOOR, need, offer, world


def test_an_edge_carries_the_best_offer_its_points_and_its_parts() -> None:
    weaker = offer(id="O2", themes=(OfferedTheme(FRONT_DOOR, Evidence.STATED),))
    graph = build([need()], [offer(), weaker], world())
    edge = graph.edges[("provider", "LEEDS"), ("need", "N1")]
    assert (edge["offer"], edge["version"], edge["programme"]) == ("O1", "O1.1", "PIP")
    assert sum(edge["parts"]) == edge["points"]
    assert len(edge["parts"]) == len(CRITERIA)
    assert explain_edge(graph, "LEEDS", "N1").points == edge["points"]


def test_the_graph_has_an_edge_exactly_where_the_rules_let_one_be() -> None:
    needs, offers, a_world = facts(30, 120, seed=3)
    expected = {
        (("provider", o.provider.key), ("need", n.id))
        for n in needs
        for o in offers
        if is_possible(n, o, a_world)
    }
    assert set(build(needs, offers, a_world).edges) == expected


def test_a_floor_keeps_edges_out() -> None:
    assert not build([need()], [offer()], world(floor=1000)).edges


def test_parts_share_no_pair_and_lone_needs_are_parts() -> None:
    needs = [need(), need(id="N2", themes=(CARE_LEAVERS,))]
    parts = components(build(needs, [offer()], world()))
    assert [sorted(part) for part in parts] == [
        [("need", "N1"), ("provider", "LEEDS")],
        [("need", "N2")],
    ]


def test_the_order_of_offers_does_not_change_the_graph() -> None:
    needs, offers, a_world = facts(10, 80, seed=9)
    one, other = build(needs, offers, a_world), build(needs, offers[::-1], a_world)
    assert chosen(one) == chosen(other)


def test_equal_offers_of_one_provider_are_chosen_in_the_seeded_order() -> None:
    offers = [offer(id=f"O{n}") for n in range(5)]
    picks = [chosen(build([need()], rows, world())) for rows in (offers, offers[::-1])]
    assert picks[0] == picks[1]
    seeds = [chosen(build([need()], offers, world(), seed=seed)) for seed in range(6)]
    assert any(pick != picks[0] for pick in seeds)


def chosen(graph: Any) -> dict[Any, tuple[str, int]]:
    return {(p, n): (edge["offer"], edge["points"]) for p, n, edge in graph.edges(data=True)}


def test_a_round_has_days_starts_limits_and_musts_of_the_graph() -> None:
    near = offer(days_most=50, first_quarter=1)
    far = offer(id="O2", provider=BATH)
    supply = ("LEEDS", "PIP")
    graph = build([need(priority=3)], [near, far], world(limits={supply: 4}, live={supply: 1}))
    made = round_of(graph, "PIP", musts=frozenset({("N1", "LEEDS")}), minimums={"BATH": 1})
    leeds = next(one for one in made.providers if one.id == "LEEDS")
    bath = next(one for one in made.providers if one.id == "BATH")
    pair = next(one for one in made.pairs if one.provider == "LEEDS")
    assert (leeds.free, leeds.max_matches, bath.min_matches) == ((80, 80, 80), 3, 1)
    assert (pair.days, pair.starts, pair.must) == ((25, 25), (1,), True)
    assert made.needs[0].weight == 3
    plan = commit(made)
    assert problems(made, plan) == []
    assert (plan.matches[0].provider, plan.matches[0].start) == ("LEEDS", 1)
    assert round_of(graph, "OWN").pairs == ()


def test_a_round_made_from_facts_can_be_written_read_and_solved() -> None:
    needs, offers, a_world = facts(20, 60, seed=8)
    made = round_of(build(needs, offers, replace(a_world, floor=300)), "PIP")
    assert read_instance(instance_json(made)) == made
    plan = commit(made)
    assert plan.matches and problems(made, plan) == []
