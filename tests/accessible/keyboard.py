"""Signing in, browsing, getting it wrong and asking, without ever touching a mouse."""

from __future__ import annotations

from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator

from broker.account import actions
from broker.db import db, transaction
from tests import make, people
from tests.accessible.looking import MOST_STOPS, ask, errors
from tests.browser import DESKTOP, Visitor, serving
from tests.test_journeys import RECEIVER

pytestmark = [pytest.mark.browser]
Role = Literal["button", "link", "textbox", "radio"]
PASSWORD = "Steady hands, 7 kites & ŵyr"
HAS_FOCUS = "one => one === document.activeElement"


class Keys:
    """Somebody who has Tab, Enter, Space, arrows and letters."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def skip(self) -> Keys:
        """The first stop of a page leads past what all pages have."""
        self.page.keyboard.press("Tab")
        assert ask(self.page, "focused")["what"].endswith("Skip to main content")
        self.page.keyboard.press("Enter")
        return self

    def to(self, role: Role, name: str) -> Keys:
        return self._to(self.page.get_by_role(role, name=name, exact=True).first)

    def _to(self, wanted: Locator) -> Keys:
        """Tab on to it; every stop on the way is marked and on the screen."""
        for _ in range(MOST_STOPS):
            if wanted.evaluate(HAS_FOCUS):
                return self
            self.page.keyboard.press("Tab")
            here = ask(self.page, "focused")
            assert here is None or (here["isMarked"] and here["isOnScreen"]), here
        raise AssertionError(f"Tab does not lead to {wanted} on {self.page.url}")

    def press(self, role: Role, name: str) -> Keys:
        self.to(role, name)
        before = self.page.evaluate("performance.timeOrigin")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
        self.visitor.met()
        return self

    def write(self, label: str, words: str) -> Keys:
        self.to("textbox", label)
        self.page.keyboard.type(words)
        return self

    def rewrite(self, label: str, words: str) -> Keys:
        self.to("textbox", label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)
        return self

    def unfold(self, words: str) -> Keys:
        """Open a part of a page that is folded away."""
        summary = self.page.locator("summary", has_text=words)
        self._to(summary)
        self.page.keyboard.press("Enter")
        assert summary.locator("xpath=..").evaluate("one => one.open")
        return self

    def choose(self, after: str, wanted: str) -> Keys:
        """From one button of a group to the next with the arrows."""
        self.to("radio", after)
        while not self.page.get_by_role("radio", name=wanted, exact=True).is_checked():
            self.page.keyboard.press("ArrowDown")
        return self

    def enter(self, email: str, password: str) -> Keys:
        self.page.goto("/sign-in")
        self.skip().write("E-mail address", email).write("Password", password)
        return self.press("button", "Sign in")

    def become(self, role: str) -> Keys:
        self.page.goto("/demo")
        return self.skip().press("button", role)


def test_a_small_ask_is_made_by_keys_alone(fresh_app: Flask, browser: Browser) -> None:
    with fresh_app.app_context():
        with transaction():
            make.capacity()
            make.offer(title="Help at the front door")
        db.session.remove()
    with serving(fresh_app) as address:
        visitor = Visitor(browser, address, DESKTOP)
        keys = Keys(visitor).become(RECEIVER).press("link", "Offers")
        keys.skip().press("link", "Help at the front door").skip()
        keys.press("button", "Ask in a minute").skip().press("button", "Ask to talk")
        assert list(errors(visitor.page)) == []
        keys.write("Your message, in a sentence", "Could we hear how you did it?")
        keys.press("button", "Ask to talk")
        visitor.sees("What happens next")
        visitor.close()


def test_a_day_is_logged_from_signing_in_to_signing_out_by_keys_alone(
    fresh_app: Flask, browser: Browser
) -> None:
    with fresh_app.app_context():
        with transaction():
            lead = people.person("giver_lead")
            lead.password_hash = actions.hash_password(PASSWORD)
            email, partnership = lead.email, make.steady().id
        db.session.remove()
    with serving(fresh_app) as address:
        visitor = Visitor(browser, address, DESKTOP)
        keys = Keys(visitor).enter(email, "not this one")
        assert list(errors(visitor.page)) == []
        keys.enter(email, PASSWORD).press("link", "Partnerships").skip()
        keys.page.goto(f"/partnerships/{partnership}/log")
        keys.skip().rewrite("Days", "0.3").rewrite("What was done", "Read ten assessments")
        keys.choose("On site", "Remote").unfold("Kind of help").write(
            "Who gave it (optional)", "Two leads"
        )
        keys.press("button", "Log days")
        assert list(errors(visitor.page)) == []
        keys.rewrite("Days", "0.5").press("button", "Log days")
        visitor.sees("Read ten assessments")
        keys.press("button", "Sign out")
        visitor.sees("Sign in")
        visitor.close()
