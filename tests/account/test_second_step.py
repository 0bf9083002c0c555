"""The second step: asked of roles that reach beyond one authority, and each code counts once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask

from broker import clock
from broker.account import passwords, second_step
from broker.db import db, transaction
from broker.keys import seal, unseal
from broker.models.person import Person
from broker.models.sign_in import Happened
from tests import people
from tests.account.test_sign_in import PASSWORD, kept, sign_in
from tests.client import PageClient

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MOMENT = datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_a_known_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "is_right", lambda known, typed: bool(known) and typed == PASSWORD
    )
    monkeypatch.setattr(clock, "by_the_wall", lambda: MOMENT)


@pytest.fixture
def coordinator(app: Flask) -> Person:
    with transaction():
        person = people.person("coordinator")
        person.password_hash = "some"
    return person


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(MOMENT + timedelta(seconds=30 * steps))


def set_up(person: Person) -> list[str]:
    with transaction():
        return second_step.set_up(person, seal(second_step.PURPOSE, SECRET), code(-1))


def test_who_needs_one_sets_it_up_at_the_first_sign_in(
    client: PageClient, coordinator: Person
) -> None:
    sign_in(client, coordinator.email, PASSWORD, to="?next=/needs")
    assert client.response.location.startswith("/sign-in/set-up")
    client.follow()
    PageClient(client.app).get("/your-work", expect=302)
    client.get("/your-work", expect=302)
    client.get("/sign-in/set-up?next=/needs")
    assert "That is not the code" in client.send(expect=422, code="000000")
    with client.browser.session_transaction() as session:
        secret = unseal(second_step.PURPOSE, session["new_key"]) or ""
    client.send(code=pyotp.TOTP(secret).at(MOMENT))
    assert client.follow().count("<code>") == 10
    assert 'href="/needs"' in client.text
    client.get("/sign-in/recovery-codes", expect=302)
    client.get("/your-work")


def test_a_code_counts_once_and_for_a_short_while(client: PageClient, coordinator: Person) -> None:
    set_up(coordinator)
    for typed, status in (
        (code(2), 422), (code(-2), 422), ("", 422), ("x" * 39, 422), ("١٢٣٤٥٦", 422),
        (f"{code()[:3]} {code()[3:]}", 302), (code(), 422), (code(-1), 422), (code(1), 302),
    ):  # fmt: skip
        sign_in(client, coordinator.email, PASSWORD)
        assert client.response.location.startswith("/sign-in/code")
        client.get("/your-work", expect=302)
        client.get("/sign-in/code")
        client.send(expect=status, code=typed)
        if status == 302:
            client.get("/your-work")
            client.post("/sign-out")
    assert kept(Happened.SIGNED_IN) == 2


def test_a_recovery_code_counts_once_however_it_is_typed(
    client: PageClient, coordinator: Person
) -> None:
    first, second, *_ = set_up(coordinator)
    for typed, status in ((first.upper().replace("-", " "), 302), (first, 422), (second, 302)):
        sign_in(client, coordinator.email, PASSWORD)
        client.get("/sign-in/code")
        client.send(expect=status, code=typed)
        if status == 302:
            client.get("/your-work")
            client.post("/sign-out")
    db.session.rollback()
    assert second_step.codes_left(coordinator) == 8
    assert kept(Happened.RECOVERY_CODE_USED) == 2


def test_the_step_before_is_forgotten_after_a_quarter_of_an_hour(
    client: PageClient, coordinator: Person
) -> None:
    set_up(coordinator)
    sign_in(client, coordinator.email, PASSWORD)
    with clock.set_to(clock.now() + timedelta(minutes=16)):
        client.get("/sign-in/code", expect=302)
        assert "Please sign in once more" in client.follow()


def test_a_key_is_kept_sealed(app: Flask, coordinator: Person) -> None:
    set_up(coordinator)
    step = second_step.of(coordinator)
    assert step is not None and SECRET not in step.secret
    assert unseal(second_step.PURPOSE, step.secret) == SECRET
    assert unseal("another purpose", step.secret) is None
