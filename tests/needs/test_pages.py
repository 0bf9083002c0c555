"""The pages of needs, opened as each role would."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker.clock import this_quarter
from broker.db import db, transaction
from broker.events import history_of
from broker.models.authority import Grade
from broker.models.need import Need, NeedState, Priority, Root, Shape, Wish
from broker.models.person import Membership, Role
from broker.needs import actions, queries
from broker.rounds import bridge
from tests import make, people
from tests.client import PageClient
from tests.needs.test_sight import OPENED, SEEN_BY, need_in

DAY = make.DAY
WELSH_AND_ARABIC = "Cymorth i blant yng Ngŵyr, مساعدة الأطفال"


def typed(**change: Any) -> dict[str, Any]:
    """The questions that begin a need, as somebody would type them."""
    return {
        "title": "A steadier front door",
        "programme": str(people.programme().id),
        "theme": str(make.theme().id),
        "days_wanted": "12.5",
        "first_quarter": str(make.next_quarter()),
        **change,
    }


def described() -> Need | None:
    return db.session.scalars(select(Need).order_by(Need.id.desc())).unique().first()


def private_need(**change: Any) -> str:
    """The address of the task list of a private need."""
    with transaction():
        return f"/needs/{make.need(until='private', **change).id}/tasks"


# -- describing


def test_a_need_begins_with_the_questions_of_a_small_ask_and_starts_private(
    client: PageClient,
) -> None:
    client.sign_in("receiver_lead").get("/needs/new")
    assert "could identify a child" in client.text
    client.send(**typed())
    client.follow()
    assert "It is private to your authority." in client.text
    heads = [client.text.index(words) for words in ("What is going well", "What was found")]
    assert heads == sorted(heads), "strengths come first"
    need = described()
    assert need is not None and need.state is NeedState.PRIVATE
    assert (need.days_wanted, need.days_least) == (50, 50)


PAGES: dict[str, dict[str, Any]] = {
    "strengths": {"strengths": "A settled team of practice leaders."},
    "change": {"change_wanted": "Seen sooner.", "children_view": WELSH_AND_ARABIC},
    "found": {
        "strengths_found": "Children like their workers.",
        "diagnosis": "Decisions differ from team to team.",
        "diagnosis_source": "Peer review",
        "diagnosed_on-day": "29",
        "diagnosed_on-month": "2",
        "diagnosed_on-year": "2024",
        "accepted_by": "The leadership team",
    },
    "root": {"root": "finding", "finding": "Decisions are late.", "plan_item": "2.1 Front door"},
    "leads": {"lead_1": "Assistant director, help and protection"},
    "days": {
        "days_wanted": "12.5",
        "days_least": "3.25",
        "quarters_wanted": str(this_quarter() + 3),
        "shape": "tapering",
    },
    "release": {"releases_region": "yes"},
}


def test_every_page_is_saved_at_once_and_all_of_it_can_be_checked(client: PageClient) -> None:
    here = private_need()
    client.sign_in("receiver_lead")
    for name, said in PAGES.items():
        client.get(f"{here}/{name}")
        client.send(**said)
    client.get(here.replace("tasks", "check"))
    for said in PAGES.values():
        for name, value in said.items():
            if name in ("strengths", "children_view", "finding", "accepted_by", "lead_1"):
                assert value in client.text, name
    assert "29 February 2024" in client.text and "North West" in client.text
    need = described()
    assert need is not None
    assert (need.days_wanted, need.days_least, need.quarters_wanted) == (50, 13, 3)
    for name in PAGES:
        client.get(f"{here}/{name}")
        client.send()
    db.session.expire_all()
    assert (need.diagnosed_on, need.releases_region) == (date(2024, 2, 29), True)
    assert (need.root, need.shape) == (Root.FINDING, Shape.TAPERING)
    assert need.themes[0].counterpart == "Assistant director, help and protection"


def test_themes_keep_their_order_and_their_leads_follow_them(client: PageClient) -> None:
    here = private_need()
    first, second, third = (str(theme.id) for theme in [make.theme(), *queries.themes()[3:5]])
    client.sign_in("receiver").get(f"{here}/leads")
    client.send(lead_1="Head of the front door")
    client.get(f"{here}/themes")
    client.send(theme=second, theme_2=first, theme_3=third)
    need = described()
    assert need is not None
    held = [(str(row.theme_id), row.counterpart) for row in need.themes]
    assert held == [(second, ""), (first, "Head of the front door"), (third, "")]
    client.get(f"{here}/themes")
    client.send(expect=422, theme=second, theme_2=second)
    assert "Each theme counts once" in client.text


def test_published_facts_point_to_themes_and_fill_nothing_in_silently(client: PageClient) -> None:
    with transaction():
        wirral = people.authority(people.RECEIVER)
        latest = sorted(wirral.judgements, key=lambda one: one.published_on)[-1]
        latest.children_in_care = Grade.REQUIRES_IMPROVEMENT
    here = private_need()
    client.sign_in("receiver").get(f"{here}/themes")
    assert "Children in care: requires improvement" in client.text
    assert latest.source.split("&")[0][:20] in client.text
    need, pointed = described(), make.theme("fostering")
    assert need is not None
    client.get(f"{here}/themes?theme={pointed.id}")
    assert [row.theme.code for row in need.themes] == [make.theme().code]
    client.send()
    db.session.expire_all()
    assert [row.theme.code for row in need.themes] == [make.theme().code, "fostering"]
    for odd in ("999999", "x", "-1"):
        client.get(f"{here}/themes?theme={odd}")


def test_the_kind_of_help_is_kept(client: PageClient) -> None:
    here = private_need()
    chosen = {
        kind: [str(choice.id) for choice in queries.choices(kind)[:2]]
        for kind in ("support_type", "mode", "style", "level")
    }
    client.sign_in("receiver").get(f"{here}/help")
    client.send(**chosen, delivery="remote")
    need = described()
    assert need is not None and len(need.choices) == 8
    assert need.delivery.value == "remote"


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
    ({"programme": ""}, "Choose an answer to ‘The programme’"),
    ({"programme": "'; DROP TABLE need; --"}, "must be one of the answers listed"),
    ({"theme": "0"}, "must be one of the answers listed"),
    ({"days_wanted": ""}, "Fill in ‘Days wanted’"),
    ({"days_wanted": "ten"}, "Type a number of days"),
    ({"days_wanted": "-1"}, "Days cannot be less than 0"),
    ({"days_wanted": "0"}, "must be more than 0"),
    ({"days_wanted": "1.1"}, "quarters of a day"),
    ({"days_wanted": "5000.25"}, "5,000 or fewer"),
    ({"days_wanted": "1e3000000"}, "5,000 or fewer"),
    ({"first_quarter": "2019-20 Q1"}, "must be one of the answers listed"),
    ({"first_quarter": "29 February"}, "must be one of the answers listed"),
]


@pytest.mark.parametrize(("change", "said"), HOSTILE)
def test_what_does_not_hold_is_said_in_words_and_nothing_typed_is_lost(
    client: PageClient, change: dict[str, Any], said: str
) -> None:
    client.sign_in("receiver").get("/needs/new")
    kept = WELSH_AND_ARABIC if "title" not in change else ""
    client.send(expect=422, **{**typed(title=kept or "A title"), **change})
    assert said in client.text
    assert "Something needs putting right" in client.text
    assert kept in client.text
    assert described() is None
    client.send(**{name: typed()[name] for name in change})
    need = described()
    assert need is not None and (not kept or need.title == kept)


HOSTILE_PAGES: list[tuple[str, dict[str, Any], str]] = [
    ("strengths", {"strengths": "x" * 4001}, "4,000 characters or fewer"),
    ("change", {"change_wanted": ""}, "Fill in ‘The change you want for children’"),
    ("found", {"diagnosis_source": "x" * 201}, "200 characters or fewer"),
    ("found", {**PAGES["found"], "diagnosed_on-year": "2026"}, "there is no 29 February 2026"),
    ("found", {**PAGES["found"], "diagnosed_on-year": "2048"}, "in the future"),
    ("found", {**PAGES["found"], "diagnosed_on-day": "<script>"}, "must have a day between"),
    ("root", {"root": "gossip"}, "must be one of the answers listed"),
    ("title", {"title": "Wirral's worry"}, "Leave &#39;Wirral&#39; out of it"),
    ("themes", {"theme": ""}, "Choose an answer to"),
    ("themes", {"theme_2": "999999"}, "must be one of the answers listed"),
    ("leads", {"lead_1": "x" * 121}, "120 characters or fewer"),
    ("help", {"mode": ["-1"]}, "must be answers from the list"),
    ("days", {"days_least": "12.75", "days_wanted": "12.5"}, "not above the days wanted"),
    ("days", {"days_least": "-0.25"}, "Days cannot be less than 0"),
    ("days", {"quarters_wanted": str(this_quarter())}, "Choose the first quarter, or one up to 7"),
    ("days", {"quarters_wanted": "2019-20 Q1"}, "must be one of the answers listed"),
    ("days", {"shape": "round"}, "must be one of the answers listed"),
]


@pytest.mark.parametrize(("name", "change", "said"), HOSTILE_PAGES)
def test_a_page_that_does_not_hold_changes_nothing(
    client: PageClient, name: str, change: dict[str, Any], said: str
) -> None:
    here = private_need()
    client.sign_in("receiver").get(f"{here}/{name}")
    before = len(history_of(described()))
    client.send(expect=422, **change)
    assert said in client.text
    db.session.expire_all()
    assert len(history_of(described())) == before


def test_script_in_words_is_shown_as_words(client: PageClient) -> None:
    script = "<script>alert(1)</script>"
    here = private_need(title=script)
    client.sign_in("receiver").get(f"{here}/change")
    client.send(change_wanted=script, children_view=script)
    for page in ("tasks", "check", "partners"):
        client.get(here.replace("tasks", page))
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
    here = private_need()
    need = described()
    assert need is not None
    client.sign_in("receiver_lead").get(f"{here}/title")
    client.send(expect=422, title="")
    client.send(title="Steadier decisions")
    client.get(here)
    assert "Steadier decisions" in client.text
    client.sign_in("receiver").get(f"/needs/{need.id}/check")
    client.press("Sign off and submit")
    client.get(here, expect=409)
    client.get(f"{here}/nothing", expect=409)
    client.sign_in("coordinator").get(here, expect=403)


def test_a_larger_need_says_what_should_change_before_it_is_submitted(client: PageClient) -> None:
    client.sign_in("receiver").get("/needs/new")
    client.send(**typed(days_wanted="30"))
    need = described()
    assert need is not None
    client.get(f"/needs/{need.id}/check")
    assert "Say which change you want for children first." in client.text
    client.post(f"/needs/{need.id}/submit", expect=409)


# -- authorities preferred, known, not wanted


def test_wishes_are_read_by_the_authority_and_its_coordinator_alone(client: PageClient) -> None:
    here = private_need().replace("tasks", "partners")
    leeds, essex = people.authority("Leeds"), people.authority("Essex")
    secret = "They sent us a bill last time."
    client.sign_in("receiver").get(here)
    client.send(partner=essex.code, wish="avoided", reason=secret)
    client.get(here)
    need = described()
    assert need is not None
    assert [(row.authority.name, row.wish) for row in need.partners] == [("Essex", Wish.AVOIDED)]
    with transaction():
        actions.speak_of(
            need, leeds, wish=Wish.PREFERRED, reason="", by=people.person("receiver_lead")
        )
        actions.submit(need, by=people.person("receiver"))
        make.opened(need)
    facts = bridge.needs_facts([need])[0]
    assert (facts.preferred, facts.avoids) == ({leeds.code}, {essex.code})
    for name in sorted(OPENED):
        client.sign_in(name).get(f"/needs/{need.id}")
        assert (secret in client.text) is (name not in ("dfe", "manager")), name
        assert ("Essex" in client.text) is (name not in ("dfe", "manager")), name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"partner": ""}, "Choose an answer to ‘Authority’"),
        ({"partner": "E00000000"}, "must be one of the answers listed"),
        ({"wish": "hated"}, "must be one of the answers listed"),
        ({"reason": "x" * 1001}, "1,000 characters or fewer"),
    ],
)
def test_a_wish_that_does_not_hold_is_said_in_words(
    client: PageClient, change: dict[str, str], said: str
) -> None:
    here = private_need().replace("tasks", "partners")
    whole = {"partner": people.authority("Leeds").code, "wish": "known", "reason": "Neighbours."}
    client.sign_in("receiver").get(here)
    client.send(expect=422, **{**whole, **change})
    assert said in client.text
    client.send(**whole)
    client.get(here)
    client.press("Take out")
    assert "Neighbours." not in client.text


# -- following on, and priority


def test_a_follow_on_is_one_press_away_and_linked(client: PageClient) -> None:
    with transaction():
        need = make.need()
    client.sign_in("receiver_lead").get(f"/needs/{need.id}")
    client.press("Begin a follow-on need")
    made = described()
    assert made is not None and made.follows is not None and made.follows.id == need.id
    assert (made.state, made.title) == (NeedState.PRIVATE, need.title)
    assert made.first_quarter == need.last_quarter + 1
    client.get(f"/needs/{made.id}")
    assert "Follows" in client.text
    client.sign_in("coordinator").post(f"/needs/{need.id}/follow-on", expect=403)


def test_the_coordinator_sets_a_priority_with_a_reason(client: PageClient) -> None:
    with transaction():
        need = make.need()
    client.sign_in("coordinator").get(f"/needs/{need.id}/priority")
    client.send(expect=422, priority="first", because=" ")
    client.send(priority="first", because="A monitoring visit is near.")
    db.session.expire_all()
    assert need.priority is Priority.FIRST
    assert bridge.needs_facts([need])[0].priority == 3
    for name in ("receiver", "dfe"):
        client.sign_in(name).get(f"/needs/{need.id}")
        assert ("A monitoring visit is near." in client.text) is (name == "receiver")
        client.get(f"/needs/{need.id}/priority", expect=403)


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
            client.get(f"/needs/{need.id}/tasks", expect=404)
            client.get(f"/needs/{need.id}/readiness", expect=404)
            client.post(f"/needs/{need.id}/submit", expect=404)
            client.post(f"/needs/{need.id}/withdraw", expect=404)
            assert title not in client.text


def test_a_need_has_no_page_for_those_not_signed_in(client: PageClient) -> None:
    with transaction():
        need = make.need()
    for address in ("/needs", f"/needs/{need.id}", f"/needs/{need.id}/tasks", "/needs/new"):
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
    client.send(outcome="ready", evidence="Improvement board papers seen.")
    client.sign_in("receiver_lead").get(f"{here}/readiness/read")
    client.send(comment="Fair.")
    with transaction():
        make.signed(db.session.get_one(Need, need.id))
    client.sign_in("coordinator").get(here)
    assert "Fair." in client.text
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
