"""A day after the freeze: the pack stays, the screen moves, and the next return carries it."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from flask import Flask

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.events import history_of
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.return_ import Freeze
from broker.packs.content import pack_now, pack_of
from broker.partnerships import actions as partnerships
from broker.returns import actions
from broker.returns.adjustments import differences
from broker.returns.expected import is_expected
from broker.returns.figures import Figures, figures_of
from broker.returns.given import Days, days_given, total
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from broker.taking import take
from tests import people
from tests.returns import walk

pytestmark = pytest.mark.postgres
NEXT = walk.QUARTER + 1
AFTER_NEXT = date(2027, 4, 1)


def freeze(quarter: Quarter = walk.QUARTER) -> Freeze:
    return actions.freeze(
        programme=people.programme("pip"), quarter=quarter, by=people.person("manager")
    )


def figures(quarter: Quarter) -> Figures:
    return figures_of(people.authority("Leeds").id, people.programme("pip").id, quarter)


def late_day(within: Partnership, *, quarter_days: int = 4, on: date | None = None) -> SupportDay:
    given_on = on or walk.QUARTER.last_day - timedelta(days=10)
    entry = Entry(given_on, quarter_days, "Remembered late", Delivery.REMOTE)
    return support_days.log(within, entry, is_another=True, by=people.person("giver_lead"))


def certify(quarter: Quarter, giver: str = "giver") -> None:
    by = people.person(giver)
    return_ = actions.open_return(
        provider_id=by.memberships[0].authority_id or 0,
        programme=people.programme("pip"),
        quarter=quarter,
        by=by,
    )
    walk.certify(return_, by=by)


def test_a_day_after_the_freeze_is_the_next_returns_adjustment(app: Flask) -> None:
    within = walk.partnership()
    walk.day(within, quarter_days=6)
    with clock.set_to(walk.AFTER):
        walk.certified()
        frozen = freeze()
        before = pack_of(frozen)
        late = late_day(within)
        assert "next return carries this" in history_of(late)[-1].detail
        assert pack_of(frozen).national == before.national
        live = pack_now(frozen.programme, frozen.quarter)
        assert live.national - before.national == Days(unconfirmed=4, remote=4, records=1)
        assert [(c.part.name, c.is_carried) for c in live.changed] == [("Leeds", False)]
    with clock.set_to(AFTER_NEXT):
        [one] = figures(NEXT).adjustments
        assert (one.quarter, one.name, one.days.unconfirmed) == (str(walk.QUARTER), "Wirral", 4)
        assert figures(NEXT).total == Days()
        certify(NEXT)
        pack = pack_of(freeze(NEXT))
        assert pack.adjusted == one.days and pack.national == Days()
        assert [c.is_carried for c in pack.changed] == [True]


def test_what_one_freeze_carried_the_next_does_not_carry_again(app: Flask) -> None:
    within = walk.partnership()
    with clock.set_to(walk.AFTER):
        freeze()
        late_day(within, quarter_days=4)
    with clock.set_to(AFTER_NEXT):
        certify(NEXT)
        freeze(NEXT)
        assert figures(NEXT + 1).adjustments == ()
        late_day(within, quarter_days=2)
        [one] = figures(NEXT + 1).adjustments
        assert one.days.unconfirmed == 2


def test_a_confirmed_or_voided_day_of_a_frozen_quarter_is_carried_too(app: Flask) -> None:
    within = walk.partnership()
    first, second = walk.day(within, quarter_days=6), walk.day(within, quarter_days=3)
    with clock.set_to(walk.AFTER):
        walk.certified()
        freeze()
        take(first, "confirm", by=people.person("receiver"))
        support_days.void(second, reason="Twice.", by=people.person("giver"))
        [one] = figures(NEXT).adjustments
    assert one.days == Days(confirmed=6, unconfirmed=-9, on_site=-3, records=-1)


def test_days_of_a_return_that_the_freeze_missed_are_carried_whole(app: Flask) -> None:
    walk.day(walk.partnership(), quarter_days=5)
    with clock.set_to(walk.AFTER):
        frozen = freeze()
        assert pack_of(frozen).national == Days()
        assert [one.days.unconfirmed for one in figures(NEXT).adjustments] == [5]


def test_a_return_is_expected_where_only_an_adjustment_is_to_be_carried(app: Flask) -> None:
    within = walk.partnership()
    day = walk.day(within)
    leeds, pip = people.authority("Leeds").id, people.programme("pip").id
    with clock.set_to(walk.AFTER):
        walk.certified()
        partnerships.end_early(within, reason="Their plan changed.", by=people.person("giver"))
        freeze()
        far = NEXT + 6
        assert not is_expected(leeds, pip, far)
    with clock.set_to(walk.AFTER + timedelta(days=1)):
        for ahead in range(6):
            db.session.add(Freeze(programme_id=pip, quarter=NEXT + ahead, frozen_by_id=1))
        take(day, "confirm", by=people.person("receiver"))
        assert is_expected(leeds, pip, far)


def test_differences_of_a_freeze_are_what_the_live_screen_says_more(app: Flask) -> None:
    within = walk.partnership()
    with clock.set_to(walk.AFTER):
        frozen = freeze()
        assert differences(frozen) == {}
        late_day(within)
        [[one]] = differences(frozen).values()
        assert one.days == figures(walk.QUARTER).total


@pytest.mark.parametrize("seed", range(3))
def test_every_day_is_told_once_whatever_happens_when(app: Flask, seed: int) -> None:
    """Frozen totals and adjustments, and what is still to be carried, make what the log says."""
    rng = random.Random(seed)
    held = [walk.partnership(), walk.second_partnership()]
    pip, leeds = people.programme("pip"), people.authority("Leeds").id
    quarters = [walk.QUARTER + n for n in range(3)]
    told = Days()
    for quarter in quarters:
        with clock.set_to(quarter.last_day - timedelta(days=1)):
            _meddle(rng, held, since=walk.QUARTER)
        with clock.set_to(clock.return_opens(quarter)):
            if rng.random() < 0.7:
                certify(quarter)
            pack = pack_of(freeze(quarter))
            told += pack.national + pack.adjusted
            _meddle(rng, held, since=walk.QUARTER)
    with clock.set_to(clock.return_opens(quarters[-1])):
        to_carry = figures_of(leeds, pip.id, quarters[-1] + 1).adjusted
        assert told + to_carry == total(days_given(pip.id, quarters).values())


def _meddle(rng: random.Random, held: list[Partnership], *, since: Quarter) -> None:
    """Log some days of any quarter since, and confirm or void some others."""
    first = max(since.first_day, *(one.opened_at.date() for one in held))
    span = (clock.today() - first).days
    for _ in range(rng.randint(1, 3)):
        on = first + timedelta(days=rng.randint(0, span))
        late_day(rng.choice(held), quarter_days=rng.randint(1, 3), on=on)
    for day in db.session.query(SupportDay).filter_by(state=SupportDayState.LOGGED):
        if rng.random() < 0.3:
            support_days.void(day, reason="A slip.", by=people.person("giver"))
        elif rng.random() < 0.4:
            name = "receiver" if day.receiver.name == "Wirral" else "other"
            take(day, "confirm", by=people.person(name))
