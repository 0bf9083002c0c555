"""Sessions: ended by time, from elsewhere, and for want of a role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, sessions
from broker.config import BadSetting, read_settings
from broker.db import db, transaction
from broker.models.sign_in import SignInSession
from broker.sessions import browser_in_short
from tests import people
from tests.client import PageClient


@pytest.fixture
def client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """A browser at an exchange whose sessions end as they usually do."""
    monkeypatch.setitem(app.config, "SESSION_LIMITS", read_settings({}).session_limits)
    return PageClient(app)


@pytest.mark.parametrize(("name", "minutes"), [("giver", 120), ("coordinator", 30)])
def test_a_session_ends_without_use_and_sooner_for_privileged_roles(
    client: PageClient, name: str, minutes: int
) -> None:
    began = _begins_now(name)
    client.sign_in(name)
    for passed in (minutes - 1, 2 * minutes - 2):
        with clock.set_to(began + timedelta(minutes=passed)):
            client.get("/me")
    with clock.set_to(began + timedelta(minutes=3 * minutes)):
        client.get("/me", expect=302)
        assert client.response.location.startswith("/sign-in?next=")


def test_no_session_lasts_longer_than_half_a_day_however_busy(client: PageClient) -> None:
    began = _begins_now("giver")
    client.sign_in("giver")
    for hour in range(1, 12):
        with clock.set_to(began + timedelta(hours=hour)):
            client.get("/me")
    with clock.set_to(began + timedelta(hours=12, minutes=1)):
        client.get("/me", expect=302)


def _begins_now(name: str) -> object:
    with transaction():
        person = people.person(name)
        one = db.session.scalars(select(SignInSession).filter_by(person_id=person.id)).one()
        one.begun_at = one.seen_at = clock.now()
        return one.begun_at


def test_that_a_session_is_used_is_written_down_once_in_a_while(client: PageClient) -> None:
    began = _begins_now("giver")
    client.sign_in("giver")
    with clock.set_to(began + timedelta(minutes=3)), client.counting() as seen:
        client.get("/me")
    assert not any(statement.startswith("UPDATE session") for statement in seen)
    with clock.set_to(began + timedelta(minutes=5)), client.counting() as seen:
        client.get("/me")
    assert any(statement.startswith("UPDATE session") for statement in seen)


def test_the_other_sessions_end_and_this_one_stays(client: PageClient) -> None:
    person = people.person("giver")
    with client.app.test_request_context(), transaction():
        here, there = (sessions.begin(person, sessions.How.ROLE) for _ in range(2))
        sessions.end_all(person, but=here)
        assert [one.id for one in sessions.open_sessions(person)] == [here.id] != [there.id]


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ("M/5 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("M/5 (iPhone; like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("M/5 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("", "A browser"),
        ("<script>" * 1000, "A browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_short(app: Flask, said: str, short: str) -> None:
    with app.test_request_context(headers={"User-Agent": said}):
        assert browser_in_short() == short


@pytest.mark.parametrize("given", ["0", "-5", "ten", "1.5"])
def test_a_time_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(BadSetting, match="SESSION_IDLE is"):
        read_settings({"SESSION_IDLE": given})
