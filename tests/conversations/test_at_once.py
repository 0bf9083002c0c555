"""Two people who ask at the same moment make one conversation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker.conversations import actions
from broker.db import db, transaction
from broker.models.match import Conversation, Origin, Suggestion
from broker.models.need import Need
from broker.models.offer import Offer
from tests import make, people

pytestmark = pytest.mark.postgres


def test_two_people_who_ask_at_once_are_led_to_one_conversation(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        need_id, offer_id = make.need().id, make.offer().id
    start = Barrier(2)

    def ask(name: str) -> int:
        start.wait()
        with fresh_app.app_context(), transaction():
            by = people.person(name)
            need, offer = db.session.get_one(Need, need_id), db.session.get_one(Offer, offer_id)
            suggestion = actions.suggest(need, offer, origin=Origin.ASK, by=by)
            return actions.ask(suggestion, message="Shall we talk?", by=by).id

    with ThreadPoolExecutor(2) as pool:
        led_to = set(pool.map(ask, ("receiver", "receiver_lead")))
    assert len(led_to) == 1
    with fresh_app.app_context():
        for noun in (Suggestion, Conversation):
            assert db.session.scalar(select(func.count(noun.id))) == 1
        db.session.remove()
