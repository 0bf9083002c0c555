"""An offer's page, its forms and its buttons, as each role meets them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from broker.db import db, transaction
from broker.models.event import Event
from broker.models.offer import Offer, OfferState
from broker.models.person import Membership, Role
from broker.offers import actions
from broker.offers.terms import terms_of
from broker.taking import take
from tests import make, people
from tests.client import PageClient, filled, tags, words


def _made(published: bool = True) -> int:
    with transaction():
        return make.offer(published=published).id


def _only_offer() -> Offer:
    return db.session.scalars(select(Offer)).unique().one()


def _buttons(client: PageClient) -> set[str]:
    assert client.page is not None
    return {words(b) for b in tags(client.page, "button")} - {"Sign out"}


# -- who sees what ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["receiver", "other", "coordinator", "dfe", "manager", None])
def test_a_draft_does_not_exist_for_others(client: PageClient, name: str | None) -> None:
    offer_id = _made(published=False)
    if name:
        client.sign_in(name)
    client.get(f"/offers/{offer_id}", expect=404)
    if name:
        client.get(f"/offers/{offer_id}/tasks", expect=404)
        client.post(f"/offers/{offer_id}/publish", expect=404)


@pytest.mark.parametrize("name", ["giver", "giver_lead"])
def test_its_own_people_see_the_draft_with_its_history(client: PageClient, name: str) -> None:
    offer_id = _made(published=False)
    client.sign_in(name).get(f"/offers/{offer_id}")
    assert "Draft</strong>" in client.text and "History" in client.text
    assert "Go on with this draft" in client.text
    client.get(f"/offers/{offer_id}/check")
    assert ("Sign off and publish" in _buttons(client)) is (name == "giver")
    assert ("Send to the director" in _buttons(client)) is (name == "giver_lead")


def test_a_published_offer_says_what_matters_to_anybody(client: PageClient) -> None:
    with transaction():
        offer_id = make.offer().id
        make.capacity()
    client.get(f"/offers/{offer_id}")
    for said in (
        "1 to 60 days",
        "Evaluated by others",
        "Read it at example.org",
        "Version 1, signed off on",
    ):
        assert said in client.text
    assert "40 days free" in client.text and "Ask in a minute" in client.text
    assert "History" not in client.text and "Reserved" not in client.text
    assert people.authority("Leeds").code in client.text


def test_what_others_hold_is_seen_by_its_own_people_alone(client: PageClient) -> None:
    with transaction():
        match = make.agreed()
        offer_id = match.conversation.offer_id
    assert "Reserved" not in client.get(f"/offers/{offer_id}")
    assert "Reserved" not in client.sign_in("other").get(f"/offers/{offer_id}")
    assert "Reserved" in client.sign_in("giver").get(f"/offers/{offer_id}")


@pytest.mark.parametrize(
    ("name", "may_ask"),
    [("receiver", True), ("receiver_lead", True), ("giver", False), ("giver_lead", False),
     ("coordinator", False), ("practitioner", False), ("other", True)],
)  # fmt: skip
def test_who_receives_elsewhere_may_ask(client: PageClient, name: str, may_ask: bool) -> None:
    offer_id = _made()
    client.sign_in(name).get(f"/offers/{offer_id}")
    assert ("Ask in a minute" in client.text) is may_ask


def test_who_asked_still_sees_an_offer_that_is_paused(client: PageClient) -> None:
    with transaction():
        offer = make.conversation().offer
        take(offer, "pause", by=people.person("giver"))
        offer_id = offer.id
    client.sign_in("receiver").get(f"/offers/{offer_id}")
    assert "Paused</strong>" in client.text and "Ask in a minute" not in client.text
    client.sign_in("other").get(f"/offers/{offer_id}", expect=404)


# -- verbs ------------------------------------------------------------------------------------


def test_a_director_publishes_pauses_resumes_and_withdraws(client: PageClient) -> None:
    offer_id = _made(published=False)
    client.sign_in("giver").get(f"/offers/{offer_id}/check")
    for button, state in (
        ("Sign off and publish", OfferState.PUBLISHED),
        ("Pause", OfferState.PAUSED),
        ("Publish again", OfferState.PUBLISHED),
    ):
        client.press(button)
        assert _only_offer().state is state
    client.press("Withdraw", expect=422, reason="")
    client.get(f"/offers/{offer_id}")
    client.press("Withdraw", reason="We have new duties.")
    assert _only_offer().state is OfferState.WITHDRAWN


def test_pressing_what_is_not_yours_or_not_now_is_refused_in_words(client: PageClient) -> None:
    offer_id = _made()
    client.sign_in("other").post(f"/offers/{offer_id}/pause", expect=403)
    client.sign_in("giver").get(f"/offers/{offer_id}")
    client.post(f"/offers/{offer_id}/publish", expect=409)
    client.post(f"/offers/{offer_id}/suspend", expect=404)
    client.post(f"/offers/{offer_id}/explode", expect=404)
    client.post("/offers/99999999999/pause", expect=404)
    assert _only_offer().state is OfferState.PUBLISHED


# -- drafting ---------------------------------------------------------------------------------

THEMES = ["mash", "assessment"]


@pytest.mark.parametrize("name", ["receiver_lead", "coordinator", "practitioner", "manager"])
def test_who_does_not_give_does_not_draft(client: PageClient, name: str) -> None:
    client.sign_in(name).get("/offers/new", expect=403)
    client.get("/offers/mine", expect=403)


def test_signed_out_the_forms_lead_to_sign_in(client: PageClient) -> None:
    offer_id = _made()
    for address in ("/offers/new", "/offers/mine", f"/offers/{offer_id}/tasks"):
        client.get(address, expect=302)
        assert "/sign-in" in client.response.location


def test_an_offer_is_written_page_by_page_sent_to_the_director_and_signed_off(
    client: PageClient,
) -> None:
    client.sign_in("giver_lead").get("/offers/new")
    client.send(title="Help at the front door", programmes=["own", "slip"])
    assert "Still needed" in client.follow()
    offer_id = _only_offer().id
    client.get(f"/offers/{offer_id}/write/about")
    client.send(what_we_do="We sit beside your team.")
    assert client.response.location.endswith("/write/themes")
    client.follow()
    client.send(themes=THEMES)
    assert "On record: Help and protection: good" in client.follow()
    client.send(evidence_mash="own_improvement", link_assessment="https://example.org/a")
    client.follow()
    client.send(delivery="either", support_types=["peer-challenge"], styles=["directive"])
    client.follow()
    client.send(
        days_least="0.25",
        days_most="12.5",
        commitment_months="6",
        backfill="secured",
        **{"open_from-day": "29", "open_from-month": "2", "open_from-year": "2028"},
    )
    client.follow()
    client.send(helps_situations=["inadequate"], helps_regions=["E12000002"])
    assert "Outstanding" in client.follow() or "outstanding" in client.text
    client.send(helped_before="Six neighbours", lead=str(_id_of("giver_lead")))
    client.follow()
    client.send()
    client.follow()
    for said in ("12.5 days", "6 months or more", "From 29 February 2028", "North West"):
        assert said in client.text
    client.press("Send to the director")
    client.get("/offers/mine")
    assert "Waits for the director since" in client.text
    client.sign_in("giver").get(f"/offers/{offer_id}/check")
    client.press("Sign off and publish")
    assert "A judgement of inadequate" in client.text and "Own improvement" in client.text
    offer = _only_offer()
    assert offer.state is OfferState.PUBLISHED and len(offer.programmes) == 2
    assert (offer.current.days_least, offer.current.days_most) == (1, 50)


def _id_of(name: str) -> int:
    return people.person(name).id


HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("about", {"offer_title": "\u200b"}, "Say this in words."),
    ("about", {"offer_title": "x" * 121}, "must be 120 characters or fewer"),
    ("about", {"offer_title": "a\x00b"}, "characters that cannot be kept"),
    ("about", {"what_we_do": "ŵ" * 4001}, "must be 4,000 characters or fewer"),
    ("about", {"programmes": ["no-such"]}, "list"),
    ("themes", {"themes": ["leadership"]}, "list"),
    ("themes", {"themes": ["' OR 1=1"]}, "list"),
    ("evidence", {"evidence_contact-and-referral": "rumour"}, "listed"),
    ("evidence", {"link_contact-and-referral": "javascript:alert(1)"}, "begin with https"),
    ("evidence", {"link_contact-and-referral": "data:text/html,x"}, "begin with https"),
    ("evidence", {"link_contact-and-referral": "https://a:b@example.org"}, "password"),
    ("work", {"support_types": ["coaching"]}, "list"),
    ("work", {"delivery": "elsewhere"}, "listed"),
    ("days", {"days_least": "-1"}, "Days cannot be less than 0"),
    ("days", {"days_least": "0"}, "must be more than 0"),
    ("days", {"days_least": "0.1"}, "quarters of a day"),
    ("days", {"days_least": "61"}, "The most days cannot be fewer than the least, 61 days."),
    ("days", {"days_most": "NaN"}, "Type a number of days"),
    ("days", {"days_most": "5000.25"}, "5,000 or fewer"),
    ("days", {"commitment_months": "61"}, "between 1 and 60"),
    ("days", {"open_from-day": "29", "open_from-month": "2", "open_from-year": "2027"}, "29 Feb"),
    ("help", {"helps_situations": ["failing"]}, "list"),
    ("help", {"helps_regions": ["E12000099"]}, "list"),
    ("record", {"lead": "1"}, "listed"),
    ("record", {"helped_before": "x" * 1001}, "must be 1,000 characters or fewer"),
    ("together", {"partner_1": "nowhere"}, "listed"),
]


@pytest.mark.parametrize(
    ("page", "wrong", "said"), HOSTILE, ids=[f"{p} {w}"[:40] for p, w, _ in HOSTILE]
)
def test_what_is_wrong_is_said_on_its_page_and_nothing_is_changed(
    client: PageClient, page: str, wrong: dict[str, Any], said: str
) -> None:
    offer_id = _made(published=False)
    client.sign_in("giver_lead").get(f"/offers/{offer_id}/write/{page}")
    client.send(expect=422, **wrong)
    assert client.page is not None
    [summary] = [d for d in tags(client.page, "div") if "error-summary" in d.get("class", "")][:1]
    assert said in words(summary)
    events = select(func.count(Event.id)).filter_by(noun="offer", record_id=offer_id)
    assert db.session.scalar(events) == 1


def test_welsh_arabic_and_markup_are_kept_as_typed(client: PageClient) -> None:
    offer_id = _made(published=False)
    client.sign_in("giver").get(f"/offers/{offer_id}/write/about")
    client.send(expect=422, offer_title="x" * 121, what_we_do="نعمل <b>معكم</b>")
    [field] = [f for f in tags(client.page, "textarea") if f.get("name") == "what_we_do"]
    assert words(field) == "نعمل <b>معكم</b>"
    client.send(offer_title="Tŷ <i>a</i> عمل", what_we_do="x\r\ny", then="tasks")
    client.follow()
    assert _only_offer().title == "Tŷ <i>a</i> عمل" and "<i>a" not in client.text
    assert _only_offer().current.what_we_do == "x\ny"


def test_sending_a_form_twice_makes_one_offer(client: PageClient) -> None:
    client.sign_in("giver").get("/offers/new")
    assert client.page is not None
    [form] = [f for f in tags(client.page, "form") if not f.get("action")]
    typed = {**filled(form), "title": "Once", "programmes": ["own"]}
    answers = [client.browser.post("/offers/new", data=typed) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert db.session.scalar(select(func.count(Offer.id))) == 1
    client.get(f"/offers/{_only_offer().id}")
    client.press("Copy to a new draft")
    assert db.session.scalar(select(func.count(Offer.id))) == 2


def test_who_saves_over_another_is_told_what_it_says_now_and_keeps_what_they_typed(
    client: PageClient,
) -> None:
    offer_id = _made(published=False)
    address = f"/offers/{offer_id}/write/about"
    client.sign_in("giver_lead").get(address)
    with transaction():
        actions.write_in(_only_offer(), {"title": "Hers"}, by=people.person("giver"))
    client.send(expect=422, offer_title="His")
    assert "Somebody else saved this page" in client.text and "Hers" in client.text
    assert 'value="His"' in client.text and _only_offer().title == "Hers"
    client.send()
    assert _only_offer().title == "His"


def test_who_gives_for_several_authorities_chooses_and_nobody_elses(client: PageClient) -> None:
    with transaction():
        by = people.person("giver")
        essex = people.authority("Essex")
        by.memberships.append(
            Membership(role=Role.PARTNERSHIP_LEAD, authority=essex, starts_on=people.START)
        )
        codes = {name: people.authority(name).code for name in ("Essex", "Wirral")}
    typed = {"title": "Help", "programmes": ["own"]}
    client.sign_in("giver").get("/offers/new")
    client.send(expect=422, **typed, provider=codes["Wirral"])
    client.send(expect=422, **typed, provider="")
    client.send(**typed, provider=codes["Essex"])
    assert _only_offer().provider.name == "Essex"


# -- revising ---------------------------------------------------------------------------------


def test_a_published_offer_is_revised_through_the_same_pages(client: PageClient) -> None:
    offer_id = _made()
    client.sign_in("giver_lead").get(f"/offers/{offer_id}/write/about", expect=409)
    client.get(f"/offers/{offer_id}")
    assert "Revise this offer" in _buttons(client)
    client.press("Revise this offer")
    client.get(f"/offers/{offer_id}/write/about")
    client.send(offer_title="Better words")
    client.get(f"/offers/{offer_id}/check")
    assert "Publish the new wording" in _buttons(client)
    client.get(f"/offers/{offer_id}/write/days")
    client.send(days_most="30")
    client.get(f"/offers/{offer_id}/check")
    assert "Publish the new wording" not in _buttons(client)
    client.post(f"/offers/{offer_id}/reword", expect=409)
    client.post(f"/offers/{offer_id}/sign_off", expect=403)
    client.sign_in("other").get(f"/offers/{offer_id}/preview", expect=404)
    assert "Better words" not in client.get(f"/offers/{offer_id}")
    client.sign_in("giver").get(f"/offers/{offer_id}/check")
    assert "1 to 60 days" in client.text and "1 to 30 days" in client.text
    client.press("Sign off this version")
    assert "Version 2, signed off" in client.text
    client.sign_in("other").get(f"/offers/{offer_id}/versions?from=1&to=2")
    assert "Help at the front door" in client.text and "Better words" in client.text
    client.get(f"/offers/{offer_id}/versions?from=-1&to=x")


def test_another_authority_reads_the_draft_once_asked_and_agrees(client: PageClient) -> None:
    offer_id = _made(published=False)
    client.sign_in("giver_lead").get(f"/offers/{offer_id}/write/together")
    client.send(partner_1=people.authority("Essex").code)
    client.sign_in("other").get(f"/offers/{offer_id}/preview", expect=404)
    client.sign_in("giver_lead").get(f"/offers/{offer_id}/check")
    client.press("Ask the other authorities to agree")
    assert "Send to the director" not in _buttons(client)
    client.sign_in("other").get(f"/offers/{offer_id}")
    client.get(f"/offers/{offer_id}/tasks", expect=403)
    client.get(f"/offers/{offer_id}/preview")
    client.press("Agree to be named")
    client.sign_in("giver").get(f"/offers/{offer_id}/check")
    client.press("Sign off and publish")
    assert "together with Essex" in client.text


def test_a_match_shows_what_the_offer_said_and_what_changed_since(client: PageClient) -> None:
    with transaction():
        match = make.match(given=(offer := make.offer()))
        terms = replace(terms_of(offer.current), title="Another", days_most=70 * make.DAY)
        actions.revise(offer, terms, by=people.person("giver"))
        match_id = match.id
    page = client.sign_in("receiver").get(f"/matches/{match_id}")
    assert "Help at the front door (version 1)" in page and "1 to 70 days" in page


def test_your_offers_are_listed_with_their_states(client: PageClient) -> None:
    with transaction():
        make.offer(title="A draft", published=False)
        make.offer(title="A published one")
        make.offer(giver="second_giver", title="Not ours")
    client.sign_in("giver_lead").get("/offers/mine")
    assert "A draft" in client.text and "A published one" in client.text
    assert "Not ours" not in client.text
    client.get("/offers/mine?state=draft&q=DRAFT")
    assert "A published one" not in client.text and "A draft" in client.text
    assert "None of your offers fits this" in client.get("/offers/mine?q=zzz")
    assert "You have no offers yet" in client.sign_in("other").get("/offers/mine")
