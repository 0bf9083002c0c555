"""A story in a real browser: a private worry becomes a partnership, and each account sees its own.

Who sees what at every step stands in tests/sight/test_each_step.py, for every account; here the
buttons are pressed and the links followed.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser

from broker import ledger_check
from broker.db import db, transaction
from broker.models.person import Role
from tests import make, people
from tests.browser import DESKTOP, Visitor, serving
from tests.make import DAY
from tests.test_journeys import COORDINATOR, GIVER, RECEIVER, browser_type_launch_args

__all__ = ["browser_type_launch_args"]
pytestmark = [pytest.mark.browser]

LEAD, SECOND = "Improvement lead, Wirral", "Director, Hertfordshire"
TITLE = "A quiet worry"
ACCOUNTS = {
    "own": LEAD,
    "giver": GIVER,
    "second": SECOND,
    "coordinator": COORDINATOR,
    "far": "Regional coordinator, Yorkshire and The Humber",
    "dfe": "DfE regional lead, North West",
    "manager": "Programme manager",
    "panel": "Approval panel member panel_1",
    "administrator": "Administrator administrator",
}


def _seen_by(visitor: Visitor, path: str, *names: str) -> None:
    """The page is there for these accounts of the demonstration, and for none of the others."""
    for name, role in ACCOUNTS.items():
        visitor.page.goto("/demo")
        visitor.page.get_by_role("button", name=role, exact=True).click()
        answer = visitor.page.request.get(path)
        expected = 200 if name in names else 404
        assert answer.status == expected, f"{role} gets {answer.status} at {path}"


def _they_offer() -> dict[str, int]:
    """Two providers with days, and the signatories of Wirral; the offers' ids by giver."""
    offers = {}
    with transaction():
        for giver in ("giver", "second_giver"):
            days = {make.next_quarter() + n: 60 * DAY for n in range(4)}
            make.capacity(days, giver=giver)
            offers[giver] = make.offer(giver=giver, title=f"Front door, by {giver}").id
        for role in (Role.CHIEF_EXECUTIVE, Role.LEAD_MEMBER):
            people.add(role.value, role, authority=people.authority(people.RECEIVER))
    db.session.remove()
    return offers


def _a_worry(visitor: Visitor) -> str:
    visitor.become(LEAD).open("/needs/new").fill("Title", TITLE)
    visitor.choose("The theme that matters most", "Contact, referral and thresholds")
    visitor.fill("Days wanted", "24").choose("The first quarter", "2026-27 Q4 (January to March)")
    visitor.choose("The programme", "Own days").press("Save and go on")
    visitor.follow("The change you want")
    visitor.fill("The change you want for children", "They are seen sooner.")
    visitor.press("Save and go on").follow("All pages of this need").follow("The need")
    return visitor.path


def _three_sign(visitor: Visitor, need: str) -> None:
    """The director submits, the chief executive signs in, the lead member follows a link."""
    visitor.become(RECEIVER).open(need).press("Sign off and submit").open(f"{need}/signatures")
    visitor.page.get_by_role("button", name="Make a link for the lead member").click()
    link = visitor.met().page.locator("#fresh").input_value()
    visitor.become("Chief executive, Wirral").open("/to-sign").follow(TITLE)
    visitor.press("Sign as chief executive")
    visitor.context.clear_cookies()
    visitor.open(link).press("Sign as lead member")
    assert visitor.page.request.get(link).status == 404, "a link works once"


def _checked_and_opened(visitor: Visitor, need: str) -> None:
    """Ready with a condition; the authority reads every word before it counts."""
    visitor.become(COORDINATOR).open(f"{need}/readiness").tick("Ready with conditions")
    visitor.fill("What shows it, in short", "The board's papers.")
    visitor.page.locator("[name=condition_1]").fill("A lead is named.")
    visitor.page.locator("[name=who_1]").fill("Director")
    for part, number in (("day", "29"), ("month", "1"), ("year", "2027")):
        visitor.page.locator(f"[name=due_1-{part}]").fill(number)
    visitor.press("Record this check")
    visitor.become(LEAD).open(f"{need}/readiness/read").press("We have read this")
    visitor.become(COORDINATOR).open(need).press("Open this need").sees("Open")


def _two_talks(visitor: Visitor, offers: dict[str, int]) -> None:
    """One says no, the other yes; the receiver asks both."""
    for offer in offers.values():
        visitor.become(RECEIVER).open(f"/offers/{offer}/ask/need").tick(TITLE)
        visitor.fill("Your message, in a sentence", "Could we hear how you did it?")
        visitor.press("Ask to talk")
    for number, role in ((1, GIVER), (2, SECOND)):
        visitor.become(role).open(f"/conversations/{number}").sees_not("Wirral")
        visitor.press("Accept and talk").sees("Wirral")
    answers = ((RECEIVER, 1, "Yes"), (GIVER, 1, "Yes"), (RECEIVER, 2, "No"), (SECOND, 2, "No"))
    for role, number, answer in answers:
        visitor.become(role).open(f"/conversations/{number}/outcome").tick(answer).press("Record")


def _the_panel(visitor: Visitor, match: str) -> None:
    """One stands aside, three vote."""
    for number, vote in ((1, "Stand aside"), (2, "Approve"), (3, "Approve"), (4, "Approve")):
        visitor.become(f"Approval panel member panel_{number}").open(f"{match}/panel")
        visitor.tick(vote).fill("Your reason", "By its papers.").press("Vote")
    visitor.sees("Approved")


def test_a_private_worry_becomes_a_partnership_and_each_account_sees_its_own(
    fresh_app: Flask, browser: Browser
) -> None:
    with fresh_app.app_context():
        offers = _they_offer()
    with serving(fresh_app) as address:
        visitor = Visitor(browser, address, DESKTOP)
        need = _a_worry(visitor)
        _seen_by(visitor, need, "own")
        visitor.become(LEAD).open(need).press("Share in confidence with your coordinator")
        _seen_by(visitor, need, "own", "coordinator")
        _three_sign(visitor, need)
        _seen_by(visitor, need, "own", "coordinator")
        _checked_and_opened(visitor, need)
        _seen_by(visitor, need, "own", "coordinator", "dfe", "manager")
        _two_talks(visitor, offers)
        _seen_by(visitor, "/conversations/1", "own", "giver", "coordinator")
        _seen_by(visitor, "/conversations/2", "own", "second", "coordinator")
        visitor.become(GIVER).open("/matches/1").follow("Fewer days, or another start")
        visitor.fill("Days in all", "22").press("Propose this").sees("22 days")
        for role in (RECEIVER, GIVER):
            visitor.become(role).open("/matches/1").press("Agree to these terms")
        parties = ("own", "giver", "coordinator", "dfe", "manager")
        _seen_by(visitor, "/matches/1", *parties)
        visitor.become(COORDINATOR).open("/matches/1").press("Send to the panel")
        _seen_by(visitor, "/matches/1", *parties, "panel")
        _the_panel(visitor, "/matches/1")
        _seen_by(visitor, "/partnerships/1", *parties)
        visitor.become(LEAD).open("/partnerships/1").sees(TITLE)
        visitor.close()
    with fresh_app.app_context():
        assert list(ledger_check.problems()) == []
