"""Guessing is slow for whoever guesses, and holds nobody else up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from broker import clock
from broker.account import pace, passwords
from broker.db import db, transaction
from broker.models.person import Person
from broker.models.sign_in import Happened
from tests import people
from tests.account.test_sign_in import PASSWORD, kept
from tests.client import PageClient


@pytest.fixture
def known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Person:
    """The giving director, with a password; passwords are compared without taking long."""
    monkeypatch.setattr(
        passwords, "is_right", lambda known, typed: known is not None and typed == PASSWORD
    )
    with transaction():
        person = people.person("giver")
        person.password_hash = "some"
    return person


def visitor(app: Flask, network: str) -> PageClient:
    client = PageClient(app)
    client.browser.environ_base["REMOTE_ADDR"] = network
    return client


def tries(client: PageClient, email: str, typed: str = "wrong") -> int:
    """What signing in answers."""
    client.get("/sign-in")
    token = client.token()
    answer = client.browser.post(
        "/sign-in", data={"email": email, "password": typed, "csrf_token": token}
    )
    db.session.rollback()
    client.response = answer
    return answer.status_code


def test_an_attacker_elsewhere_waits_longer_and_longer_and_the_owner_not_at_all(
    app: Flask, known: Person
) -> None:
    home, attacker = visitor(app, "198.51.100.7"), visitor(app, "203.0.113.9")
    with clock.set_to(began := clock.now()):
        assert tries(home, known.email, PASSWORD) == 302, "the browser is known from now on"
        assert [tries(attacker, known.email) for _ in range(6)] == [422] * 5 + [429]
        assert int(attacker.response.headers["Retry-After"]) == 31
        assert "Wait 1 minute " in attacker.response.get_data(as_text=True)
        assert tries(attacker, known.email, PASSWORD) == 429, "not even with the right one"
        assert tries(visitor(app, "203.0.113.77"), known.email) == 429, "its neighbours neither"
        assert tries(visitor(app, "192.0.2.1"), known.email, PASSWORD) == 302, "from elsewhere"
        assert tries(home, known.email, PASSWORD) == 302
    with clock.set_to(began + timedelta(seconds=31)):
        assert tries(attacker, known.email) == 422
        assert tries(attacker, known.email) == 429
        assert int(attacker.response.headers["Retry-After"]) == 61, "twice as long"
    with clock.set_to(began + timedelta(days=1, minutes=2)):
        assert tries(attacker, known.email) == 422, "a day later it begins anew"
    assert kept(Happened.MADE_TO_WAIT) == 2 and kept(Happened.WRONG) == 7


def test_many_networks_at_one_account_wait_too_and_a_known_browser_still_comes_in(
    app: Flask, known: Person
) -> None:
    home = visitor(app, "198.51.100.7")
    with clock.set_to(clock.now()):
        assert tries(home, known.email, PASSWORD) == 302
        answers = [tries(visitor(app, f"10.{n}.0.1"), known.email) for n in range(52)]
        assert answers == [422] * 50 + [429] * 2
        assert tries(home, known.email, PASSWORD) == 302
        assert [tries(home, known.email) for _ in range(11)] == [422] * 10 + [429]


def test_an_unknown_address_is_answered_word_for_word_alike(app: Flask, known: Person) -> None:
    client = visitor(app, "203.0.113.9")
    for email in (known.email, "nobody@example.org"):
        with clock.set_to(clock.now()):
            assert [tries(client, email) for _ in range(6)] == [422] * 5 + [429]
    said = [kept(kind) for kind in (Happened.WRONG, Happened.MADE_TO_WAIT)]
    assert said == [10, 2]


def test_a_mark_that_we_did_not_sign_is_no_mark(app: Flask, known: Person) -> None:
    attacker = visitor(app, "203.0.113.9")
    with clock.set_to(clock.now()):
        for forged in ("", "x.y.z", "W10.x.y"):
            attacker.browser.set_cookie(pace.COOKIE, forged, path="/sign-in")
            for _ in range(2):
                tries(attacker, known.email)
        assert tries(attacker, known.email, PASSWORD) == 429


def test_a_wait_is_never_longer_than_an_hour() -> None:
    one = pace.Budget("key", free=5)
    waits = [one.wait(n) for n in (0, 4, 5, 6, 11, 12, 1000)]
    assert [int(wait.total_seconds()) for wait in waits] == [0, 0, 30, 60, 1920, 3600, 3600]
