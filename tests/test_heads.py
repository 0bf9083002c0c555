"""A copy of the chain heads, kept elsewhere, tells whether anybody changed the history since."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from broker import clock, events, heads
from broker.db import db, transaction
from broker.models.event import Event
from broker.models.work import Setting
from tests import make
from tests.client import PageClient


def _kept(day_ahead: int = 0) -> list[str]:
    day = clock.now().date() + timedelta(days=day_ahead)
    return [",".join(row) + "\n" for row in heads.written(day)]


def _forge(event: Event) -> None:
    """Change an event and everything by which the machine itself would notice."""
    event.reason = "Forged"
    event.canonical = events.canonical_text(event)
    event.hash = events.digest(events.START + event.canonical)


def test_a_history_written_anew_passes_here_and_not_against_what_was_kept(app: Flask) -> None:
    with transaction():
        make.need(title="A need", until="submitted")
        make.need(title="Another", until="private")
    kept = _kept()
    assert not list(heads.differs(kept))
    with transaction():
        last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert last is not None
        alone = db.session.scalars(select(Event).where(Event.number == 1)).all()
        one = next(e for e in alone if not _has_more(e))
        db.session.add(Setting(name="erasing", value="by an intruder"))
        db.session.flush()
        _forge(one)
    assert not list(events.verify()), "nothing at this machine notices"
    said = list(heads.differs(kept))
    assert any("is not the one that was kept" in words for words in said)
    assert any("anchor of" in words for words in said)
    assert any("lines are missing" in words for words in heads.differs([kept[1], kept[-1]]))
    assert any("no line of heads" in words for words in heads.differs(["a,b\n"]))
    assert any("is gone" in words for words in heads.differs(["need,999999,1,x\n"]))


def _has_more(event: Event) -> bool:
    of_record = select(Event.id).filter_by(noun=event.noun, record_id=event.record_id, number=2)
    return db.session.scalar(of_record) is not None


def test_administrators_and_the_command_keep_the_same_heads(
    app: Flask, client: PageClient, tmp_path: Path
) -> None:
    with transaction():
        make.need(title="A need", until="submitted")
    with clock.set_to(clock.now() + timedelta(days=1)):
        client.sign_in("administrator").get("/running")
        assert "/running/heads.csv" in client.text
        client.get("/running/heads.csv")
        rows = list(csv.reader(client.text.splitlines()))
        day = rows[-1][1]
        run = app.test_cli_runner().invoke
        printed = run(args=["events", "heads", day])
        assert printed.exit_code == 0 and list(csv.reader(printed.output.splitlines())) == rows
        file = tmp_path / "heads.csv"
        file.write_text(client.text, encoding="utf-8")
        assert run(args=["events", "verify", "--against", str(file)]).exit_code == 0
        file.write_text(client.text.replace(rows[1][3], "0" * 64), encoding="utf-8")
        told = run(args=["events", "verify", "--against", str(file)])
        assert told.exit_code == 1 and "is not the one that was kept" in told.output
