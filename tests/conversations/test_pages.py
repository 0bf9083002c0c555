"""The pages of asking and talking, opened as each role would."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker.clock import this_quarter
from broker.conversations import actions
from broker.db import db, transaction
from broker.models.match import Answer, Conversation, Side, Suggestion
from broker.models.need import Need, NeedState
from broker.models.person import Membership, Role
from broker.needs import actions as needs
from tests import make, people
from tests.client import PageClient

DAY = make.DAY
WELSH_AND_ARABIC = "Cymorth i blant, مساعدة الأطفال"
NAMES = (people.RECEIVER, "Director, Wirral", "Improvement lead, Wirral")


def small_ask(**change: Any) -> dict[str, Any]:
    return {
        "title": "Two days on our front door",
        "theme": str(make.theme().id),
        "days": "2.5",
        "quarter": str(make.next_quarter()),
        "message": "Could you look at our thresholds with us?",
        **change,
    }


def made(noun: type[Any]) -> Any:
    return db.session.scalars(select(noun).order_by(noun.id.desc())).unique().first()


def count(noun: type[Any]) -> int:
    return db.session.scalar(select(func.count(noun.id))) or 0


def names_nobody(client: PageClient) -> None:
    """The whole answer, head to foot, says nothing of who asks."""
    for name in NAMES:
        assert name not in client.text, name
    assert people.NORTH_WEST not in client.text


# -- asking in a minute


def test_a_director_asks_in_a_minute(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("receiver").get(f"/offers/{offer.id}/ask")
    assert "They learn who you are once they agree to talk" in client.text
    client.send(**small_ask())
    client.follow()
    assert f"You asked {people.GIVER} to talk" in client.text and "What happens next" in client.text
    assert "waited for until 3 December 2026" in client.text
    need = made(Need)
    assert (need.state, need.days_wanted, need.is_small) == (NeedState.SUBMITTED, 10, True)


def test_one_sentence_is_enough(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
        make.capacity()
    client.sign_in("receiver").get(f"/offers/{offer.id}/ask?days=3.5&quarter=2027-28 Q2")
    client.send(message="Could we talk?")
    first = made(Need)
    assert (first.title, first.days_wanted, str(first.first_quarter)) == (
        offer.title, 14, "2027-28 Q2"
    )  # fmt: skip
    assert first.themes[0].theme_id == offer.current.themes[0].theme_id
    with transaction():
        other = make.offer(title="Another")
    client.get(f"/offers/{other.id}/ask?days=nonsense&quarter=2019-20 Q1&theme=nobody")
    client.send(message="Could we talk?")
    assert (made(Need).days_wanted, made(Need).first_quarter) == (20, make.next_quarter())


def test_what_was_typed_before_signing_in_is_kept(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.get(f"/offers/{offer.id}/ask")
    client.send(expect=422, message="")
    client.send(message=WELSH_AND_ARABIC, days="7.25")
    assert client.response.location == f"/sign-in?next=/offers/{offer.id}/ask"
    assert "What you typed is kept" in client.follow()
    with client.browser.session_transaction() as session:
        typed = session["asking"]
    client.sign_in("receiver")
    with client.browser.session_transaction() as session:
        session["asking"] = typed
    assert WELSH_AND_ARABIC in client.get(f"/offers/{offer.id}/ask") and "7.25" in client.text
    client.send()
    assert made(Need).days_wanted == 29 and count(Conversation) == 1


def test_a_second_ask_about_an_offer_leads_to_the_first(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
        waiting = make.small_ask(make.offer(title="Waiting"), by="receiver_lead")
        first = make.small_ask(offer)
    client.sign_in("receiver_lead").get(f"/offers/{offer.id}/ask", expect=302)
    assert client.response.location == f"/asks/{first.id}"
    assert "Your authority has asked about this offer" in client.follow()
    client.post(f"/offers/{offer.id}/ask", small_ask(), expect=302)
    with transaction():
        assert make.small_ask(offer, by="receiver_lead").id == first.id
    client.get(f"/asks/{waiting.id}")
    assert "waits for your director" in client.text
    client.sign_in("giver").get(f"/asks/{first.id}", expect=404)
    assert (count(Need), count(Conversation)) == (2, 1)


def test_a_leads_ask_goes_out_where_the_programme_lets_leads_ask(client: PageClient) -> None:
    with transaction():
        programme = people.programme()
        programme.rules = {**programme.rules, "leads_may_ask": True}
        need = make.small_ask(make.offer(), by="receiver_lead")
    assert need.state is NeedState.SUBMITTED and count(Conversation) == 1


def test_a_leads_ask_waits_for_the_director(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("receiver_lead").get(f"/offers/{offer.id}/ask")
    client.send(**small_ask())
    client.follow()
    assert "waits for your director" in client.text
    need_id, suggestion_id = made(Need).id, made(Suggestion).id
    assert count(Conversation) == 0
    client.get(f"/suggestions/{suggestion_id}/ask", expect=409)
    client.sign_in("receiver").get(f"/needs/{need_id}")
    client.press("Sign off and submit")
    client.get(f"/suggestions/{suggestion_id}/ask")
    assert "Could you look at our thresholds with us?" in client.text
    client.send()
    assert count(Conversation) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Fill in ‘What would you like help with?’"),
        ({"title": "x" * 121}, "120 characters or fewer"),
        ({"title": "Wirral front door"}, "Leave &#39;Wirral&#39; out of it"),
        ({"theme": "999999"}, "must be one of the answers listed"),
        ({"days": ""}, "Fill in ‘How many days?’"),
        ({"days": "20"}, "is under 20 days"),
        ({"days": "0"}, "must be more than 0"),
        ({"days": "-2"}, "cannot be less than 0"),
        ({"days": "0.3"}, "quarters of a day"),
        ({"days": "many"}, "number of days"),
        ({"quarter": "2020-21 Q1"}, "must be one of the answers listed"),
        ({"quarter": "29 February"}, "must be one of the answers listed"),
        ({"message": ""}, "Fill in ‘Your message, in a sentence’"),
        ({"message": "x" * 1001}, "1,000 characters or fewer"),
        ({"message": "We at Wirral ask"}, "Leave &#39;Wirral&#39; out of it"),
    ],
)
def test_an_ask_that_does_not_hold_is_said_in_words_and_nothing_typed_is_lost(
    client: PageClient, change: dict[str, str], said: str
) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("receiver").get(f"/offers/{offer.id}/ask")
    kept = "title" if "message" in change else "message"
    client.send(expect=422, **{**small_ask(), kept: WELSH_AND_ARABIC, **change})
    assert said in client.text
    assert WELSH_AND_ARABIC in client.text
    assert count(Need) == 0
    client.send(**{name: small_ask()[name] for name in change})
    assert count(Conversation) == 1


def test_asking_twice_or_after_back_makes_one_need(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("receiver").get(f"/offers/{offer.id}/ask")
    page, response = client.page, client.response
    for title in ("Two days", "Two days", "Changed after Back"):
        client.page, client.response = page, response
        client.send(**small_ask(title=title))
    assert (count(Need), count(Conversation)) == (1, 1)


def test_a_provider_does_not_ask_itself(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("giver").get(f"/offers/{offer.id}/ask", expect=403)
    client.post(f"/offers/{offer.id}/ask", small_ask(), expect=403)
    assert count(Need) == 0


@pytest.mark.parametrize("name", ["giver_lead", "coordinator", "dfe", "practitioner", "manager"])
def test_only_directors_and_improvement_leads_ask(client: PageClient, name: str) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in(name).get(f"/offers/{offer.id}/ask", expect=403)
    client.get(f"/offers/{offer.id}/ask/need", expect=403)


def test_an_offer_that_is_a_draft_does_not_exist_for_others(client: PageClient) -> None:
    with transaction():
        offer = make.offer(published=False)
    client.sign_in("receiver").get(f"/offers/{offer.id}/ask", expect=404)
    client.get("/offers/999999/ask", expect=404)


# -- asking for a need there is


def test_asking_for_one_of_your_needs(client: PageClient) -> None:
    with transaction():
        offer, need = make.offer(), make.need()
        make.need(title="Still private", until="private")
    client.sign_in("receiver_lead").get(f"/offers/{offer.id}/ask")
    assert f"/offers/{offer.id}/ask/need" in client.text
    client.get(f"/offers/{offer.id}/ask/need")
    assert "Still private" not in client.text
    client.send(expect=422, message="Shall we talk?")
    client.send(expect=422, need="999999", message=WELSH_AND_ARABIC)
    assert WELSH_AND_ARABIC in client.text
    client.send(expect=422, need=str(need.id), message="Wirral asks")
    client.send(need=str(need.id), message="Shall we talk?")
    client.follow()
    assert count(Conversation) == 1
    client.get(f"/offers/{offer.id}/ask/need", expect=409)


def test_others_needs_are_not_among_those_to_choose(client: PageClient) -> None:
    with transaction():
        offer, need = make.offer(), make.need()
    client.sign_in("other").get(f"/offers/{offer.id}/ask/need", expect=409)
    client.post(
        f"/offers/{offer.id}/ask/need", {"need": str(need.id), "message": "Hello"}, expect=409
    )
    assert count(Conversation) == 0


# -- suggestions


def test_a_suggestion_shows_what_the_provider_will_see_and_is_asked_once(
    client: PageClient,
) -> None:
    with transaction():
        suggestion = make.suggestion(make.need(), make.offer())
    address = f"/suggestions/{suggestion.id}/ask"
    client.sign_in("receiver").get(address)
    assert "Not released" in client.text
    client.send(expect=422, message="  ")
    client.send(message="Shall we talk?")
    talk = made(Conversation)
    client.get(address, expect=302)
    assert client.response.location.endswith(f"/conversations/{talk.id}")
    client.sign_in("receiver_lead").get("/conversations")
    client.post(address, {"message": "Me too"})
    assert client.response.location.endswith(f"/conversations/{talk.id}")
    assert count(Conversation) == 1


def test_a_suggestion_is_passed_over_from_the_needs_page(client: PageClient) -> None:
    with transaction():
        suggestion = make.suggestion(make.need(), make.offer())
    client.sign_in("receiver").get(f"/needs/{suggestion.need_id}")
    client.press("Pass over")
    assert "Passed over" in client.text
    client.get(f"/suggestions/{suggestion.id}/ask")


@pytest.mark.parametrize("name", ["giver", "other", "far_coordinator", "dfe", "manager"])
def test_a_suggestion_does_not_exist_for_others(client: PageClient, name: str) -> None:
    with transaction():
        suggestion = make.suggestion(make.need(), make.offer())
    client.sign_in(name).get(f"/suggestions/{suggestion.id}/ask", expect=404)
    client.post(f"/suggestions/{suggestion.id}/pass_over", expect=404)


def test_a_coordinator_sees_a_suggestion_but_does_not_ask(client: PageClient) -> None:
    with transaction():
        suggestion = make.suggestion(make.need(), make.offer())
    client.sign_in("coordinator").get(f"/suggestions/{suggestion.id}/ask", expect=403)
    client.post(f"/suggestions/{suggestion.id}/pass_over", expect=403)


# -- who knows what


def test_before_it_accepts_a_provider_finds_no_name_anywhere(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
    here = f"/conversations/{talk.id}"
    for name in ("giver", "giver_lead"):
        client.sign_in(name)
        for address in (here, "/conversations", f"{here}/decline", "/me", "/your-work"):
            client.get(address)
            names_nobody(client)
        for search in ("Wirral", "North+West"):
            client.get(f"/conversations?q={search}")
            assert "No conversations fit this search" in client.text
        client.get(f"/needs/{talk.need_id}", expect=404)
        client.get(f"{here}/outcome", expect=409)
        names_nobody(client)
    client.get(here)
    for words in ("A steadier front door", "8 days", "Could we talk about your front door?"):
        assert words in client.text
    for words in ("Children are seen sooner.", "A settled team of practice leaders."):
        assert words not in client.text


def test_declining_names_nobody_either(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
    client.sign_in("giver").get(f"/conversations/{talk.id}/decline")
    client.send(reason="We are full.")
    client.follow()
    names_nobody(client)
    client.get("/conversations")
    names_nobody(client)


def test_an_ask_that_lapsed_names_nobody(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
        needs.withdraw(talk.need, by=people.person("receiver"))
    client.sign_in("giver")
    for address in (f"/conversations/{talk.id}", "/conversations", "/me"):
        client.get(address)
        names_nobody(client)


def test_a_region_that_is_released_is_told(client: PageClient) -> None:
    with transaction():
        need = make.need(until="private")
        need.releases_region = True
        needs.submit(need, by=people.person("receiver"))
        talk = make.conversation(need)
    client.sign_in("giver").get(f"/conversations/{talk.id}")
    assert f"An authority in {people.NORTH_WEST}" in client.text
    assert people.RECEIVER not in client.text


def test_once_it_accepts_a_provider_knows_who_asks_and_what_for(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
    client.sign_in("giver_lead").get(f"/conversations/{talk.id}")
    client.press("Accept and talk")
    for words in (people.RECEIVER, "Children are seen sooner.", "The match that came of it"):
        assert words in client.text
    client.get("/conversations?q=wirral")
    assert people.RECEIVER in client.text


def test_conversations_do_not_exist_for_others(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
    seers = {"receiver", "receiver_lead", "giver", "giver_lead", "coordinator", "deputy"}
    for name in people.NAMES:
        expect = 200 if name in seers else 404
        client.sign_in(name).get(f"/conversations/{talk.id}", expect=expect)
        if expect == 404:
            for verb in ("accept", "decline", "outcome"):
                client.post(f"/conversations/{talk.id}/{verb}", expect=404)


def test_coordinators_see_outcomes_and_no_words(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
        actions.accept(talk, by=people.person("giver"))
        actions.record_outcome(
            talk,
            side=Side.RECEIVER,
            answer=Answer.NOT_NOW,
            values_rating=2,
            note="We did not warm to them.",
            by=people.person("receiver"),
        )
    here = f"/conversations/{talk.id}"
    client.sign_in("coordinator").get(here)
    assert "Not now" in client.text
    for words in ("Could we talk about", "We did not warm", "2 of 5"):
        assert words not in client.text
    client.sign_in("giver").get(here)
    for words in ("Not now", "We did not warm", "2 of 5"):
        assert words not in client.text
    client.sign_in("receiver_lead").get(here)
    for words in ("Not now", "We did not warm to them.", "2 of 5"):
        assert words in client.text


def test_notes_and_ratings_never_leave_their_side(client: PageClient) -> None:
    with transaction():
        match = make.match()
        for outcome in match.conversation.outcomes:
            outcome.note = f"Private to the {outcome.side.value}"
    here = f"/conversations/{match.conversation_id}"
    for name, own, other in (
        ("receiver", "Private to the receiver", "Private to the provider"),
        ("giver", "Private to the provider", "Private to the receiver"),
    ):
        client.sign_in(name).get(here)
        assert own in client.text
        assert other not in client.text
        assert client.text.count("<dd") >= 2 and "Yes" in client.text
    client.sign_in("coordinator").get(here)
    assert "Private to the" not in client.text


# -- answering


def test_a_decline_says_why_to_the_coordinator_and_to_the_other_side_only_if_shared(
    client: PageClient,
) -> None:
    for is_shared in (False, True):
        with transaction():
            talk = make.conversation()
        here = f"/conversations/{talk.id}"
        client.sign_in("giver").get(f"{here}/decline")
        client.send(expect=422, reason="  ")
        client.send(expect=422, reason="x" * 2001)
        ticked = {"is_reason_shared": "yes"} if is_shared else {}
        client.send(reason=WELSH_AND_ARABIC, **ticked)
        for name, sees in (("giver", True), ("coordinator", True), ("receiver", is_shared)):
            client.sign_in(name).get(here)
            assert (WELSH_AND_ARABIC in client.text) is sees, name


def test_declining_or_accepting_twice_is_refused_in_words(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
        actions.accept(talk, by=people.person("giver"))
    client.sign_in("giver_lead").get(f"/conversations/{talk.id}/decline", expect=409)
    client.post(f"/conversations/{talk.id}/accept", expect=409)
    client.sign_in("receiver").get(f"/conversations/{talk.id}/decline", expect=403)


OUTCOME = {"answer": "yes", "values_rating": "4", "confidence_rating": "", "note": "Good talk"}


def test_an_outcome_is_recorded_and_can_be_changed_until_both_have(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
        actions.accept(talk, by=people.person("giver"))
    here = f"/conversations/{talk.id}"
    client.sign_in("receiver").get(f"{here}/outcome")
    client.send(**OUTCOME)
    client.follow()
    assert "4 of 5" in client.text
    client.get(f"{here}/outcome")
    client.send(answer="not_now")
    client.sign_in("giver").get(f"{here}/outcome")
    client.send(**OUTCOME)
    client.follow()
    assert "Not now" in client.text
    client.get(f"{here}/outcome", expect=409)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": ""}, "Choose an answer"),
        ({"answer": "maybe"}, "must be one of the answers listed"),
        ({"values_rating": "6"}, "must be one of the answers listed"),
        ({"confidence_rating": "-1"}, "must be one of the answers listed"),
        ({"confidence_rating": "4.5"}, "must be one of the answers listed"),
        ({"note": "x" * 4001}, "4,000 characters or fewer"),
    ],
)
def test_an_outcome_that_does_not_hold_keeps_what_was_typed(
    client: PageClient, change: dict[str, str], said: str
) -> None:
    with transaction():
        talk = make.conversation()
        actions.accept(talk, by=people.person("giver"))
    client.sign_in("receiver").get(f"/conversations/{talk.id}/outcome")
    client.send(expect=422, **{**OUTCOME, "note": WELSH_AND_ARABIC, **change})
    assert said in client.text
    if "note" not in change:
        assert WELSH_AND_ARABIC in client.text


def test_coordinators_record_no_outcome(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
        actions.accept(talk, by=people.person("giver"))
    client.sign_in("coordinator").get(f"/conversations/{talk.id}/outcome", expect=403)


def test_somebody_at_both_authorities_reads_and_does_not_act(client: PageClient) -> None:
    with transaction():
        talk = make.conversation()
        director, giver = people.person("receiver"), people.authority(people.GIVER)
        director.memberships.append(
            Membership(role=Role.DIRECTOR, authority=giver, starts_on=people.START)
        )
    here = f"/conversations/{talk.id}"
    client.sign_in("receiver").get(here)
    assert "nobody acts for both sides" in client.text
    assert "Accept and talk" not in client.text
    client.post(f"{here}/accept", expect=403)
    client.get(f"{here}/decline", expect=403)


def test_script_in_a_message_is_shown_as_words(client: PageClient) -> None:
    script = "<script>alert(1)</script>"
    with transaction():
        offer = make.offer()
    client.sign_in("receiver").get(f"/offers/{offer.id}/ask")
    client.send(**small_ask(message=script, title=script))
    talk = made(Conversation)
    client.sign_in("giver").get(f"/conversations/{talk.id}")
    assert script not in client.text
    assert "&lt;script&gt;" in client.text


# -- the list


def test_the_list_is_for_both_sides_and_the_coordinator(client: PageClient) -> None:
    with transaction():
        make.conversation()
    for name in ("receiver", "receiver_lead", "giver", "giver_lead", "coordinator", "deputy"):
        client.sign_in(name).get("/conversations")
        assert client.text.count('class="app-card"') == 1, name
    client.sign_in("other").get("/conversations")
    assert "No conversations yet" in client.text
    for name in ("dfe", "manager", "practitioner", "administrator"):
        client.sign_in(name).get("/conversations", expect=403)
    client.sign_in("giver").get("/conversations?state=declined")
    assert "No conversations fit this search" in client.text
    for odd in ("state=nowhere", "page=-3", "page=x", "q=%00"):
        client.get(f"/conversations?{odd}")


@pytest.mark.parametrize("name", ["receiver", "giver", "coordinator"])
def test_the_list_asks_the_database_no_more_for_more_rows(
    app: Flask, client: PageClient, name: str
) -> None:
    def talk(times: int) -> None:
        with transaction():
            for number in range(times):
                made = make.conversation(make.need(title=f"Need {number}"), make.offer())
                if number % 2:
                    actions.accept(made, by=people.person("giver"))

    talk(2)
    client.sign_in(name).get("/conversations")
    with client.counting() as few:
        client.get("/conversations")
    talk(10)
    with client.counting() as many:
        client.get("/conversations")
    assert len(many) == len(few)


def test_this_quarter_and_the_seven_after_it_can_be_asked_for(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("receiver").get(f"/offers/{offer.id}/ask")
    for ahead, is_there in ((-1, False), (0, True), (7, True), (8, False)):
        assert (f'value="{this_quarter() + ahead}"' in client.text) is is_there
