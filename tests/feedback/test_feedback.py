"""How it went: said by the receiver, read by both sides, told to others together or not at all."""

from __future__ import annotations

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible
from broker.feedback.queries import LEAST, ReceiversSaid, shared_with, what_receivers_said
from broker.models.partnership import Moment, Partnership
from broker.partnerships import actions as partnerships
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

ANSWERS = {
    "part_in_plan": "central",
    "outcomes_helped": "Plant yn cael eu gweld yn gynt. الأطفال أولا",
    "what_worked": "<script>alert(1)</script> Sitting beside us.",
    "effectiveness": "5",
    "would_recommend": "yes",
}


def _several(count: int) -> list[Partnership]:
    """Partnerships of Leeds with Wirral at their mid-point."""
    own = people.programme()
    own.rules = {**own.rules, "partnerships_at_once": 99}
    make.capacity({make.next_quarter(): 60 * DAY}, at_once=99)
    return [
        make.steady(
            make.partnership(
                make.agreed(
                    make.match(make.need(title=f"N {n}", days=DAY * 2), make.offer(title=f"O {n}"))
                )
            )
        )
        for n in range(count)
    ]


def _elsewhere(partnerships: list[Partnership]) -> None:
    """As if each of them had been with a receiver of its own."""
    for one, place in zip(partnerships, ("Wirral", "Essex", "Ealing", "Barnet"), strict=True):
        one.receiver_id = people.authority(place).id
    db.session.flush()
    db.session.expire_all()


def _said(**changed: object) -> ReceiversSaid | None:
    """What receivers said of Leeds after one more such answer than the three usual ones."""
    several = _several(LEAST)
    for one in several[1:]:
        make.read_first(make.feedback(one, effectiveness=5))
    make.read_first(make.feedback(several[0], effectiveness=3, **changed))
    assert what_receivers_said(people.authority("Leeds")) is None, "one receiver is all of it"
    _elsewhere(several)
    return what_receivers_said(people.authority("Leeds"))


def test_the_receiver_says_it_on_a_form_and_both_sides_read_it(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        partnership = make.steady()
    address = f"/partnerships/{partnership.id}"
    client.sign_in("receiver_lead").get(address)
    assert "Say how it went" in client.text
    client.get(f"{address}/feedback")
    client.send(**ANSWERS)
    for name in ("receiver", "giver", "giver_lead", "practitioner"):
        client.sign_in(name).get(f"{address}/how-it-went")
        assert "Sitting beside us" in client.text and "<script>alert" not in client.text
    for name in ("coordinator", "dfe", "manager"):
        assert "Sitting beside us" not in client.sign_in(name).get(f"{address}/how-it-went")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"part_in_plan": ""}, "Choose an answer"),
        ({"part_in_plan": "most"}, "one of the answers listed"),
        ({"outcomes_helped": "   "}, "Fill in"),
        ({"what_worked": "x" * 2001}, "2,000 characters"),
        ({"effectiveness": "6"}, "one of the answers listed"),
        ({"would_recommend": "maybe"}, "one of the answers listed"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_typed_is_lost(
    app: Flask, client: PageClient, typed: dict[str, str], says: str
) -> None:
    with transaction():
        partnership = make.steady()
    client.sign_in("receiver").get(f"/partnerships/{partnership.id}/feedback")
    client.send(expect=422, **{**ANSWERS, "suggestions": "Start sooner", **typed})
    assert says in client.text and "Start sooner" in client.text
    assert db.session.get_one(Partnership, partnership.id).feedback == []


def test_it_can_be_said_anew_and_the_name_taken_back(app: Flask, client: PageClient) -> None:
    with transaction():
        partnership = make.steady()
        make.feedback(partnership, may_be_named=True)
    client.sign_in("receiver").get(f"/partnerships/{partnership.id}/feedback")
    client.send(may_be_named="")
    db.session.expire_all()
    (given,) = partnership.feedback
    assert not given.may_be_named and given.what_worked == "Sitting beside our managers."


def test_the_end_is_another_moment(app: Flask) -> None:
    with transaction():
        partnership = make.steady()
        make.feedback(partnership, effectiveness=2)
        partnerships.end_early(partnership, reason="A new plan", by=people.person("receiver"))
        make.feedback(partnership, effectiveness=4)
    assert [one.moment for one in partnership.feedback] == [Moment.MID_POINT, Moment.END]


def test_only_the_receiver_says_it_and_not_before_the_mid_point(app: Flask) -> None:
    partnership = make.partnership()
    with pytest.raises(NotPossible):
        make.feedback(partnership)
    make.steady(partnership)
    for name in ("giver", "practitioner", "coordinator", "other", "manager"):
        with pytest.raises(NotAllowed):
            make.feedback(partnership, by=name)
    assert shared_with(people.person("coordinator"), partnership) == []


def test_nothing_is_told_of_fewer_than_four(app: Flask) -> None:
    for one in _several(LEAST - 1):
        make.read_first(make.feedback(one, may_be_named=True))
    assert what_receivers_said(people.authority("Leeds")) is None


def test_four_are_told_together_and_nobody_is_named_without_consent(app: Flask) -> None:
    said = _said()
    assert said is not None
    assert (said.receivers, said.partnerships) == (4, 4)
    assert (said.effectiveness, said.quotes) == (4.5, ())
    assert said.recommend == "All of them would recommend this help to others."


def test_who_agreed_is_quoted_by_name(app: Flask) -> None:
    said = _said(may_be_named=True, what_worked="They stayed.")
    assert said is not None
    assert [(quote.receiver, quote.words) for quote in said.quotes] == [("Wirral", "They stayed.")]


def test_a_receiver_weighs_the_same_however_many_partnerships_it_had(app: Flask) -> None:
    several = _several(LEAST + 1)
    for one, effective in zip(several, (1, 5, 5, 5, 1), strict=True):
        make.read_first(make.feedback(one, effectiveness=effective))
    _elsewhere(several[:LEAST])
    said = what_receivers_said(people.authority("Leeds"))
    assert said is not None
    assert (said.receivers, said.partnerships, said.effectiveness) == (4, 5, 4.0)


def test_one_who_would_not_recommend_cannot_be_worked_out(app: Flask) -> None:
    said = _said(would_recommend=False)
    assert said is not None and "not shown" in said.recommend


def test_the_last_word_of_a_partnership_counts(app: Flask) -> None:
    first, *others = _several(LEAST)
    for one in (first, *others):
        make.read_first(make.feedback(one, effectiveness=1))
    with clock.set_to(clock.today()):
        partnerships.end_early(first, reason="A new plan", by=people.person("receiver"))
        make.read_first(make.feedback(first, effectiveness=5))
    _elsewhere([first, *others])
    said = what_receivers_said(people.authority("Leeds"))
    assert said is not None and (said.partnerships, said.effectiveness) == (4, 2.0)
