"""Every figure of a return leads to the records that make it, live and as certified."""

from __future__ import annotations

import random
from dataclasses import fields

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from broker.models.offer import Delivery
from broker.returns import queries
from broker.returns.content import behind_in
from broker.returns.figures import figures_of
from broker.returns.given import Days
from broker.returns.records import behind
from broker.support_days import actions as support_days
from broker.taking import take
from tests import people
from tests.client import PageClient
from tests.returns import walk

pytestmark = pytest.mark.postgres


def of_leeds() -> tuple[int, int]:
    return people.authority("Leeds").id, people.programme("pip").id


def some_history(rng: random.Random) -> None:
    """Days of every kind with two receivers."""
    for within, name in ((walk.partnership(), "receiver"), (walk.second_partnership(), "other")):
        for _ in range(6):
            delivery = rng.choice([Delivery.ON_SITE, Delivery.REMOTE])
            day = walk.day(within, quarter_days=rng.randint(1, 4), delivery=delivery)
            verb = rng.choice(["confirm", "query", "void", "leave"])
            if verb == "void":
                support_days.void(day, reason="A slip.", by=people.person("giver"))
            elif verb != "leave":
                take(day, verb, by=people.person(name), reason="Which day?" * (verb == "query"))


@pytest.mark.parametrize("seed", range(3))
def test_the_records_behind_a_figure_make_it(app: Flask, seed: int) -> None:
    some_history(random.Random(seed))
    figures = figures_of(*of_leeds(), walk.QUARTER)
    records = behind(*of_leeds(), walk.QUARTER)
    assert len(records.live) == figures.partnerships_live
    assert len(records.offers) == figures.offers_published
    assert sum(one.committed for one in records.live) == figures.committed
    for code, days in [("", figures.total), *((line.code, line.days) for line in figures.lines)]:
        for field in fields(Days):
            entries = records.entries_of(field.name, code)
            summed = sum(getattr(one.days, field.name) for one in entries)
            assert summed == getattr(days, field.name), (code, field.name)


def test_a_certified_version_keeps_what_stood_behind_it(app: Flask, client: PageClient) -> None:
    with transaction():
        within = walk.partnership()
        day = walk.day(within, quarter_days=6)
    with clock.set_to(walk.AFTER):
        with transaction():
            return_ = walk.certified()
            take(day, "confirm", by=people.person("receiver"))
        [version] = return_.versions
        kept = behind_in(version)
        assert kept is not None and [one.state for one in kept.entries] == ["logged"]
        assert [one.state for one in queries.behind_now(return_).entries] == ["confirmed"]
        client.sign_in("manager")
        said = client.get(f"/returns/{return_.id}/versions/1/records?what=unconfirmed")
        assert "<b>1.5 days</b> in 1 entry" in said and "As they stood" in said
        assert "None." in client.get(f"/returns/{return_.id}/versions/1/records?what=confirmed")
        assert "<b>1.5 days</b>" in client.get(f"/returns/{return_.id}/records?what=confirmed")


def test_the_page_of_a_return_leads_to_every_figures_records(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        walk.day(walk.partnership(), quarter_days=6)
    with clock.set_to(walk.AFTER):
        with transaction():
            return_ = walk.opened()
        address = f"/returns/{return_.id}/records"
        said = client.sign_in("giver").get(f"/returns/{return_.id}")
        for field in fields(Days):
            assert f"{address}?what={field.name}&amp;receiver=E08000015" in said
        odd = client.get(f"{address}?what=<script>&receiver=%00'")
        assert "<script>" not in odd.replace("<script src", "")


def test_entries_that_came_and_went_are_named_between_versions(app: Flask) -> None:
    within = walk.partnership()
    day = walk.day(within, quarter_days=6)
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        take(return_, "reopen", by=people.person("manager"), reason="A slip.")
        support_days.void(day, reason="Twice.", by=people.person("giver"))
        walk.certify(return_, by=people.person("giver"))
        said = {
            one.what: (one.before, one.after) for one in queries.changes_in(return_.versions[1])
        }
    entry = f"Entry of {day.given_on.isoformat()}, Wirral"
    assert said[entry] == ("1.5 days, logged", "not counted")
    db.session.rollback()
