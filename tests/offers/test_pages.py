"""An offer's page, its forms and its buttons, as each role meets them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from broker.db import db, transaction
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.offer import Offer, OfferState
from broker.models.person import Membership, Role
from broker.models.programme import Theme
from broker.taking import take
from tests import make, people
from tests.client import PageClient, filled, tags, words

TYPED: dict[str, Any] = {
    "title": "Help at the front door",
    "what_we_do": "We sit beside your team.",
    "programme": "own",
    "themes": ["mash", "assessment"],
    "evidence": "own_improvement",
    "support_types": ["peer-challenge"],
    "modes": ["coaching"],
    "delivery": "either",
    "days_least": "0.25",
    "days_most": "12.5",
    "source": "",
}


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
        client.get(f"/offers/{offer_id}/edit", expect=404)
        client.post(f"/offers/{offer_id}/publish", expect=404)


@pytest.mark.parametrize("name", ["giver", "giver_lead"])
def test_its_own_people_see_the_draft_with_its_history(client: PageClient, name: str) -> None:
    offer_id = _made(published=False)
    client.sign_in(name).get(f"/offers/{offer_id}")
    assert "Draft</strong>" in client.text and "History" in client.text
    assert ("Sign off and publish" in _buttons(client)) is (name == "giver")
    assert "Change this draft" in client.text


def test_a_published_offer_says_what_matters_to_anybody(client: PageClient) -> None:
    with transaction():
        offer_id = make.offer().id
        make.capacity()
    client.get(f"/offers/{offer_id}")
    for said in ("1 to 60 days", "Evaluated by others", "Own days", "Version 1, signed off on"):
        assert said in client.text
    assert "40 days free" in client.text and "Ask in a minute" in client.text
    assert "History" not in client.text and "Reserved" not in client.text
    assert f'href="/authorities/{people.authority("Leeds").code}"' in client.text


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
    client.sign_in("giver").get(f"/offers/{offer_id}")
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


@pytest.mark.parametrize("name", ["giver", "giver_lead"])
def test_an_offer_is_drafted_in_one_form(client: PageClient, name: str) -> None:
    client.sign_in(name).get("/offers/new")
    client.send(**TYPED)
    client.follow()
    offer = _only_offer()
    assert offer.provider.name == "Leeds" and offer.state is OfferState.DRAFT
    assert (offer.current.days_least, offer.current.days_most) == (1, 50)
    assert [row.theme.code for row in offer.current.themes] == ["mash", "assessment"]
    assert [choice.code for choice in offer.current.choices] == ["peer-challenge", "coaching"]


@pytest.mark.parametrize("name", ["receiver_lead", "coordinator", "practitioner", "manager"])
def test_who_does_not_give_does_not_draft(client: PageClient, name: str) -> None:
    client.sign_in(name).get("/offers/new", expect=403)
    client.get("/offers/mine", expect=403)


def test_signed_out_the_forms_lead_to_sign_in(client: PageClient) -> None:
    for address in ("/offers/new", "/offers/mine", f"/offers/{_made()}/revise"):
        client.get(address, expect=302)
        assert "/sign-in" in client.response.location


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"title": "  "}, "Title"),
    ({"title": "\u200b"}, "Say this in words."),
    ({"title": "x" * 121}, "must be 120 characters or fewer"),
    ({"title": "a\x00b"}, "characters that cannot be kept"),
    ({"what_we_do": ""}, "What you do"),
    ({"what_we_do": "ŵ" * 4001}, "must be 4,000 characters or fewer"),
    ({"programme": "no-such"}, "Programme"),
    ({"programme": ""}, "Programme"),
    ({"themes": []}, "Themes"),
    ({"themes": ["leadership"]}, "list"),
    ({"themes": ["' OR 1=1"]}, "list"),
    ({"evidence": "rumour"}, "listed"),
    ({"support_types": ["coaching"]}, "list"),
    ({"delivery": ""}, "Where"),
    ({"days_least": ""}, "Least days"),
    ({"days_least": "-1"}, "Days cannot be less than 0"),
    ({"days_least": "0"}, "must be more than 0"),
    ({"days_least": "0.1"}, "quarters of a day"),
    ({"days_least": "a few"}, "Type a number of days"),
    ({"days_least": "13"}, "The most days cannot be fewer than the least, 13 days."),
    ({"days_most": "NaN"}, "Type a number of days"),
    ({"days_most": "5000.25"}, "5,000 or fewer"),
    ({"days_most": "1e999999999"}, "Days must be"),
    ({"source": "javascript:alert(1)"}, "begin with https"),
]


@pytest.mark.parametrize(("wrong", "said"), HOSTILE, ids=[f"{k}" for k, _ in HOSTILE])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: PageClient, wrong: dict[str, Any], said: str
) -> None:
    client.sign_in("giver").get("/offers/new")
    kept = {
        "title": "Siarad â'r tîm",
        "what_we_do": "نعمل <b>معكم</b>",
        "source": "https://example.org/ysgol",
    }
    client.send(expect=422, **{**TYPED, **kept, **wrong})
    assert client.page is not None
    [summary] = [d for d in tags(client.page, "div") if "error-summary" in d.get("class", "")][:1]
    assert said in words(summary)
    for name, text in kept.items():
        if name not in wrong:
            [field] = [f for f in tags(client.page, "input", "textarea") if f.get("name") == name]
            assert (field.get("value") or words(field)) == text
    if "themes" not in wrong:
        boxes = [f for f in tags(client.page, "input") if f.get("name") == "themes"]
        assert {b.get("value") for b in boxes if b.get("checked") is not None} == {
            "mash",
            "assessment",
        }
    assert db.session.scalar(select(func.count(Offer.id))) == 0


def test_welsh_arabic_and_markup_are_kept_as_typed(client: PageClient) -> None:
    client.sign_in("giver").get("/offers/new")
    client.send(**{**TYPED, "title": "Tŷ <i>a</i> عمل", "what_we_do": "x\r\ny"})
    client.follow()
    assert _only_offer().title == "Tŷ <i>a</i> عمل" and "<i>a" not in client.text
    assert _only_offer().current.what_we_do == "x\ny"


def test_sending_the_form_twice_makes_one_offer(client: PageClient) -> None:
    client.sign_in("giver").get("/offers/new")
    assert client.page is not None
    [form] = [f for f in tags(client.page, "form") if not f.get("action")]
    typed = {**filled(form), **TYPED}
    answers = [client.browser.post("/offers/new", data=typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert db.session.scalar(select(func.count(Offer.id))) == 1


def test_a_retired_theme_is_not_offered(client: PageClient) -> None:
    with transaction():
        db.session.scalars(select(Theme).filter_by(code="mash")).one().is_retired = True
    assert 'value="mash"' not in client.sign_in("giver").get("/offers/new")
    client.send(expect=422, **TYPED)


def test_who_gives_for_several_authorities_chooses_and_nobody_elses(client: PageClient) -> None:
    with transaction():
        by = people.person("giver")
        essex = people.authority("Essex")
        by.memberships.append(
            Membership(role=Role.PARTNERSHIP_LEAD, authority=essex, starts_on=people.START)
        )
        codes = {name: people.authority(name).code for name in ("Essex", "Wirral")}
    client.sign_in("giver").get("/offers/new")
    client.send(expect=422, **TYPED, provider=codes["Wirral"])
    client.send(expect=422, **TYPED, provider="")
    client.send(**TYPED, provider=codes["Essex"])
    assert _only_offer().provider.name == "Essex"


def test_another_authoritys_code_changes_nothing_for_who_has_one(client: PageClient) -> None:
    wirral = db.session.scalars(select(Authority).filter_by(name="Wirral")).one().code
    client.sign_in("giver").get("/offers/new")
    client.send(**TYPED, provider=wirral, provider_id="1", state="published")
    offer = _only_offer()
    assert offer.provider.name == "Leeds" and offer.state is OfferState.DRAFT


# -- changing ---------------------------------------------------------------------------------


def test_a_draft_is_changed_and_a_published_offer_is_not(client: PageClient) -> None:
    offer_id = _made(published=False)
    client.sign_in("giver_lead").get(f"/offers/{offer_id}/edit")
    client.send(title="Changed", days_least="7")
    assert _only_offer().title == "Changed"
    with transaction():
        take(_only_offer(), "publish", by=people.person("giver"))
    client.get(f"/offers/{offer_id}/edit", expect=409)


def test_the_form_of_a_draft_keeps_what_was_said(client: PageClient) -> None:
    offer_id = _made(published=False)
    client.sign_in("giver_lead").get(f"/offers/{offer_id}/edit")
    before = _only_offer().current
    said = (before.title, before.days_least, before.days_most, before.themes[0].evidence)
    client.send()
    after = _only_offer().current
    assert (after.title, after.days_least, after.days_most, after.themes[0].evidence) == said


def test_the_director_revises_into_a_new_version(client: PageClient) -> None:
    offer_id = _made()
    client.sign_in("giver").get(f"/offers/{offer_id}/revise")
    client.send(expect=422)
    assert "Nothing is different" in client.text
    client.send(title="Better words")
    client.follow()
    assert "Version 2, signed off" in client.text and "Revise" in client.text


def test_a_refused_revision_changes_nothing(client: PageClient) -> None:
    offer_id = _made()
    client.sign_in("giver").get(f"/offers/{offer_id}/revise")
    client.send(expect=422, title="Other", days_least="61")
    offer = _only_offer()
    events = select(func.count(Event.id)).filter_by(noun="offer", record_id=offer_id)
    assert (offer.number, offer.title, db.session.scalar(events)) == (
        1,
        "Help at the front door",
        2,
    )


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
