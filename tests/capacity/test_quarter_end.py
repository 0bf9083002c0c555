"""Days move between quarters, are carried or released at a quarter's end, and expire unasked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, ledger, ledger_check
from broker.capacity.actions import correct, tell_of_expired
from broker.capacity.queries import free_days
from broker.clock import Quarter, this_quarter
from broker.db import db, transaction
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.models.ledger import Capacity, EntryKind, LedgerEntry
from broker.models.partnership import Partnership
from broker.models.return_ import Return
from broker.models.work import Message
from broker.partnerships import actions as partnerships
from broker.returns import actions as returns
from broker.returns import settling
from broker.system import the_system
from tests import make, people
from tests.client import PageClient
from tests.make import DAY
from tests.returns import walk


@pytest.fixture(autouse=True)
def the_ledger_holds_afterwards(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert list(ledger_check.problems()) == []


def _committed(partnership: Partnership) -> dict[Quarter, int]:
    held = ledger.balances_of_match(partnership.match_id)
    return {quarter: b.committed // DAY for quarter, b in held.items() if b.committed}


def _to_settle() -> tuple[Return, list[Partnership]]:
    """A return of a quarter in which two partnerships got fewer days than were committed."""
    with clock.set_to(date(2026, 9, 21)):
        both = [walk.partnership(), walk.second_partnership()]
    with clock.set_to(date(2026, 11, 2)):
        walk.day(both[0], quarter_days=3 * DAY)
    return_ = walk.opened()
    returns.write(return_, outcomes="Sooner.", priorities="", by=people.person("giver_lead"))
    walk.shown_and_read(return_, by=people.person("giver_lead"))
    return return_, both


def test_days_are_moved_in_one_press_and_the_other_side_is_told(client: PageClient) -> None:
    with transaction():
        partnership = make.partnership()
    first, page = make.next_quarter(), f"/partnerships/{partnership.id}"
    client.sign_in("receiver_lead").get(f"{page}/days")
    client.get(f"{page}/move-days")
    for days, target in (("9", first + 1), ("2", first), ("0", first + 1), ("x", first + 1)):
        client.send(expect=422, days=days, source=str(first.ordinal), target=str(target.ordinal))
    client.send(expect=422, days="2", source=str(first.ordinal), target="1")
    client.send(days="3", source=str(first.ordinal), target=str((first + 1).ordinal))
    client.follow()
    assert "3 days from 2026-27 Q4 to 2027-28 Q1" in client.get(f"{page}/story")
    assert _committed(partnership) == {first: 5, first + 1: 3}
    told = {
        message.to.name
        for message in db.session.scalars(select(Message))
        if "moved" in message.subject
    }
    assert told == {"Director, Leeds", "Partnership lead, Leeds", "Director, Wirral"}


def test_days_are_not_moved_where_none_are_free_or_too_many_work_at_once() -> None:
    with transaction():
        partnership = make.partnership()
        ahead = make.next_quarter() + 1
        make.capacity({ahead: 2 * DAY})
    move = {"source": ahead - 1, "target": ahead, "by": people.person("giver")}
    with pytest.raises(NotPossible, match="has 2 days left in 2027-28 Q1; this asks for 3 days"):
        partnerships.move_days(partnership, quarter_days=3 * DAY, **move)
    db.session.rollback()
    with pytest.raises(NotRight, match="is over"):
        partnerships.move_days(partnership, quarter_days=4, **{**move, "target": ahead - 3})
    with transaction():
        make.capacity({ahead: 2 * DAY}, at_once=0)
    with pytest.raises(NotPossible, match="takes 0 partnerships at once"):
        partnerships.move_days(partnership, quarter_days=4, **move)


def test_certifying_waits_until_every_day_not_given_is_carried_or_released(
    client: PageClient,
) -> None:
    with clock.set_to(walk.AFTER):
        with transaction():
            return_, (first, second) = _to_settle()
        address, now = f"/returns/{return_.id}/certify", this_quarter()
        assert [due.quarter_days for due in settling.due_in(return_)] == [5 * DAY, 6 * DAY]
        with pytest.raises(NotPossible, match="5 days with Wirral.*; 6 days with Essex"):
            returns.certify(return_, by=people.person("giver"))
        client.sign_in("giver").get(address)
        client.send(expect=422, **{f"undelivered_{first.id}": str(now.ordinal)})
        client.send(expect=422, **{f"undelivered_{first.id}": "1", f"undelivered_{second.id}": "x"})
        choice = {
            f"undelivered_{first.id}": str(now.ordinal),
            f"undelivered_{second.id}": "release",
        }
        client.send(**choice)
        assert _committed(first) == {walk.QUARTER: 3, now: 5} and _committed(second) == {}
        said = client.get(f"/returns/{return_.id}/versions/1")
        assert "carried to 2026-27 Q4" in said and "released" in said
        assert history_of(second)[0].detail == "6 days of 2026-27 Q3"


def test_free_days_of_a_quarter_that_is_over_are_written_down_once_and_told() -> None:
    with transaction():
        capacity = make.capacity({this_quarter(): 9 * DAY, this_quarter() + 1: 3 * DAY})
    with clock.set_to(date(2027, 1, 1)):
        for _ in range(2):
            with transaction():
                tell_of_expired(by=the_system())
        event, *_ = events = history_of(db.session.get_one(Capacity, capacity.id))
        assert (event.verb, len(events)) == ("expire", 2)
        assert event.detail == "9 days of 2026-27 Q3 were free and have expired"
        pair = (capacity.provider_id, capacity.programme_id)
        assert free_days([pair])[pair].total == 3 * DAY


def test_ending_gives_back_the_days_not_given_and_no_others() -> None:
    with transaction():
        partnership = make.partnership()
        by, ahead = people.person("giver"), make.next_quarter()
        partnerships.move_days(partnership, source=ahead, target=ahead + 1, quarter_days=4, by=by)
    with clock.set_to(ahead.first_day + (date(2026, 5, 2) - date(2026, 4, 1))):
        with transaction():
            make.day(partnership, quarter_days=4 * DAY)
    with clock.set_to((ahead + 1).first_day + (date(2026, 5, 2) - date(2026, 4, 1))):
        with transaction():
            make.day(partnership, quarter_days=4)
            partnerships.end_early(partnership, reason="Done sooner", by=by)
        assert _committed(partnership) == {ahead: 4, ahead + 1: 1}
        given_back = select(LedgerEntry).filter_by(kind=EntryKind.UNCOMMIT)
        entry = db.session.scalars(given_back.order_by(LedgerEntry.id.desc())).first()
        assert entry is not None
        with pytest.raises(NotPossible, match="has ended"):
            correct(entry, quarter_days=1, reason="Slip", by=by)
