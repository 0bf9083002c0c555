"""Random people press random things: only legal moves happen, and every refusal has words.

A seeded walk through the real forms and buttons. FUZZ_STEPS walks further than the suite does, and
FUZZ_SEED walks elsewhere.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from broker import clock, events, ledger_check, reminders
from broker.db import db, transaction
from broker.models.agreement import WorkingAgreement
from broker.models.event import Event
from broker.models.extension import Extension
from broker.models.match import Conversation, Match, Suggestion
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.partnership import Partnership, SupportDay
from broker.models.plan import Plan
from broker.models.recording import Recording
from broker.models.suggested_need import SuggestedNeed
from broker.models.work import Message
from broker.outcomes import Outcome
from broker.system import the_system
from broker.workflow import BY_NAME, ROWS, Row
from tests import make, people
from tests.client import PageClient, checked_page, filled, tags
from tests.make import DAY
from tests.sight.worlds import MORNING

pytestmark = pytest.mark.postgres

STEPS = int(os.environ.get("FUZZ_STEPS", "100"))
SEED = int(os.environ.get("FUZZ_SEED", "5"))
NOUNS: dict[str, tuple[type[Any], str]] = {
    "offer": (Offer, "/offers"),
    "need": (Need, "/needs"),
    "suggestion": (Suggestion, "/suggestions"),
    "conversation": (Conversation, "/conversations"),
    "match": (Match, "/matches"),
    "partnership": (Partnership, "/partnerships"),
    "support_day": (SupportDay, "/days"),
    "working_agreement": (WorkingAgreement, "/agreements"),
    "plan": (Plan, "/plans"),
    "extension": (Extension, "/extensions"),
    "suggested_need": (SuggestedNeed, "/suggested-needs"),
    "recording": (Recording, "/agreed-elsewhere"),
}
FORMS = (
    *("/conversations/{}/outcome", "/conversations/{}/decline", "/conversations/{}/times"),
    *("/matches/{}/terms", "/matches/{}/one-provider", "/matches/{}/panel", "/needs/{}/readiness"),
    *("/partnerships/{}/log", "/partnerships/{}/move-days", "/offers/{}/ask", "/needs/{}/priority"),
    *("/matches/{}/counter", "/suggested-needs/{}/take-up", "/agreed-elsewhere/{}/days"),
    *("/agreements/{}/write", "/plans/{}/objectives/1", "/plans/{}/taper"),
    *("/partnerships/{}/extend", "/partnerships/{}/plan/revise", "/extensions/{}/vote"),
    *("/suggestions/{}/ask", "/needs/{}/readiness/read", "/needs/{}/signatures"),
)
BUSY = ("receiver", "receiver_lead", "giver", "giver_lead", "coordinator")
TYPED = ("", "2", "6.25", "0.3", "-1", "3000", "Steadier decisions", "<b>Ŵyn مرحبا</b>", "\x00")
FINE = {200, 302, 403, 404, 405, 409, 422}


class Company:
    """Everybody at their own browser, and what has happened so far."""

    def __init__(self, app: Flask) -> None:
        self.chance = random.Random(SEED)
        self.app = app
        self.clients: dict[str, PageClient] = {}
        self.now: datetime = MORNING
        self.last_event, self.messages = 0, 0
        self.answers: Counter[int] = Counter()
        self.moves: Counter[str] = Counter()

    def begin(self) -> None:
        """A little of everything under way, so that a long walk does not run dry."""
        with clock.set_to(self.now), transaction():
            _begin()
        with clock.set_to(self.now):
            self.last_event = self._events()

    def client(self) -> PageClient:
        name = self.chance.choice([*people.NAMES, *BUSY * 4])
        if name not in self.clients:
            self.clients[name] = PageClient(self.app).sign_in(name)
            self.open(self.clients[name], "/me")
        return self.clients[name]

    def open(self, client: PageClient, address: str, data: dict[str, Any] | None = None) -> int:
        """Open or send; every answer is one that a person can read, and is checked as a page."""
        for name in list(g):
            g.pop(name)
        browser = client.browser
        answer = browser.get(address) if data is None else browser.post(address, data=data)
        assert answer.status_code in FINE, f"{address} {data}: {answer.status_code}"
        db.session.rollback()
        if data is not None:
            self.answers[answer.status_code] += 1
        if answer.mimetype == "text/html" and answer.status_code != 302:
            client.page = checked_page(answer.text, address)
        return answer.status_code

    def step(self, number: int) -> None:
        with clock.set_to(self.now):
            client = self.client()
            [self._press, self._send, self._send][number % 3](client)
            self._check_what_happened()
            if number % 25 == 24:
                self._time_passes()
            if number % 200 == 199:
                self.begin()

    def _number(self, noun: type[Any]) -> int:
        most = db.session.scalar(select(func.max(noun.id))) or 1
        db.session.rollback()
        return self.chance.randint(1, most + (self.chance.random() < 0.05))

    def _press(self, client: PageClient) -> None:
        """Any verb at anything, whether or not there is a button for it."""
        row = self.chance.choice([row for row in ROWS if row.noun in NOUNS])
        noun, path = NOUNS[row.noun]
        reason = self.chance.choice(["", "It is the wrong time."])
        data = {"csrf_token": client.token(), "reason": reason}
        self._send_to(client, f"{path}/{self._number(noun)}/{row.verb}", data)

    def _send(self, client: PageClient) -> None:
        """Any form of a page that opens, filled in somehow."""
        record, path = self.chance.choice(list(NOUNS.values()))
        address = f"{path}/{self._number(record)}"
        if self.chance.random() < 0.5:
            form = self.chance.choice(FORMS)
            known = {path: record for record, path in NOUNS.values()}
            address = form.format(self._number(known["/" + form.split("/")[1]]))
        for _ in range(4):  # until somebody is found who has this page
            if self.open(client, address) == 200:
                break
            client = self.client()
        else:
            return
        assert client.page is not None
        forms = [f for f in tags(client.page, "form") if f.get("method") == "post"]
        forms = [f for f in forms if not (f.get("action") or "").endswith(("/sign-out", "/leave"))]
        if forms:
            chosen = self.chance.choice(forms)
            self._send_to(client, chosen.get("action") or address, self._typed(chosen))

    def _typed(self, form: Element) -> dict[str, Any]:
        """The form as it stands, with some of it changed."""
        data = filled(form)
        for field in tags(form, "input", "textarea", "select"):
            name, kind = field.get("name"), field.get("type", "text")
            if name is None or kind == "hidden" or self.chance.random() < 0.3:
                continue
            if kind in ("radio", "checkbox"):
                data[name] = field.get("value", "on")
            elif options := tags(field, "option"):
                data[name] = self.chance.choice(options).get("value", "")
            elif not data.get(name) or self.chance.random() < 0.3:
                data[name] = self.chance.choice(TYPED)
        return data

    def _send_to(self, client: PageClient, address: str, data: dict[str, Any]) -> None:
        before = self._events()
        answered = self.open(client, address, data)
        assert answered == 302 or self._events() == before, f"{address}: refused, yet it happened"

    def _events(self) -> int:
        found = db.session.scalar(select(func.max(Event.id))) or 0
        db.session.rollback()
        return found

    def _time_passes(self) -> None:
        self.now += timedelta(days=self.chance.choice([1, 3, 20]))
        with clock.set_to(self.now), transaction():
            reminders.remind(clock.today())
            reminders.lapse(clock.today(), by=the_system())
        with clock.set_to(self.now):
            self._check_what_happened()

    def _check_what_happened(self) -> None:
        """Each new event is a move of the table, its record stands where it led, all were told."""
        since = select(Event).where(Event.id > self.last_event)
        new = list(db.session.scalars(since.order_by(Event.id)))
        latest = {(event.noun, event.record_id): event for event in new}
        for event in new:
            row = BY_NAME[event.noun, event.verb]
            self.moves[f"{event.noun} {event.verb}"] += 1
            assert _is_legal(row, event), f"{event.noun} {event.verb} from {event.from_state}"
            if event.noun in NOUNS and latest[event.noun, event.record_id] is event:
                _check_record(row, event)
            self.last_event = max(self.last_event, event.id)
        messages = db.session.scalar(select(func.count(Message.id))) or 0
        assert messages >= self.messages, "a message is gone"
        self.messages = messages
        db.session.rollback()


def _is_legal(row: Row, event: Event) -> bool:
    ends = row.to.ends if isinstance(row.to, Outcome) else [row.to] if row.to else []
    to_states = {end.value for end in ends if isinstance(end, Enum)}
    is_from = not row.from_ or event.from_state in {state.value for state in row.from_}
    return is_from and (not to_states or event.to_state in to_states)


def _check_record(row: Row, event: Event) -> None:
    thing = db.session.get_one(NOUNS[event.noun][0], event.record_id)
    if event.to_state is not None:
        assert thing.state.value == event.to_state, f"{event.noun} {event.record_id}"
    told = {person.id for group in row.tells for person in group(thing)} - {event.by_id}
    keys = select(Message.to_id).where(Message.key.like(f"event-{event.id}-person-%"))
    lost = told - set(db.session.scalars(keys))
    assert not lost, f"{event.noun} {event.verb}: {lost} were not told"


def _begin() -> None:
    """A little of everything, under way."""
    own = people.programme()
    own.rules = {**own.rules, "partnerships_at_once": 99}
    make.capacity({make.next_quarter() + n: 200 * DAY for n in range(3)}, at_once=99)
    for until in ("private", "in_confidence", "submitted"):
        make.need(until=until, title=f"A need, {until.replace('_', ' ')}")
    make.suggestion(make.need(title="Suggested"), make.offer(title="Suggested"))
    make.conversation(make.need(title="Asked"), make.offer(title="Asked"))
    make.match(make.need(title="Talked"), make.offer(title="Talked"))
    make.agreed(make.match(make.need(title="Agreed"), make.offer(title="Agreed")))
    for until in ("written", "sent", "confirmed"):
        make.recording(until=until)
    make.suggested_need()
    make.suggested_need(by="dfe")
    made = make.agreed(make.match(make.need(title="Begun"), make.offer(title="Begun")))
    within = make.begun(make.partnership(made))
    make.day(within)
    make.extension(within, agreed=False)


def test_random_people_at_random_forms_make_only_legal_moves(
    app: Flask, record_property: Callable[[str, object], None]
) -> None:
    company = Company(app)
    company.begin()
    for number in range(STEPS):
        company.step(number)
    assert list(events.verify()) == []
    assert list(ledger_check.problems()) == []
    record_property("answers", dict(company.answers))
    record_property("moves", dict(company.moves))
    assert company.answers[302] > STEPS // 20, company.answers
    assert {403, 404, 422} <= set(company.answers), company.answers
