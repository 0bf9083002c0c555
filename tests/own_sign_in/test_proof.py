"""Before what weighs heavily people show again who they are, and lose nothing that they typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.account import passwords
from broker.config import read_settings
from broker.db import db, transaction
from broker.models.notice import Notice
from broker.models.sign_in import Happened, How, KeptForm, SignInSession
from broker.verbs.row import Row
from broker.workflow import ROWS
from tests import people
from tests.account.test_sign_in import kept
from tests.client import PageClient

PASSWORD = "Steady hands, 7 kites & ŵyr"
WORDS = 'Until noon – <b>Ærø</b> "🙂"'


@pytest.fixture
def client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """The administrator, who signed in with the password an hour ago."""
    monkeypatch.setattr(passwords, "is_right", lambda known, typed: typed == PASSWORD)
    browser = PageClient(app).sign_in("administrator")
    with transaction():
        people.person("administrator").password_hash = "some"
        one = own_session()
        one.how, one.proved_at = How.FIRST_STEP, clock.now() - timedelta(hours=1)
    return browser


def own_session() -> SignInSession:
    person = people.person("administrator")
    return db.session.scalars(select(SignInSession).filter_by(person_id=person.id)).one()


def notices() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.words)))


def test_what_weighs_waits_for_a_proof_and_then_goes_as_it_was_typed(client: PageClient) -> None:
    client.get("/running/notice")
    client.send(words=WORDS, closes_writing="yes")
    assert notices() == [] and client.response.location.startswith("/me/prove?kept=")
    client.follow()
    assert "That is not your password." in client.send(expect=422, password="wrong")
    client.send(password=PASSWORD)
    client.follow()
    assert "Until noon – &lt;b&gt;Ærø" in client.text
    client.press("Send it now")
    assert "It is up, on every page." in client.text and notices() == [WORDS]
    assert kept(Happened.PROVED) == 1
    client.get("/me/go-on")
    client.press("Send it now")
    assert notices() == [WORDS], "it counts once"


def test_a_proof_counts_for_a_quarter_of_an_hour(client: PageClient) -> None:
    client.get("/me/prove?next=/running/notice")
    client.send(password=PASSWORD)
    assert client.response.location == "/running/notice"
    proved = own_session().proved_at
    for minutes, is_asked in ((15, False), (16, True)):
        with clock.set_to(proved + timedelta(minutes=minutes)):
            client.get("/running/notice")
            client.send(words=f"{minutes}", closes_writing="yes")
            assert ("/me/prove" in client.response.location) is is_asked
    assert notices() == ["15"]


def test_what_weighs_little_is_not_asked_for(client: PageClient) -> None:
    client.get("/running/notice")
    client.send(words=WORDS)
    assert notices() == [WORDS]


def test_giving_a_role_weighs_where_it_reaches_beyond_one_authority(client: PageClient) -> None:
    places = {
        "practitioner": f"authority {people.authority(people.GIVER).id}",
        "coordinator": f"region {people.region('London').id}",
    }
    for role, place in places.items():
        client.get("/people/invite")
        client.send(name="A", email=f"{role}@leeds.example", role=role, place=place)
        is_asked = client.response.location.startswith("/me/prove")
        assert is_asked is (role == "coordinator")


def test_the_form_of_what_weighs_asks_before_anything_is_typed(client: PageClient) -> None:
    client.get("/me/sign-in/second-step", expect=302)
    assert client.response.location == "/me/prove?next=/me/sign-in/second-step"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\t/evil.example"])
def test_a_proof_never_leads_to_another_site(client: PageClient, target: str) -> None:
    token = client.token()
    answer = client.browser.post(
        "/me/prove",
        query_string={"next": target},
        data={"password": PASSWORD, "csrf_token": token},
    )
    assert answer.location == "/your-work"


def test_what_was_typed_when_a_session_had_ended_is_kept_for_its_person_alone(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.app.config, "SESSION_LIMITS", read_settings({}).session_limits)
    client.get("/running/notice")
    with transaction():
        own_session().seen_at = clock.now() - timedelta(hours=5)
    client.send(words=f"{WORDS}\0", password="never kept")
    assert client.response.location == "/sign-in?next=/me/go-on"
    form = db.session.scalars(select(KeptForm)).one()
    assert ["words", WORDS] in form.fields
    assert not {"password", "csrf_token"} & {name for name, _ in form.fields}
    other = PageClient(client.app).sign_in("manager")
    other.get("/me/go-on", expect=302)
    with transaction():
        own_session().seen_at = clock.now()
    client.get("/me/go-on")
    client.press("Send it now")
    assert notices() == [WORDS]


@pytest.mark.parametrize(
    ("path", "label", "of", "page"),
    [
        ("/matches/42/approve", "Approve", "match 42", "/matches/42"),
        ("/matches/42/send_to_panel?x=1", "Send to the panel", "match 42", "/matches/42"),
        ("/extensions/3/approve", "Approve more days", "extension 3", "/extensions/3"),
        ("/agreed-elsewhere/3/note", "Note it", "recording 3", "/agreed-elsewhere/3"),
        ("/personal-data/7/end_sessions", "End every session", "person 7", "/personal-data/7"),
        ("/running/notices/9/take_down", "Take down", "notice 9", "/running"),
        ("/running/backups", "", "", "/running"),
        ("/people/roles/5/end", "", "", "/people/roles/5/end"),
        ("/nothing/at/all/approve", "", "", "/"),
    ],
)
def test_a_press_that_was_kept_is_said_in_words(
    client: PageClient, path: str, label: str, of: str, page: str
) -> None:
    with transaction():
        person = people.person("administrator")
        db.session.add(KeptForm(person_id=person.id, path=path, fields=[]))
    client.get("/me/go-on")
    said = f"<strong>{label}</strong>, {of}." if label else "what you pressed on"
    assert said in client.text and f'href="{page}"' in client.text


def test_a_form_that_was_kept_is_gone_after_two_hours(client: PageClient) -> None:
    with transaction():
        person = people.person("administrator")
        old = clock.now() - timedelta(hours=2, minutes=1)
        db.session.add(KeptForm(person_id=person.id, path="/x", fields=[], kept_at=old))
    client.get("/me/go-on", expect=302)
    assert "Nothing that you had typed is kept any longer." in client.follow()


def test_approvals_certification_and_ways_of_signing_in_weigh() -> None:
    def name(row: Row) -> str:
        return f"{row.noun} {row.verb}"

    weighing = {name(row) for row in ROWS if row.weighs}
    approving = {name(row) for row in ROWS if row.verb in ("approve", "certify", "freeze", "erase")}
    assert approving <= weighing
    own = {name(row) for row in ROWS if row.noun == "person"}
    asks_itself = {"person change_password"}
    has_no_session = {"person succeed", "person send_link", "person reset_password"}
    assert own - weighing == asks_itself | has_no_session
