"""A small ask grows into a larger need by adding to it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.models.need import Need, NeedState
from broker.models.work import Message
from broker.needs import actions
from broker.needs.queries import needs_visible_to
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY


def sees(name: str, need: Need) -> bool:
    found = needs_visible_to(people.person(name)).where(Need.id == need.id)
    return db.session.scalars(found).unique().one_or_none() is not None


def test_it_is_taken_back_in_a_press_added_to_and_signed_as_a_larger_need(
    client: PageClient,
) -> None:
    with transaction():
        number = make.need().id
        assert sees("dfe", db.session.get_one(Need, number))
    client.sign_in("receiver_lead").get(f"/needs/{number}")
    client.press("Grow it into a larger need")
    client.get(f"/needs/{number}/tasks/days")
    client.send(days_wanted="30", days_least="10")
    need = db.session.get_one(Need, number)
    assert need.state is NeedState.IN_CONFIDENCE and not need.is_small
    assert sees("coordinator", need) and not sees("dfe", need) and not sees("manager", need)
    with transaction():
        need = db.session.get_one(Need, number)
        actions.submit(need, by=people.person("receiver"))
        with pytest.raises(NotPossible, match="readiness"):
            actions.open_need(need, by=people.person("coordinator"))
        make.opened(need)
        assert need.state is NeedState.OPEN


def test_talks_go_on_and_wait_until_it_is_submitted_again(app: Flask) -> None:
    need = make.need()
    talk = make.conversation(need)
    actions.grow(need, by=people.person("receiver"))
    with pytest.raises(NotPossible, match="adding to this need"), db.session.begin_nested():
        conversations.accept(talk, by=people.person("giver"))
    actions.submit(need, by=people.person("receiver"))
    conversations.accept(talk, by=people.person("giver"))


def test_what_is_agreed_or_large_already_does_not_grow(app: Flask) -> None:
    agreed = make.agreed()
    with pytest.raises(NotPossible, match="Both sides have agreed"):
        actions.grow(agreed.need, by=people.person("receiver"))
    large = make.need(days=24 * DAY, until="submitted")
    with pytest.raises(NotPossible, match="larger need already"):
        take(large, "grow", by=people.person("receiver"))


def test_another_region_hears_that_its_provider_gives_days_and_not_to_whom(
    client: PageClient,
) -> None:
    with transaction():
        make.agreed()
    told = select(Message).where(Message.to_id == people.person("far_coordinator").id)
    [message] = db.session.scalars(told)
    assert "Leeds" in message.subject and "Wirral" not in message.subject + message.body
    page = client.sign_in("far_coordinator").get(message.path)
    assert "Leeds" in page and "8 days" in page
    assert "Wirral" not in page and "North West" not in page
    assert "Leeds" not in client.sign_in("coordinator").get(message.path)
