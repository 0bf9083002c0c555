"""The manager's desk: counts, freezing once, totals that add up, the file that equals them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.db import db, transaction
from broker.events import history_of
from broker.models.offer import Delivery
from broker.models.partnership import Partnership
from broker.models.return_ import Freeze, Return
from broker.returns import actions
from broker.returns.figures import figures_of
from broker.returns.totals import totals_of
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.returns import walk

OTHERS = ("giver", "receiver", "practitioner", "coordinator", "dfe", "panel_1", "administrator")


@pytest.fixture
def records(app: Flask) -> Iterator[None]:
    """Two partnerships with days of every kind, one return certified, and one not started."""
    with transaction():
        first, second = walk.partnership(), walk.second_partnership()
        take(walk.day(first, quarter_days=6), "confirm", by=people.person("receiver"))
        walk.day(first, quarter_days=3)
        take(walk.day(second, quarter_days=5), "query", by=people.person("other"), reason="Which?")
        walk.partnership(giver="second_giver")
    with clock.set_to(walk.AFTER):
        with transaction():
            walk.certified()
        yield


@pytest.fixture
def frozen(records: None) -> Freeze:
    with transaction():
        return actions.freeze(
            programme=people.programme("pip"), quarter=walk.QUARTER, by=people.person("manager")
        )


def freeze_page() -> str:
    return f"/programme/{people.programme('pip').id}/{walk.QUARTER.ordinal}/freeze"


@pytest.mark.parametrize("name", OTHERS)
def test_the_desk_is_for_managers(frozen: Freeze, client: PageClient, name: str) -> None:
    client.sign_in(name)
    client.get("/programme", expect=403)
    client.get(freeze_page(), expect=403)
    client.post(freeze_page(), expect=403)
    client.get(f"/programme/freezes/{frozen.id}", expect=404)
    client.get(f"/programme/freezes/{frozen.id}.csv", expect=404)


def test_a_manager_of_another_programme_finds_nothing(frozen: Freeze, client: PageClient) -> None:
    with transaction():
        held = people.person("manager").memberships
        for membership in held:
            if membership.programme_id == people.programme("pip").id:
                membership.ends_on = people.START
    client.sign_in("manager")
    assert "Partners in Practice" not in client.get("/programme")
    client.get(freeze_page(), expect=404)
    client.get(f"/programme/freezes/{frozen.id}", expect=404)
    client.get(f"/programme/freezes/{frozen.id}.csv", expect=404)


def test_signed_out_people_are_sent_to_sign_in(frozen: Freeze, client: PageClient) -> None:
    for address in ("/programme", freeze_page(), f"/programme/freezes/{frozen.id}"):
        client.get(address, expect=302)


@pytest.mark.postgres
def test_the_manager_sees_count_and_list_then_freezes_once(
    records: None, client: PageClient
) -> None:
    client.sign_in("manager")
    assert "Not started" in client.get("/programme")
    said = client.get(freeze_page())
    assert "1 certified return will be taken; 1 is missing." in said
    assert "Leeds" in said and "Hertfordshire" in said
    said = client.press("Freeze 2026-27 Q3")
    assert "Hertfordshire: not started" in said
    assert "Frozen" in client.get("/programme")
    client.get(freeze_page(), expect=409)
    client.post(freeze_page(), expect=409)
    db.session.rollback()
    assert len(list(db.session.scalars(select(Freeze)).unique())) == 1


def test_a_quarter_that_is_not_over_or_not_one_cannot_be_frozen(
    records: None, client: PageClient
) -> None:
    client.sign_in("manager")
    pip = people.programme("pip").id
    client.get(f"/programme/{pip}/{walk.QUARTER.ordinal + 1}/freeze", expect=409)
    client.get(f"/programme/{pip}/7/freeze", expect=404)
    client.get(f"/programme/{pip}/{10**30}/freeze", expect=404)
    client.get(f"/programme/{10**30}/{walk.QUARTER.ordinal}/freeze", expect=404)
    own = people.programme("own").id
    client.get(f"/programme/{own}/{walk.QUARTER.ordinal}/freeze", expect=409)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.postgres
def test_screen_file_content_and_records_agree(frozen: Freeze, client: PageClient) -> None:
    client.sign_in("manager")
    screen = client.get(f"/programme/freezes/{frozen.id}")
    rows = _rows(client.get(f"/programme/freezes/{frozen.id}.csv"))
    assert client.response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert client.response.get_data().startswith(b"\xef\xbb\xbf")
    totals = totals_of(frozen).national
    leeds, pip = people.authority("Leeds"), people.programme("pip")
    assert figures_of(leeds.id, pip.id, walk.QUARTER).total == totals
    for column, quarter_days in (
        ("days_confirmed", totals.confirmed),
        ("days_unconfirmed", totals.unconfirmed),
        ("days_queried", totals.queried),
        ("days_on_site", totals.on_site),
        ("days_remote", totals.remote),
    ):
        assert sum(Decimal(row[column]) for row in rows) * 4 == quarter_days
    assert "1.5</b> days confirmed" in screen and "0.75</b> days not confirmed" in screen
    assert [(row["provider"], row["receiver"]) for row in rows] == [
        ("Leeds", "Essex"),
        ("Leeds", "Wirral"),
    ]
    certified = db.session.scalars(select(Return)).unique().one().versions[0]
    assert {row["sha256"] for row in rows} == {certified.sha256}


def test_days_confirmed_later_do_not_move_what_is_frozen(
    frozen: Freeze, client: PageClient
) -> None:
    client.sign_in("manager")
    before = client.get(f"/programme/freezes/{frozen.id}.csv")
    with transaction():
        for day in db.session.query(walk.SupportDay):
            if day.state.value == "logged":
                take(day, "confirm", by=people.person("receiver"))
    assert client.get(f"/programme/freezes/{frozen.id}.csv") == before


def test_a_day_logged_after_the_freeze_is_listed_and_the_frozen_page_stays(
    frozen: Freeze, client: PageClient
) -> None:
    client.sign_in("manager")
    before = client.get(f"/programme/freezes/{frozen.id}.csv")
    assert "Nothing has changed" in client.get(f"/programme/freezes/{frozen.id}/changes")
    with clock.set_to(walk.AFTER + timedelta(days=1)):
        with transaction():
            first = db.session.scalars(select(Partnership).order_by(Partnership.id)).unique()
            entry = Entry(walk.QUARTER.last_day, 2, "Remembered <late>", Delivery.REMOTE)
            support_days.log(first.all()[0], entry, is_another=True, by=people.person("giver_lead"))
        with client.counting() as asked:
            said = client.get(f"/programme/freezes/{frozen.id}/changes")
        assert len(asked) < 25
        assert "Remembered &lt;late&gt;" in said and "Still to be carried" in said
        assert client.get(f"/programme/freezes/{frozen.id}.csv") == before


def test_a_nil_return_has_one_row(app: Flask, client: PageClient) -> None:
    with transaction():
        make.capacity({walk.QUARTER: 8}, programme=people.programme("pip"))
    with clock.set_to(walk.AFTER):
        with transaction():
            walk.certified()
            frozen = actions.freeze(
                programme=people.programme("pip"),
                quarter=walk.QUARTER,
                by=people.person("manager"),
            )
        client.sign_in("manager")
        [row] = _rows(client.get(f"/programme/freezes/{frozen.id}.csv"))
    assert (row["provider"], row["receiver"], row["days_confirmed"]) == ("Leeds", "", "0")


def test_each_download_is_written_down(frozen: Freeze, client: PageClient) -> None:
    client.sign_in("manager")
    client.get(f"/programme/freezes/{frozen.id}.csv")
    client.get(f"/programme/freezes/{frozen.id}.csv")
    client.get(f"/programme/freezes/{frozen.id}")
    verbs = [(event.verb, event.by.email) for event in history_of(frozen)]
    assert [verb for verb, _ in verbs] == ["downloaded", "downloaded", "freeze"]
    assert {who for _, who in verbs} == {people.address("manager")}


def test_questions_to_the_database_do_not_grow_with_rows(records: None, client: PageClient) -> None:
    client.sign_in("manager")
    client.get("/programme")
    with client.counting() as before:
        client.get("/programme")
    with clock.set_to(clock.return_opens(walk.QUARTER + 1)), transaction():
        for giver in ("giver", "second_giver"):
            by = people.person(giver)
            for quarter in (walk.QUARTER, walk.QUARTER + 1):
                actions.open_return(
                    provider_id=by.memberships[0].authority_id or 0,
                    programme=people.programme("pip"),
                    quarter=quarter,
                    by=by,
                )
    with client.counting() as now:
        client.get("/programme")
    assert len(now) == len(before)


def test_the_quarters_desk_says_who_is_due_and_reminds_them(
    records: None, client: PageClient
) -> None:
    pip, ordinal = people.programme("pip").id, walk.QUARTER.ordinal
    address = f"/programme/{pip}/{ordinal}"
    client.sign_in("manager")
    said = client.get(address)
    assert "<b>1</b> certified" in said and "<b>1</b> due" in said
    client.press("Remind 1 provider")
    assert "Reminded 1 provider" in client.text and "In progress" in client.text
    second = people.authority(people.SECOND_GIVER).id
    client.get(f"{address}/notes/{second}")
    client.send(expect=422, words=" ")
    client.send(words="Their lead has changed <twice>.")
    assert "1 note" in client.follow()
    assert "&lt;twice&gt;" in client.get(f"{address}/notes/{second}")
    with clock.set_to(clock.return_due(walk.QUARTER) + timedelta(days=1)):
        assert "<b>1</b> overdue" in client.get(address)
    shown = client.get(f"{address}?standing=certified")
    assert "returns/1" in shown and "Add note" in shown
    for other in OTHERS:
        client.sign_in(other).get(address, expect=403)


def test_the_desk_asks_no_more_for_more_providers(records: None, client: PageClient) -> None:
    address = f"/programme/{people.programme('pip').id}/{walk.QUARTER.ordinal}"
    client.sign_in("manager").get(address)
    with client.counting() as before:
        client.get(address)
    with clock.set_to(walk.QUARTER.last_day), transaction():
        make.capacity({walk.QUARTER: 8}, giver="other", programme=people.programme("pip"))
    with client.counting() as now:
        assert "Essex" in client.get(address)
    assert len(now) <= len(before)
