"""Stories in a real browser: from the prospectus to a return, by those who press the buttons."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from time import monotonic

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Browser

from broker import clock, ledger_check, worker
from broker.capacity import actions as capacities
from broker.db import db, transaction
from tests import make, people
from tests.browser import DESKTOP, PHONE, Visitor, serving

pytestmark = [pytest.mark.browser]
TODAY = date(2026, 11, 20)
FIVE_MINUTES = 5 * 40 * 6  # characters, at 40 words a minute, each with its space


@pytest.fixture
def visitor(fresh_app: Flask, browser: Browser) -> Iterator[Visitor]:
    """Who walks at a desk, and looks at every page on a phone too."""
    with serving(fresh_app) as address:
        someone = Visitor(browser, address, DESKTOP, PHONE)
        yield someone
        someone.close()
    clock.anchor_to(TODAY)
    with fresh_app.app_context():
        assert list(ledger_check.problems()) == []


def _work(app: Flask) -> None:
    """Let the worker take its turns until nothing waits."""
    with app.app_context():
        while worker.once("journey"):
            pass
        db.session.remove()


RECEIVER, GIVER = "Director, Wirral", "Director, Leeds"
COORDINATOR, DEPUTY = "Regional coordinator, North West", "Regional coordinator, deputy"


def _leeds_offers(visitor: Visitor) -> None:
    """The lead drafts, the director signs off, days are confirmed."""
    visitor.become("Partnership lead, Leeds").open("/offers/new")
    visitor.fill("Title", "Help at the front door").tick("Partners in Practice")
    visitor.press("Keep this draft").sees("Still needed").follow("About")
    visitor.fill("What you do", "We sit beside your team and look at decisions together.")
    visitor.press("Save and go on").tick("Contact, referral and thresholds")
    visitor.press("Save and go on").sees("On record").tick("Own improvement, seen in judgements")
    visitor.press("Save and go on").tick("On site or remote").press("Save and go on")
    visitor.fill("Least days in one partnership", "2")
    visitor.fill("Most days in one partnership", "30")
    visitor.press("Save and see all pages").follow("Check and sign off")
    visitor.press("Send to the director").sees("Draft")
    offer = visitor.path
    visitor.become(GIVER).sees("Sign off and publish").open(offer).follow("Check and sign off")
    visitor.press("Sign off and publish")
    visitor.sees("Published").open("/capacity/E08000035/edit")
    confirmed = "Partners in Practice, confirmed"
    visitor.fill(f"{confirmed}, 2026-27 Q3 (October to December)", "10")
    visitor.fill(f"{confirmed}, 2026-27 Q4 (January to March)", "12.5")
    visitor.press("Save all of it").sees("22.5")


def _wirral_asks(visitor: Visitor) -> str:
    """A small ask from the prospectus, in a minute. Returns the conversation's address."""
    visitor.become(RECEIVER).open("/offers").follow("Help at the front door")
    visitor.follow("Ask in a minute")
    visitor.fill("Your message, in a sentence", "Could we hear how you did it?")
    visitor.page.get_by_text("More: a title, the theme, the days and when").click()
    visitor.fill("What would you like help with?", "Steadier decisions")
    visitor.choose("Theme", "Contact, referral and thresholds")
    visitor.fill("How many days?", "6").choose("When?", "2026-27 Q3 (October to December)")
    visitor.press("Ask to talk").sees("What happens next").follow("See the conversation")
    return visitor.path


def _three_near_wirral() -> None:
    """Three providers with a front door and days next quarter; one of them far away."""
    with transaction():
        for name in ("Lancashire", "Salford", "Warrington", "Hertfordshire"):
            by = make.director_of(name)
            make.offer_by(by, title=f"A steady front door, {name}")
            capacities.confirm(
                provider=by.memberships[0].authority,
                programme=people.programme(),
                days={clock.this_quarter() + 1: 40},
                by=by,
            )


def _follow_on_card(visitor: Visitor, words: str, name: str) -> None:
    """A link of one offer; its title is part of the link for those who hear the page."""
    named = re.compile(f"{words}.*{name}")
    links = visitor.page.get_by_role("link", name=named)
    links.or_(visitor.page.get_by_role("button", name=named)).first.click()
    visitor.met()


def test_a_director_with_a_phone_finds_compares_and_asks_in_under_a_minute(
    fresh_app: Flask, browser: Browser
) -> None:
    with fresh_app.app_context():
        _three_near_wirral()
        db.session.remove()
    with serving(fresh_app) as address:
        visitor = Visitor(browser, address, PHONE).become(RECEIVER).open("/")
        started = monotonic()
        visitor.fill("What would you like help with?", "front door").press("Search")
        visitor.page.get_by_text("Filter and sort").click()
        visitor.choose("How far away", "Within 100 km")
        visitor.page.get_by_label("Free days in").select_option("2026-27 Q4")
        visitor.press("Show offers").sees("3 offers").sees_not("A steady front door, Hertfordshire")
        for name in ("Lancashire", "Salford", "Warrington"):
            _follow_on_card(visitor, "Add to compare", name)
        visitor.follow("Compare these 3").sees("Free days")
        _follow_on_card(visitor, "Ask in a minute", "Warrington")
        visitor.fill("Your message, in a sentence", "Could we hear how you did it?")
        visitor.press("Ask to talk").sees("You asked Warrington to talk").sees("What happens next")
        assert monotonic() - started - visitor.looked < 60
        visitor.close()


def _both_say_yes(visitor: Visitor, talk: str) -> None:
    for role in (RECEIVER, GIVER):
        visitor.become(role).open(f"{talk}/outcome").tick("Yes")
        visitor.press("Record").sees("Yes")


def _they_agree(visitor: Visitor) -> str:
    """Both directors agree; the receiver says why one provider was enough."""
    visitor.become(RECEIVER).open("/matches").follow("Leeds with Wirral: Steadier decisions")
    match = visitor.path
    visitor.follow("Say why one provider was enough")
    visitor.fill("Why one provider was enough", "They solved this very problem.")
    visitor.press("Save this reason").press("Agree to these terms")
    visitor.become(GIVER).open(match).press("Agree to these terms").sees("days are reserved")
    return match


def test_one_need_walks_from_prospectus_to_return(fresh_app: Flask, visitor: Visitor) -> None:
    _leeds_offers(visitor)
    visitor.context.clear_cookies()
    visitor.open("/offers").sees("Help at the front door").sees("days free")
    before = visitor.typed
    talk = _wirral_asks(visitor)

    visitor.become(GIVER).open(talk).sees_not("Wirral").press("Accept and talk").sees("Wirral")
    visitor.become(COORDINATOR).sees("Open this need")
    visitor.page.get_by_role("link", name="Open this need").first.click()
    visitor.met().press("Open this need").sees("Open")
    _both_say_yes(visitor, talk)
    match = _they_agree(visitor)

    visitor.become(COORDINATOR).open(match).press("Approve").sees("Approved")
    assert visitor.typed - before < FIVE_MINUTES, "an ask costs too much typing"
    visitor.become("Practitioner, Leeds").open("/partnerships").follow("Steadier decisions")
    partnership = visitor.path
    visitor.open(f"{partnership}/log").fill("Days", "1.5").fill("What was done", "First visit")
    visitor.press("Log days").sees("First visit")
    visitor.become("Improvement lead, Wirral").sees("Confirm")
    visitor.open(f"{partnership}/days")
    visitor.page.locator(".app-card").get_by_role("button", name="Confirm").first.click()
    visitor.met().sees("Confirmed")

    clock.anchor_to(date(2027, 1, 5), at=time(10))
    _work(fresh_app)
    _leeds_reports(visitor)
    _the_programme_freezes(visitor)


def _leeds_reports(visitor: Visitor) -> None:
    visitor.become("Partnership lead, Leeds").open("/returns")
    visitor.page.get_by_role("link", name="2026-27 Q3").first.click()
    visitor.met().sees("1.5 days").sees("Wirral")
    report = visitor.path
    visitor.follow("Write outcomes and priorities")
    visitor.fill("Outcomes: what changed (optional)", "Decisions are steadier.")
    visitor.page.get_by_role("button", name="Save").first.click()
    visitor.met().follow("Write what it says of Wirral")
    visitor.fill("What you did together, and what changed (optional)", "We audited together.")
    visitor.press("Save").press("Show receivers their sections").sees("goes out from")
    visitor.press("Send to the director")
    visitor.become(RECEIVER).sees("Read it first").open("/returns/sections/1")
    visitor.sees("We audited together.")
    visitor.fill("What you want to say about it (optional)", "It helped our managers most.")
    visitor.press("We have read it").sees("Wirral read this")
    visitor.become(GIVER).sees("Certify and submit").open(report).press("Certify and submit")
    visitor.tick("Carry 4.5 days to 2026-27 Q4").press("Certify and submit").sees("Submitted")
    _sent_back_and_accepted(visitor, report)


def _sent_back_and_accepted(visitor: Visitor, report: str) -> None:
    visitor.become("Programme manager").open(report).sees("We audited").sees("It helped")
    visitor.page.get_by_text("Ask for changes").first.click()
    visitor.page.get_by_label("Why", exact=True).first.fill("Say how you know.")
    visitor.page.get_by_role("button", name="Ask for changes").click()
    visitor.met().sees("Changes requested")
    visitor.become(GIVER).open(f"{report}/write")
    visitor.fill("How the outcomes were measured (optional)", "Joint audits of twenty files.")
    visitor.press("Save").press("Certify and submit").sees("What differs from the version")
    visitor.press("Certify and submit").sees("Submitted")
    visitor.become("Programme manager").open(f"{report}/versions/2").sees("Joint audits of twenty")
    visitor.sees("Changed since version 1").open(report).press("Accept").sees("Accepted")


def _the_programme_freezes(visitor: Visitor) -> None:
    visitor.become("Programme manager").open("/programme")
    visitor.page.get_by_role("link", name=re.compile("Freeze.*Practice, 2026-27 Q3")).click()
    visitor.met().press("Freeze 2026-27 Q3").sees("1.5")
    with visitor.page.expect_download() as started:
        visitor.page.get_by_role("link", name=re.compile("one CSV")).or_(
            visitor.page.get_by_role("button", name=re.compile("one CSV"))
        ).first.click()
    rows = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8-sig"))))
    assert any("Wirral" in row.values() and "1.5" in row.values() for row in rows)
    _the_pack_says_the_same(visitor)


def _the_pack_says_the_same(visitor: Visitor) -> None:
    """Screen, workbook and JSON: the same figures, and sums that reconcile."""
    files = {}
    for name in ("XLSX", "JSON"):
        with visitor.page.expect_download() as started:
            visitor.page.get_by_role("button", name=re.compile(name)).first.click()
        files[name] = Path(started.value.path()).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(files["XLSX"]), read_only=True)
    names, england, *_ = book["Totals"].iter_rows(values_only=True)
    sheet = dict(zip(names, england, strict=True))
    sheets = json.loads(files["JSON"])["sheets"]
    assert sheets["totals"][0] == sheet and sheet["days_confirmed"] == 1.5
    for part in ("by-provider", "by-receiver", "by-theme", "by-type"):
        assert sum(row["days_confirmed"] for row in sheets[part]) == 1.5
    assert sheets["receiver-sections"][0]["comment"] == "It helped our managers most."
    _the_dashboard_leads_to_what_it_counts(visitor)


def _the_dashboard_leads_to_what_it_counts(visitor: Visitor) -> None:
    visitor.open("/dashboard").choose("Look at", "Partners in Practice (Programme manager)")
    visitor.press("Show").follow("Who helps whom").sees("Leeds to Wirral").sees("1.5 confirmed")
    drawn = visitor.page.get_by_role("region", name="Who gives to whom", exact=True)
    drawn.get_by_role("link", name=re.compile("Figures and records")).click()
    visitor.met().follow("Leeds").sees("counted in the row that you chose")
    visitor.follow("Steadier decisions")
    assert visitor.path.startswith("/partnerships/")


def test_a_described_need_is_matched_through_a_round(fresh_app: Flask, visitor: Visitor) -> None:
    _leeds_offers(visitor)
    visitor.become("Improvement lead, Wirral").open("/needs/new")
    visitor.fill("Title", "Plans that families follow")
    visitor.choose("The theme that matters most", "Contact, referral and thresholds")
    visitor.fill("Days wanted", "10").choose("The first quarter", "2026-27 Q4 (January to March)")
    visitor.choose("The programme", "Partners in Practice").press("Save and go on")
    visitor.follow("The change you want")
    visitor.fill("The change you want for children", "They are seen sooner.")
    visitor.press("Save and go on").sees("What was found").follow("All pages of this need")
    visitor.follow("Check your answers").sees("They are seen sooner.")
    visitor.follow("All pages of this need").follow("The need")
    need = visitor.met().sees("Private").path
    visitor.become(RECEIVER).open(need).press("Sign off and submit").sees("Submitted")
    visitor.become(COORDINATOR).open(need).press("Open this need")
    visitor.open(f"{need}/shortlist").sees("Help at the front door").sees("points")

    visitor.open("/rounds/new").choose("Programme", "Partners in Practice").press(
        "See what would go in"
    )
    _lets_the_worker_run_it(visitor, fresh_app, "Run the round")
    visitor.sees("1 match").follow("Adopt these suggestions")
    visitor.press("Make these suggestions").sees("Adopted")
    visitor.become(RECEIVER).sees("Ask to talk").open(f"{need}/shortlist").sees("Leeds")
    visitor.page.get_by_role("button", name="Ask to talk: Help at the front door").first.click()
    visitor.met()
    visitor.fill("Your message, in a sentence", "Could we talk?")
    visitor.press("Ask to talk").sees("Asked")


def _six_days_short() -> None:
    with transaction():
        make.capacity({clock.this_quarter() + 1: 2 * make.DAY})
        make.offer()
        make.need(title="Decisions that hold", days=8 * make.DAY)


def _runs_a_round(visitor: Visitor, app: Flask, kind: str) -> str:
    visitor.become(COORDINATOR).open("/rounds/new").tick(kind).choose("Programme", "Own days")
    visitor.press("See what would go in").sees("Nothing has been queued yet")
    return _lets_the_worker_run_it(visitor, app, "Run the round")


def _lets_the_worker_run_it(visitor: Visitor, app: Flask, button: str) -> str:
    """A round that waits looks again by itself, which may cross with what the visitor opens: so its
    page is left, and looked at once the round has ended."""
    before = visitor.path
    visitor.page.get_by_role("button", name=button, exact=True).click()
    visitor.page.wait_for_url(lambda url: not url.endswith(before))
    round_ = visitor.path
    visitor.page.goto("about:blank")
    _work(app)
    return visitor.open(round_).path


def test_a_round_says_why_and_what_would_change_it_and_somebody_changes_it(
    fresh_app: Flask, visitor: Visitor
) -> None:
    with fresh_app.app_context():
        _six_days_short()
        db.session.remove()
    first = _runs_a_round(visitor, fresh_app, "Conversations: who should talk to whom")
    visitor.sees("Needs left out").sees("6 days more from Leeds in 2026-27 Q4")
    visitor.follow("Ask Leeds for them in 2026-27 Q4, for Decisions that hold")
    visitor.press("Ask for these days").sees("Asked Leeds")
    visitor.become("Partnership lead, Leeds").open("/capacity/E08000035/edit")
    visitor.fill("Own days, confirmed, 2026-27 Q4 (January to March)", "8")
    visitor.press("Save all of it")
    visitor.become(COORDINATOR).open(first)
    second = _lets_the_worker_run_it(visitor, fresh_app, "Run it as things stand now")
    visitor.follow("With round 1").sees("1 added, 0 dropped")
    visitor.open(second).follow("Adopt these suggestions").sees("You are about to make 1")
    visitor.press("Make these suggestions").sees("Adopted")
    visitor.become(RECEIVER).follow("Ask to talk").sees("Suggested by a round")
    visitor.sees("Fits on")
    _follow_on_card(visitor, "Set it beside alternatives", "Help at the front door")
    visitor.sees("Its own journey")


def test_a_plan_changed_by_hand_beyond_what_is_free_says_so_and_is_not_adopted(
    fresh_app: Flask, browser: Browser
) -> None:
    with fresh_app.app_context():
        _six_days_short()
        with transaction():
            make.capacity({clock.this_quarter() + 1: 10 * make.DAY})
            make.need(title="Plans that families follow", days=8 * make.DAY)
        db.session.remove()
    with serving(fresh_app) as address:
        visitor = Visitor(browser, address, PHONE)
        kind = "Commitments: who should work with whom, when and for how many days"
        round_ = _runs_a_round(visitor, fresh_app, kind)
        visitor.follow("Change by hand").sees("The plan breaks no rule")
        there = visitor.page.get_by_role("heading", name="Decisions that hold").count()
        left = "Plans that families follow" if there else "Decisions that hold"
        visitor.choose("Need", left).choose("From", "2026-27 Q4").press("Put it in")
        visitor.sees("This plan breaks a rule and cannot be adopted").sees("days free")
        visitor.open(round_).sees("Changed by hand").sees_not("Adopt these suggestions")
        visitor.open(f"{round_}/adopt").sees("breaks a rule and cannot be adopted")
        visitor.close()


def test_a_director_with_a_phone_weighs_four_offers_of_a_shortlist_and_asks_one(
    fresh_app: Flask, browser: Browser
) -> None:
    with fresh_app.app_context():
        _three_near_wirral()
        with transaction():
            need = f"/needs/{make.need(title='A steadier front door').id}"
        db.session.remove()
    with serving(fresh_app) as address:
        visitor = Visitor(browser, address, PHONE).become(RECEIVER).open(f"{need}/shortlist")
        for name in ("Lancashire", "Salford", "Warrington", "Hertfordshire"):
            _follow_on_card(visitor, "Add to compare", name)
        visitor.sees("To compare: 4 of 4").follow("Compare side by side").sees("Fits on")
        asking = re.compile("Ask to talk: .*Warrington")
        visitor.page.get_by_role("button", name=asking).click()
        visitor.met().sees("Fits on").fill("Your message, in a sentence", "Could we talk?")
        visitor.press("Ask to talk").sees("Asked")
        visitor.close()


def test_a_partnership_is_looked_back_on(fresh_app: Flask, visitor: Visitor) -> None:
    """Staff answer by link, both sides hold a review, and the coordinator reads how it goes."""
    with fresh_app.app_context(), transaction():
        partnership_id = make.steady().id
    page = f"/partnerships/{partnership_id}"
    lead = "Improvement lead, Wirral"
    visitor.become(lead).open(f"{page}/how-it-went").follow("Ask staff how it goes")
    visitor.fill("How many of your staff do you ask?", "5").press("Make the links")
    links = visitor.page.get_by_role("link", name="/pulse/").evaluate_all(
        "links => links.map(link => link.pathname)"
    )
    visitor.press("Sign out")
    for link in links:
        visitor.open(link)
        for agrees in visitor.page.get_by_label("Rather agree", exact=True).all():
            agrees.check()
        visitor.press("Send").sees("You need do nothing more")
    visitor.become(lead).open(f"{page}/reviews").press("Prepare a review")
    review = visitor.path
    for role in (lead, "Partnership lead, Leeds"):
        visitor.become(role).open(review).follow("Answer for your side")
        for agrees in visitor.page.get_by_label("5, agree").all():
            agrees.check()
        visitor.press("Save our answers")
    visitor.follow("Record the review").fill("What you found", "Decisions are quicker.")
    visitor.press("Record the review").sees("Decisions are quicker")
    for role in (RECEIVER, GIVER):
        visitor.become(role).open("/to-read").follow("Review: A steadier front door")
        visitor.press("We have read it").sees("read this for")
    visitor.become(GIVER).open(f"{page}/learned").press("Share with both sides").sees(
        "needs putting right"
    )
    visitor.become(COORDINATOR).open("/health-board").follow("A steadier front door")
    visitor.sees("Both sides agree").follow("Review of 20 November 2026")
    visitor.sees("Decisions are quicker").open("/feedback").sees("How much of it is there")


def test_a_page_works_without_javascript(fresh_app: Flask, browser: Browser) -> None:
    with serving(fresh_app) as address:
        context = browser.new_context(java_script_enabled=False, base_url=address)
        page = context.new_page()
        page.goto("/demo")
        page.get_by_role("button", name=RECEIVER, exact=True).click()
        page.get_by_role("link", name="Needs", exact=True).click()
        page.goto("/needs/new")
        page.get_by_label("Title", exact=True).fill("<script>alert(1)</script> ymlaen مرحبا")
        page.get_by_role("button", name="Save").first.click()
        assert page.get_by_role("heading", name="Something needs putting right").is_visible()
        typed = page.get_by_label("Title", exact=True).input_value()
        assert typed == "<script>alert(1)</script> ymlaen مرحبا"
        context.close()


def test_the_error_summary_takes_focus_and_leads_to_the_field(
    fresh_app: Flask, browser: Browser
) -> None:
    with serving(fresh_app) as address:
        visitor = Visitor(browser, address, PHONE)
        visitor.open("/sign-in").press("Sign in")
        assert visitor.page.evaluate("document.activeElement.className").startswith(
            "govuk-error-summary"
        )
        visitor.page.locator(".govuk-error-summary a").first.click()
        assert visitor.page.evaluate("document.activeElement.name") == "email"
        assert visitor.page.title().startswith("Error: ")
        visitor.close()


def test_everybody_in_the_cast_has_a_button(fresh_app: Flask, browser: Browser) -> None:
    with serving(fresh_app) as address, fresh_app.app_context():
        visitor = Visitor(browser, address, DESKTOP).open("/demo")
        for name in people.NAMES:
            title = people.person(name).name
            assert visitor.page.get_by_role("button", name=title, exact=True).count() == 1, title
        visitor.close()
