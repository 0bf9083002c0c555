"""The pages of needs, opened as each role would."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker.clock import this_quarter
from broker.db import db, transaction
from broker.models.need import Need, NeedState, Readiness
from broker.models.person import Membership, Role
from broker.needs import actions, queries
from tests import make, people
from tests.client import PageClient
from tests.needs.test_sight import OPENED, SEEN_BY, need_in

DAY = make.DAY
WELSH_AND_ARABIC = "Cymorth i blant yng Ngŵyr, مساعدة الأطفال"


def typed(**change: Any) -> dict[str, Any]:
    """A need as somebody would type it."""
    return {
        "title": "A steadier front door",
        "programme": str(people.programme().id),
        "strengths": "A settled team of practice leaders.",
        "theme": str(make.theme().id),
        "change_wanted": "Children are seen sooner.",
        "diagnosis": "Peer review, May 2026.",
        "days_wanted": "12.5",
        "days_least": "3",
        "first_quarter": str(make.next_quarter()),
        "quarters_wanted": "2",
        "shape": "even",
        "delivery": "either",
        **change,
    }


def described() -> Need | None:
    return db.session.scalars(select(Need).order_by(Need.id.desc())).unique().first()


# -- describing


def test_a_need_is_described_on_one_page_and_starts_private(client: PageClient) -> None:
    client.sign_in("receiver_lead").get("/needs/new")
    assert client.text.index("What is going well") < client.text.index("What you know about it")
    assert "could identify a child" in client.text
    client.send(**typed())
    client.follow()
    assert "It is private to your authority." in client.text
    need = described()
    assert need is not None and need.state is NeedState.PRIVATE
    assert (need.days_wanted, need.days_least) == (50, 12)
    assert need.strengths == "A settled team of practice leaders."


def test_all_of_a_form_is_kept(client: PageClient) -> None:
    themes = [str(theme.id) for theme in queries.themes()[1:3]]
    support = [str(choice.id) for choice in queries.choices("support_type")[:2]]
    modes = [str(queries.choices("mode")[0].id)]
    client.sign_in("receiver").get("/needs/new")
    client.send(
        **typed(
            further_themes=[*themes, str(make.theme().id)],
            support_types=support,
            modes=modes,
            releases_region="yes",
            shape="tapering",
            delivery="remote",
        )
    )
    need = described()
    assert need is not None
    assert [str(row.theme_id) for row in need.themes] == [str(make.theme().id), *themes]
    assert {str(choice.id) for choice in need.choices} == {*support, *modes}
    assert need.releases_region
    client.get(f"/needs/{need.id}/edit")
    client.send()
    db.session.expire_all()
    assert [str(row.theme_id) for row in need.themes] == [str(make.theme().id), *themes]
    assert {str(choice.id) for choice in need.choices} == {*support, *modes}
    assert (need.shape.value, need.delivery.value) == ("tapering", "remote")
    assert need.releases_region


def test_a_first_quarter_can_be_this_one_and_the_seven_after_it(client: PageClient) -> None:
    client.sign_in("receiver").get("/needs/new")
    for ahead in range(8):
        assert f'value="{this_quarter() + ahead}"' in client.text
    for away in (-1, 8):
        assert f'value="{this_quarter() + away}"' not in client.text


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "Fill in ‘Title’"),
    ({"title": "x" * 121}, "120 characters or fewer"),
    ({"title": "Wirral's front door"}, "Leave &#39;Wirral&#39; out of it"),
    ({"title": "a\x00b"}, "cannot be kept"),
    ({"strengths": "x" * 4001}, "4,000 characters or fewer"),
    ({"change_wanted": ""}, "Fill in ‘The change you want for children’"),
    ({"programme": ""}, "Choose an answer to ‘The programme’"),
    ({"programme": "999999"}, "must be one of the answers listed"),
    ({"programme": "'; DROP TABLE need; --"}, "must be one of the answers listed"),
    ({"theme": "0"}, "must be one of the answers listed"),
    ({"further_themes": ["999999"]}, "must be answers from the list"),
    ({"support_types": ["x"]}, "must be answers from the list"),
    ({"modes": ["-1"]}, "must be answers from the list"),
    ({"days_wanted": ""}, "Fill in ‘Days wanted’"),
    ({"days_wanted": "ten"}, "Type a number of days"),
    ({"days_wanted": "-1"}, "Days cannot be less than 0"),
    ({"days_wanted": "0"}, "must be more than 0"),
    ({"days_wanted": "1.1"}, "quarters of a day"),
    ({"days_wanted": "5000.25"}, "5,000 or fewer"),
    ({"days_wanted": "NaN"}, "Type a number of days"),
    ({"days_wanted": "1e3000000"}, "5,000 or fewer"),
    ({"days_least": "12.75"}, "not above the days wanted"),
    ({"first_quarter": "2019-20 Q1"}, "must be one of the answers listed"),
    ({"first_quarter": "29 February"}, "must be one of the answers listed"),
    ({"quarters_wanted": "9"}, "must be one of the answers listed"),
    ({"shape": "round"}, "must be one of the answers listed"),
    ({"delivery": ""}, "Choose an answer to ‘How it is given’"),
]


@pytest.mark.parametrize(("change", "said"), HOSTILE)
def test_what_does_not_hold_is_said_in_words_and_nothing_typed_is_lost(
    client: PageClient, change: dict[str, Any], said: str
) -> None:
    client.sign_in("receiver").get("/needs/new")
    kept = typed(diagnosis=WELSH_AND_ARABIC, **change)
    client.send(expect=422, **kept)
    assert said in client.text
    assert "Something needs putting right" in client.text
    assert WELSH_AND_ARABIC in client.text
    assert described() is None
    put_right = {name: value for name, value in typed().items() if name in change}
    cleared = {name: [] for name in change if name not in put_right}
    client.send(**put_right, **cleared)
    need = described()
    assert need is not None and need.diagnosis == WELSH_AND_ARABIC


def test_script_in_words_is_shown_as_words(client: PageClient) -> None:
    script = "<script>alert(1)</script>"
    client.sign_in("receiver").get("/needs/new")
    client.send(**typed(title=script, strengths=script, change_wanted=script, diagnosis=script))
    client.follow()
    assert script not in client.text
    assert "&lt;script&gt;" in client.text
    client.get("/needs?q=" + "%3Cscript%3E")
    assert script not in client.text


def test_welsh_and_arabic_words_are_kept_and_found(client: PageClient) -> None:
    client.sign_in("receiver").get("/needs/new")
    client.send(**typed(title=WELSH_AND_ARABIC))
    client.get("/needs?q=NGŴYR")
    assert WELSH_AND_ARABIC in client.text
    client.get("/needs?q=الأطفال")
    assert WELSH_AND_ARABIC in client.text


def test_sending_the_form_twice_or_after_back_makes_one_need(client: PageClient) -> None:
    client.sign_in("receiver").get("/needs/new")
    page, response = client.page, client.response
    led_to = []
    for title in ("A steadier front door", "A steadier front door", "Changed after Back"):
        client.page, client.response = page, response
        client.send(**typed(title=title))
        led_to.append(client.response.location)
    assert len(set(led_to)) == 1
    assert db.session.scalar(select(func.count(Need.id))) == 1


@pytest.mark.parametrize(
    "name", ["giver_lead", "coordinator", "dfe", "manager", "practitioner", "administrator"]
)
def test_only_directors_and_improvement_leads_describe(client: PageClient, name: str) -> None:
    client.sign_in(name).get("/needs/new", expect=403)
    client.post("/needs/new", typed(), expect=403)
    assert described() is None


def test_somebody_of_two_authorities_says_for_which_one(client: PageClient) -> None:
    with transaction():
        director, other = people.person("receiver"), people.authority(people.OTHER)
        director.memberships.append(
            Membership(role=Role.DIRECTOR, authority=other, starts_on=people.START)
        )
    client.sign_in("receiver").get("/needs/new")
    client.send(expect=422, **typed())
    assert "Choose an answer to ‘Which authority is this for?’" in client.text
    client.send(expect=422, receiver=str(people.authority(people.GIVER).id))
    client.send(receiver=str(people.authority(people.OTHER).id))
    need = described()
    assert need is not None and need.receiver.name == people.OTHER


# -- changing


def test_a_private_need_is_changed_and_a_submitted_one_is_not(client: PageClient) -> None:
    with transaction():
        need = make.need(until="private")
    client.sign_in("receiver_lead").get(f"/needs/{need.id}/edit")
    client.send(expect=422, title="")
    client.send(title="Steadier decisions")
    client.follow()
    assert "Steadier decisions" in client.text
    client.sign_in("receiver").get(f"/needs/{need.id}")
    client.press("Sign off and submit")
    client.get(f"/needs/{need.id}/edit", expect=409)
    client.sign_in("coordinator").get(f"/needs/{need.id}/edit", expect=403)


# -- who sees it


@pytest.mark.parametrize("state", ["private", "in_confidence", "submitted", "open"])
def test_pages_of_a_need_answer_those_the_table_names_and_404_to_others(
    client: PageClient, state: str
) -> None:
    with transaction():
        need = need_in(state)
    title = need.title
    for name in people.NAMES:
        is_seen = name in SEEN_BY[state]
        client.sign_in(name).get(f"/needs/{need.id}", expect=200 if is_seen else 404)
        if not is_seen:
            client.get(f"/needs/{need.id}/edit", expect=404)
            client.get(f"/needs/{need.id}/readiness", expect=404)
            client.post(f"/needs/{need.id}/submit", expect=404)
            client.post(f"/needs/{need.id}/withdraw", expect=404)
            assert title not in client.text


def test_a_need_has_no_page_for_those_not_signed_in(client: PageClient) -> None:
    with transaction():
        need = make.need()
    for address in ("/needs", f"/needs/{need.id}", f"/needs/{need.id}/edit", "/needs/new"):
        client.get(address, expect=302)
        assert "/sign-in" in (client.response.location or "")


def test_numbers_that_name_no_need_are_404(client: PageClient) -> None:
    client.sign_in("receiver")
    for number in ("0", "999999", "99999999999999999999999"):
        client.get(f"/needs/{number}", expect=404)


def test_reasons_and_readiness_stay_inside(client: PageClient) -> None:
    with transaction():
        need = make.need(days=30 * DAY, until="submitted")
    client.sign_in("coordinator").get(f"/needs/{need.id}")
    client.press("Send back", reason="Say more of what works.", expect=302)
    with transaction():
        need = db.session.get_one(Need, need.id)
        actions.submit(need, by=people.person("receiver"))
        make.opened(need)
        make.conversation(need)
    for name in sorted(OPENED):
        client.sign_in(name).get(f"/needs/{need.id}")
        is_inside = name not in ("dfe", "manager")
        for words in ("Say more of what works.", "Improvement board papers", "Offers considered"):
            assert (words in client.text) is is_inside, (name, words)
        assert (f"/needs/{need.id}/shortlist" in client.text) is is_inside


def test_the_page_shows_what_providers_will_see(client: PageClient) -> None:
    with transaction():
        need = make.need(until="private")
    client.sign_in("receiver").get(f"/needs/{need.id}")
    assert "What providers see before you talk" in client.text
    assert "Not released" in client.text
    assert "8 days" in client.text


# -- moving on


def test_the_walk_from_private_to_open(client: PageClient) -> None:
    with transaction():
        need = make.need(days=30 * DAY, until="private")
    here = f"/needs/{need.id}"
    client.sign_in("receiver_lead").get(here)
    client.press("Share in confidence with your coordinator")
    client.sign_in("receiver").get(here)
    client.press("Sign off and submit")
    client.sign_in("coordinator").get(here)
    assert "Record a readiness check first" in client.text
    client.post(f"{here}/open", expect=409)
    client.get(f"{here}/readiness")
    client.send(
        outcome="ready",
        evidence="Improvement board papers seen.",
        **{
            "chief_executive_signed_on-day": "2",
            "chief_executive_signed_on-month": "11",
            "chief_executive_signed_on-year": "2026",
            "lead_member_signed_on-day": "3",
            "lead_member_signed_on-month": "11",
            "lead_member_signed_on-year": "2026",
        },
    )
    client.follow()
    client.press("Open this need")
    assert "Opened" in client.text
    client.sign_in("dfe").get(here)


def test_sending_back_leads_to_the_list(client: PageClient) -> None:
    with transaction():
        need = make.need(until="submitted")
    client.sign_in("coordinator").get(f"/needs/{need.id}")
    client.press("Send back", expect=422, reason=" ")
    client.get(f"/needs/{need.id}")
    client.press("Send back", reason="Say more.")
    client.get(f"/needs/{need.id}", expect=404)


def signed(**parts: str) -> dict[str, str]:
    named = {"day": "2", "month": "11", "year": "2026", **parts}
    return {f"chief_executive_signed_on-{part}": value for part, value in named.items()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": ""}, "Choose an answer to ‘Is the authority ready?’"),
        ({"outcome": "perfect"}, "must be one of the answers listed"),
        ({"evidence": ""}, "Fill in ‘What shows it’"),
        ({"evidence": "x" * 4001}, "4,000 characters or fewer"),
        ({"outcome": "conditional"}, "Say which conditions"),
        (signed(day="29", month="2", year="2026"), "there is no 29 February 2026"),
        (signed(day="31", month="12", year="2026"), "in the future"),
        (signed(month="13"), "must have a month between 1 and 12"),
        (signed(year="26"), "must have a year between"),
        (signed(day="<script>"), "must have a day between"),
        (signed(year=""), "needs a year"),
    ],
)
def test_a_readiness_check_that_does_not_hold_keeps_what_was_typed(
    client: PageClient, change: dict[str, str], said: str
) -> None:
    with transaction():
        need = make.need(days=30 * DAY, until="submitted")
    client.sign_in("coordinator").get(f"/needs/{need.id}/readiness")
    whole = {"outcome": "ready", "evidence": WELSH_AND_ARABIC, "conditions": "Kept words"}
    if change.get("outcome") == "conditional":
        whole["conditions"] = ""
    client.send(expect=422, **{**whole, **change})
    assert said in client.text
    if "evidence" not in change:
        assert WELSH_AND_ARABIC in client.text
    db.session.expire_all()
    assert queries.readiness_of(need) == []


def test_29_february_of_a_leap_year_is_a_date(client: PageClient) -> None:
    with transaction():
        need = make.need(days=30 * DAY, until="submitted")
    client.sign_in("coordinator").get(f"/needs/{need.id}/readiness")
    whole = {"outcome": "ready", "evidence": "Papers."}
    client.send(**whole, **signed(day="29", month="2", year="2024"))
    checks = queries.readiness_of(need)
    assert [check.outcome for check in checks] == [Readiness.READY]


@pytest.mark.parametrize("name", ["receiver", "receiver_lead", "dfe", "manager"])
def test_only_the_coordinator_checks_readiness(client: PageClient, name: str) -> None:
    with transaction():
        need = make.need(days=30 * DAY)
    client.sign_in(name).get(f"/needs/{need.id}/readiness", expect=403)
    client.post(f"/needs/{need.id}/readiness", {"outcome": "ready"}, expect=403)


def test_verbs_without_a_button_cannot_be_pressed(client: PageClient) -> None:
    with transaction():
        need = make.need()
    client.sign_in("receiver")
    for verb in ("match", "describe", "edit_all", "check_readiness", "reopen"):
        client.post(f"/needs/{need.id}/{verb}", expect=404)


# -- the list


def make_needs(count: int) -> None:
    with transaction():
        for number in range(count):
            make.need(title=f"Need number {number}", until="open" if number % 2 else "private")


def test_the_list_shows_each_person_what_they_may_see(client: PageClient) -> None:
    make_needs(4)
    for name, count in (("receiver", 4), ("coordinator", 2), ("dfe", 2), ("manager", 2)):
        client.sign_in(name).get("/needs")
        assert client.text.count('class="app-card"') == count, name
        assert "inadequate" not in client.text.casefold()
    client.sign_in("other").get("/needs")
    assert "No needs yet" in client.text
    client.sign_in("practitioner").get("/needs", expect=403)


def test_the_list_is_searched_filtered_sorted_and_paged(client: PageClient) -> None:
    make_needs(23)
    client.sign_in("receiver").get("/needs?q=number+22")
    assert client.text.count('class="app-card"') == 1
    client.get("/needs?state=open")
    assert "11 needs" in client.text
    client.get(f"/needs?theme={make.theme().id}&page=2")
    assert client.text.count('class="app-card"') == 3
    client.get("/needs?theme=999999")
    assert "No needs fit this search" in client.text
    client.get("/needs?order=waiting")
    assert client.text.index("Need number 0") < client.text.index("Need number 1<")
    for odd in ("state=nowhere", "theme=x", "order=best", "page=-3", "page=99999", "q=%00"):
        client.get(f"/needs?{odd}")


@pytest.mark.parametrize("name", ["receiver", "coordinator", "dfe"])
def test_the_list_asks_the_database_no_more_for_more_rows(client: PageClient, name: str) -> None:
    make_needs(4)
    client.sign_in(name).get("/needs")
    with client.counting() as few:
        client.get("/needs")
    make_needs(12)
    with client.counting() as many:
        client.get("/needs")
    assert len(many) == len(few)


def test_the_page_of_a_need_asks_no_more_for_more_suggestions(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        need = make.need()
        make.conversation(need, make.offer())
    client.sign_in("receiver").get(f"/needs/{need.id}")
    with client.counting() as few:
        client.get(f"/needs/{need.id}")
    with transaction():
        for number in range(5):
            make.suggestion(need, make.offer(title=f"Offer {number}"))
    with client.counting() as many:
        client.get(f"/needs/{need.id}")
    assert len(many) == len(few)
