"""Returns on the screen: who sees what, starting, writing, certifying, versions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from broker.models.partnership import Partnership
from broker.models.return_ import Return
from broker.returns import actions
from broker.taking import take
from tests import people
from tests.client import PageClient
from tests.returns import walk

SEES = ("giver", "giver_lead", "manager")
SEES_NOTHING = (
    "practitioner",
    "receiver",
    "receiver_lead",
    "coordinator",
    "dfe",
    "other",
    "second_giver",
    "panel_1",
    "administrator",
)


@pytest.fixture
def within(app: Flask) -> Partnership:
    with transaction():
        made = walk.partnership()
        walk.day(made, quarter_days=6)
        return made


@pytest.fixture
def after(within: Partnership) -> Iterator[None]:
    """The first working day after the quarter."""
    with clock.set_to(walk.AFTER):
        yield


@pytest.fixture
def return_(after: None) -> Return:
    with transaction():
        return walk.opened()


@pytest.fixture
def submitted(after: None) -> Return:
    with transaction():
        return walk.certified()


@pytest.mark.parametrize("name", SEES)
def test_the_provider_and_the_manager_see_it(
    return_: Return, client: PageClient, name: str
) -> None:
    client.sign_in(name)
    assert "2026-27 Q3" in client.get("/returns")
    said = client.get(f"/returns/{return_.id}")
    assert "1.5</b> days not confirmed" in said and "Wirral" in said
    client.get(f"/returns/{return_.id}/write", expect=403 if name == "manager" else 200)
    client.get(f"/returns/{return_.id}/versions/1", expect=404)


@pytest.mark.parametrize("name", SEES_NOTHING)
def test_for_everybody_else_it_does_not_exist(
    submitted: Return, client: PageClient, name: str
) -> None:
    client.sign_in(name)
    assert "Leeds, Partners in Practice" not in client.get("/returns")
    for address in ("", "/write", "/versions/1"):
        client.get(f"/returns/{submitted.id}{address}", expect=404)
    client.post(f"/returns/{submitted.id}/accept", expect=404)


def test_signed_out_people_are_sent_to_sign_in(return_: Return, client: PageClient) -> None:
    for address in ("/returns", f"/returns/{return_.id}", f"/returns/{return_.id}/write"):
        client.get(address, expect=302)


def test_a_return_walks_from_start_to_accepted_on_the_pages(
    after: None, client: PageClient
) -> None:
    client.sign_in("giver_lead").get("/returns")
    client.press("Start: Leeds, Partners in Practice, 2026-27 Q3")
    page = client.response.request.path
    client.get(f"{page}/write")
    client.send(outcomes="Mae plant yn cael eu gweld yn gynt. يُرى الأطفال أسرع.")
    assert "Mae plant yn cael eu gweld" in client.follow()
    client.get(f"{page}/about/{people.authority('Wirral').id}")
    client.send(words="We audited together.")
    assert "Not shown yet" in client.follow()
    client.press("Show receivers their sections")
    assert "Awaiting certification" in client.press("Send to the director")
    client.get(page)
    client.sign_in("receiver").get("/your-work")
    assert "Read it first" in client.text
    client.get("/returns/sections/1")
    client.send(comment="Ie, roedd hyn yn dda.")
    assert "Read on" not in client.follow()
    client.sign_in("giver").get(f"{page}/certify")
    assert "As certified in version 1" in client.press("Certify and submit")
    client.sign_in("manager").get(page)
    assert "Accepted" in client.press("Accept")
    said = client.get(f"{page}/versions/1")
    assert "Mae plant yn cael eu gweld" in said and "SHA-256" in said
    assert "We audited together." in said and "Ie, roedd hyn yn dda." in said


def test_starting_again_leads_to_the_one_there_is(return_: Return, client: PageClient) -> None:
    client.sign_in("giver").get("/returns")
    client.post("/returns/start", _choice(return_))
    assert (client.response.location or "").endswith(f"/returns/{return_.id}")


def _choice(return_: Return, **changed: object) -> dict[str, object]:
    db.session.rollback()
    return {
        "provider_id": return_.provider_id,
        "programme_id": return_.programme_id,
        "quarter": return_.quarter.ordinal,
        **changed,
    }


@pytest.mark.parametrize(
    ("name", "changed", "answer"),
    [
        ("giver", {"quarter": "x"}, 404),
        ("giver", {"quarter": 10**30}, 404),
        ("giver", {"quarter": -1}, 404),
        ("giver", {"programme_id": 10**30}, 404),
        ("giver", {"programme_id": "<script>"}, 404),
        ("giver", {"provider_id": 10**30}, 404),
        ("giver", {"provider_id": ""}, 404),
        ("second_giver", {}, 404),
        ("receiver", {}, 404),
        ("manager", {}, 404),
        ("giver", {"quarter": walk.QUARTER.ordinal + 1}, 409),
        ("giver", {"quarter": walk.QUARTER.ordinal - 8}, 409),
    ],
)
def test_a_return_cannot_be_started_for_others_or_for_odd_quarters(
    return_: Return, client: PageClient, name: str, changed: dict[str, object], answer: int
) -> None:
    client.sign_in(name).get("/returns")
    client.post("/returns/start", _choice(return_, **changed), expect=answer)


@pytest.mark.parametrize("field", ["outcomes", "priorities"])
def test_words_that_are_too_long_come_back_whole(
    return_: Return, client: PageClient, field: str
) -> None:
    typed = {"outcomes": "Tŷ Ŵyn", "priorities": "أولويات", field: "ŵ" * 10_001}
    client.sign_in("giver").get(f"/returns/{return_.id}/write")
    client.send(expect=422, **typed)
    assert "10,000" in client.text and "Error:" in client.text
    assert all(text in client.text for text in typed.values())


def test_words_are_shown_as_text(return_: Return, client: PageClient) -> None:
    client.sign_in("giver").get(f"/returns/{return_.id}/write")
    client.send(outcomes="<script>alert(1)</script>", priorities="{{ 7*7 }}")
    db.session.rollback()
    assert return_.outcomes == "<script>alert(1)</script>"
    client.browser.get(f"/returns/{return_.id}")
    assert "<script>alert" not in client.browser.get(f"/returns/{return_.id}").text


def test_certifying_needs_outcomes_and_says_so(return_: Return, client: PageClient) -> None:
    client.sign_in("giver").get(f"/returns/{return_.id}/certify", expect=409)
    assert "Write what changed" in client.text


def test_certifying_twice_makes_one_version(return_: Return, client: PageClient) -> None:
    with transaction():
        actions.write(return_, outcomes="Sooner.", priorities="", by=people.person("giver"))
        walk.shown_and_read(return_, by=people.person("giver"))
    client.sign_in("giver").get(f"/returns/{return_.id}")
    client.post(f"/returns/{return_.id}/certify", {"once": "same-key"})
    client.post(f"/returns/{return_.id}/certify", {"once": "same-key"})
    client.post(f"/returns/{return_.id}/certify", {"once": "other-key"}, expect=409)
    client.get(f"/returns/{return_.id}/versions/2", expect=404)


def test_after_reopening_the_page_says_what_changed(
    submitted: Return, within: Partnership, client: PageClient
) -> None:
    client.sign_in("manager").get(f"/returns/{submitted.id}")
    client.press("Reopen", reason="A day was missing.")
    with transaction():
        [day] = db.session.query(walk.SupportDay)
        take(day, "confirm", by=people.person("receiver"))
    said = client.sign_in("giver").get(f"/returns/{submitted.id}")
    assert "Changed since the last certified version" in said
    assert "Wirral: confirmed days" in said and "A day was missing." in said
    client.get(f"/returns/{submitted.id}/certify")
    client.press("Certify and submit")
    assert "Wirral: confirmed days" in client.get(f"/returns/{submitted.id}/versions/2")


def test_each_line_leads_to_its_records(return_: Return, client: PageClient) -> None:
    said = client.sign_in("manager").get(f"/returns/{return_.id}")
    address = f"/partnerships/1/days?quarter={walk.QUARTER.ordinal}"
    assert f'href="{address}#days"' in said
    assert "Looked at decisions together" in client.get(address)


def test_last_quarters_words_stand_beside_the_form(submitted: Return, client: PageClient) -> None:
    with clock.set_to(clock.return_opens(walk.QUARTER + 1)):
        with transaction():
            following = actions.open_return(
                provider_id=submitted.provider_id,
                programme=submitted.programme,
                quarter=walk.QUARTER + 1,
                by=people.person("giver"),
            )
        said = client.sign_in("giver").get(f"/returns/{following.id}/write")
        assert said.count("Children are seen sooner.") == 2
        assert "What is carried from 2026-27 Q3" in said


def test_the_list_is_searched_and_filtered(return_: Return, client: PageClient) -> None:
    name = "Leeds, Partners in Practice"
    client.sign_in("manager")
    ordinal = walk.QUARTER.ordinal
    assert name in client.get(f"/returns?q=leeds&state=in_progress&quarter={ordinal}")
    assert name not in client.get("/returns?state=accepted")
    assert name not in client.get("/returns?q=hertfordshire")
    assert name in client.get("/returns?quarter=nonsense&state=nonsense")


def test_questions_to_the_database_do_not_grow_with_rows(
    submitted: Return, client: PageClient
) -> None:
    client.sign_in("manager")
    client.get("/returns")
    with client.counting() as before:
        client.get("/returns")
    with transaction():
        walk.partnership(giver="second_giver")
    for ahead in (1, 2):
        with clock.set_to(clock.return_opens(walk.QUARTER + ahead)), transaction():
            for giver in ("giver", "second_giver"):
                by = people.person(giver)
                actions.open_return(
                    provider_id=by.memberships[0].authority_id or 0,
                    programme=people.programme("pip"),
                    quarter=walk.QUARTER + ahead,
                    by=by,
                )
    with client.counting() as now:
        client.get("/returns")
    assert len(now) == len(before)
