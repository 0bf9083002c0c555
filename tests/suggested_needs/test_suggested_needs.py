"""Suggested needs are the authority's to take up, change or decline, and nobody learns which."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.need import Need, NeedOrigin, NeedState
from broker.models.suggested_need import SuggestedNeed, SuggestedNeedState
from broker.models.work import Message
from broker.suggested_needs import actions, queries
from broker.taking import take
from tests import make, people
from tests.client import PageClient, checked_page, words
from tests.make import DAY

LISTS = "/suggested-needs"


def seen_by(name: str) -> list[str]:
    return [one.words for one in queries.listed(people.person(name), "")]


@pytest.mark.parametrize(
    ("by", "origin"),
    [
        ("coordinator", NeedOrigin.REGION),
        ("dfe", NeedOrigin.DFE),
        ("adviser", NeedOrigin.ADVISER),
    ],
)
def test_the_region_the_department_and_advisers_suggest_and_only_they_and_the_authority_see_it(
    app: Flask, by: str, origin: NeedOrigin
) -> None:
    with transaction():
        made = make.suggested_need(by=by)
        assert made.origin is origin
    readers = {name for name in people.NAMES if seen_by(name)}
    own = {"coordinator", "deputy"} if by == "coordinator" else {by}
    assert readers == {"receiver", "receiver_lead"} | own
    told = set(db.session.scalars(select(Message.to_id)))
    assert told == {people.person("receiver").id, people.person("receiver_lead").id}


@pytest.mark.parametrize("by", ["far_coordinator", "giver", "receiver", "manager", "panel_1"])
def test_nobody_else_suggests(app: Flask, by: str) -> None:
    with pytest.raises(NotAllowed):
        make.suggested_need(by=by)


def test_a_suggestion_taken_up_and_changed_is_a_private_need_that_says_where_it_came_from(
    client: PageClient,
) -> None:
    with transaction():
        made = make.suggested_need(by="dfe")
        number = made.id
    client.sign_in("receiver_lead").get("/your-work")
    client.get(f"{LISTS}/{number}/take-up")
    client.send(title="Steadier decisions at the door", programme=str(people.programme().id))
    need = db.session.scalars(select(Need)).unique().one()
    assert (need.state, need.origin) == (NeedState.PRIVATE, NeedOrigin.DFE)
    assert need.title == "Steadier decisions at the door" and need.days_wanted == 6 * DAY
    assert need.strengths == "A settled team." and need.diagnosis.startswith("Decisions differ")
    assert need.diagnosis_source == "Suggested by the Department for Education"
    assert "The need it became" in client.get(f"{LISTS}/{number}")
    client.sign_in("dfe").get(f"/needs/{need.id}", expect=404)


@pytest.mark.parametrize("answer", ["taken up", "declined"])
def test_who_suggested_it_learns_that_it_was_answered_and_not_how(
    client: PageClient, answer: str
) -> None:
    with transaction():
        made = make.suggested_need()
        number, by = made.id, people.person("receiver")
        if answer == "declined":
            take(made, "decline", by=by)
        else:
            actions.take_up(made, programme=people.programme(), terms=make.need_terms(), by=by)
    assert seen_by("coordinator") == ["Answered"]
    page = client.sign_in("coordinator").get(f"{LISTS}/{number}")
    for said in ("declined", "Declined", "taken up", "Taken up", "The need it became", "History"):
        assert said not in page, said
    told = select(func.count(Message.id)).where(Message.to_id == people.person("coordinator").id)
    assert db.session.scalar(told) == 0


def test_both_answers_give_the_suggester_the_same_words(client: PageClient) -> None:
    with transaction():
        taken, declined = make.suggested_need(), make.suggested_need()
        numbers, by = (taken.id, declined.id), people.person("receiver")
        take(declined, "decline", by=by)
        actions.take_up(taken, programme=people.programme(), terms=make.need_terms(), by=by)
    client.sign_in("deputy")
    pages = [client.get(f"{LISTS}/{number}") for number in numbers]
    assert words(checked_page(pages[0], "taken up")) == words(checked_page(pages[1], "declined"))


def test_it_is_answered_once_and_taken_back_only_before(app: Flask) -> None:
    with transaction():
        made = make.suggested_need(by="adviser")
        with pytest.raises(NotAllowed):
            take(made, "take_back", by=people.person("dfe"))
        with pytest.raises(NotAllowed):
            take(made, "decline", by=people.person("coordinator"))
        take(made, "take_back", by=people.person("adviser"))
        assert made.state is SuggestedNeedState.TAKEN_BACK
        with pytest.raises(NotPossible):
            take(made, "decline", by=people.person("receiver"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"because": ""}, "because"),
        ({"strengths": "x" * 4001}, "strengths"),
        ({"days": 0}, "days"),
    ],
)
def test_what_does_not_hold_is_said_in_words(
    app: Flask, changed: dict[str, object], field: str
) -> None:
    said = {"title": "T", "because": "B", "strengths": "", "days": DAY, **changed}
    with pytest.raises(NotRight) as refused:
        actions.suggest(
            receiver=people.authority("Wirral"),
            theme=make.theme(),
            by=people.person("coordinator"),
            **said,
        )
    assert refused.value.field == field


def test_a_coordinator_suggests_on_a_page_and_double_pressing_makes_one(
    client: PageClient,
) -> None:
    client.sign_in("coordinator").get(f"{LISTS}/new")
    typed = {
        "receiver": people.authority("Wirral").code,
        "title": "Steadier decisions",
        "theme": str(make.theme().id),
        "because": "<b>Seen</b> مرحبا",
        "days": "4.5",
    }
    page = client.page
    client.send(**typed)
    client.page = page
    client.send(**typed)
    [made] = db.session.scalars(select(SuggestedNeed)).unique()
    assert made.days_wanted == 18
    assert "<b>Seen" not in client.sign_in("receiver").get(f"{LISTS}/{made.id}")
    client.sign_in("coordinator").get(f"{LISTS}/new")
    others = {**typed, "receiver": people.authority("Leeds").code}
    assert "Something needs putting right" in client.send(expect=422, **others)
