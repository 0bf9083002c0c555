"""What goes wrong is said in words, changes nothing and gives nothing away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, abort
from sqlalchemy import func, select

from broker import create_app
from broker.db import db, transaction
from broker.models.event import Event
from broker.models.need import Need, NeedState
from broker.models.work import Setting
from tests import make, people
from tests.client import PageClient, checked_page

MEGABYTE = 1024 * 1024
SECRET = "Zebra-7"


def events() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Event.id))) or 0


# -- signed in and out ------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "giver"])
@pytest.mark.parametrize(
    "address",
    [
        "/nowhere", "/offers/0", "/offers/-1", "/offers/999999", "/offers/x", "/offers/1.5",
        "/offers/99999999999999999999999999", "/../etc/passwd", "/%00", "/%E2%80%AE",
        "/offers/%FF", "/" + "x" * 5000,
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_says_so(
    app: Flask, client: PageClient, name: str | None, address: str
) -> None:
    if name:
        client.sign_in(name)
    page = client.get(address, expect=404)
    assert "There is no such page" in page and "Traceback" not in page


def test_another_roles_page_is_refused_with_words(app: Flask, client: PageClient) -> None:
    page = client.sign_in("giver").get("/programme", expect=403)
    assert "another role than yours" in page and "Nothing was changed" in page


def test_what_is_not_for_a_role_says_who_it_is_for(app: Flask, client: PageClient) -> None:
    with transaction():
        match = make.match()
    client.sign_in("giver_lead")
    page = client.post(f"/matches/{match.id}/agree", expect=403)
    assert "To agree to these terms, you need to be a director" in page


def test_an_address_for_buttons_is_not_opened_as_a_page(app: Flask, client: PageClient) -> None:
    page = client.get("/sign-out", expect=405)
    assert "This address is for buttons and forms" in page
    assert "This address is" in client.post("/offers", expect=405)


def test_the_wrong_moment_is_said_and_the_reason_that_was_typed_is_kept(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        offer = make.offer(published=False)
    before = events()
    client.sign_in("giver")
    typed = "Ein tîm ŵyr نحن <b>busy</b>"
    page = client.post(f"/offers/{offer.id}/pause", {"reason": typed}, expect=409)
    assert "cannot be done now: it is draft" in page
    assert "Ein tîm ŵyr نحن &lt;b&gt;busy&lt;/b&gt;" in page
    assert events() == before


def test_a_missing_reason_is_asked_for(app: Flask, client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("giver")
    for reason in ("", "  \r\n "):
        page = client.post(f"/offers/{offer.id}/withdraw", {"reason": reason}, expect=422)
        assert "Say why, in a sentence" in page


def test_a_reason_that_is_too_long_is_refused_and_kept(app: Flask, client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("giver")
    page = client.post(f"/offers/{offer.id}/withdraw", {"reason": "ŵ" * 2001}, expect=422)
    assert "under 2,000 characters" in page and "ŵ" * 2001 in page


@pytest.mark.postgres
def test_what_no_page_can_show_is_left_out_of_a_reason(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    client.sign_in("giver")
    client.post(f"/offers/{offer.id}/pause", {"reason": "We\x00 rest\x1b", "once": "a\x00b"})
    assert "We rest" in client.follow()


@pytest.mark.parametrize("name", [None, "giver"])
@pytest.mark.parametrize("size", [2 * MEGABYTE, 5 * MEGABYTE])
def test_more_than_the_service_takes_is_refused_in_words(
    app: Flask, client: PageClient, name: str | None, size: int
) -> None:
    if name:
        client.sign_in(name)
    page = client.post("/sign-in", {"email": "x" * size}, expect=413)
    assert "larger than this service takes" in page and len(page) < 50_000


def test_too_many_parts_in_a_form_are_refused(app: Flask, client: PageClient) -> None:
    token = client.token()
    parts = {f"part_{n}": "x" for n in range(600)} | {"csrf_token": token}
    answer = client.browser.post("/sign-in", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "larger than this service takes" in answer.get_data(as_text=True)


def test_a_file_where_words_belong_is_refused(app: Flask, client: PageClient) -> None:
    sent = {
        "email": (BytesIO(b"x" * 10), "x.txt"), "password": (BytesIO(b"y"), "y.txt"),
        "csrf_token": client.token(),
    }  # fmt: skip
    answer = client.browser.post("/sign-in", data=sent)
    assert answer.status_code == 422


# -- something of ours breaks -----------------------------------------------------------------


def break_with(error: Callable[[], object]) -> Callable[[], str]:
    """A page that writes something, and then breaks."""

    def view() -> str:
        db.session.add(Setting(name=SECRET, value="half done"))
        db.session.flush()
        error()
        return "not reached"

    return view


def divide() -> object:
    secret = SECRET
    return {secret: 1 // 0}


def break_the_database() -> object:
    return db.session.add(Setting(name=SECRET, value="twice")) or db.session.flush()


@pytest.fixture
def breakable(app: Flask, tmp_path: Path) -> PageClient:
    """An application of its own on the same database, with pages that break."""
    environ = {
        "MODE": "demonstration",
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "VAR": str(tmp_path),
        "TODAY": "2026-11-20",
    }
    breaking = create_app(environ)
    breaking.config["WTF_CSRF_ENABLED"] = False
    for name, error in (("divide", divide), ("database", break_the_database)):
        view = break_with(error)
        breaking.add_url_rule(f"/try/{name}", f"try_{name}", view, methods=["GET", "POST"])
    for code in (400, 429, 503, 418):
        breaking.add_url_rule(f"/try/{code}", f"try_{code}", lambda code=code: abort(code))
    return PageClient(breaking)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["divide", "database"])
def test_a_page_that_breaks_says_sorry_keeps_its_trace_and_leaves_nothing_half_done(
    breakable: PageClient, caplog: pytest.LogCaptureFixture, method: str, name: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = getattr(breakable.browser, method)(f"/try/{name}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    checked_page_of_500(page)
    for leak in (SECRET, "Traceback", "ZeroDivision", "sqlalchemy", "broker/", "INSERT"):
        assert leak not in page
    assert "unforeseen error" in caplog.text and "Traceback" in caplog.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    db.session.rollback()
    assert db.session.get(Setting, SECRET) is None
    assert breakable.browser.get("/offers").status_code == 200


def checked_page_of_500(page: str) -> None:
    assert "This was our fault, not yours" in page
    checked_page(page, "the page of a 500")


@pytest.mark.parametrize(
    ("code", "shown", "said"),
    [
        (400, 400, "did not go through"),
        (429, 429, "Wait 15 minutes"),
        (418, 418, "did not go through"),
    ],
)
def test_every_other_refusal_has_its_page(
    breakable: PageClient, code: int, shown: int, said: str
) -> None:
    answer = breakable.browser.get(f"/try/{code}")
    assert answer.status_code == shown and said in answer.get_data(as_text=True)


def test_a_refusal_reads_the_same_to_who_is_signed_in(app: Flask, client: PageClient) -> None:
    page = client.sign_in("giver").get("/offers/999999", expect=404)
    assert people.person("giver").name in page and "/your-work" in page


def test_a_missing_reason_is_asked_for_again_with_what_was_typed(client: PageClient) -> None:
    with transaction():
        need_id = make.need(until="submitted").id
    client.sign_in("coordinator").get(f"/needs/{need_id}")
    client.press("Send back", expect=422, reason="  ")
    assert "Say why, in a sentence." in client.text
    client.press("Send again", expect=422, reason="ا" * 2001)
    assert "ا" * 2001 in client.text and "under 2,000 characters" in client.text
    client.press("Send again", reason="One more question, please")
    with transaction():
        assert db.session.get_one(Need, need_id).state is NeedState.PRIVATE
