"""The figures of a return: one definition, equal to the ledger whatever happens to the days."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, ledger, ledger_check
from broker.db import db
from broker.errors import NotPossible
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.partnerships import actions as partnerships
from broker.returns.content import changes, content_now, sha256_of
from broker.returns.figures import Figures, figures_of
from broker.returns.given import Days, total
from broker.support_days import actions as support_days
from broker.taking import take
from tests import people
from tests.returns import walk

pytestmark = pytest.mark.postgres


def figures() -> Figures:
    leeds, pip = people.authority("Leeds"), people.programme("pip")
    return figures_of(leeds.id, pip.id, walk.QUARTER)


def delivered_by_the_ledger() -> int:
    leeds, pip = people.authority("Leeds"), people.programme("pip")
    capacity = ledger.capacity_of(leeds.id, pip)
    balances = ledger.balances([capacity.id])[capacity.id]
    return balances.get(walk.QUARTER, ledger.Balance()).delivered


def test_a_quarter_without_days_shows_its_live_partnership_with_none(app: Flask) -> None:
    walk.partnership()
    found = figures()
    assert [line.name for line in found.lines] == ["Wirral"]
    assert found.total == Days()
    assert (found.partnerships_live, found.offers_published) == (1, 1)


def test_days_stand_apart_by_what_the_other_side_said(app: Flask) -> None:
    within = walk.partnership()
    receiver = people.person("receiver")
    take(walk.day(within, quarter_days=6), "confirm", by=receiver)
    walk.day(within, quarter_days=5, delivery=Delivery.REMOTE)
    take(walk.day(within, quarter_days=3), "query", by=receiver, reason="Which day?")
    support_days.void(walk.day(within), reason="Twice.", by=people.person("giver"))
    assert figures().total == Days(
        confirmed=6, unconfirmed=5, queried=3, on_site=6, remote=5, records=2
    )
    assert delivered_by_the_ledger() == 14


def test_each_receiver_has_a_line_and_the_lines_make_the_total(app: Flask) -> None:
    first, second = walk.partnership(), walk.second_partnership()
    walk.day(first, quarter_days=9)
    walk.day(second, quarter_days=2)
    found = figures()
    assert [(line.name, line.days.unconfirmed) for line in found.lines] == [
        ("Essex", 2),
        ("Wirral", 9),
    ]
    assert found.lines[0].partnerships == ((second.id, second.title),)
    assert total(line.days for line in found.lines) == found.total


def test_days_count_in_the_quarter_in_which_they_were_given(app: Flask) -> None:
    within = walk.partnership()
    walk.day(within, quarter_days=4)
    with clock.set_to(walk.AFTER):
        walk.day(within, quarter_days=8)
        assert figures().total.unconfirmed == 4
        leeds, pip = people.authority("Leeds"), people.programme("pip")
        after = figures_of(leeds.id, pip.id, walk.QUARTER + 1)
        assert after.total.unconfirmed == 8


def test_an_ended_partnership_leaves_later_quarters(app: Flask) -> None:
    within = walk.partnership()
    partnerships.end_early(within, reason="It is done.", by=people.person("giver"))
    assert figures().partnerships_live == 1
    leeds, pip = people.authority("Leeds"), people.programme("pip")
    assert figures_of(leeds.id, pip.id, walk.QUARTER + 1).lines == ()
    assert figures_of(leeds.id, pip.id, walk.QUARTER - 1).lines == ()


def test_figures_come_back_from_their_content_unchanged(app: Flask) -> None:
    walk.day(walk.partnership())
    found = figures()
    assert Figures.from_content(found.as_content()) == found


def _step(chance: random.Random, within: list[Partnership]) -> None:
    """One random thing that somebody might do; what is refused changes nothing."""
    days = list(db.session.scalars(select(SupportDay)).unique())
    receivers = {"Wirral": "receiver", "Essex": "other"}
    what = chance.choice(["log", "log", "confirm", "query", "answer", "void"])
    if what == "log" or not days:
        walk.day(
            chance.choice(within),
            quarter_days=chance.randint(1, 6),
            delivery=chance.choice([Delivery.ON_SITE, Delivery.REMOTE]),
        )
        return
    day = chance.choice(days)
    receiver = people.person(receivers[day.receiver.name])
    if what in ("confirm", "query"):
        take(day, what, by=receiver, reason="Because of the date.")
    elif what == "answer":
        take(day, what, by=people.person("giver_lead"), reason="It is right.")
    else:
        support_days.void(day, reason="A slip.", by=people.person("giver_lead"))


@pytest.mark.parametrize("seed", range(6))
def test_after_any_walk_screen_content_and_ledger_agree(app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    within = [walk.partnership(), walk.second_partnership()]
    db.session.commit()
    for _ in range(40):
        try:
            _step(chance, within)
            db.session.commit()
        except NotPossible:
            db.session.rollback()
        found = figures()
        assert found.total.delivered == delivered_by_the_ledger()
        assert found.total.confirmed + found.total.unconfirmed == (
            found.total.on_site + found.total.remote
        )
        assert total(line.days for line in found.lines) == found.total
        assert Figures.from_content(found.as_content()) == found
    counted = (SupportDayState.LOGGED, SupportDayState.CONFIRMED)
    records = [d for d in db.session.scalars(select(SupportDay)).unique() if d.state in counted]
    assert figures().total.records == len(records)
    assert not list(ledger_check.problems())


def test_the_hash_changes_with_any_figure_or_word(app: Flask) -> None:
    within = walk.partnership()
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        before = content_now(return_)
    walk.day(within)
    after = content_now(return_)
    return_.outcomes = "Mae plant yn cael eu gweld yn gynt. يُرى الأطفال أسرع."
    worded = content_now(return_)
    assert len({sha256_of(before), sha256_of(after), sha256_of(worded)}) == 3
    assert sha256_of(before) == sha256_of(dict(reversed(before.items())))
    said = [change.what for change in changes(before, worded)]
    assert said == [
        "All receivers: days not confirmed",
        "All receivers: days on site",
        "All receivers: support days",
        "Wirral: days not confirmed",
        "Wirral: days on site",
        "Wirral: support days",
        "Entry of 2026-11-20, Wirral",
        "Outcomes: what changed",
    ]
