"""The exchange in a real browser: a server on a free port, and people who press things."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of the application, answered by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Visitor:
    """Somebody at a browser. Every page met is checked with axe, for width and for complaints."""

    def __init__(self, browser: Browser, address: str, size: dict[str, int]) -> None:
        self.context = browser.new_context(viewport=size, base_url=address)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.typed = 0  # characters typed into fields
        self.looked = 0.0  # seconds spent on checking pages, which nobody else would spend
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if "Security" in said.text else None,
        )

    def become(self, role: str) -> Visitor:
        """Sign in with one press of the demonstration's button for a role."""
        self.open("/demo")
        self.page.get_by_role("button", name=role, exact=True).click()
        return self.met()

    def open(self, address: str) -> Visitor:
        self.page.goto(address)
        return self.met()

    def press(self, name: str) -> Visitor:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        return self.met()

    def follow(self, name: str) -> Visitor:
        """Follow a link, also one that looks like a button."""
        link = self.page.get_by_role("link", name=name, exact=True)
        looks = self.page.get_by_role("button", name=name, exact=True)
        link.or_(looks).first.click()
        return self.met()

    def fill(self, label: str, text: str) -> Visitor:
        self.page.get_by_label(label, exact=True).fill(text)
        self.typed += len(text)
        return self

    def choose(self, label: str, words: str) -> Visitor:
        self.page.get_by_label(label, exact=True).select_option(label=words)
        return self

    def tick(self, label: str) -> Visitor:
        self.page.get_by_label(label, exact=True).check()
        return self

    def sees(self, words: str) -> Visitor:
        expect(self.page.get_by_text(words).first).to_be_visible()
        return self

    def sees_not(self, words: str) -> Visitor:
        expect(self.page.get_by_text(words)).to_have_count(0)
        return self

    def met(self) -> Visitor:
        """Look at the page that has just opened, as a careful person would."""
        self.page.wait_for_load_state()
        where = f"{self.page.url} ({self.page.title()})"
        began = monotonic()
        result = Axe().run(self.page, options={"resultTypes": ["violations"]})
        self.looked += monotonic() - began
        broken = [
            (rule["id"], [node["target"] for node in rule["nodes"]])
            for rule in result.response["violations"]
        ]
        assert not broken, f"{where}: {broken}"
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, f"{where} is wider than the screen"
        assert not self.complaints, f"{where}: {self.complaints}"
        return self

    @property
    def path(self) -> str:
        return self.page.evaluate("location.pathname")

    def close(self) -> None:
        self.context.close()
