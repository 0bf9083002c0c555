"""A programme's weights: tried on the last round, saved as versions, followed everywhere."""

from __future__ import annotations

import pytest
from flask import Flask

from broker import worker
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.match import Round
from broker.models.policy import PolicyVersion
from broker.programme import policies
from broker.programme.policies import Rules, rules_under
from broker.rounds import actions as rounds
from broker.rounds import weighing
from tests import make, people
from tests.client import PageClient

REASON = "Directors asked for distance to count for more."
NEARER = {"distance": 310, "theme_fit": 0}


def _rules(**weights: int) -> Rules:
    standing = rules_under(people.programme("pip").policy)
    new = {**standing.weights, **weights}
    return Rules(new, standing.panel_from, standing.quorum, standing.partnerships_at_once)


def _save(rules: Rules, *, seen: int = 1, by: str = "manager") -> PolicyVersion:
    return policies.save(
        people.programme("pip"), rules, seen=seen, reason=REASON, by=people.person(by)
    )


def _solved_round() -> Round:
    pip = people.programme("pip")
    with transaction():
        make.capacity(programme=pip)
        make.offer(title="From Leeds", programme=pip)
        make.need(title="Somebody to help", programme=pip)
        asked = {"programme": pip, "region": people.region(people.NORTH_WEST), "aim": "fit"}
        round_id = rounds.run(**asked, by=people.person("coordinator")).id
    while worker.once("test"):
        pass
    db.session.rollback()
    return db.session.get_one(Round, round_id)


def test_a_round_weighed_with_its_own_weights_comes_out_as_it_did(app: Flask) -> None:
    round_ = _solved_round()
    again = weighing.preview(round_, round_.inputs["weights"])
    assert again.places_before == again.places_after == 1 and not again.moved
    assert again.points_before == again.points_after == round_.result["points"]
    other = weighing.preview(round_, {**round_.inputs["weights"], **NEARER})
    assert other.points_after != again.points_after and other.places_after == 1


def test_each_change_is_a_version_and_going_back_is_one_too(app: Flask) -> None:
    with transaction():
        begun = rules_under(people.programme("pip").policy)
        assert _save(_rules(**NEARER)).number == 2
    with transaction():
        assert weighing.weights_under(people.programme("pip").policy)["distance"] == 310
        assert _save(begun, seen=2).number == 3
    first, second, third = reversed(policies.history(people.programme("pip")))
    assert rules_under(first.policy) == rules_under(third.policy) == begun
    assert rules_under(second.policy).weights["theme_fit"] == 0


@pytest.mark.postgres
def test_of_two_managers_at_once_the_second_is_told(app: Flask) -> None:
    with transaction():
        _save(_rules(**NEARER))
    with pytest.raises(NotPossible, match="while you were writing"), transaction():
        _save(_rules(distance=0, theme_fit=310), seen=1)
    assert len(policies.history(people.programme("pip"))) == 2


def test_weights_come_to_a_thousand_and_only_managers_change_them(app: Flask) -> None:
    with pytest.raises(NotRight, match="990"), transaction():
        _save(_rules(theme_fit=250))
    with pytest.raises(NotAllowed), transaction():
        _save(_rules(**NEARER), by="coordinator")
    with pytest.raises(NotRight, match="stand already"), transaction():
        _save(_rules())


def test_a_manager_tries_saves_and_everybody_reads_it(client: PageClient) -> None:
    _solved_round()
    address = f"/programme/{people.programme('pip').id}/policy"
    assert "to go back to" not in client.sign_in("manager").get(address)
    typed = {code: str(points) for code, points in _rules(**NEARER).weights.items()}
    typed |= {"quorum": "3", "partnerships_at_once": "4", "csrf_token": client.token()}
    page = client.post(f"{address}/preview", typed, expect=200)
    assert "Nobody moves" in page and "Places filled" in page and 'value="310"' in page
    assert not policies.history(people.programme("pip"))
    client.get(address)
    client.send(422, distance="309", theme_fit="0", reason=REASON)
    client.send(302, distance="310", theme_fit="0", reason=REASON)
    page = client.get(address)
    assert "Version 2" in page and REASON in page and "Go back to version 1" in page
    page = client.get(f"{address}?version=1")
    assert 'value="260"' in page and "to go back to" in page
    assert "310" in client.get("/how-matching-decides")
    page = client.get(address)
    with transaction():
        _save(_rules(distance=0, theme_fit=310), seen=2)
    page = client.send(409, distance="300", theme_fit="10", reason="Another")
    assert "while you were writing" in page and 'value="300"' in page
