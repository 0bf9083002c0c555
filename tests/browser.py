"""The exchange in a real browser: a server on a free port, and people who press things.

A visitor walks at one width and looks at every page met at all the widths asked for. Axe judges a
page by what it is built of, not by its words: so a page of which every part was judged before, at
that width and in this process, is not judged again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
Size = dict[str, int]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = Axe()
JUDGE = """more => axe.run({resultTypes: ["violations"], preload: false, ...more})
  .then(all => all.violations)"""
OF_WIDTH = ("target-size", "scrollable-region-focusable")  # the rules that the width decides
AXE_IS_THERE = "typeof axe !== 'undefined'"
# Every element with all it stands in, without words and numbers, and every step between headings.
BUILT_OF = """() => {
  const kept = new Set(["class", "role", "type", "lang", "tabindex", "open", "hidden", "disabled"]);
  const plain = (text) => text.replace(/[0-9]+/g, "#");
  const said = (attribute) => kept.has(attribute.name) || attribute.name.startsWith("aria-")
    ? plain(attribute.name + "=" + attribute.value) : attribute.name + (attribute.value ? "=" : "");
  const speaks = (element) => [...element.childNodes].some(
    (node) => node.nodeType === 3 && node.data.trim());
  const found = new Set();
  const walk = (element, above) => {
    const here = [above, element.localName, ...[...element.attributes].map(said).sort(),
      speaks(element) ? "…" : ""].join(" ");
    found.add(here);
    for (const child of element.children) walk(child, here);
  };
  walk(document.documentElement, "");
  const headings = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((h) => h.localName);
  headings.forEach((name, place) => found.add(`${headings[place - 1]} ${name}`));
  return [...found];
}"""
judged: defaultdict[Any, set[int]] = defaultdict(set)  # by width and rules


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


def violations(page: Page, *rules: str) -> list[tuple[str, list[list[str]]]]:
    """What axe has against a page as it stands: each rule with the places where it is broken.

    By all its rules, or by those that are named.
    """
    if not page.evaluate(AXE_IS_THERE):
        page.evaluate(AXE.axe_script)
    found = page.evaluate(JUDGE, {"runOnly": list(rules)} if rules else {})
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]


def judge(page: Page, width: int, *rules: str) -> list[tuple[str, list[list[str]]]]:
    """What axe has against a page, unless it is built of nothing but what was found sound."""
    parts = {hash(part) for part in page.evaluate(BUILT_OF)}
    if parts <= judged[width, rules]:
        return []
    broken = violations(page, *rules)
    if not broken:
        judged[width, rules] |= parts
    return broken


class Visitor:
    """Somebody at a browser. Every page met is checked with axe, for width and for complaints."""

    def __init__(self, browser: Browser, address: str, *sizes: Size) -> None:
        self.sizes = sizes  # the first is walked at
        self.context = browser.new_context(viewport=sizes[0], base_url=address)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.left: dict[str, list[Any]] = {}  # the cookies of each role that signed in
        self.typed = 0  # characters typed into fields
        self.looked = 0.0  # seconds spent on checking pages, which nobody else would spend
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if "Security" in said.text else None,
        )

    def become(self, role: str) -> Visitor:
        """Sign in with one press of the demonstration's button for a role.

        Who was here before comes back with the session that they left, while it lasts.
        """
        if role in self.left:
            self.context.clear_cookies()
            self.context.add_cookies(self.left[role])
            self.page.goto("/your-work")
            if self.page.get_by_role("button", name="Sign out", exact=True).count():
                return self.met()
        self.page.goto("/demo")
        self.page.get_by_role("button", name=role, exact=True).click()
        self.met()
        self.left[role] = self.context.cookies()
        return self

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
        began = monotonic()
        where = f"{self.page.url} ({self.page.title()})"
        for size in reversed(self.sizes):  # the width that is walked at comes last, and stays
            if self.page.viewport_size != size:
                self.page.set_viewport_size(size)
            self._look(size["width"], where, *(OF_WIDTH if size != self.sizes[0] else ()))
        self.looked += monotonic() - began
        assert not self.complaints, f"{where}: {self.complaints}"
        return self

    def _look(self, width: int, where: str, *rules: str) -> None:
        assert self.page.evaluate(WIDER) <= 0, f"{where} is wider than the screen at {width}"
        broken = judge(self.page, width, *rules)
        assert not broken, f"{where} at {width}: {broken}"

    @property
    def path(self) -> str:
        return self.page.evaluate("location.pathname")

    def close(self) -> None:
        self.context.close()
