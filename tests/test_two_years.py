"""Two years of one partnership in a real browser, from its agreement to the look back a year after.

On the way: days spread otherwise, a day that is queried, an early objective let go, a pause, a lead
who moves on, reviews and feedback. In the end its story on one page says what the records say. What
is done again and again is posted, done once it is pressed in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest
from flask import Flask
from playwright.sync_api import Browser

from broker import clock, ledger_check
from broker.clock import Quarter
from broker.db import db, transaction
from broker.matches import actions as matches
from broker.matches.terms import terms_of
from broker.models.partnership import Partnership, PartnershipState
from broker.models.review import Asked
from broker.partnerships.story import sums_of
from tests import make, people
from tests.browser import PHONE, Visitor, serving
from tests.client import PageClient
from tests.make import DAY

pytestmark = [pytest.mark.browser]
OPENED = date(2026, 11, 20)
FIRST = Quarter.of(OPENED) + 1
DAYS = {FIRST + n: days * DAY for n, days in enumerate((4, 6, 4, 3, 2, 1))}
RECEIVER, GIVER = "Director, Wirral", "Director, Leeds"
RECEIVER_LEAD, GIVER_LEAD = "Improvement lead, Wirral", "Partnership lead, Leeds"
COORDINATOR = "Regional coordinator, North West"


@pytest.fixture
def visitor(fresh_app: Flask, browser: Browser) -> Iterator[Visitor]:
    with serving(fresh_app) as address:
        someone = Visitor(browser, address, PHONE)
        yield someone
        someone.close()
    clock.anchor_to(OPENED)
    with fresh_app.app_context():
        assert list(ledger_check.problems()) == []


def _opened(app: Flask) -> str:
    """A partnership of 20 days over six quarters, just approved; its address."""
    with app.app_context(), transaction():
        make.capacity({FIRST + n: 20 * DAY for n in range(8)})
        match = make.match(make.need(days=20 * DAY, until="open"))
        by = people.person("receiver")
        matches.counter_offer(match, replace(terms_of(match), days=DAYS), by=by)
        return f"/partnerships/{make.partnership(make.agreed(match)).id}"


def _on(day: date) -> None:
    clock.anchor_to(day, at=time(10))


def _reason(visitor: Visitor, button: str, why: str) -> None:
    """Open a button that asks for a reason, say it, press it."""
    form = visitor.page.locator("form", has=visitor.page.get_by_role("button", name=button))
    visitor.page.get_by_text(button).first.click()
    form.get_by_label("Why").first.fill(why)
    visitor.press(button)


def _agree_how(visitor: Visitor, page: str) -> None:
    visitor.become(RECEIVER_LEAD).open(f"{page}/agreement").follow("Change the words")
    visitor.fill("What the providing authority wants from it", "To learn beside another team.")
    visitor.press("Keep these words")
    for director in (RECEIVER, GIVER):
        visitor.become(director).open(f"{page}/agreement").press("Agree to this agreement")
    visitor.sees("Agreed by both directors on 20 November 2026")


def _measure(visitor: Visitor, objective: int, name: str) -> None:
    visitor.page.get_by_role("link", name=f"Add a measure for objective {objective}").click()
    visitor.met().fill("What is measured?", name)
    visitor.tick("In words: what people say or see").tick("Every quarter").press("Keep it")


def _plan(visitor: Visitor, page: str) -> None:
    visitor.become(RECEIVER_LEAD).open(f"{page}/plan").follow("Change this objective 1")
    visitor.fill("Who carries it on when the help ends?", "Head of the front door")
    visitor.tick("Medium: within a year").press("Keep it")
    _measure(visitor, 1, "What families say about their first call")
    visitor.follow("Add an objective")
    visitor.fill("What is to be different for children?", "Managers meet about figures weekly.")
    visitor.tick("Immediate: within three months")
    visitor.fill("Who carries it on when the help ends?", "Head of performance").press("Keep it")
    _measure(visitor, 2, "Meetings held")
    for lead in (RECEIVER_LEAD, GIVER_LEAD):
        visitor.become(lead).open(f"{page}/plan").press("Agree to this plan")
    visitor.sees("agreed by both on 20 November 2026")


def _move_on(visitor: Visitor, page: str, day: date, why: str) -> None:
    _on(day)
    visitor.become(RECEIVER).open(page)
    _reason(visitor, "Move to the next phase", why)


def _a_day_is_queried(visitor: Visitor, page: str) -> None:
    _on(date(2027, 1, 12))
    visitor.become(GIVER_LEAD).open(f"{page}/log").fill("Days", "1")
    visitor.fill("What was done", "Sat beside the front door team").press("Log days")
    _on(date(2027, 1, 14))
    visitor.become(RECEIVER_LEAD).open(f"{page}/days")
    _reason(visitor, "Query", "Half a day by our diary?")
    visitor.become(GIVER_LEAD).open(f"{page}/days")
    _reason(visitor, "Answer", "A whole one, with the evening meeting.")
    visitor.become(RECEIVER_LEAD).open(f"{page}/days")
    visitor.page.locator(".app-card").get_by_role("button", name="Confirm").first.click()
    visitor.met().sees("Confirmed")


def _as(app: Flask, name: str, page: str) -> PageClient:
    """Somebody at a page, who sends its forms without a browser."""
    client = PageClient(app).sign_in(name)
    client.get(page)
    return client


def _a_review(app: Flask, page: str, day: date) -> str:
    """Prepared, answered by both sides, recorded; its address."""
    _on(day)
    with app.app_context():
        client = _as(app, "receiver_lead", f"{page}/reviews")
        client.press("Prepare a review")
        review = client.response.request.path
        for name in ("receiver_lead", "giver_lead"):
            _as(app, name, f"{review}/answer").send(**{asked.value: "4" for asked in Asked})
        _as(app, "giver_lead", f"{review}/record").send(summary="Managers lead it by themselves.")
        db.session.remove()
    return review


def _both_say_how_it_went(app: Flask, page: str, day: date, **more: str) -> None:
    _on(day)
    receiver = {"outcomes_helped": "First visits.", "what_worked": "Sitting beside.", **more}
    chosen = {"part_in_plan": "central", "effectiveness": "4", "would_recommend": "yes"}
    giver = {"learned": "To listen.", "at_home": "We audit too.", "worth": "4"}
    with app.app_context():
        _as(app, "receiver_lead", f"{page}/feedback").send(**receiver, **chosen)
        _as(app, "giver_lead", f"{page}/learned").send(**giver, would_again="yes")
        db.session.remove()


def _the_mid_point(app: Flask, visitor: Visitor, page: str) -> None:
    review = _a_review(app, page, date(2027, 5, 11))
    visitor.become(GIVER).open(review).sees("Managers lead it by themselves.")
    visitor.become(RECEIVER_LEAD).open(f"{page}/feedback").tick("A central part")
    helped = "Which outcomes for children and families did it help with?"
    visitor.fill(helped, "First visits.").fill("What worked well?", "They stayed.")
    visitor.tick("5, very").tick("Yes").press("Share with both sides").sees("They stayed.")


def _days_are_spread_otherwise(visitor: Visitor, page: str) -> None:
    _on(date(2027, 3, 2))
    visitor.become(GIVER_LEAD).open(f"{page}/vary")
    for label, days in (
        ("2026-27 Q4 (January to March)", "2"),
        ("2027-28 Q1 (April to June)", "8"),
    ):
        visitor.fill(f"{label} (optional)", days)
    visitor.fill("Why?", "The second team starts in spring.").press("Spread them like this")


def _an_objective_is_let_go(visitor: Visitor, page: str) -> None:
    _on(date(2027, 4, 6))
    visitor.become(RECEIVER_LEAD).open(f"{page}/plan/revise")
    visitor.tick("The approach was not working")
    visitor.fill("Say it in a few sentences", "The weekly meeting changed little.")
    visitor.press("Begin the next version")
    visitor.page.get_by_role("button", name="Take out: Managers meet").click()
    visitor.met()
    for lead in (RECEIVER_LEAD, GIVER_LEAD):
        visitor.become(lead).open(f"{page}/plan").press("Agree to this plan")
    visitor.open(f"{page}/plan/compare").sees("Dropped")


def _a_pause(visitor: Visitor, page: str) -> None:
    _on(date(2027, 6, 1))
    visitor.become(RECEIVER).open(page)
    _reason(visitor, "Pause", "A new director starts.")
    visitor.sees("Nothing is given for now")
    _on(date(2027, 7, 5))
    visitor.become(GIVER).open(f"{page}/resume").press("Resume").sees("Steady")


def _a_lead_moves_on(visitor: Visitor, page: str) -> None:
    _on(date(2027, 9, 1))
    visitor.become(RECEIVER_LEAD).open(f"{page}/leads")
    visitor.page.get_by_role("link", name=re.compile("Somebody else ?: Lead")).click()
    visitor.met().fill("Who holds it from today?", "Head of practice")
    visitor.fill("A note for whoever takes over (optional)", "Audits are booked until March.")
    visitor.press("Name them").sees("1 post has gone to somebody else")


def _it_ends(visitor: Visitor, page: str) -> None:
    _on(date(2028, 6, 20))
    visitor.become(RECEIVER_LEAD).open(f"{page}/ending")
    visitor.page.get_by_role("link", name=re.compile("Hand over ?: Children")).click()
    visitor.met().press("Hand it over").follow("Record the three tests")
    for name in ("performance", "capacity", "succession"):
        visitor.page.locator(f"#{name}_met").check()
        visitor.page.locator(f"#{name}").fill("Seen in two audits.")
    visitor.page.locator("#budget_protected").check()
    visitor.page.locator("#budget").fill("In the budget until 2031.")
    visitor.press("Record them")
    _on(date(2028, 6, 28))
    visitor.become(RECEIVER).open(page)
    _reason(visitor, "End as planned", "All three tests are met.")
    visitor.become(GIVER_LEAD).open(f"{page}/ending/report")
    for name in ("changed", "worked", "did_not_work", "carries_on"):
        visitor.page.locator(f"#{name}").fill("As the records say.")
    visitor.press("Keep the report")
    visitor.become(RECEIVER_LEAD).sees("Read the closing report").open(f"{page}/ending/report/read")
    visitor.fill("Your comment, which goes with the report (optional)", "We agree.")
    visitor.press("I have read it").sees("offer what you have learned")


def _looks_back(app: Flask, visitor: Visitor, page: str) -> None:
    """Whether it holds is asked once: first by the look back, later by the feedback."""
    _on(date(2028, 12, 28))
    visitor.become(RECEIVER_LEAD).open(f"{page}/ending/look-back").tick("Yes, it holds")
    visitor.fill("How can you tell?", "Most visits are in time.").press("Keep it")
    _both_say_how_it_went(app, page, date(2028, 12, 29))
    _both_say_how_it_went(app, page, date(2029, 6, 28), holds="partly")
    _on(date(2029, 6, 29))
    visitor.open(f"{page}/ending/look-back").sees("With your feedback you said: In part")
    visitor.fill("How can you tell?", "Two of three visits are.").press("Keep it")
    visitor.become(COORDINATOR).open(page).press("Close").sees("Closed")


TOLD = (
    "20 November 2026", "Both directors agreed how to work together.",
    "Both agreed to the first plan, with an exit on 30 June 2028.",
    "The early phase began.", "The first support day: Sat beside the front door team.",
    "A day was queried: 1 day of 12 January 2027.",
    "A review was held (early).", "Days were spread otherwise",
    "Both agreed to version 2: the approach was not working. Let go: Managers meet about figures",
    "The steady phase began.", "A review was held (steady).",
    "The receiving authority said how it went, at the mid-point.",
    "It was paused", "It went on again.",
    "Lead of Wirral: Improvement lead, Wirral → Head of practice.",
    "The help began to taper off.", "A review was held (tapering).",
    "A strand found its home", "The three tests were recorded.",
    "It ended as planned.", "The receiving authority read the closing report.",
    "The receiving authority said how it went, at the end.",
    "The providing authority said what it learned, at the end.",
    "A look back after 6 months: yes, it holds.",
    "The receiving authority said how it went, 6 months after.",
    "The receiving authority said how it went, 12 months after.",
    "The providing authority said what it learned, 12 months after.",
    "A look back after 12 months: in part.", "It was closed.",
)  # fmt: skip


def test_two_years_from_agreement_to_the_look_back_and_the_story_reads_true(
    fresh_app: Flask, visitor: Visitor
) -> None:
    page = _opened(fresh_app)
    _agree_how(visitor, page)
    _plan(visitor, page)
    _move_on(visitor, page, date(2026, 12, 15), "Everybody has met.")
    _a_day_is_queried(visitor, page)
    _a_review(fresh_app, page, date(2027, 2, 10))
    _days_are_spread_otherwise(visitor, page)
    _an_objective_is_let_go(visitor, page)
    _move_on(visitor, page, date(2027, 5, 4), "The first objective shows.")
    _the_mid_point(fresh_app, visitor, page)
    _a_pause(visitor, page)
    _a_lead_moves_on(visitor, page)
    _move_on(visitor, page, date(2028, 1, 10), "The team leads most of it.")
    _a_review(fresh_app, page, date(2028, 3, 14))
    _it_ends(visitor, page)
    _both_say_how_it_went(fresh_app, page, date(2028, 6, 30))
    _looks_back(fresh_app, visitor, page)

    visitor.become(GIVER).open(f"{page}/story")
    said = " ".join(visitor.page.locator("main").inner_text().split())
    missing = [words for words in TOLD if words not in said]
    assert not missing, missing
    places = [said.index(words) for words in TOLD]
    assert places == sorted(places), "the story is not told in its order"
    with fresh_app.app_context():
        partnership = db.session.get_one(Partnership, int(page.rsplit("/", 1)[1]))
        assert partnership.state is PartnershipState.CLOSED
        sums = sums_of(partnership)
        assert (sums.approved, sums.given, sums.queried) == (20 * DAY, DAY, 1)
        assert (sums.versions, sums.changes_of_people) == (2, 1)
        db.session.remove()
