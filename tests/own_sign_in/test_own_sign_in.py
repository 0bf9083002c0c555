"""One's own ways of signing in."""

from __future__ import annotations

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.account import pace, passwords, second_step
from broker.account.actions import check_password
from broker.db import db, transaction
from broker.keys import unseal
from broker.models.event import Event
from broker.models.person import Person
from broker.models.sign_in import Happened, How, SecondStep, SignInSession, TryBudget
from broker.models.work import Message
from broker.own_sign_in import actions
from tests import people
from tests.account.test_sign_in import kept
from tests.client import PageClient

OLD, NEW = "Steady hands, 7 kites & ŵyr", "lantern orchard veranda 81"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept and compared without taking long."""
    monkeypatch.setattr(passwords, "hash_password", lambda typed: f"kept {typed}")
    monkeypatch.setattr(passwords, "is_right", lambda known, typed: known == f"kept {typed}")


def with_password(name: str) -> Person:
    with transaction():
        person = people.person(name)
        person.password_hash = f"kept {OLD}"
    return person


def elsewhere(person: Person, key_hash: str = "x") -> SignInSession:
    """Another browser where somebody is signed in."""
    with transaction():
        there = SignInSession(person_id=person.id, key_hash=key_hash, how=How.FIRST_STEP)
        db.session.add(there)
    return there


def is_open(one: SignInSession) -> bool:
    db.session.refresh(one)
    return one.ended_at is None


def did(person: Person) -> list[str]:
    """What somebody did with their own account, in order."""
    mine = select(Event.verb).filter_by(noun="person", record_id=person.id).order_by(Event.number)
    return list(db.session.scalars(mine))


def test_a_new_password_is_long_uncommon_and_ends_the_other_sessions(client: PageClient) -> None:
    person = with_password("giver")
    there = elsewhere(person)
    client.sign_in("giver").get("/me/sign-in/password")
    for now, new, said in (
        ("wrong", NEW, "That is not your password."),
        (OLD, "too short", "Use 12 characters or more"),
        (OLD, "password1234", "tried first"),
        (OLD, "x" * 201, "200 at most"),
        (OLD, "children director children", "easily guessed"),
    ):
        page = client.send(expect=422, password=now, new_password=new)
        assert said in page and new not in page
    assert is_open(there) and did(person) == []
    client.send(password=OLD, new_password=NEW)
    assert "Your password is changed" in client.follow()
    db.session.refresh(person)
    assert person.password_hash == f"kept {NEW}"
    assert not is_open(there) and did(person) == ["change_password"]


def test_sessions_are_listed_and_ended_one_by_one_or_all(client: PageClient) -> None:
    person = people.person("giver")
    first, second, third = (elsewhere(person, mark) for mark in "xyz")
    foreign = elsewhere(people.person("receiver"), "foreign")
    client.sign_in("giver").get("/me/sign-in")
    assert "(here)" in client.text
    client.post(f"/me/sign-in/sessions/{first.id}/end")
    assert [is_open(one) for one in (first, second, third)] == [False, True, True]
    client.post(f"/me/sign-in/sessions/{foreign.id}/end", expect=404)
    client.post("/me/sign-in/sessions/end-others")
    assert [is_open(one) for one in (second, third, foreign)] == [False, False, True]
    assert "A session was ended from elsewhere" in client.get("/me/sign-in")


def test_a_second_step_is_set_up_moved_and_given_up_where_no_role_needs_it(
    client: PageClient,
) -> None:
    person = people.person("giver")
    client.sign_in("giver").get("/me/sign-in/second-step")
    client.send(expect=422, code="000 000")
    with client.browser.session_transaction() as session:
        secret = unseal(second_step.PURPOSE, session["new_key"]) or ""
    client.send(code=pyotp.TOTP(secret).at(int(clock.by_the_wall().timestamp())))
    page = client.follow()
    assert page.count("<code>") == 10 and "10 recovery codes left" in client.get("/me/sign-in")
    client.press("Make new recovery codes")
    assert client.text.count("<code>") == 10
    client.get("/me/sign-in")
    client.press("Do without a second step")
    assert "Set up your second step" in client.text
    assert did(person) == ["set_second_step", "renew_recovery_codes", "remove_second_step"]


def test_who_needs_a_second_step_cannot_give_it_up(client: PageClient) -> None:
    person = people.person("coordinator")
    with transaction():
        db.session.add(SecondStep(person_id=person.id, secret=second_step.new_secret()))
    assert "Do without" not in client.sign_in("coordinator").get("/me/sign-in")
    client.post("/me/sign-in/second-step/remove", expect=409)


def test_strangers_at_the_door_do_not_hold_up_who_is_signed_in(app: Flask) -> None:
    person = with_password("giver")
    here = elsewhere(person)
    with app.test_request_context(), clock.set_to(clock.now()):
        for budget in pace.budgets("password", person.email):
            with transaction():
                db.session.add(TryBudget(key=budget.key, tries=1000, tried_at=clock.now()))
        with pytest.raises(pace.TooFast):
            check_password(person.email, OLD)
        for _ in range(10):
            assert not actions.prove_by_password(person, "wrong", here)
        with pytest.raises(pace.TooFast):
            actions.prove_by_password(person, OLD, here)
    assert kept(Happened.WRONG) == 10 and kept(Happened.PROVED) == 0


def test_an_administrator_resets_a_lost_second_step_and_its_owner_is_told(
    app: Flask, client: PageClient
) -> None:
    person = people.person("coordinator")
    there = elsewhere(person)
    with transaction():
        db.session.add(SecondStep(person_id=person.id, secret=second_step.new_secret()))
        second_step.new_recovery_codes(person)
    page = f"/personal-data/{person.id}"
    client.sign_in("administrator").get(page)
    client.post(f"{page}/reset_second_step", {"reason": ""}, expect=422)
    assert second_step.of(person) is not None
    client.post(f"{page}/reset_second_step", {"reason": "Seen at the desk"})
    assert second_step.of(person) is None and second_step.codes_left(person) == 0
    assert not is_open(there) and did(person) == ["reset_second_step"]
    told = db.session.scalars(select(Message).filter_by(to_id=person.id)).one()
    assert told.is_urgent and "Your second step was reset" in told.subject
    client.post(f"{page}/reset_second_step", {"reason": "Again"}, expect=409)


def test_commands_list_people_and_end_their_sessions(app: Flask) -> None:
    person = people.person("coordinator")
    there = elsewhere(person)
    run = app.test_cli_runner().invoke
    listed = run(args=["admin", "people", "list"]).output
    line = next(line for line in listed.splitlines() if line.startswith(person.email))
    told = [person.name, "Regional coordinator (North West)", "never", "no second step"]
    assert line.split("\t")[1:] == told
    assert "Nobody has" in run(args=["admin", "people", "end-sessions", "x@y.example"]).output
    said = run(args=["admin", "people", "end-sessions", person.email.upper()])
    assert said.output == "Every session is ended.\n" and not is_open(there)
    refused = run(args=["admin", "people", "reset-second-step", person.email, "--reason", "Lost"])
    assert refused.exit_code == 1 and "No second step is set up." in refused.output
