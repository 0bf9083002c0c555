"""The grid of days: whose it is, what it shows, and what it refuses without losing a figure."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import clock, ledger, ledger_check
from broker.capacity.forms import cell_name
from broker.capacity.queries import FreeDays, free_days
from broker.clock import Quarter, this_quarter
from broker.db import db, transaction
from broker.events import history_of
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.person import Membership, Role
from tests import make, people
from tests.client import PageClient, tags, words
from tests.make import DAY


def _edit(authority: str = people.GIVER) -> str:
    return f"/capacity/{people.authority(authority).code}/edit"


def field_name(quarter: Quarter, part: str = "confirmed", programme: str = "own") -> str:
    return cell_name(part, people.programme(programme), quarter)


def _offered(quarter: Quarter) -> int:
    capacity = db.session.scalars(select(Capacity)).unique().one()
    return ledger.balances([capacity.id])[capacity.id].get(quarter, ledger.Balance()).offered


def _terms(at_once: str = "4") -> dict[str, str]:
    """Every programme's partnerships at once, as a browser sends them."""
    ids = [people.programme(code).id for code in ("own", "pip", "slip")]
    return {f"at_once_{id_}": at_once for id_ in ids}


def _typed(client: PageClient) -> dict[str, str]:
    assert client.page is not None
    fields = tags(client.page, "input")
    return {f.get("name") or "": f.get("value") or "" for f in fields}


@pytest.mark.parametrize("name", ["giver", "giver_lead"])
def test_first_days_are_confirmed_and_listed(client: PageClient, name: str) -> None:
    client.sign_in(name).get("/capacity")
    assert "Change days for the next eight quarters" in words(client.page)
    client.get(_edit())
    client.send(**{field_name(this_quarter()): "12.5", field_name(this_quarter() + 1): "3"})
    client.follow()
    assert "15.5" in client.text and _offered(this_quarter()) == 50
    capacity = db.session.scalars(select(Capacity)).unique().one()
    client.get(f"/capacity/{capacity.id}")
    assert "0 → 12.5 days" in client.text and "Nobody yet" in client.text


@pytest.mark.parametrize(
    "name", ["receiver_lead", "practitioner", "coordinator", "dfe", "administrator"]
)
def test_capacity_is_for_those_who_give(client: PageClient, name: str) -> None:
    with transaction():
        capacity_id = make.capacity().id
    client.sign_in(name)
    for address in ("/capacity", f"/capacity/{capacity_id}", _edit()):
        client.get(address, expect=403)


def test_another_authoritys_capacity_does_not_exist(client: PageClient) -> None:
    with transaction():
        capacity_id = make.capacity().id
    client.sign_in("second_giver").get("/capacity")
    assert "Leeds" not in client.text
    for address in (
        f"/capacity/{capacity_id}",
        _edit(),
        f"/capacity/{capacity_id}/entries",
        "/capacity/entries/1/correct",
        "/capacity/x/edit",
        "/capacity/99999999999",
    ):
        client.get(address, expect=404)
    client.post(_edit(), {field_name(this_quarter()): "0"}, expect=404)
    assert _offered(make.next_quarter()) == 10 * DAY


def test_signed_out_capacity_leads_to_sign_in(client: PageClient) -> None:
    client.get("/capacity", expect=302)
    assert "/sign-in" in client.response.location


@pytest.mark.parametrize("days", ["7", "7.75", "0", ""])
def test_going_below_what_is_promised_is_refused_at_that_quarter(
    client: PageClient, days: str
) -> None:
    with transaction():
        make.agreed()
    name = field_name(make.next_quarter())
    later = field_name(make.next_quarter() + 1)
    client.sign_in("giver").get(_edit())
    assert "8 promised" in client.text
    client.send(expect=422, **{name: days, later: "99.25"})
    assert "8 days of 2026-27 Q4 are already promised" in client.text
    assert f'href="#{name}"' in client.text
    assert (_typed(client)[name], _typed(client)[later]) == (days, "99.25")
    client.get(_edit())
    assert _typed(client)[later] == "10"
    client.send(**{name: "8"})
    assert _offered(make.next_quarter()) == 32


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-1", "Days cannot be less than 0"),
        ("0.3", "quarters of a day"),
        ("ten", "Type a number of days"),
        ("<script>", "Type a number of days"),
        ("5001", "5,000 or fewer"),
        ("1" * 400, "5,000 or fewer"),
        ("Infinity", "Type a number of days"),
    ],
)
def test_what_is_no_number_of_days_is_said_and_kept(
    client: PageClient, typed: str, said: str
) -> None:
    client.sign_in("giver").get(_edit())
    first, second = field_name(this_quarter()), field_name(this_quarter() + 1)
    client.send(expect=422, **{first: typed, second: "4.5"})
    assert said in client.text
    assert (_typed(client)[first], _typed(client)[second]) == (typed, "4.5")
    assert db.session.scalar(select(func.count(LedgerEntry.id))) == 0


@pytest.mark.parametrize("at_once", ["-1", "5", "", "many", "4; DROP TABLE capacity"])
def test_partnerships_at_once_stay_within_the_programme(client: PageClient, at_once: str) -> None:
    client.sign_in("giver").get(_edit())
    name = f"at_once_{people.programme().id}"
    client.send(expect=422, **{name: at_once, field_name(this_quarter()): "3"})
    assert db.session.scalar(select(func.count(Capacity.id))) == 0


def test_a_grid_sent_after_its_quarter_ended_moves_no_days(client: PageClient) -> None:
    with clock.set_to(date(2026, 12, 31)):
        client.sign_in("giver").get(_edit())
        sent = {name: "" for name in _typed(client) if name.startswith("confirmed_")}
    sent[field_name(this_quarter() + 1)] = "6"
    with clock.set_to(date(2027, 1, 1)):
        with transaction():
            make.capacity({Quarter.of(date(2026, 11, 1)) + 8: 5 * DAY})
        client.post(_edit(), {**sent, **_terms(), "once": "k" * 32})
        ahead = this_quarter()
    assert _offered(ahead) == 24 and _offered(ahead + 7) == 5 * DAY


def test_who_gives_for_two_sees_both(client: PageClient) -> None:
    with transaction():
        essex = Membership(
            role=Role.PARTNERSHIP_LEAD, authority=people.authority("Essex"), starts_on=people.START
        )
        giver = people.person("giver")
        giver.memberships.append(essex)
        make.capacity(giver="giver")
    client.sign_in("giver").get("/capacity")
    assert "Leeds: Own days" in client.text and "Essex: Own days" in client.text
    client.get(_edit("Essex"))
    client.send(**{field_name(this_quarter()): "1"})
    held = db.session.scalars(select(Capacity)).unique().all()
    assert {c.provider.name: len(history_of(c)) for c in held} == {"Leeds": 1, "Essex": 1}


def test_its_page_says_who_holds_what(client: PageClient) -> None:
    with transaction():
        partnership = make.partnership()
        make.day(partnership, quarter_days=6)
        capacity_id = db.session.scalars(select(Capacity)).unique().one().id
    client.sign_in("giver_lead").get(f"/capacity/{capacity_id}")
    assert "Wirral: A steadier front door" in client.text and "1.5" in client.text


def test_several_programmes_are_saved_in_one_press_or_not_at_all(client: PageClient) -> None:
    with transaction():
        make.agreed()
    now, ahead = this_quarter(), make.next_quarter()
    pip, below = field_name(now, "indicated", "pip"), field_name(ahead)
    wrong = field_name(now + 1, programme="pip")
    client.sign_in("giver").get(_edit())
    client.send(expect=422, **{pip: "7.5", below: "1", field_name(now): "5001", wrong: "0.3"})
    typed = _typed(client)
    assert (typed[pip], typed[below], typed[wrong]) == ("7.5", "1", "0.3")
    client.send(expect=422, **{wrong: "2", field_name(now): "4"})
    assert "8 days of 2026-27 Q4 are already promised" in client.text
    assert _typed(client)[pip] == "7.5" and db.session.scalar(select(func.count(Capacity.id))) == 1
    client.send(**{below: "9"})
    rows = ledger.balances(db.session.scalars(select(Capacity.id)))
    assert {(b.offered, b.indicated) for held in rows.values() for b in held.values()} >= {
        (36, 0), (16, 0), (8, 0), (0, 30)
    }  # fmt: skip


def test_what_two_people_change_at_once_is_said_and_not_overwritten(client: PageClient) -> None:
    now = this_quarter()
    with transaction():
        make.capacity({now: 10 * DAY, now + 1: 10 * DAY})
    client.sign_in("giver").get(_edit())
    with transaction():
        make.capacity({now: 20 * DAY, now + 1: 20 * DAY})
    client.send(expect=422, **{field_name(now): "15"})
    assert "somebody made this 20 days since you opened the page" in client.text
    client.send()
    assert (_offered(now), _offered(now + 1)) == (15 * DAY, 20 * DAY)


def test_likely_days_are_confirmed_in_one_press(client: PageClient) -> None:
    likely = field_name(make.next_quarter(), "indicated")
    backfill, note = f"backfill_{people.programme().id}", f"note_{people.programme().id}"
    client.sign_in("giver_lead").get(_edit())
    client.send(**{likely: "6", backfill: "not_secured", note: "<b>From</b> January"})
    capacity = db.session.scalars(select(Capacity)).unique().one()
    pair = (capacity.provider_id, capacity.programme_id)
    assert free_days([pair])[pair] == FreeDays({}, (make.next_quarter(),))
    client.get(f"/capacity/{capacity.id}")
    assert "&lt;b&gt;From" in client.text and "Backfill: not secured yet" in client.text
    client.press("Confirm 6 days of 2026-27 Q4")
    assert free_days([pair])[pair] == FreeDays({make.next_quarter(): 24})
    assert "Backfill not secured" in client.text
    client.post(f"/capacity/{capacity.id}/firm-up", {"quarter": "99"}, expect=409)


def test_a_mistake_is_put_right_by_another_entry_and_both_are_shown(client: PageClient) -> None:
    with transaction():
        capacity = make.capacity({this_quarter(): 100 * DAY})
        address = f"/capacity/{capacity.id}/entries"
    client.sign_in("giver_lead").get(address)
    assert "Correct entry" not in client.text
    client.sign_in("manager").get(address)
    [entry] = db.session.scalars(select(LedgerEntry.id))
    client.get(f"/capacity/entries/{entry}/correct")
    for days, reason in (("", "x"), ("100.25", "x"), ("90", ""), ("0", "x")):
        client.send(expect=422, days=days, reason=reason)
    client.send(days="90", reason="Ten were meant, not a hundred")
    client.follow()
    assert f"Corrects entry {entry}" in client.text and "Ten were meant" in client.text
    assert f"Corrected by entry {entry + 1}" in client.text
    assert _offered(this_quarter()) == 10 * DAY
    client.get(f"/capacity/entries/{entry}/correct", expect=409)
    client.get(f"/capacity/entries/{entry + 1}/correct", expect=409)
    assert list(ledger_check.problems()) == []


def test_the_file_says_every_quarter_and_what_expired(client: PageClient) -> None:
    with clock.set_to(date(2026, 9, 1)), transaction():
        make.capacity({this_quarter(): 3 * DAY, this_quarter() + 2: 5 * DAY})
    client.sign_in("giver").get("/capacity.csv")
    assert "2026-27 Q2,3,0,0,0,0,0,3,4," in client.text.replace(".0", "")
    assert "2026-27 Q4,5,0,0,0,0,5,0,4," in client.text.replace(".0", "")


def test_the_number_of_questions_does_not_grow(app: Flask, client: PageClient) -> None:
    client.sign_in("giver")
    counts = []
    for ahead in (range(1), range(1, 8)):
        with transaction():
            capacity = make.capacity({this_quarter() + n: 4 * (n + 1) for n in ahead})
        for address in ("/capacity", f"/capacity/{capacity.id}", _edit()):
            with client.counting() as statements:
                client.get(address)
            counts.append(len(statements))
    assert counts[:3] == counts[3:] and max(counts) <= 15
