"""Signing in and out: nothing revealed, nothing echoed, nothing left open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from broker import clock, create_app
from broker.account import actions
from broker.clock import LONDON
from broker.config import BadSetting
from broker.db import db, transaction
from broker.models.person import Membership, Person, Role
from broker.models.sign_in import Happened, SignInEvent, SignInSession
from tests import people
from tests.client import PageClient

PASSWORD = "Steady hands, 7 kites & ŵyr"
WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def known(app: Flask) -> Person:
    """The giving director, with a password."""
    with transaction():
        person = people.person("giver")
        person.password_hash = actions.hash_password(PASSWORD)
    return person


def sign_in(
    client: PageClient, email: str, password: str, *, expect: int = 302, to: str = ""
) -> str:
    client.get(f"/sign-in{to}")
    return client.send(expect=expect, email=email, password=password)


def kept(*kinds: Happened) -> int:
    """How often these happened at the door."""
    db.session.rollback()
    counted = select(func.count(SignInEvent.id)).where(SignInEvent.kind.in_(kinds))
    return db.session.scalar(counted) or 0


# -- the password -----------------------------------------------------------------------------


def test_passwords_are_kept_as_argon2id_and_never_as_themselves(known: Person) -> None:
    assert known.password_hash is not None
    assert known.password_hash.startswith("$argon2id$") and PASSWORD not in known.password_hash
    assert PasswordHasher().verify(known.password_hash, PASSWORD)
    assert actions.hash_password(PASSWORD) != known.password_hash


def test_the_right_password_signs_in_and_is_written_down(known: Person, client: PageClient) -> None:
    sign_in(client, known.email, PASSWORD)
    assert client.response.location == "/your-work"
    assert known.name in client.follow()
    [event] = db.session.scalars(select(SignInEvent))
    assert (event.person_id, event.kind) == (known.id, Happened.SIGNED_IN)
    db.session.refresh(known)
    assert known.last_seen_at is not None


@pytest.mark.parametrize("change", [str.upper, lambda email: f"  {email} "])
def test_an_address_is_the_same_in_capitals_and_with_spaces(
    known: Person, client: PageClient, change: Callable[[str], str]
) -> None:
    sign_in(client, change(known.email), PASSWORD)


@pytest.mark.parametrize(
    "password", [PASSWORD + " ", PASSWORD.lower(), PASSWORD[:-1], "x" * 100_000, "\x00", "<script>"]
)
def test_a_wrong_password_and_an_unknown_address_read_the_same(
    known: Person, client: PageClient, password: str
) -> None:
    pages = []
    for email in (known.email, "nobody@example.org", people.address("receiver")):
        page = sign_in(client, email, password, expect=422)
        assert WRONG in page and password not in page.replace(WRONG, "")[3000:]
        pages.append(_without_keys(page.replace(email, "")))
    assert pages[0] == pages[1] == pages[2]


def _without_keys(page: str) -> str:
    """The page without tokens, which differ each time."""
    lines = [line for line in page.splitlines() if "csrf" not in line and "once" not in line]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("", PASSWORD, "mail address"),
        ("nobody", PASSWORD, "like name@example.org"),
        ("<script>@x", PASSWORD, "like name@example.org"),
        ("x" * 300 + "@example.org", PASSWORD, "mail address"),
        ("محمد", PASSWORD, "like name@example.org"),
        ("a@example.org", "", "assword"),
    ],
)
def test_what_is_no_address_is_refused_and_the_password_never_shown_again(
    app: Flask, client: PageClient, email: str, password: str, said: str
) -> None:
    page = sign_in(client, email, password, expect=422)
    assert "Something needs putting right" in page and said in page
    assert PASSWORD not in page and "7 kites" not in page and "<script>@x" not in page
    assert kept(Happened.WRONG) == 0


def test_a_failure_is_kept_although_the_page_is_an_error(known: Person, client: PageClient) -> None:
    sign_in(client, known.email, "wrong", expect=422)
    sign_in(client, "nobody@example.org", "wrong", expect=422)
    own, strange = db.session.scalars(select(SignInEvent).order_by(SignInEvent.id))
    assert own.kind is strange.kind is Happened.WRONG
    assert own.person_id == known.id and own.email_hash is None
    assert strange.person_id is None and "nobody" not in str(strange.email_hash)


def test_who_has_no_password_yet_cannot_sign_in_with_an_empty_or_any_one(
    app: Flask, client: PageClient
) -> None:
    for password in ("nobody has this password", "None", " "):
        sign_in(client, people.address("receiver"), password, expect=422)


# -- where to ---------------------------------------------------------------------------------


def test_signing_in_leads_on_to_the_page_that_was_asked_for(
    known: Person, client: PageClient
) -> None:
    client.get("/capacity", expect=302)
    assert client.response.location.startswith("/sign-in?next=")
    client.follow()
    client.send(email=known.email, password=PASSWORD)
    assert client.response.location == "/capacity"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example",
        "javascript:alert(1)", "evil.example", "", " /x", "/%09/evil.example/", "/\t/evil.example/",
        "/\n/evil.example/", "\t//evil.example", "/\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(
    known: Person, client: PageClient, target: str
) -> None:
    answer = client.browser.post(
        "/sign-in",
        query_string={"next": target},
        data={"email": known.email, "password": PASSWORD, "csrf_token": client.token()},
    )
    place = answer.location or ""
    as_a_browser_reads_it = "".join(c for c in place if c not in "\t\r\n").replace("\\", "/")
    assert as_a_browser_reads_it.startswith("/") and not as_a_browser_reads_it.startswith("//")
    assert "Set-Cookie: a=b" not in str(answer.headers)


# -- sessions ---------------------------------------------------------------------------------


def test_signing_out_ends_the_session(known: Person, client: PageClient) -> None:
    sign_in(client, known.email, PASSWORD)
    client.get("/your-work")
    client.post("/sign-out")
    assert "You have signed out" in client.follow()
    client.get("/your-work", expect=302)


def test_a_copied_cookie_opens_nothing_once_its_owner_has_signed_out(
    known: Person, client: PageClient
) -> None:
    sign_in(client, known.email, PASSWORD)
    with client.browser.session_transaction() as session:
        copied = dict(session)
    client.get("/your-work")
    client.post("/sign-out")
    thief = PageClient(client.app)
    with thief.browser.session_transaction() as session:
        session.update(copied)
    thief.get("/your-work", expect=302)


@pytest.mark.parametrize("key", ["", None, "x" * 43, "1.abcdef"])
def test_a_cookie_without_a_known_key_is_nobody(
    app: Flask, client: PageClient, key: object
) -> None:
    with client.browser.session_transaction() as session:
        session["_user_id"] = key
    client.get("/your-work", expect=302)


def test_nothing_of_an_earlier_session_stays_after_signing_in(
    known: Person, client: PageClient
) -> None:
    client.get("/sign-in")
    earlier = people.session_key(people.person("receiver"))
    with client.browser.session_transaction() as session:
        session["left"] = "over"
        session["_user_id"] = earlier
    sign_in(client, known.email, PASSWORD)
    with client.browser.session_transaction() as session:
        assert "left" not in session and session["_user_id"] != earlier
        key = session["_user_id"]
    assert db.session.scalar(select(SignInSession.id).filter_by(key_hash=key)) is None, "its hash"


# -- roles have their time --------------------------------------------------------------------

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("starts", "ends", "has_role"),
    [
        (date(2026, 4, 1), None, True),
        (TODAY, TODAY, True),
        (date(2026, 4, 1), date(2026, 11, 19), False),
        (date(2026, 11, 21), None, False),
    ],
)
def test_a_role_counts_from_its_first_day_to_its_last(
    app: Flask, client: PageClient, starts: date, ends: date | None, has_role: bool
) -> None:
    with transaction():
        person = people.person("giver")
        [held] = person.memberships
        held.starts_on, held.ends_on = starts, ends
    assert bool(person.holding(Role.DIRECTOR)) is has_role
    days = f"/capacity/{people.authority('Leeds').code}/edit"
    client.sign_in("giver").get(days, expect=200 if has_role else 302)
    if has_role:
        assert "Capacity" in client.get("/your-work")
        assert "Director" in client.get("/me").partition("Your roles")[2]


def test_a_role_ends_at_midnight_in_london(app: Flask) -> None:
    held = Membership(role=Role.DIRECTOR, starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    with clock.set_to(datetime(2026, 6, 30, 23, 59, tzinfo=LONDON)):
        assert held.is_on(clock.today())
    with clock.set_to(datetime(2026, 7, 1, 0, 1, tzinfo=LONDON)):
        assert not held.is_on(clock.today())


# -- live use ---------------------------------------------------------------------------------


@pytest.fixture
def live(app: Flask, tmp_path: Path) -> Iterator[PageClient]:
    """The application in live use, on the same database."""
    live_app = create_app(
        {
            "MODE": "live",
            "SECRET_KEY": "0123456789abcdef" * 2,
            "SITE": "https://localhost",
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "VAR": str(tmp_path),
        }
    )
    yield PageClient(live_app)
    with live_app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("key", [None, "", "k" * 31])
def test_live_use_is_refused_without_a_long_secret_key(tmp_path: Path, key: str | None) -> None:
    environ = {"MODE": "live", "VAR": str(tmp_path), "SITE": "https://localhost"}
    environ |= {} if key is None else {"SECRET_KEY": key}
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        create_app(environ)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("MODE", "production"), ("TODAY", "20 November"), ("TODAY", "2026-02-30")],
)
def test_a_setting_that_is_wrong_is_named(tmp_path: Path, setting: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"{setting} is '{value}'"):
        create_app({"VAR": str(tmp_path), setting: value})


def test_in_live_use_there_is_no_demonstration(live: PageClient) -> None:
    client = live.browser
    assert client.get("/demo", base_url="https://localhost").status_code == 404
    page = client.get("/sign-in", base_url="https://localhost").get_data(as_text=True)
    assert "/demo" not in page
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    answer = client.post(
        f"/demo/{people.person('giver').id}",
        data={"csrf_token": token},
        headers={"Referer": "https://localhost/sign-in"},
        base_url="https://localhost",
    )
    assert answer.status_code == 404


def test_in_live_use_the_cookie_travels_safely(live: PageClient) -> None:
    answer = live.browser.get("/sign-in", base_url="https://localhost")
    [cookie] = answer.headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert cookie.startswith("__Host-exchange=") and "Domain" not in cookie


# -- the demonstration ------------------------------------------------------------------------


def test_one_press_signs_in_as_an_account_of_the_demonstration(
    app: Flask, client: PageClient
) -> None:
    client.get("/demo")
    page = client.press("Director, Leeds")
    assert "Your work" in page and "Director, Leeds" in client.get("/me")


def test_only_accounts_of_the_demonstration_are_entered_with_one_press(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        real = people.add("real", Role.DIRECTOR, authority=people.authority("Devon"))
        real.email = "director@devon.example"
        real_id = real.id
    assert f"/demo/{real_id}" not in client.get("/demo")
    for person_id in (real_id, 1, 0, 999999):
        is_system = db.session.get(Person, person_id)
        assert is_system is None or is_system.email.endswith((".invalid", ".example"))
        client.post(f"/demo/{person_id}", expect=404)
    client.get("/your-work", expect=302)


# -- tokens and headers -----------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/sign-in", "/sign-out", "/demo/1", "/offers/1/pause"])
def test_a_form_without_its_token_is_refused_in_words(
    app: Flask, client: PageClient, address: str
) -> None:
    client.get("/sign-in")
    for token in ("", "forged"):
        answer = client.browser.post(address, data={"csrf_token": token})
        assert answer.status_code == 400
        assert "That did not go through" in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/", "/sign-in", "/demo", "/nowhere", "/offers", "/health"])
def test_every_page_says_what_a_browser_may_do_with_it(
    app: Flask, client: PageClient, address: str
) -> None:
    headers = client.browser.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_what_somebody_saw_signed_in_is_kept_by_no_cache(app: Flask, client: PageClient) -> None:
    client.sign_in("giver").get("/your-work")
    assert client.response.headers["Cache-Control"] == "private, no-store"
