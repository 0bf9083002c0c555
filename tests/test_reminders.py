"""The clock over a year: reminders and lapses on the right working days, once, in order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import clock, clockwork, events, ledger, ledger_check
from broker.clock import LONDON
from broker.config import ROOT
from broker.conversations import actions
from broker.db import db, transaction
from broker.models.event import Event
from broker.models.match import Conversation, ConversationState, Match, MatchState
from broker.models.work import Message, Setting
from tests import make, people
from tests.make import DAY

CLOCKED = ("remind", "remind_again", "tell_coordinator", "last_day", "tell_deputy", "tell_panel")


def tick(day: date, hour: int = 9) -> list[date]:
    return clockwork.tick(datetime(day.year, day.month, day.day, hour, tzinfo=LONDON))


def told() -> dict[str, list[tuple[date, int]]]:
    """What the clock told: kind → (day, person's id), in the order told."""
    db.session.rollback()
    found = defaultdict(list)
    for message in db.session.scalars(select(Message).order_by(Message.id)):
        if message.kind.split()[-1] in CLOCKED:
            day = message.written_at.astimezone(LONDON).date()
            found[message.kind].append((day, message.to_id))
    return found


def days(kind: str) -> list[date]:
    return sorted({day for day, _ in told()[kind]})


def ids(*names: str) -> set[int]:
    return {people.person(name).id for name in names}


def ask(day: date, title: str = "A steadier front door") -> None:
    with clock.set_to(day), transaction():
        make.conversation(make.need(title=title), make.offer(title=f"For {title}"))


# By hand, from England's calendar: asked on → reminded, last reminder, last day, lapsed.
ASKED = [
    # Christmas 2027: 27 and 28 December stand in for the weekend's holidays; 3 January for New Year
    (date(2027, 12, 20), date(2028, 1, 5), date(2028, 1, 21), date(2028, 2, 24), date(2028, 2, 25)),
    # across 29 February 2028, then Good Friday 14 and Easter Monday 17 April
    (date(2028, 2, 18), date(2028, 3, 2), date(2028, 3, 20), date(2028, 4, 25), date(2028, 4, 26)),
    # Good Friday, Easter Monday, 1 May and 29 May
    (date(2028, 4, 10), date(2028, 4, 25), date(2028, 5, 12), date(2028, 6, 16), date(2028, 6, 19)),
    # asked on a Saturday
    (date(2028, 7, 1), date(2028, 7, 13), date(2028, 7, 31), date(2028, 9, 4), date(2028, 9, 5)),
]


def test_a_year_of_asks_across_christmas_easter_and_the_29th_of_february(app: Flask) -> None:
    for asked_on, *_ in ASKED:
        ask(asked_on, title=f"Asked on {asked_on}")
    with clock.set_to(date(2027, 12, 1)):
        tick(date(2028, 9, 6))
    for number, kind in enumerate(("remind", "remind_again", "last_day"), start=1):
        assert days(f"conversation {kind}") == [row[number] for row in ASKED], kind
    assert days("conversation tell_coordinator") == days("conversation remind_again")
    lapsed = select(Event).filter_by(noun="conversation", verb="lapse").order_by(Event.happened_at)
    assert [e.happened_at.date() for e in db.session.scalars(lapsed)] == [r[4] for r in ASKED]
    everybody = {person for _, person in told()["conversation remind"]}
    assert everybody == ids("giver", "giver_lead")
    region = {person for _, person in told()["conversation tell_coordinator"]}
    assert region == ids("coordinator", "deputy")
    assert list(events.verify()) == []


def test_standing_still_for_a_while_is_made_up_for_in_order_and_once(app: Flask) -> None:
    ask(date(2027, 12, 20))
    with clock.set_to(date(2027, 12, 20)):
        assert len(tick(date(2027, 12, 20))) == 1
        assert len(tick(date(2028, 2, 26))) == 68
        assert tick(date(2028, 2, 26)) == [] == tick(date(2028, 1, 6))
    said = ["remind", "remind_again", "last_day"]
    assert [days(f"conversation {kind}") for kind in said] == [[day] for day in ASKED[0][1:4]]
    assert len(told()["conversation remind"]) == 2
    state = db.session.scalars(select(Conversation.state)).one()
    assert state is ConversationState.LAPSED and list(events.verify()) == []


def agreed(day: date, *, to_panel: bool = False) -> Match:
    first = clock.Quarter.of(day) + 2
    with clock.set_to(day), transaction():
        make.capacity({first: 30 * DAY})
        return make.agreed(make.match(make.need(first=first)))


def test_an_agreed_match_waits_for_the_deputy_the_panel_and_then_lapses(app: Flask) -> None:
    match_id = agreed(date(2028, 2, 21)).id
    with clock.set_to(date(2028, 2, 21)):
        tick(date(2028, 4, 26))
        match = db.session.get_one(Match, match_id)
        assert match.state is MatchState.AGREED
        tick(date(2028, 4, 27))
    assert told()["match tell_deputy"] == [(date(2028, 3, 6), people.person("deputy").id)]
    assert {day for day, _ in told()["match tell_panel"]} == {date(2028, 3, 20)}
    assert {p for _, p in told()["match tell_panel"]} == ids(*(f"panel_{n}" for n in range(1, 6)))
    assert days("match last_day") == [date(2028, 4, 26)]
    db.session.expire_all()
    assert db.session.get_one(Match, match_id).state is MatchState.LAPSED
    for balance in ledger.balances_of_match(match_id).values():
        assert balance.reserved == 0
    assert list(ledger_check.problems()) == []


def test_the_panel_reads_no_name_of_a_match_it_may_not_see(app: Flask) -> None:
    agreed(date(2028, 2, 21))
    with clock.set_to(date(2028, 2, 21)):
        tick(date(2028, 3, 20))
    for message in db.session.scalars(select(Message).filter_by(kind="match tell_panel")):
        assert "Leeds" not in message.body and "Wirral" not in message.body
        assert message.path == "/matches"


def test_each_ask_is_answered_for_itself(app: Flask) -> None:
    with clock.set_to(date(2027, 12, 20)), transaction():
        need = make.need()
        for giver in ("giver", "second_giver"):
            make.conversation(need, make.offer(giver=giver, title=f"From {giver}"))
    with clock.set_to(date(2027, 12, 22)), transaction():
        first = db.session.scalars(select(Conversation).order_by(Conversation.id)).unique().first()
        assert first is not None
        actions.accept(first, by=people.person("giver"))
    with clock.set_to(date(2027, 12, 20)):
        tick(date(2028, 1, 6))
    assert {p for _, p in told()["conversation remind"]} == ids("second_giver")


@pytest.mark.postgres
def test_two_clocks_at_once_do_a_days_work_once(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        ask(date(2026, 11, 20))
        db.session.remove()
    settings = fresh_app.config["SETTINGS"]
    environ = {**os.environ, "MODE": "test", "VAR": str(settings.var), "TODAY": "2026-11-20",
               "DATABASE_URL": settings.database_url}  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "clock", "tick"]
    command += ["--at", "2027-01-29T09:00"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.communicate(timeout=120)[1] == "" and process.returncode == 0
    with fresh_app.app_context():
        lapsed = select(func.count(Event.id)).filter_by(noun="conversation", verb="lapse")
        assert db.session.scalar(lapsed) == 1
        assert len(told()["conversation remind"]) == 2
        assert db.session.get_one(Setting, clockwork.DONE).value == "2027-01-29"
        assert list(events.verify()) == []
