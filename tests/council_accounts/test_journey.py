"""Somebody is invited, comes in with the council's account, and goes on where they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import update

from broker import clock
from broker.db import db, transaction
from broker.models.sign_in import SignInSession
from tests.browser import DESKTOP, PHONE, Visitor, serving
from tests.council_accounts import liar as liars
from tests.council_accounts.conftest import settings, use
from tests.council_accounts.liar import DOMAIN, Liar

pytestmark = pytest.mark.browser


@pytest.fixture
def council() -> Iterator[Liar]:
    """A sign-in that knows at once who somebody is."""
    with liars.running() as one:

        def send_back(handler: Any) -> None:
            asked = parse_qs(urlsplit(handler.path).query)
            one.nonce = asked["nonce"][0]
            handler.send_response(302)
            back = f"{asked['redirect_uri'][0]}?code=good&state={asked['state'][0]}"
            handler.send_header("Location", back)
            handler.end_headers()

        one.says["/authorize"] = send_back
        yield one


@pytest.fixture
def visitor(
    fresh_app: Flask, browser: Browser, council: Liar, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visitor]:
    use(fresh_app, monkeypatch, settings(council.issuer))
    with serving(fresh_app) as address:
        here = replace(fresh_app.config["SETTINGS"], site=address)
        monkeypatch.setitem(fresh_app.config, "SETTINGS", here)
        someone = Visitor(browser, address, DESKTOP, PHONE)
        yield someone
        someone.close()


def test_an_invited_coordinator_comes_in_with_the_councils_account(
    fresh_app: Flask, visitor: Visitor, council: Liar
) -> None:
    email, role = f"new@{DOMAIN}", "Administrator administrator"
    visitor.become(role).open("/people/invite")
    visitor.fill("Their name", "A coordinator").fill("Their work e-mail address", email)
    visitor.choose("Role", "Regional coordinator").choose("Where (optional)", "London")
    visitor.press("Send the invitation").sees("Regional coordinator, London")
    visitor.page.locator("main h2 a").click()
    visitor.met()
    link = visitor.page.locator("main a[href^='/link/']").get_attribute("href")
    assert link is not None
    visitor.press("Sign out").open(link).sees("Accept your invitation")

    council.claims = {"email": email}
    visitor.press("Accept with Leeds City Council").sees("Set up your second step")
    secret = visitor.page.locator(".app-code").inner_text().replace(" ", "")
    visitor.fill("Code from the app", pyotp.TOTP(secret).at(clock.by_the_wall()))
    visitor.press("Set it up and sign in").sees("Your recovery codes")
    recovery = visitor.page.locator(".app-codes code").first.inner_text()
    visitor.follow("I have kept them: go on").open("/me/sign-in").sees("Leeds City Council")

    with fresh_app.app_context(), transaction():
        an_hour_ago = clock.now() - timedelta(hours=1)
        db.session.execute(
            update(SignInSession).values(proved_at=an_hour_ago, how="council").where(
                SignInSession.ended_at.is_(None)
            )
        )  # fmt: skip
    visitor.press("Make new recovery codes").sees("Show that it is you")
    visitor.fill("Code", recovery).press("Go on").sees("Go on where you were")
    visitor.press("Send it now").sees("Your recovery codes")

    visitor.press("Sign out").open("/sign-in").press("Sign in with Leeds City Council")
    visitor.sees("Your second step").open("/sign-in")
    council.claims = {"sub": "a stranger", "email": f"stranger@{DOMAIN}"}
    visitor.press("Sign in with Leeds City Council").sees("That account opens nothing here")
    council.says["/token"] = 500
    visitor.open("/sign-in").press("Sign in with Leeds City Council")
    visitor.sees("Leeds City Council does not answer").follow("sign in with it")
