"""Reviews: one page of evidence, each side for itself, decisions, and what may go out."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.review import Asked, Review, ReviewState
from broker.partnerships import actions as partnerships
from broker.reviews import actions, queries
from broker.reviews.pack import build, words_going_out
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

SECRET = "Zebra crossing by the lake"


def begun(within: Partnership | None = None) -> Review:
    return actions.begin(within or make.steady(), by=people.person("receiver_lead"))


def pack_in_words(review: Review) -> str:
    return str(review.pack)


def test_the_pack_is_built_from_the_records_and_stays_as_it_was(app: Flask) -> None:
    partnership = make.steady()
    make.day(partnership, quarter_days=2 * DAY)
    make.feedback(partnership)
    review = begun(partnership)
    said = pack_in_words(review)
    assert "2 days of 8 days" in said and "Effectiveness 4 of 5" in said
    assert [heading for heading, _ in review.pack] == [
        "Where it stands", "The plan", "Days", "Who works on it", "What was said",
        "Since the last review",
    ]  # fmt: skip
    make.day(partnership, quarter_days=DAY)
    assert pack_in_words(review) == said
    actions.renew(review, by=people.person("giver_lead"))
    assert "3 days of 8 days" in pack_in_words(review)


def test_the_next_pack_says_what_became_of_decisions_and_measures(app: Flask) -> None:
    partnership = make.steady()
    first = make.review(partnership)
    actions.finish_decision(first, first.decisions[0].id, by=people.person("giver_lead"))
    said = str(build(partnership))
    assert "Decided: Audit together" in said and "Done on 20 November 2026" in said
    assert "7 of 10 (20 November 2026)" in said
    with pytest.raises(NotPossible):
        actions.finish_decision(first, first.decisions[0].id, by=people.person("giver_lead"))


def test_a_side_reads_the_other_sides_answers_once_both_have_answered(app: Flask) -> None:
    review = begun()
    receiver, giver = people.person("receiver"), people.person("giver_lead")
    actions.answer(review, make.seeing(review, 2), by=receiver)
    assert {one.sides[Side.RECEIVER] for one in queries.how_sides_see_it(review, giver)} == {None}
    assert queries.how_sides_see_it(review, receiver)[0].sides[Side.RECEIVER] is not None
    actions.answer(review, make.seeing(review, 5), by=giver)
    seen = queries.how_sides_see_it(review, giver)
    assert [one.sides[Side.RECEIVER][0] for one in seen if one.sides[Side.RECEIVER]] == [2] * 7
    assert all(one.differs for one in seen)
    for name in ("coordinator", "manager", "dfe"):
        assert queries.how_sides_see_it(review, people.person(name)) == []


def test_an_answer_can_be_given_anew_until_it_is_recorded(app: Flask) -> None:
    review = begun()
    for rating in (1, 5):
        actions.answer(review, make.seeing(review, rating), by=people.person("receiver"))
    assert {one.rating for one in review.answers} == {5} and len(review.answers) == 7
    actions.answer(review, make.seeing(review), by=people.person("giver"))
    actions.record(review, make.record(), by=people.person("giver"))
    with pytest.raises(NotPossible):
        actions.answer(review, make.seeing(review), by=people.person("receiver"))


def test_it_is_recorded_when_both_have_answered_or_have_had_ten_working_days(app: Flask) -> None:
    review = begun()
    actions.answer(review, make.seeing(review), by=people.person("receiver"))
    with pytest.raises(NotPossible, match="4 December 2026"):
        actions.record(review, make.record(), by=people.person("receiver"))
    with clock.set_to(date(2026, 12, 4)):
        actions.record(review, make.record(), by=people.person("receiver"))
    assert review.state is ReviewState.RECORDED
    assert dict(words_going_out(review))["How the two sides see it"] == "One side has not said"


def test_what_goes_out_holds_no_rating_and_no_word_of_one_side(app: Flask) -> None:
    partnership = make.steady()
    review = begun(partnership)
    answers = make.seeing(review, 1)
    answers[Asked.EQUALS] = actions.Answer(1, SECRET)
    actions.answer(review, answers, by=people.person("receiver"))
    actions.answer(review, make.seeing(review, 4), by=people.person("giver"))
    actions.record(review, make.record(), by=people.person("giver"))
    said = str(words_going_out(review))
    assert "Differently: we work together as equals" in said
    assert SECRET not in said and "of 5" not in said


def test_the_coordinator_reads_it_once_both_authorities_have(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        review = make.review(make.steady())
    address = f"/reviews/{review.id}"
    with transaction():
        make.read_first(review, by="receiver")
    client.sign_in("coordinator").get(address, expect=404)
    with transaction():
        make.read_first(review, by="giver", comment="We would add that staff stayed.")
    client.sign_in("coordinator").get(address)
    assert "Audit together" in client.text and "staff stayed" in client.text
    assert "of 5" not in client.text and "We saw it ourselves" not in client.text
    for name in ("dfe", "manager", "practitioner", "far_coordinator", "other"):
        client.sign_in(name).get(address, expect=404)


def test_a_review_is_prepared_answered_and_recorded_on_pages(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        partnership = make.steady()
    client.sign_in("receiver_lead").get(f"/partnerships/{partnership.id}/reviews")
    client.press("Prepare a review")
    assert "What the records say" in client.text
    address = client.response.request.path
    ratings = {one.value: "4" for one in Asked}
    for name in ("receiver_lead", "giver_lead"):
        client.sign_in(name).get(f"{address}/answer")
        client.send(expect=422, **{**ratings, "equals": ""}, shows_support="Ŵyr <b>x</b>")
        assert "Ŵyr &lt;b&gt;" in client.text
        client.send(**ratings)
    client.get(f"{address}/record")
    typed = {"summary": "Quicker decisions", "name_1": "Seen in a day"}
    client.send(expect=422, **typed)
    assert "where it stands, when, and from where" in client.text and "Quicker" in client.text
    stands = {
        "value_1": "7 of 10", "source_1": "Audit",
        "as_of_1-day": "20", "as_of_1-month": "11", "as_of_1-year": "2026",
        "decision_1": "Audit together", "who_1": "Lead",
        "due_1-day": "29", "due_1-month": "1", "due_1-year": "2027",
    }  # fmt: skip
    client.send(**typed, **stands)
    client.follow()
    assert "7 of 10" in client.text and "Mark as done" in client.text
    client.press("Mark as done")
    assert "Done" in client.text
    [review] = db.session.query(Review)
    assert review.state is ReviewState.RECORDED


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"held_on": date(2026, 11, 21)}, "held_on"),
        ({"held_on": date(2020, 1, 1)}, "held_on"),
        ({"summary": "  "}, "summary"),
        ({"summary": "x" * 2001}, "summary"),
        ({"next_on": date(2026, 11, 20)}, "next_on"),
        ({"next_on": date(2029, 1, 1)}, "next_on"),
        ({"measures": (actions.Measure("A", "1", date(2026, 12, 1), "B"),)}, "as_of_1"),
        ({"measures": (actions.Measure("A", " ", date(2026, 11, 1), "B"),)}, "value_1"),
        ({"decisions": (actions.Decision("A", "", date(2026, 12, 1)),)}, "who_1"),
    ],
)
def test_what_is_not_right_in_a_record_is_said(
    app: Flask, changed: dict[str, object], field: str
) -> None:
    review = begun()
    for name in ("receiver", "giver"):
        actions.answer(review, make.seeing(review), by=people.person(name))
    with pytest.raises(NotRight) as refused:
        actions.record(review, make.record(**changed), by=people.person("giver"))
    assert refused.value.field == field


def test_one_review_at_a_time_by_the_two_sides_alone_while_it_is_live(app: Flask) -> None:
    partnership = make.steady()
    for name in ("practitioner", "coordinator", "other", "manager"):
        with pytest.raises(NotAllowed):
            actions.begin(partnership, by=people.person(name))
    review = begun(partnership)
    with pytest.raises(NotPossible):
        actions.begin(partnership, by=people.person("giver"))
    take(review, "call_off", by=people.person("giver"))
    begun(partnership)
    partnerships.end_early(partnership, reason="A new plan", by=people.person("giver"))
    with pytest.raises(NotPossible):
        actions.begin(partnership, by=people.person("giver"))


def test_the_pack_holds_the_plan_and_its_measures_stand_in_the_record_already(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        review = begun()
        for name in ("receiver", "giver"):
            actions.answer(review, make.seeing(review), by=people.person(name))
    measure = make.measure_terms().name
    assert f"Measure: {measure}" in pack_in_words(review)
    assert "Version 1, on 20 November 2026" in pack_in_words(review)
    client.sign_in("giver").get(f"/reviews/{review.id}/record")
    assert f'value="{measure}"' in client.text
    client.send(summary="Nothing was measured yet.")
    db.session.expire_all()
    assert review.state is ReviewState.RECORDED and review.measures == []


def test_reviews_come_closer_together_where_more_changes(app: Flask) -> None:
    partnership = make.partnership()
    assert partnership.review_due_on == date(2026, 12, 20)
    make.steady(partnership)
    assert partnership.review_due_on == date(2027, 2, 20)
    make.review(partnership)
    assert partnership.review_due_on == date(2027, 2, 20)
    review = begun(partnership)
    for name in ("receiver", "giver"):
        actions.answer(review, make.seeing(review), by=people.person(name))
    record = make.record(next_on=date(2027, 1, 8))
    actions.record(review, record, by=people.person("giver"))
    assert partnership.review_due_on == date(2027, 1, 8)
