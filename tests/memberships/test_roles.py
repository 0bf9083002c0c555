"""Ending a role, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.account_conditions import others_in
from broker.db import db, transaction
from broker.duties import Duty
from broker.errors import NotPossible, NotRight
from broker.memberships import actions, queries
from broker.models.event import Event
from broker.models.person import Membership, Person, Role
from broker.models.sign_in import SignInSession
from broker.models.work import Message
from broker.system import the_system
from tests import people
from tests.client import PageClient
from tests.deputies.test_deputies import stand_in

ADMINISTRATOR = "administrator"


def role_of(name: str) -> Membership:
    return people.person(name).memberships[0]


def is_signed_in(person: Person) -> bool:
    open_ = select(SignInSession.id).filter_by(person_id=person.id, ended_at=None)
    return db.session.scalar(open_) is not None


def did(held: Membership) -> list[str]:
    mine = select(Event.verb).filter_by(noun="membership", record_id=held.id)
    return list(db.session.scalars(mine.order_by(Event.number)))


def test_a_director_ends_a_role_at_once_and_gives_it_back(client: PageClient) -> None:
    held = role_of("practitioner")
    page = client.sign_in("giver").get("/people")
    assert held.person.name in page and people.person("receiver").name not in page
    client.get(f"/people/roles/{held.id}")
    client.get(f"/people/roles/{held.id}/end")
    assert "Fill in the last day" in client.send(expect=422, when="on_a_day", reason="Left")
    client.send(when="at_once", reason="Left")
    assert "ended" in client.follow().lower()
    db.session.refresh(held)
    assert not held.is_on(clock.today()) and not is_signed_in(held.person)
    assert held.person.name in client.get("/people?held=ended")
    client.get(f"/people/roles/{held.id}/end", expect=409)
    client.get(f"/people/roles/{held.id}")
    client.press("Give the role back")
    db.session.refresh(held)
    assert held.is_on(clock.today()) and did(held) == ["end", "give_back"]


def test_a_role_ends_by_its_day_and_the_clock_signs_the_leaver_out(app: Flask) -> None:
    held, last = role_of("giver_lead"), clock.today() + timedelta(days=3)
    with transaction():
        actions.end(held, last_day=last, by=people.person("giver"))
    with clock.set_to(clock.now() + timedelta(days=3)):
        with transaction():
            assert actions.run_out(clock.today(), by=the_system()) == 0
        assert held.person.held_today
    with clock.set_to(clock.now() + timedelta(days=4)):
        for count in (1, 0):
            with transaction():
                assert actions.run_out(clock.today(), by=the_system()) == count
        assert not is_signed_in(held.person) and did(held) == ["end", "run_out"]
    told = select(Message.to_id).filter_by(kind="membership run_out")
    assert set(db.session.scalars(told)) == {held.person_id, people.person("giver").id}


def test_a_last_day_is_changed_and_taken_away(client: PageClient) -> None:
    held = role_of("practitioner")
    client.sign_in("giver").get(f"/people/roles/{held.id}/last-day", expect=409)
    with transaction():
        actions.end(held, last_day=clock.today(), by=people.person("giver"))
    client.get(f"/people/roles/{held.id}/last-day")
    typed = {"last_day-day": "1", "last_day-month": "1", "last_day-year": "2020"}
    assert "today or later" in client.send(expect=422, **typed)
    client.send(**dict.fromkeys(typed, ""))
    db.session.refresh(held)
    assert held.ends_on is None and did(held) == ["end", "change_end"]


def test_the_last_administrator_stays_and_the_last_director_goes_knowingly(
    client: PageClient,
) -> None:
    by, only, director = people.person(ADMINISTRATOR), role_of(ADMINISTRATOR), role_of("giver")
    with pytest.raises(NotPossible, match="no administrator"):
        actions.end(only, last_day=None, by=by)
    with pytest.raises(NotRight, match="nobody would be director"):
        actions.end(director, last_day=None, by=by)
    db.session.rollback()
    page = client.sign_in(ADMINISTRATOR).get(f"/people/roles/{role_of('giver').id}/end")
    assert "Nobody will be director here after that" in page
    client.send(when="at_once", is_sure="yes")
    assert not is_signed_in(people.person("giver"))


def test_what_was_lent_ends_with_the_role_and_whoever_holds_another_stays_signed_in(
    app: Flask,
) -> None:
    held, by = role_of("giver"), people.person(ADMINISTRATOR)
    lent, today = stand_in("giver_lead", "giver"), clock.today()
    with transaction():
        held.person.memberships.append(Membership(role=Role.PANEL, starts_on=today))
        actions.end(held, last_day=today + timedelta(days=9), is_sure=True, by=by)
    assert lent.ends_on == today + timedelta(days=9)
    with transaction():
        actions.change_end(held, last_day=today + timedelta(days=5), by=by)
    assert lent.ends_on == today + timedelta(days=5)
    with transaction():
        actions.end(held, last_day=None, is_sure=True, by=by)
    assert lent.ended_at is not None and is_signed_in(held.person)
    told = select(Message.to_id).filter_by(kind="membership end")
    assert set(db.session.scalars(told)) == {held.person_id}


def test_a_role_is_given_back_within_30_days_of_its_end_and_no_other(app: Flask) -> None:
    held, by = role_of("practitioner"), people.person("giver")
    with pytest.raises(NotPossible, match="has not ended"):
        actions.give_back(held, by=by)
    with transaction():
        actions.end(held, last_day=None, by=by)
    later = clock.now() + timedelta(days=31)
    with clock.set_to(later), pytest.raises(NotPossible, match="more than 30 days ago"):
        actions.give_back(held, by=by)


def test_whoever_leaves_soon_or_stands_in_is_nobody_who_stays(app: Flask) -> None:
    only, director, other = role_of(ADMINISTRATOR), role_of("giver"), people.person("manager")
    today = clock.today()
    stand_in("giver_lead", "giver")
    with transaction():
        leaves = Membership(role=Role.ADMINISTRATOR, starts_on=today, ends_on=today)
        other.memberships.append(leaves)
    assert not others_in(director) and not others_in(only)
    with transaction():
        leaves.ends_on = None
    assert others_in(only)


def test_administrators_find_everybody_and_others_their_own(client: PageClient) -> None:
    page = client.sign_in(ADMINISTRATOR).get("/people?q=wirral")
    assert people.person("receiver").name in page and people.person("giver").name not in page
    assert people.person("panel_1").name in client.get("/people?role=panel")
    client.get(f"/people/roles/{role_of('coordinator').id}")
    elsewhere = role_of("receiver").id
    client.sign_in("giver").get(f"/people/roles/{elsewhere}", expect=404)
    client.get(f"/people/roles/{role_of('giver').id}/end", expect=403)
    client.sign_in("giver_lead").get("/people", expect=403)


def test_who_stands_in_for_something_else_does_not_read_who_holds_which_role(
    client: PageClient,
) -> None:
    stand_in("giver_lead", "giver", [duty for duty in Duty if duty is not Duty.PEOPLE])
    held = role_of("practitioner").id
    lead = client.sign_in("giver_lead")
    assert 'href="/people"' not in lead.get("/your-work")
    lead.get("/people", expect=403)
    lead.get(f"/people/roles/{held}", expect=403)
    assert queries.count(queries.memberships_visible_to(people.person("giver_lead"))) == 0
    stand_in("practitioner", "giver", [Duty.PEOPLE])
    other = client.sign_in("practitioner")
    assert 'href="/people"' in other.get("/your-work")
    lead_role = role_of("giver_lead")
    assert lead_role.person.email in other.get(f"/people/roles/{lead_role.id}")


def test_the_list_of_people_asks_as_much_for_many_as_for_few(client: PageClient) -> None:
    with client.sign_in(ADMINISTRATOR).counting() as few:
        client.get("/people?role=panel")
    with client.counting() as many:
        client.get("/people")
    assert len(many) <= len(few)


def test_people_are_invited_listed_and_ended_by_command(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    leeds = people.authority(people.GIVER).code
    given = ["admin", "people", "invite", "a@leeds.example", "A lead", "practitioner"]
    assert "held at one authority" in run(args=given).output
    assert "/link/" in run(args=[*given, "--authority", leeds]).output
    assert "There is no region" in run(args=[*given, "--region", "Nowhere"]).output
    email = people.person("practitioner").email
    ended = ["admin", "people", "end", email, "practitioner"]
    assert "It is ended" in run(args=ended).output
    assert "do not hold that role" in run(args=ended).output
    again = ["people", "add", f" {email.upper()}", "Twice", "panel", "--password", "x1-Long-word-9"]
    assert "Somebody has the address" in run(args=again).output
    listed = run(args=["admin", "people", "list"]).output
    assert f"{email}\tPractitioner, Leeds\tnone" in listed
