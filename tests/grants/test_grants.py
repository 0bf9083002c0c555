"""Grants: once a year for each provider, paid against delivered, and what may be left over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from broker import clock
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.grants import actions, queries
from broker.models.grant import Grant
from broker.money import MOST, format_money, parse_money
from broker.taking import take
from tests import people
from tests.client import PageClient
from tests.make import DAY
from tests.returns import walk

pytestmark = pytest.mark.postgres
YEAR = walk.QUARTER.year


def make(**changed: Any) -> Grant:
    usual = {
        "programme": people.programme("pip"),
        "provider": people.authority("Leeds"),
        "year": YEAR,
        "pence": 10_000_00,
        "day_rate": 600_00,
        "by": people.person("manager"),
    }
    return actions.make(**{**usual, **changed})


def pay(grant: Grant, pence: int, **changed: Any) -> None:
    usual = {"paid_on": clock.today(), "reference": "", "by": people.person("manager")}
    actions.pay(grant, pence=pence, **{**usual, **changed})


def test_paid_stands_against_what_was_given_and_what_is_still_to_come(app: Flask) -> None:
    within = walk.partnership()
    walk.day(within, quarter_days=6)
    take(walk.day(within, quarter_days=4), "query", by=people.person("receiver"), reason="Which?")
    grant = make()
    pay(grant, 1_500_00)
    account = queries.account_of(grant)
    committed = 8 * DAY
    assert (account.delivered, account.worth) == (6, 900_00)
    assert account.ahead == 600_00
    assert account.to_come == committed - 10
    assert account.forecast == (6 + committed - 10) * 600_00 // 4
    assert account.underspend == grant.pence - account.forecast


def test_a_quarter_that_is_over_is_no_longer_to_come(app: Flask) -> None:
    walk.partnership()
    grant = make()
    with clock.set_to(date(2027, 4, 2)):
        assert queries.account_of(grant).to_come == 0


def test_a_provider_has_one_grant_for_a_year(app: Flask) -> None:
    make()
    with pytest.raises(NotRight, match="has a grant"):
        make(pence=1)
    make(year=YEAR + 1)


def test_a_change_says_why_and_stands_in_the_history(app: Flask) -> None:
    grant, manager = make(), people.person("manager")
    with pytest.raises(NotRight, match="Say why"):
        actions.change(grant, pence=1_00, day_rate=600_00, reason=" ", by=manager)
    with pytest.raises(NotRight, match="stand already"):
        actions.change(grant, pence=10_000_00, day_rate=600_00, reason="No", by=manager)
    actions.change(grant, pence=12_000_00, day_rate=600_00, reason="A second team.", by=manager)
    assert [event.verb for event in history_of(grant)] == ["changed", "granted"]
    assert history_of(grant)[0].detail == "£12,000 at £600 a day"


def test_payments_stay_within_the_grant_and_a_mistake_is_taken_back(app: Flask) -> None:
    grant, manager = make(), people.person("manager")
    pay(grant, 9_000_00)
    with pytest.raises(NotRight, match="£1,000 of this grant is left"):
        pay(grant, 1_000_01)
    with pytest.raises(NotRight, match="£9,000 was paid already"):
        actions.change(grant, pence=8_999_99, day_rate=1, reason="Less.", by=manager)
    with pytest.raises(NotRight, match="once it has been made"):
        pay(grant, 1_00, paid_on=clock.today() + timedelta(days=1))
    actions.take_back(grant, grant.payments[0].id, reason="Another provider's.", by=manager)
    assert grant.paid == 0
    with pytest.raises(NotPossible, match="already"):
        actions.take_back(grant, grant.payments[0].id, reason="Again.", by=manager)
    pay(grant, 10_000_00)


def test_only_a_manager_of_the_programme_grants_and_pays(app: Flask) -> None:
    grant = make()
    for name in ("giver", "receiver", "coordinator", "administrator"):
        with pytest.raises(NotAllowed):
            make(year=YEAR + 1, by=people.person(name))
        with pytest.raises(NotAllowed):
            pay(grant, 1_00, by=people.person(name))


@given(st.integers(min_value=1, max_value=MOST))
def test_money_reads_as_it_is_written(pence: int) -> None:
    assert parse_money(format_money(pence)) == pence


@pytest.mark.parametrize("text", ["", "0", "-1", "1.234", "1e3", "٣", "=1", "a", "9" * 40, "1.2.3"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Type an amount"):
        parse_money(text)


def test_a_grant_is_entered_paid_and_put_right_on_the_pages(app: Flask, client: PageClient) -> None:
    with transaction():
        walk.day(walk.partnership(), quarter_days=6)
    db.session.rollback()
    pip = people.programme("pip").id
    leeds = people.authority("Leeds").id
    client.sign_in("manager")
    assert "Leeds" in client.get(f"/programme/{pip}/grants")
    client.get(f"/programme/{pip}/grants/new")
    client.send(expect=422, provider=str(leeds), year=str(YEAR), pence="lots", day_rate="600")
    assert "lots" in client.text and "Type an amount" in client.text
    client.send(provider=str(leeds), year=str(YEAR), pence="£10,000", day_rate="600")
    assert "£10,000" in client.follow()
    grant = db.session.query(Grant).one().id
    client.get(f"/grants/{grant}/pay")
    client.send(pence="2,500.50", reference="=1+1 <b>")
    assert "£2,500.50" in client.follow() and "=1+1 &lt;b&gt;" in client.text
    client.get(f"/grants/{grant}/payments/1/take-back")
    client.send(reason="A mistake.")
    assert "A mistake." in client.follow()
    shown = client.sign_in("giver").get(f"/grants/{grant}")
    assert "1.5 days" in shown and "Enter a payment" not in shown
    client.get(f"/grants/{grant}/pay", expect=403)
    client.sign_in("second_giver").get(f"/grants/{grant}", expect=404)
