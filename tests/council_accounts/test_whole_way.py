"""The whole way in, by a real provider that runs as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from flask import Flask
from sqlalchemy import select, update

from broker import clock
from broker.db import db, transaction
from broker.models.council_account import CouncilAccount, CouncilTrip
from broker.models.sign_in import Happened, SignInSession
from tests import people
from tests.account.test_sign_in import kept
from tests.client import PageClient
from tests.council_accounts.conftest import settings, use
from tests.council_accounts.test_coming_in import is_in

BACK = "/sign-in/council/leeds/back"


@pytest.fixture
def provider() -> Iterator[str]:
    """Its address."""
    command = [sys.executable, "-m", "tests.council_accounts.provider"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


@pytest.fixture
def client(app: Flask, provider: str, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """A browser at an exchange that is registered there, where the giving director has an
    account."""
    back = f"{app.config['SETTINGS'].site}{BACK}"
    registered = requests.post(
        f"{provider}/oauth2/clients", json={"redirect_uris": [back]}, timeout=5
    ).json()
    named = {"CLIENT_ID": registered["client_id"], "CLIENT_SECRET": registered["client_secret"]}
    use(app, monkeypatch, settings(provider, **named))
    giver = {"email": people.address("giver"), "email_verified": True}
    requests.put(f"{provider}/users/g-1", json=giver, timeout=5).raise_for_status()
    return PageClient(app)


def there(client: PageClient, who: dict[str, str]) -> str:
    """What a person does at the provider; the way back, without the site."""
    address = client.response.location
    with requests.Session() as browser:
        assert "Authorize" in browser.get(address, timeout=5).text
        answer = browser.post(address, data=who, allow_redirects=False, timeout=5)
    answer.close()
    return answer.headers["Location"].partition(client.app.config["SETTINGS"].site)[2]


def test_somebody_comes_in_shows_again_who_they_are_and_is_held_to_pkce(
    client: PageClient,
) -> None:
    client.get("/sign-in?next=/capacity")
    client.send(action="/council/leeds?next=/capacity")
    client.get(there(client, {"sub": "g-1"}), expect=302)
    assert client.response.location == "/capacity" and is_in(client)
    account = db.session.scalars(select(CouncilAccount)).one()
    assert (account.subject, account.person_id) == ("g-1", people.person("giver").id)

    with transaction():
        for one in db.session.scalars(select(SignInSession)):
            one.proved_at = clock.now() - timedelta(hours=1)
    client.get("/me/sign-in/second-step", expect=302)
    client.follow()
    client.send(action="/council/leeds?next=/me/sign-in/second-step")
    client.get(there(client, {"sub": "g-1"}), expect=302)
    assert client.response.location == "/me/sign-in/second-step"
    assert kept(Happened.PROVED) == 1
    client.get("/me")
    client.post("/sign-out")

    client.get("/sign-in")
    client.send(action="/council/leeds")
    refused = there(client, {"sub": "g-1", "action": "deny"})
    assert "error=access_denied" in refused
    client.get(f"{BACK}?{refused.partition('?')[2]}", expect=403)

    client.get("/sign-in")
    client.send(action="/council/leeds")
    came = there(client, {"sub": "g-1"})
    with transaction():
        db.session.execute(update(CouncilTrip).values(verifier="of somebody else" * 3))
    client.get(came, expect=403)
    assert "That did not show who you are" in client.text and not is_in(client), "held to PKCE"
