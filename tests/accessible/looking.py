"""What is looked for on a page as it stands in Chromium, for WCAG 2.2 AA.

Each answers with what is wrong, in words, and with nothing when all is well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser import WIDER, judge

# 320 css px is a screen of 1280 at 400 %, 640 the same at 200 %.
WIDTHS = (1280, 768, 640, 320)
JUDGED_AT = (1280, 768, 320)
HEIGHT = 900
CONTROLS = (
    "button", "link", "textbox", "searchbox", "spinbutton", "combobox", "checkbox", "radio",
    "listbox", "img", "table", "region", "dialog",
)  # fmt: skip
NAMELESS = re.compile(rf"^\s*- (?:{'|'.join(CONTROLS)})(?: \[[^\]]*\])*(?::.*)?$", re.MULTILINE)
QUESTIONS = Path(__file__).with_suffix(".js").read_text()
MOST_STOPS = 400


def ask(page: Page, question: str, about: Any = None) -> Any:
    return page.evaluate(f"about => {QUESTIONS.strip()}.{question}(about)", about)


def everything(page: Page) -> Iterator[str]:
    """All that is wrong with a page: at each width, by ear, in forced colours, by keys."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        yield from at_this_width(page, width)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    yield from by_ear(page)
    yield from in_forced_colours(page)
    yield from by_keys(page)


def at_this_width(page: Page, width: int) -> Iterator[str]:
    if (over := page.evaluate(WIDER)) > 0:
        yield f"{over} px wider than the screen at {width}"
    for cut in ask(page, "cut"):
        yield f"cut at {width}: {cut}"
    if width in JUDGED_AT:
        for rule, places in judge(page, width):
            yield f"axe at {width}: {rule} {places[:3]}"


def by_ear(page: Page) -> Iterator[str]:
    """Controls, tables and pictures without a name to hear, and figures that are only drawn."""
    for found in NAMELESS.finditer(page.locator("body").aria_snapshot()):
        yield f"no name to hear: {found.group(0).strip()}"
    for picture in ask(page, "pictures"):
        yield f"no figures in words beside the picture: {picture}"


def in_forced_colours(page: Page) -> Iterator[str]:
    """Every control can be told without our colours; nothing moves for who asked for that."""
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    for control in ask(page, "unmarked"):
        yield f"not to be told in forced colours: {control}"
    for moving in ask(page, "moving"):
        yield f"moves although less motion is asked for: {moving}"
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")


def by_keys(page: Page) -> Iterator[str]:
    """Tab leads through the page once and forwards; each stop is marked and on the screen."""
    for own in ask(page, "ownOrder"):
        yield f"an order of its own: {own}"
    page.locator("body").evaluate("body => { body.tabIndex = -1; body.focus(); }")
    last = -1
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = ask(page, "focused")
        if here is None or here["place"] <= last:
            return
        last = here["place"]
        if not here["isMarked"]:
            yield f"focus is not to be seen: {here['what']}"
        if not here["isOnScreen"]:
            yield f"focus is off the screen: {here['what']}"
    yield "Tab never leaves the page"


def errors(page: Page) -> Iterator[str]:
    """What is wrong is summed up, the sum has the focus, and each line leads to its field."""
    summary = page.locator(".govuk-error-summary")
    if summary.count() != 1:
        yield f"{summary.count()} error summaries"
        return
    if not page.evaluate("document.activeElement.matches('.govuk-error-summary')"):
        yield "the error summary has no focus"
    for link in summary.get_by_role("link").all():
        link.click()
        if not ask(page, "leadsTo", (link.get_attribute("href") or "").lstrip("#")):
            yield f"an error leads nowhere: {link.inner_text()}"
