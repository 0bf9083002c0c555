"""Partnerships on the screen: who sees what, logging on a phone, hostile input, downloads."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from broker.models.partnership import Partnership, SupportDay
from broker.partnerships import actions
from broker.support_days.queries import log_of
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

SEES = ("giver", "giver_lead", "practitioner", "receiver", "receiver_lead", "coordinator", "deputy")
SEES_WITHOUT_PART = ("dfe", "manager")
SEES_NOTHING = ("other", "second_giver", "far_coordinator", "panel_1", "adviser", "administrator")
LOGS = ("giver", "giver_lead", "practitioner", "receiver", "receiver_lead")


@pytest.fixture
def within(app: Flask) -> Partnership:
    with transaction():
        return make.partnership()


def filled(**typed: str) -> dict[str, str]:
    """The log form as a person fills it: today, one day, on site."""
    today = clock.today()
    return {
        "days": "1",
        "given_on-day": str(today.day),
        "given_on-month": str(today.month),
        "given_on-year": str(today.year),
        "activity": "Observed practice",
        "delivery": "on_site",
        "people_count": "1",
        **{name.replace("__", "-"): text for name, text in typed.items()},
    }


def logged(within: Partnership) -> list[SupportDay]:
    db.session.rollback()
    return log_of(within)


@pytest.mark.parametrize("name", [*SEES, *SEES_WITHOUT_PART])
def test_parties_region_and_programme_see_it(
    within: Partnership, client: PageClient, name: str
) -> None:
    client.sign_in(name)
    assert within.title in client.get("/partnerships")
    said = client.get(f"/partnerships/{within.id}")
    assert "Leeds" in said and "Wirral" in said and "8</b> days approved" in said
    assert ("Log days" in said) is (name in LOGS)


@pytest.mark.parametrize("name", SEES_NOTHING)
def test_for_everybody_else_it_does_not_exist(
    within: Partnership, client: PageClient, name: str
) -> None:
    client.sign_in(name)
    assert within.title not in client.get("/partnerships")
    for address in ("", "/days", "/story", "/log", "/days.csv"):
        client.get(f"/partnerships/{within.id}{address}", expect=404)
    assert within.title not in client.get("/partnerships.csv")


def test_signed_out_people_are_sent_to_sign_in(within: Partnership, client: PageClient) -> None:
    for address in ("/partnerships", "/partnerships.csv", f"/partnerships/{within.id}"):
        client.get(address, expect=302)


@pytest.mark.parametrize("name", [*SEES, *SEES_WITHOUT_PART])
def test_only_the_two_sides_get_the_form(
    within: Partnership, client: PageClient, name: str
) -> None:
    client.sign_in(name).get(f"/partnerships/{within.id}/log", expect=200 if name in LOGS else 403)


def test_a_day_is_logged_with_what_stands_in_the_form_and_confirmed_by_the_other_side(
    within: Partnership, client: PageClient
) -> None:
    client.sign_in("practitioner").get(f"/partnerships/{within.id}/log")
    client.send(activity="Sat beside the front door team")
    client.follow()
    [day] = logged(within)
    assert (day.quarter_days, day.given_on, day.people_count) == (DAY, clock.today(), 1)
    assert "Confirm</button>" not in client.text
    client.get(f"/partnerships/{within.id}/log")
    assert "Sat beside the front door team" in client.text
    client.sign_in("receiver_lead").get(f"/partnerships/{within.id}/days")
    assert "Confirmed: 1 day on 20 November: Sat beside" in client.press("Confirm")


def test_a_double_press_logs_one_day(within: Partnership, client: PageClient) -> None:
    client.sign_in("giver_lead").get(f"/partnerships/{within.id}/log")
    typed = filled(once="a-key-of-this-form")
    address = f"/partnerships/{within.id}/log"
    client.post(address, typed)
    first = client.response.location
    client.post(address, typed)
    assert client.response.location == first
    assert len(logged(within)) == 1


HOSTILE: list[tuple[dict[str, str], str]] = [
    ({"days": ""}, ""),
    ({"days": "0"}, ""),
    ({"days": "0.1"}, "quarters of a day"),
    ({"days": "-1"}, "less than 0"),
    ({"days": "1000000000"}, "5,000 or fewer"),
    ({"days": "1e9"}, "5,000 or fewer"),
    ({"days": "NaN"}, "number of days"),
    ({"days": "8.25"}, "8 days left"),
    ({"days": "<script>alert(1)</script>"}, "number of days"),
    ({"given_on__day": "29", "given_on__month": "2"}, ""),
    ({"given_on__day": "29", "given_on__month": "2", "given_on__year": "2028"}, "in the future"),
    ({"given_on__day": "21", "given_on__month": "11"}, "in the future"),
    ({"given_on__day": "19", "given_on__month": "11"}, "opened on 20 November 2026"),
    ({"given_on__day": "", "given_on__month": "", "given_on__year": ""}, ""),
    ({"given_on__month": "x"}, ""),
    ({"activity": ""}, ""),
    ({"activity": "ŵ" * 201}, "200 characters"),
    ({"activity": "a\x00b"}, "cannot be kept"),
    ({"delivery": "either"}, ""),
    ({"delivery": ""}, ""),
    ({"people_count": "0"}, "1,000"),
    ({"people_count": "many"}, "whole number"),
]


@pytest.mark.parametrize(("typed", "said"), HOSTILE)
def test_bad_input_is_refused_in_words_and_nothing_typed_is_lost(
    within: Partnership, client: PageClient, typed: dict[str, str], said: str
) -> None:
    address = f"/partnerships/{within.id}/log"
    client.sign_in("giver_lead").get(address)
    kept = {"activity": "Goruchwyliaeth Tŷ Ŵyn إشراف", **typed}
    client.post(address, filled(**kept), expect=422)
    assert said in client.text
    assert "Error: Log days" in client.text and "govuk-error-summary" in client.text
    assert "<script>alert" not in client.text
    if typed.keys() & {"days", "given_on__day", "people_count", "delivery"}:
        assert "Goruchwyliaeth Tŷ Ŵyn إشراف" in client.text
    assert logged(within) == []


@pytest.mark.parametrize("text", ["Tŷ Ŵyn", "زيارة الفريق", "<script>alert(1)</script>", "=1+1"])
def test_any_plain_text_is_kept_and_shown_as_text(
    within: Partnership, client: PageClient, text: str
) -> None:
    client.sign_in("receiver_lead").get(f"/partnerships/{within.id}/log")
    client.post(f"/partnerships/{within.id}/log", filled(activity=text, people_count=""))
    client.follow()
    assert "<script>alert" not in client.text
    assert [day.activity for day in logged(within)] == [text]


def _queried(within: Partnership) -> SupportDay:
    day = make.day(within)
    take(day, "query", by=people.person("receiver"), reason="Was it half a day?")
    return day


@pytest.mark.parametrize("name", [*SEES, *SEES_WITHOUT_PART])
def test_a_query_is_read_by_both_sides_and_seen_as_a_state_by_others(
    within: Partnership, client: PageClient, name: str
) -> None:
    with transaction():
        _queried(within)
    said = client.sign_in(name).get(f"/partnerships/{within.id}/days")
    assert "Queried" in said
    assert ("Was it half a day?" in said) is (name in LOGS)


def test_why_it_ended_is_for_the_sides_and_their_coordinator(
    within: Partnership, client: PageClient
) -> None:
    with transaction():
        actions.end_early(within, reason="Trust was lost.", by=people.person("receiver"))
    for name in (*SEES, *SEES_WITHOUT_PART):
        said = client.sign_in(name).get(f"/partnerships/{within.id}/story")
        assert ("Trust was lost." in said) is (name in SEES)
        assert "Log days" not in said
    client.sign_in("giver").get(f"/partnerships/{within.id}/log", expect=409)


def test_verbs_on_days_ask_who_and_when(within: Partnership, client: PageClient) -> None:
    with transaction():
        day = make.day(within)
    address = f"/days/{day.id}"
    become(client, "other").post(f"{address}/confirm", expect=404)
    become(client, "dfe").post(f"{address}/confirm", expect=403)
    become(client, "giver_lead").post(f"{address}/confirm", expect=403)
    become(client, "receiver").post(f"{address}/query", {"reason": ""}, expect=422)
    client.post(f"{address}/answer", {"reason": "x"}, expect=403)
    client.post(f"{address}/log", expect=404)
    client.post(f"{address}/nonsense", expect=404)
    client.post(f"{address}/confirm")
    client.post(f"{address}/confirm", expect=409)
    become(client, "giver_lead").post(f"{address}/void", {"reason": "Wrong date."})
    assert "Wrong date." in client.follow()


def become(client: PageClient, name: str) -> PageClient:
    """Sign in, with a page open to send forms from."""
    client.sign_in(name).get("/partnerships")
    return client


def test_what_is_overdue_says_so(within: Partnership, client: PageClient) -> None:
    with transaction():
        make.day(within)
    late = "Not confirmed for more than 10 working days"
    assert late not in client.sign_in("receiver").get(f"/partnerships/{within.id}/days")
    with clock.set_to(date(2026, 12, 7)):
        assert late in client.get(f"/partnerships/{within.id}/days")


def test_the_phase_moves_and_a_director_ends_it(within: Partnership, client: PageClient) -> None:
    with transaction():
        make.begun(within)
    client.sign_in("giver_lead").get(f"/partnerships/{within.id}")
    for phase in ("Early", "Steady", "Tapering"):
        assert phase in client.press("Move to the next phase", reason="On plan.")
    client.post(f"/partnerships/{within.id}/end", {"reason": "Done."}, expect=403)
    client.sign_in("receiver").get(f"/partnerships/{within.id}")
    said = client.press("End as planned", expect=409, reason="The three tests are met.")
    assert "Record the three tests first" in said and "The three tests are met." in said


def test_the_overview_says_when_it_ends_and_that_the_day_is_past(
    within: Partnership, client: PageClient
) -> None:
    assert "Planned to end" not in client.sign_in("receiver").get(f"/partnerships/{within.id}")
    with transaction():
        plan = make.agreed_plan(within)
        last = plan.exit_on
    page = client.get(f"/partnerships/{within.id}")
    assert "Planned to end" in page and f"{last.day} {last:%B %Y}" in page
    for day, is_past in ((last, False), (last + timedelta(days=1), True)):
        with clock.set_to(day):
            assert ("That day is past" in client.get(f"/partnerships/{within.id}")) is is_past


def test_the_list_is_searched_and_filtered(within: Partnership, client: PageClient) -> None:
    client.sign_in("manager")
    assert within.title in client.get("/partnerships?q=leeds+wirral+front&state=setting_up")
    assert within.title not in client.get("/partnerships?state=ended")
    assert "No partnerships here" in client.get("/partnerships?q=%27%22%3E%3Cscript%3E")
    assert within.title in client.get("/partnerships?state=nonsense&page=99999999999999999999")


def test_the_log_is_filtered_by_quarter(within: Partnership, client: PageClient) -> None:
    with transaction():
        make.day(within)
    ordinal = clock.this_quarter().ordinal
    client.sign_in("giver")
    assert "Looked at decisions" in client.get(f"/partnerships/{within.id}/days?quarter={ordinal}")
    assert "No days logged" in client.get(f"/partnerships/{within.id}/days?quarter={ordinal + 1}")
    assert "Looked at decisions" in client.get(f"/partnerships/{within.id}/days?quarter={10**30}")


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_downloads_hold_what_the_screen_holds(within: Partnership, client: PageClient) -> None:
    with transaction():
        take(make.day(within, quarter_days=6), "confirm", by=people.person("receiver"))
        _queried(within)
    client.sign_in("giver")
    [row] = _rows(client.get("/partnerships.csv?q=leeds"))
    assert (row["days_committed"], row["days_delivered"], row["days_left"]) == ("8", "2.5", "5.5")
    days = _rows(client.get(f"/partnerships/{within.id}/days.csv"))
    assert [(day["days"], day["state"]) for day in days] == [("1", "queried"), ("1.5", "confirmed")]
    assert "Was it half a day?" not in client.text
    assert _rows(client.get("/partnerships.csv?state=ended")) == []


def _count(client: PageClient, address: str) -> int:
    with client.counting() as statements:
        client.get(address)
    return len(statements)


@pytest.mark.parametrize("name", ["manager", "giver", "coordinator"])
def test_questions_to_the_database_do_not_grow_with_rows(
    app: Flask, client: PageClient, name: str
) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 400 * DAY})
        one = _another("First")
        make.day(one)
        _queried(one)
    pages = [f"/partnerships/{one.id}{page}" for page in ("", "/days", "/story")]
    addresses = ("/partnerships", *pages, "/partnerships.csv")
    client.sign_in(name)
    before: dict[str, Any] = {address: _count(client, address) for address in addresses}
    with transaction():
        for title in ("Second", "Third", "Fourth"):
            make.day(_another(title))
        for _ in range(3):
            _queried(one)
    assert {address: _count(client, address) for address in addresses} == before


def _another(title: str) -> Partnership:
    offer = make.offer(title=f"{title} offer")
    return make.partnership(make.agreed(make.match(make.need(title=f"{title} need"), offer)))
