"""Two at once: a way back counts once, and one subject opens one account."""

from __future__ import annotations

import pytest
from flask import Flask, session
from sqlalchemy import select

from broker.council_accounts import actions, trips
from broker.council_accounts.actions import TurnedAway
from broker.council_accounts.tokens import Shown
from broker.council_providers import read
from broker.db import db, transaction
from broker.keys import digest
from broker.models.council_account import CouncilAccount, CouncilTrip, Purpose
from tests import people
from tests.council_accounts.conftest import settings
from tests.test_races import race

pytestmark = pytest.mark.postgres
[PROVIDER] = read(
    {"OIDC_PROVIDERS": "leeds", **settings("https://login.leeds.example")}, is_live=True
)


def test_of_two_arrivals_at_once_one_finds_the_way(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        way = CouncilTrip(
            state_hash=digest("state"), browser_hash=digest("browser"), provider=PROVIDER.key,
            purpose=Purpose.SIGN_IN, nonce="n", verifier="v",
        )  # fmt: skip
        db.session.add(way)
    found: list[trips.Trip | None] = []

    def arrive() -> None:
        with fresh_app.test_request_context("/?state=state"):
            session[trips.BROWSER] = "browser"
            found.append(trips.take(PROVIDER))

    race(fresh_app, arrive, arrive)
    assert sorted(one is None for one in found) == [False, True]


def test_of_two_who_connect_one_subject_at_once_one_has_it(fresh_app: Flask) -> None:
    away: list[str] = []

    def connect_as(name: str) -> None:
        shown = Shown(PROVIDER.issuer, "one", "", True, False, None)
        try:
            actions.connect(people.person(name), shown)
        except TurnedAway as error:
            away.append(error.why)

    race(fresh_app, lambda: connect_as("giver"), lambda: connect_as("receiver"))
    assert away == [actions.ANOTHERS]
    with fresh_app.app_context():
        assert len(db.session.scalars(select(CouncilAccount)).all()) == 1
