"""Programmes: added and changed by administrators, and usable from their first day."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, ledger_check
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.memberships import inviting
from broker.memberships.inviting import Post
from broker.models.match import RoundState
from broker.models.person import Role
from broker.models.programme import Programme
from broker.models.work import Message
from broker.programmes import actions, queries
from broker.programmes.actions import Terms
from broker.returns.expected import expected
from broker.rounds import actions as rounds
from tests import make, people
from tests.client import PageClient
from tests.test_races import race

APRIL, MARCH = date(2026, 4, 1), date(2027, 3, 31)
TERMS = Terms("Days for the North", "The region's authorities", APRIL)
TYPED = {
    "name": "  Diwrnodau   i’r Gogledd – 北 <b>",
    "funder": "Awdurdodau’r rhanbarth",
    "opens_on-day": "1",
    "opens_on-month": "4",
    "opens_on-year": "2026",
    "like": "slip",
}
LAST_DAY = {"closes_on-day": "31", "closes_on-month": "3", "closes_on-year": "2027"}


def known() -> list[Programme]:
    db.session.rollback()
    return list(db.session.scalars(select(Programme).order_by(Programme.id)))


def test_an_administrator_adds_one_and_sees_what_it_began_with(client: PageClient) -> None:
    client.sign_in("administrator").get("/running")
    assert 'href="/programmes"' in client.text
    client.get("/programmes/new")
    once = client.text.split('name="once" value="')[1].split('"')[0]
    for _ in range(2):  # pressed twice, it is added once
        client.get("/programmes/new")
        client.send(**TYPED, once=once)
    *_, added = known()
    assert len(known()) == 4 and added.code == "diwrnodau-ir-gogledd"
    assert added.name == "Diwrnodau i’r Gogledd – 北 <b>"
    assert added.rules == people.programme("slip").rules
    client.follow()
    assert "Rules as those of Sector Led Improvement Partners" in client.text
    assert "Packages under" not in client.text and "Nobody yet" in client.text
    client.get(f"/people/invite?role=programme_manager&place=programme+{added.id}")
    client.send(name="Manager", email="manager@north.example")
    with client.counting() as few:
        client.get("/programmes")
    with transaction():
        make.programme("One more"), make.capacity(programme=make.programme("Two more"))
    with client.counting() as many:
        client.get("/programmes")
    assert len(few) == len(many) and "1 provider with days in later quarters" in client.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Fill in"),
        ({"name": "…"}, "Say this in words"),
        ({"name": "N" * 81}, "80 characters"),
        ({"name": "OWN  ＤＡＹＳ"}, "Another programme has this name"),
        ({"funder": "x" * 90_000}, "80 characters"),
        ({"opens_on-day": "31"}, "date"),
        ({**LAST_DAY, "closes_on-year": "2026"}, "after the first"),
        ({"code": "pip"}, "Another programme has this code"),
        ({"code": "a/b"}, "letters from a to z"),
        ({"like": "none"}, "must be one of the answers listed"),
    ],
)
def test_what_is_not_right_is_said_and_kept(
    client: PageClient, typed: dict[str, str], says: str
) -> None:
    client.sign_in("administrator").get("/programmes/new")
    client.send(expect=422, **{**TYPED, **typed})
    assert says in client.text and "rhanbarth" in client.text or "funder" in typed
    assert len(known()) == 3


def test_names_make_codes_that_nobody_has(app: Flask) -> None:
    by = people.person("administrator")
    names = ("Ærø Überprüfung", "Aero? Uberprufung!", "北の日々", "東", "N" * 80)
    codes = [actions.add(Terms(name, "A region", APRIL), by=by).code for name in names]
    assert codes == ["r-uberprufung", "aero-uberprufung", "programme", "programme-2", "n" * 20]
    assert actions.add(Terms("N" * 79, "A region", APRIL), by=by).code == f"{'n' * 18}-2"


@pytest.mark.parametrize("name", ["manager", "coordinator", "giver"])
def test_nobody_else_adds_or_changes_one(app: Flask, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.change(people.programme(), TERMS, by=people.person(name))
    with pytest.raises(NotAllowed):
        actions.add(TERMS, by=people.person(name))


def test_who_opened_the_form_before_another_saved_is_told_and_loses_nothing(
    client: PageClient,
) -> None:
    with transaction():
        north = make.programme()
    address = f"/programmes/{north.id}/change"
    client.sign_in("administrator").get(address)
    with transaction():
        again = Terms(TERMS.name, "Another funder", APRIL)
        actions.change(people.programme(north.code), again, by=people.person("administrator"))
    client.send(expect=409, name="Days for everybody")
    assert "Funder: The region&#39;s authorities → Another funder" in client.text
    assert "Days for everybody" in client.text
    client.send()
    assert "Name: Days for the North → Days for everybody" in client.follow()
    assert "is how it stands" in client.get(address) or client.send(expect=422)


def test_it_is_not_closed_over_what_is_under_way_unless_somebody_knows(client: PageClient) -> None:
    with transaction():
        north = make.programme()
        make.capacity(programme=north)
        make.match(make.need(programme=north), make.offer(programme=north))
    address = f"/programmes/{north.id}/change"
    client.sign_in("administrator").get(address)
    for words in (
        "1 match that is talked about",
        "1 need that looks",
        "1 published offer",
        "1 prov",
    ):
        assert words in client.text
    client.send(expect=422, **LAST_DAY)
    assert "say so" in client.text and 'value="2027"' in client.text
    client.send(**LAST_DAY, is_sure="yes")
    assert "Last day: none → 31 March 2027" in client.follow()
    sent = db.session.scalars(select(Message).where(Message.kind == "programme change")).all()
    assert not sent, "nobody manages it yet"
    client.get(address)  # later again asks for nothing
    client.send(**{**LAST_DAY, "closes_on-year": "2028"})
    client.get(address)  # nor does another name
    client.send(name="Days for the far North")
    assert [event.verb for event in history_of(known()[-1])] == ["change"] * 3 + ["add"]


def test_only_fewer_days_from_today_on_close_it_sooner() -> None:
    with clock.set_to(date(2026, 11, 28)):
        for before, after, closes in (
            ((APRIL, None), (APRIL, MARCH), True),
            ((APRIL, MARCH), (APRIL, None), False),
            ((APRIL, MARCH), (date(2026, 11, 28), MARCH), False),
            ((APRIL, MARCH), (date(2026, 11, 29), MARCH), True),
            ((APRIL, date(2026, 10, 1)), (APRIL, date(2026, 9, 1)), False),
            ((APRIL, date(2026, 11, 28)), (APRIL, date(2026, 11, 27)), True),
        ):
            stood, stands = (Terms("A", "B", *days) for days in (before, after))
            assert actions.closes_sooner(stood, stands) is closes, (before, after)


def test_managers_hear_of_a_change_and_read_the_history(client: PageClient) -> None:
    pip = people.programme("pip")
    with transaction():
        terms = Terms(pip.name, "The Department", pip.opens_on)
        actions.change(pip, terms, by=people.person("administrator"))
    [sent] = db.session.scalars(select(Message).where(Message.kind == "programme change"))
    assert (
        sent.subject == "Partners in Practice was changed"
        and sent.to_id == people.person("manager").id
    )
    assert "→ The Department" in client.sign_in("manager").get(sent.path)
    assert "Change this programme" not in client.text


def test_one_that_was_added_is_used_like_those_built_in(app: Flask) -> None:
    north, by = make.programme(like="pip"), people.person("administrator")
    assert north in queries.every(by)
    post = Post(Role.PROGRAMME_MANAGER, north)
    inviting.accept(inviting.invite(post, name="Manager", email="n@north.example", by=by))
    [manager] = queries.managers_of([north])[north.id]
    make.capacity(programme=north)
    opened = make.need(programme=north)
    run = rounds.run(programme=north, region=None, aim="fit", by=manager)
    assert run.state is RoundState.QUEUED
    within = make.begun(
        make.partnership(make.agreed(make.match(opened, make.offer(programme=north))))
    )
    make.day(within, on=clock.today())
    assert expected([north.id], [clock.this_quarter()])[north.id, clock.this_quarter()]
    make.need(programme=north, until="submitted", title="Not open to managers")
    words = {one.words for one in queries.under_way([north.id])[north.id]}
    assert {"1 partnership", "1 round of the matcher", "1 published offer"} <= words
    assert not any("need" in said for said in words)
    assert list(ledger_check.problems()) == []


def test_those_at_the_machine_can_do_the_same(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    group = ["admin", "programmes"]
    given = ["Days for the North", "The region", "2026-04-01", "--like", "pip"]
    said = run(args=[*group, "add", *given])
    assert "Added: days-for-the-north" in said.output
    assert run(args=[*group, "add", "days for the north", "x", "2026-04-01"]).exit_code == 1
    with transaction():
        make.capacity(programme=people.programme("days-for-the-north"))
    closing = [*group, "change", "days-for-the-north", "--until", "2027-03-31"]
    said = run(args=closing)
    assert said.exit_code == 1 and "1 provider with days in later quarters." in said.output
    assert "Last day: none → 31 March 2027" in run(args=[*closing, "--sure"]).output
    listed = run(args=[*group, "list"]).output.splitlines()
    assert listed[0].split("\t")[:4] == [
        "days-for-the-north", "Days for the North", "The region", "2026-04-01",
    ]  # fmt: skip
    assert "2027-03-31\tno manager" in listed[0] and "Programme manager" in listed[1]
    assert "none" in run(args=[*group, "change", "days-for-the-north", "--no-last-day"]).output
    for wrong, code in (
        ([*closing, "--no-last-day"], 2),
        ([*group, "change", "nothing"], 1),
        ([*group, "change", "pip"], 1),
    ):
        assert run(args=wrong).exit_code == code


@pytest.mark.postgres
def test_two_who_give_a_name_at_once_make_one(fresh_app: Flask) -> None:
    def add() -> None:
        try:
            actions.add(TERMS, by=people.person("administrator"))
        except NotRight as error:
            raise NotPossible(error.words) from error

    assert race(fresh_app, add, add) == ["Another programme has this name."]
    with fresh_app.app_context():
        assert len(known()) == 4


def test_rounds_are_not_asked_for_in_one_that_is_closed(app: Flask) -> None:
    north = make.programme(closes_on=MARCH)
    with clock.set_to(date(2027, 4, 1)), pytest.raises(NotPossible, match="not open today"):
        area = people.region(people.NORTH_WEST)
        rounds.run(programme=north, region=area, aim="fit", by=people.person("coordinator"))
