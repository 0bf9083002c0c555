"""Intervention: entered by administrators from what is published, shown to all as a dated fact."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.db import db, transaction
from broker.errors import NotAllowed, NotRight
from broker.interventions import actions
from broker.interventions.actions import Period
from broker.models.intervention import Intervention, InterventionKind, InterventionState
from tests import make, people
from tests.client import PageClient

TYPED = {
    "kind": "notice",
    "started_on-day": "29",
    "started_on-month": "2",
    "started_on-year": "2024",
    "source": "Hysbysiad gwella, 29 February 2024 <b>",
}


def _only() -> Intervention:
    db.session.rollback()
    return db.session.scalars(select(Intervention)).unique().one()


def test_an_administrator_enters_corrects_ends_and_strikes_out(
    app: Flask, client: PageClient
) -> None:
    profile = f"/authorities/{people.authority('Wirral').code}"
    client.sign_in("administrator").get(f"{profile}/interventions/new")
    client.send(**TYPED)
    assert "29 February 2024" in client.get(profile) and "Not ended" in client.text
    address = f"/interventions/{_only().id}"
    client.get(f"{address}/correct")
    client.send(**{"ended_on-day": "28", "ended_on-month": "2", "ended_on-year": "2026"})
    assert _only().state is InterventionState.ENDED
    assert "28 February 2027" in client.get(profile)
    client.get(f"{address}/correct")
    client.send(kind="direction")
    assert "Before the correction" in client.get(address) and "Hysbysiad" in client.text
    client.press("Strike out as a mistake", reason="Another authority's")
    assert "Hysbysiad" not in client.get(profile)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kind": ""}, "Choose an answer"),
        ({"started_on-day": "30"}, "date"),
        ({"started_on-day": "1", "started_on-year": "2031"}, "in the future"),
        ({"source": " "}, "Fill in"),
        ({"source": "x" * 401}, "400 characters"),
        ({"ended_on-day": "1", "ended_on-month": "1", "ended_on-year": "2024"}, "before it began"),
        ({"ended_on-day": "1", "ended_on-month": "1", "ended_on-year": "2031"}, "in the future"),
    ],
)
def test_what_is_not_right_is_said_and_kept(
    client: PageClient, typed: dict[str, str], says: str
) -> None:
    code = people.authority("Wirral").code
    client.sign_in("administrator").get(f"/authorities/{code}/interventions/new")
    client.send(expect=422, **{**TYPED, **typed})
    assert says in client.text
    assert db.session.scalars(select(Intervention)).all() == []


def test_the_twelve_months_after_are_counted_from_its_end(app: Flask) -> None:
    entered = make.intervention(ended_on=date(2024, 2, 29))
    assert entered.after_until == date(2025, 2, 28)
    assert entered.is_just_after(date(2025, 2, 28))
    assert not entered.is_just_after(date(2025, 3, 1)) and not entered.is_just_after(
        date(2024, 2, 29)
    )


def test_nobody_else_enters_and_an_end_stays_an_end(app: Flask) -> None:
    period = Period(InterventionKind.ADVISER, date(2025, 1, 6), "Letter of 6 January 2025")
    for name in ("receiver", "coordinator", "manager", "adviser"):
        with pytest.raises(NotAllowed):
            actions.enter(people.authority("Wirral"), period, by=people.person(name))
    ended = make.intervention(ended_on=clock.today())
    with pytest.raises(NotRight, match="has ended"):
        actions.correct(ended, period, by=people.person("administrator"))


def test_what_is_struck_out_is_gone_for_all_but_administrators(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        entered = make.intervention()
    profile = f"/authorities/{people.authority('Wirral').code}"
    for name in ("", "other", "receiver"):
        if name:
            client.sign_in(name)
        assert "Statutory direction" in client.get(profile)
        assert "Enter an intervention" not in client.text
    client.sign_in("other").get(f"/interventions/{entered.id}", expect=403)
