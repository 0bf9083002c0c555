"""Matches on the screen: who sees what, hostile input, lists that stay quick."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from broker.db import db, transaction
from broker.matches import actions
from broker.models.authority import Authority
from broker.models.match import Match, MatchState, PanelVote, Vote
from broker.models.readiness import Readiness
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

WELSH = "Rhown blant yn gyntaf, ŵyr a mân bethau ï ŷ"
ARABIC = "نضع الأطفال أولاً"
SCRIPT = "<script>alert('x')</script> & \"quotes\""


@pytest.fixture
def talking(app: Flask) -> Match:
    with transaction():
        make.capacity()
        return make.match()


@pytest.fixture
def with_panel(app: Flask) -> Match:
    with transaction():
        make.capacity({make.next_quarter(): 60 * DAY})
        need = make.opened(make.need(days=24 * DAY, until="submitted"), Readiness.CONDITIONAL)
        match = make.agreed(make.match(need))
        actions.send_to_panel(match, by=people.person("coordinator"))
        return match


def typed(**changed: str) -> dict[str, Any]:
    """The terms form as a person fills it: eight days in the second quarter shown."""
    days = {f"days_{8106 + n}": "" for n in range(8)}
    words = {"aims": "Children are seen sooner.", "delivery": "either"}
    return {**days, "days_8107": "8", **words, **changed}


def fresh(match: Match) -> Match:
    db.session.rollback()
    db.session.refresh(match)
    return match


# -- seeing -----------------------------------------------------------------------------------

SEES = ("giver", "giver_lead", "receiver", "receiver_lead", "coordinator", "deputy", "dfe")


@pytest.mark.parametrize("name", people.NAMES)
def test_parties_region_and_programme_see_a_match_and_for_others_there_is_none(
    talking: Match, client: PageClient, name: str
) -> None:
    client.sign_in(name)
    is_seen = name in (*SEES, "manager")
    page = client.get(f"/matches/{talking.id}", expect=200 if is_seen else 404)
    assert (talking.need.title in page) is is_seen
    assert (talking.need.title in client.get("/matches")) is is_seen


FORMS = ("terms", "one-provider", "panel")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", ["999999", "2147483648", "99999999999999999999"])
def test_the_form_of_a_match_that_is_not_there_is_no_page(
    client: PageClient, app: Flask, form: str, number: str
) -> None:
    client.sign_in("giver").get(f"/matches/{number}/{form}", expect=404)


@pytest.mark.parametrize("form", FORMS)
def test_a_strangers_post_finds_nothing_and_changes_nothing(
    talking: Match, client: PageClient, form: str
) -> None:
    client.sign_in("other")
    sent = {**typed(), "because": "x", "vote": "for", "reason": "x"}
    client.post(f"/matches/{talking.id}/{form}", sent, expect=404)
    assert fresh(talking).terms_number == 1 and talking.only_one_because == ""


def test_votes_are_read_by_panel_region_and_programme_and_by_neither_party(
    with_panel: Match, client: PageClient
) -> None:
    with transaction():
        actions.vote(
            with_panel, vote=Vote.AGAINST, reason="Not steady yet", by=people.person("panel_2")
        )
    for name in ("panel_1", "coordinator", "manager"):
        assert "Not steady yet" in client.sign_in(name).get(f"/matches/{with_panel.id}")
    for name in ("giver", "receiver", "receiver_lead", "dfe"):
        assert "Not steady yet" not in client.sign_in(name).get(f"/matches/{with_panel.id}")


# -- terms ------------------------------------------------------------------------------------


def test_the_terms_form_shows_the_terms_and_proposes_others(
    talking: Match, client: PageClient
) -> None:
    client.sign_in("receiver_lead").get(f"/matches/{talking.id}/terms")
    client.send(days_8107="3.25", days_8108="2", aims="Sooner help")
    assert "Both directors now agree to them afresh" in client.follow()
    assert [row.quarter_days for row in fresh(talking).days] == [13, 8]
    assert talking.aims == "Sooner help"


DAYS_REFUSED = [
    ("-1", "cannot be less than 0"),
    ("0.1", "quarters of a day"),
    ("1e9", "5,000 or fewer"),
    ("NaN", "Type a number of days"),
    ("Infinity", "Type a number of days"),
    ("٣x", "Type a number of days"),
    ("saith", "Type a number of days"),
    ("ثمانية", "Type a number of days"),
    (SCRIPT, "Type a number of days"),
    ("9" * 500, "5,000 or fewer"),
    ("9" * 5000, "Type a number of days"),
    ("60.25", "at most 60 days"),
]


@pytest.mark.parametrize(("days", "said"), DAYS_REFUSED, ids=range(len(DAYS_REFUSED)))
def test_days_that_are_no_days_are_refused_in_words_and_nothing_typed_is_lost(
    talking: Match, client: PageClient, days: str, said: str
) -> None:
    client.sign_in("giver").get(f"/matches/{talking.id}/terms")
    page = client.send(expect=422, **typed(days_8107=days, aims=f"{WELSH} {ARABIC}"))
    assert said in page and WELSH in page and ARABIC in page
    assert "<script>alert" not in page
    assert days in html.unescape(page)
    assert fresh(talking).terms_number == 1


@pytest.mark.parametrize("empty", [{}, {"aims": "What changes"}])
def test_terms_sent_empty_are_refused(
    talking: Match, client: PageClient, empty: dict[str, str]
) -> None:
    client.sign_in("giver")
    page = client.post(f"/matches/{talking.id}/terms", empty, expect=422)
    assert "Something needs putting right" in page
    assert fresh(talking).total_days == 8 * DAY


def test_no_days_in_any_quarter_is_refused(talking: Match, client: PageClient) -> None:
    client.sign_in("giver").get(f"/matches/{talking.id}/terms")
    assert "at least one quarter" in client.send(expect=422, **typed(days_8107="0"))


@pytest.mark.parametrize("days", ["0.25", "60", "59.75", "8.0", "8 days"])
def test_quarter_days_up_to_the_offers_most_are_terms(
    talking: Match, client: PageClient, days: str
) -> None:
    client.sign_in("giver").get(f"/matches/{talking.id}/terms")
    client.send(**typed(days_8107=days))
    assert fresh(talking).total_days == float(days.removesuffix(" days")) * DAY


# -- words ------------------------------------------------------------------------------------


def words_form(name: str, request: pytest.FixtureRequest) -> tuple[str, Match, str, dict[str, str]]:
    """(who, match, field of words, the rest of the form) for each form with words in it."""
    if name == "terms":
        return "giver", request.getfixturevalue("talking"), "aims", typed()
    if name == "one-provider":
        return "receiver_lead", request.getfixturevalue("talking"), "because", {}
    return "panel_1", request.getfixturevalue("with_panel"), "reason", {"vote": "for"}


@pytest.mark.parametrize("form", FORMS)
def test_words_that_are_too_long_are_refused_and_kept(
    request: pytest.FixtureRequest, client: PageClient, form: str
) -> None:
    who, match, field, rest = words_form(form, request)
    client.sign_in(who)
    text = "å" * 2001
    page = client.post(f"/matches/{match.id}/{form}", {**rest, field: text}, expect=422)
    assert "2,000 characters or fewer" in page and text in page


@pytest.mark.parametrize("form", ["one-provider", "panel"])
@pytest.mark.parametrize("text", ["", "   \n\t "])
def test_words_that_are_missing_are_asked_for(
    request: pytest.FixtureRequest, client: PageClient, form: str, text: str
) -> None:
    who, match, field, rest = words_form(form, request)
    client.sign_in(who)
    page = client.post(f"/matches/{match.id}/{form}", {**rest, field: text}, expect=422)
    assert "Something needs putting right" in page
    assert db.session.scalars(select(PanelVote)).all() == []


@pytest.mark.parametrize("form", FORMS)
def test_odd_characters_are_taken_out_and_shown_before_anything_is_kept(
    request: pytest.FixtureRequest, client: PageClient, form: str
) -> None:
    who, match, field, rest = words_form(form, request)
    client.sign_in(who)
    sent = {**rest, field: "One\x00 two\u202e three"}
    page = client.post(f"/matches/{match.id}/{form}", sent, expect=422)
    assert "One two three" in page and "cannot be kept" in page


@pytest.mark.parametrize("form", FORMS)
def test_words_in_any_language_and_with_tags_are_kept_as_they_are_and_shown_as_words(
    request: pytest.FixtureRequest, client: PageClient, form: str
) -> None:
    who, match, field, rest = words_form(form, request)
    client.sign_in(who)
    text = f"{WELSH} {ARABIC} {SCRIPT}"
    client.post(f"/matches/{match.id}/{form}", {**rest, field: text})
    page = client.follow()
    assert "<script>alert" not in page
    assert text in html.unescape(page)


@pytest.mark.parametrize("vote", ["", "maybe", "FOR", "for ", SCRIPT])
def test_a_vote_that_is_none_is_refused_and_the_reason_kept(
    with_panel: Match, client: PageClient, vote: str
) -> None:
    client.sign_in("panel_1")
    sent = {"vote": vote, "reason": f"Because {ARABIC}"}
    page = client.post(f"/matches/{with_panel.id}/panel", sent, expect=422)
    assert (
        "Something needs putting right" in page and ARABIC in page and "<script>alert" not in page
    )
    assert fresh(with_panel).state is MatchState.WITH_PANEL
    assert db.session.scalars(select(PanelVote)).all() == []


def test_a_vote_is_counted_once_however_often_it_is_sent(
    with_panel: Match, client: PageClient
) -> None:
    client.sign_in("panel_1").get(f"/matches/{with_panel.id}/panel")
    filled = {"vote": "for", "reason": "The plan is clear"}
    client.send(**filled)
    client.get(f"/matches/{with_panel.id}/panel")
    client.send(expect=403, **filled)
    assert len(db.session.scalars(select(PanelVote)).all()) == 1


# -- pressing ---------------------------------------------------------------------------------


def test_agreeing_twice_is_refused_in_words(talking: Match, client: PageClient) -> None:
    client.sign_in("receiver").get(f"/matches/{talking.id}")
    client.press("Agree to these terms")
    assert "director is next" in client.press("Agree to these terms", expect=409)


def test_sending_back_asks_for_the_question_and_keeps_the_days_until_there_is_one(
    talking: Match, client: PageClient
) -> None:
    with transaction():
        make.agreed(talking)
    client.sign_in("coordinator").get(f"/matches/{talking.id}")
    client.press("Send back with a question", expect=422, reason=" ")
    assert fresh(talking).state is MatchState.AGREED
    client.get(f"/matches/{talking.id}")
    page = client.press("Send back with a question", reason="Who leads on data?")
    assert "Nobody yet" in page and "Who leads on data?" in page
    assert fresh(talking).state is MatchState.TALKING


@pytest.mark.parametrize("verb", ["close", "lapse", "vote", "counter_offer", "talk", "dance"])
def test_verbs_without_a_button_cannot_be_pressed(
    talking: Match, client: PageClient, verb: str
) -> None:
    client.sign_in("giver").post(f"/matches/{talking.id}/{verb}", expect=404)


# -- the list ---------------------------------------------------------------------------------


def some_matches(count: int, title: str = "Need") -> None:
    """So many matches of Wirral's with so many providers' offers."""
    with transaction():
        offers = [make.offer(title=f"Offer {n}") for n in range(count)]
        for number, offer in enumerate(offers):
            make.match(make.need(title=f"{title} {number}"), offer)


def test_the_list_is_searched_filtered_and_turned_page_by_page(
    app: Flask, client: PageClient
) -> None:
    some_matches(22)
    client.sign_in("receiver")
    assert "<strong>22</strong> matches" in client.get("/matches")
    assert client.text.count('class="app-card"') == 20
    assert client.get("/matches?page=2").count('class="app-card"') == 2
    assert "<strong>1</strong> match" in client.get("/matches?q=need+21+leeds")
    assert "<strong>22</strong>" in client.get("/matches?state=talking")
    assert "No matches here" in client.get("/matches?state=approved")
    assert "No matches here" in client.get("/matches?q=zebra")


@pytest.mark.parametrize(
    "query",
    [
        "page=-1", "page=abc", "page=99999999999999999999", "state=nonsense", "q=%00%E2%80%AE",
        "q=%25&state=%3Cscript%3E", "q=" + "x" * 3000, "page=&state=&q=",
    ],
)  # fmt: skip
def test_odd_questions_of_the_list_are_answered(app: Flask, client: PageClient, query: str) -> None:
    client.sign_in("receiver").get(f"/matches?{query}")


@pytest.mark.parametrize("name", ["receiver", "coordinator", "manager"])
def test_the_list_asks_as_many_questions_of_thirty_matches_as_of_three(
    app: Flask, client: PageClient, name: str
) -> None:
    asked = []
    for more in (3, 27):
        some_matches(more, title=f"Batch of {more}")
        spread_over_authorities()
        db.session.remove()
        client.sign_in(name)
        with client.counting() as statements:
            client.get("/matches")
        asked.append(len(statements))
    assert asked[0] == asked[1], asked


def spread_over_authorities() -> None:
    """Give every match another provider, so that nothing is loaded by chance."""
    with transaction():
        others = db.session.scalars(select(Authority).order_by(Authority.id)).all()
        for match in db.session.scalars(select(Match)).unique():
            match.provider_id = others[match.id].id
