"""An exchange with matches to approve, served as deployed; and what must be so at the end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, update

from benchmarks.load.served import Served
from benchmarks.load.visitor import Log, Visitor
from broker import create_app, events, ledger_check
from broker.account.actions import hash_password
from broker.db import db, transaction
from broker.matches import actions
from broker.models.match import Match, MatchState
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.work import Message
from broker.setup import load_facts_if_changed
from tests import make, people
from tests.make import DAY

COUNT = select(func.count(Message.id))
PASSWORD = "-".join(["a", "long", "word", "for", "one", "press"])


class Scene:
    """Matches that wait for the coordinator, by id; `app` looks at the database from outside."""

    def __init__(self, served: Served, matches: int) -> None:
        self.served = served
        self.app: Flask = create_app({**served.environ, "SLOW_MS": "60000"})
        with self.looking():
            upgrade()
            load_facts_if_changed()
            with transaction():
                people.make_cast()
                make.capacity({make.next_quarter() + ahead: 60 * DAY for ahead in range(6)})
                self.matches = [self._to_approve(number).id for number in range(matches)]
                db.session.execute(update(Person).values(password_hash=hash_password(PASSWORD)))

    def _to_approve(self, number: int) -> Match:
        """A few begin in each quarter: no more than one provider takes at once."""
        first = make.next_quarter() + number // 3
        need = make.need(title=f"Need {number}", days=DAY, first=first)
        return make.agreed(make.match(need, make.offer(title=f"Offer {number}")))

    @contextmanager
    def looking(self) -> Iterator[None]:
        with self.app.app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()

    def coordinator(self) -> Visitor:
        """Signed in by the form, with a second step."""
        visitor = Visitor(self.served.port, "192.0.2.1", Log())
        came = visitor.sign_in(people.address("coordinator"), PASSWORD, has_two_steps=True)
        assert came, visitor.log.errors
        return visitor

    def press(self, visitor: Visitor, match_id: int, *, meanwhile: Callable[[], None]) -> None:
        """Open a match's page, press 'Approve', and do something else before the answer comes."""
        page = f"/matches/{match_id}"
        if not visitor.get("a match", page):
            return
        with ThreadPoolExecutor(1) as hand:
            pressed = hand.submit(visitor.send, "approve", f"{page}/approve", {})
            meanwhile()
            pressed.result()

    def approved(self) -> set[int]:
        with self.looking():
            rows = select(Match.id).where(Match.state == MatchState.APPROVED)
            opened = set(db.session.scalars(select(Partnership.match_id)))
            found = set(db.session.scalars(rows))
            assert found == opened, f"half done: {found ^ opened}"
            return found

    def approve_the_rest(self, visitor: Visitor) -> None:
        """What did not go through is pressed again, as people would."""
        for match_id in set(self.matches) - self.approved():
            self.press(visitor, match_id, meanwhile=lambda: None)
        assert self.approved() == set(self.matches), visitor.log.errors

    def messages(self) -> int:
        with self.looking():
            return db.session.scalar(COUNT) or 0

    def letters_of_one(self) -> int:
        """How many letters an approval writes, seen and undone."""
        with self.looking():
            before = db.session.scalar(COUNT) or 0
            match = db.session.get_one(Match, self.matches[0])
            actions.approve(match, by=people.person("coordinator"))
            after = db.session.scalar(COUNT) or 0
            db.session.rollback()
        return after - before

    def whole(self) -> None:
        """The ledger adds up, the chains hold, and nobody was told the same thing twice."""
        with self.looking():
            assert list(ledger_check.problems()) == [], "the ledger does not add up"
            assert list(events.verify()) == [], "a chain is broken"
            same: Any = (Message.to_id, Message.kind, Message.subject, Message.path)
            about_one = COUNT.where(Message.path.regexp_match("/[0-9]+$"))  # not a list of many
            twice = about_one.group_by(*same).having(func.count() > 1)
            assert not db.session.scalars(twice).all(), "somebody was told twice"


def workers_of(master: subprocess.Popen[bytes]) -> list[int]:
    """The processes that gunicorn's first one started."""
    file = Path(f"/proc/{master.pid}/task/{master.pid}/children")
    return [int(pid) for pid in file.read_text().split()]


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
