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
from tests.test_journeys import COORDINATOR, GIVER, RECEIVER

pytestmark = [pytest.mark.browser]

LEAD, SECOND = "Improvement lead, Wirral", "Director, Hertfordshire"
CHIEF = "Chief executive, Wirral"
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


class Company:
    """Everybody at a browser of their own, signed in once."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.at: dict[str, Visitor] = {}

    def __getitem__(self, role: str) -> Visitor:
        if role not in self.at:
            self.at[role] = someone = Visitor(self.browser, self.address, DESKTOP)
            someone.page.goto("/demo")
            someone.page.get_by_role("button", name=role, exact=True).click()
            someone.page.wait_for_load_state()
        return self.at[role]

    def see(self, path: str, *names: str) -> None:
        """The page is there for these accounts, and does not exist for any of the others."""
        for name, role in ACCOUNTS.items():
            status = self[role].context.request.get(path).status
            assert status == (200 if name in names else 404), f"{name}: {status} at {path}"

    def close(self) -> None:
        for someone in self.at.values():
            someone.close()


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


def _a_worry(lead: Visitor) -> str:
    lead.open("/needs/new").fill("Title", TITLE)
    lead.choose("The theme that matters most", "Contact, referral and thresholds")
    lead.fill("Days wanted", "24").choose("The first quarter", "2026-27 Q4 (January to March)")
    lead.choose("The programme", "Own days").press("Save and go on")
    lead.follow("The change you want")
    lead.fill("The change you want for children", "They are seen sooner.")
    lead.press("Save and go on").follow("All pages of this need").follow("The need")
    return lead.path


def _three_sign(company: Company, need: str) -> None:
    """The director submits, the chief executive signs in, the lead member follows a link."""
    director = company[RECEIVER].open(need).press("Sign off and submit")
    director.open(f"{need}/signatures")
    director.page.get_by_role("button", name="Make a link for the lead member").click()
    link = director.met().page.locator("#fresh").input_value()
    company[CHIEF].open("/to-sign").follow(TITLE).press("Sign as chief executive")
    nobody = Visitor(company.browser, company.address, DESKTOP)
    nobody.open(link).press("Sign as lead member")
    assert nobody.page.request.get(link).status == 404, "a link works once"
    nobody.close()


def _checked_and_opened(company: Company, need: str) -> None:
    """Ready with a condition; the authority reads every word before it counts."""
    coordinator = company[COORDINATOR].open(f"{need}/readiness").tick("Ready with conditions")
    coordinator.fill("What shows it, in short", "The board's papers.")
    said = {"condition_1": "A lead is named.", "who_1": "Director"}
    due = {"due_1-day": "29", "due_1-month": "1", "due_1-year": "2027"}
    for name, words in (said | due).items():
        coordinator.page.locator(f"[name={name}]").fill(words)
    coordinator.press("Record this check")
    company[LEAD].open(f"{need}/readiness/read").press("We have read this")
    coordinator.open(need).press("Open this need").sees("Open")


def _two_talks(company: Company, offers: dict[str, int]) -> None:
    """The receiver asks both; with one it is yes, with the other no."""
    receiver = company[RECEIVER]
    for offer in offers.values():
        receiver.open(f"/offers/{offer}/ask/need").tick(TITLE)
        receiver.fill("Your message, in a sentence", "Could we hear how you did it?")
        receiver.press("Ask to talk")
    for number, role, answer in ((1, GIVER, "Yes"), (2, SECOND, "No")):
        company[role].open(f"/conversations/{number}").sees_not("Wirral")
        company[role].press("Accept and talk").sees("Wirral")
        for side in (receiver, company[role]):
            side.open(f"/conversations/{number}/outcome").tick(answer).press("Record")


def _the_panel(company: Company, match: str) -> None:
    """One stands aside, three vote."""
    for number, vote in ((1, "Stand aside"), (2, "Approve"), (3, "Approve"), (4, "Approve")):
        member = company[f"Approval panel member panel_{number}"].open(f"{match}/panel")
        member.tick(vote).fill("Your reason", "By its papers.").press("Vote")
    member.sees("Approved")


def _countered_and_agreed(company: Company, match: str) -> None:
    company[GIVER].open(match).follow("Fewer days, or another start")
    company[GIVER].fill("Days in all", "22").press("Propose this").sees("22 days")
    for role in (RECEIVER, GIVER):
        company[role].open(match).press("Agree to these terms")


def _walk(company: Company, offers: dict[str, int]) -> None:
    need, match = _a_worry(company[LEAD]), "/matches/1"
    company.see(need, "own")
    company[LEAD].press("Share in confidence with your coordinator")
    company.see(need, "own", "coordinator")
    _three_sign(company, need)
    company.see(need, "own", "coordinator")
    _checked_and_opened(company, need)
    company.see(need, "own", "coordinator", "dfe", "manager")
    _two_talks(company, offers)
    company.see("/conversations/1", "own", "giver", "coordinator")
    company.see("/conversations/2", "own", "second", "coordinator")
    _countered_and_agreed(company, match)
    parties = ("own", "giver", "coordinator", "dfe", "manager")
    company.see(match, *parties)
    company[COORDINATOR].open(match).press("Send to the panel")
    company.see(match, *parties, "panel")
    _the_panel(company, match)
    company.see("/partnerships/1", *parties)
    company[LEAD].open("/partnerships/1").sees(TITLE)


def test_a_private_worry_becomes_a_partnership_and_each_account_sees_its_own(
    fresh_app: Flask, browser: Browser
) -> None:
    with fresh_app.app_context():
        offers = _they_offer()
    with serving(fresh_app) as address:
        company = Company(browser, address)
        _walk(company, offers)
        company.close()
    with fresh_app.app_context():
        assert list(ledger_check.problems()) == []
