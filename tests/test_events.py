"""The history cannot be rewritten without being noticed."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from broker import clock, events
from broker.db import db, transaction
from tests import make, people

pytestmark = pytest.mark.postgres


def _as_an_intruder(statement: str) -> None:
    """Change rows behind the product's back, with the database's own guard taken away."""
    on_postgres = db.engine.dialect.name == "postgresql"
    with transaction():
        for verb in ("update", "delete"):
            on = " ON event" if on_postgres else ""
            db.session.execute(text(f"DROP TRIGGER event_no_{verb}{on}"))
        db.session.execute(text(statement))


@pytest.fixture
def some_history(app: Flask) -> None:
    with transaction():
        make.need()
        make.offer()


def test_an_untouched_history_verifies(some_history: None) -> None:
    assert list(events.verify()) == []


@pytest.mark.parametrize(
    ("statement", "noticed"),
    [
        ("UPDATE event SET reason = 'kinder words' WHERE verb = 'open'", "not those that were"),
        ("UPDATE event SET by_id = by_id + 1 WHERE verb = 'open'", "not those that were"),
        ("DELETE FROM event WHERE verb = 'submit'", "an event before it is missing"),
        ("UPDATE event SET hash = 'x' WHERE verb = 'submit'", "does not follow"),
    ],
)
def test_a_changed_or_missing_event_is_noticed(
    some_history: None, statement: str, noticed: str
) -> None:
    _as_an_intruder(statement)
    assert any(noticed in line for line in list(events.verify()))


def test_taking_away_the_end_of_a_chain_is_noticed_by_the_anchor(some_history: None) -> None:
    today = clock.now().astimezone(UTC).date()
    with clock.set_to(clock.now() + timedelta(days=1)), transaction():
        assert events.make_anchor(today) is not None
        assert events.make_anchor(today) is None, "a day is anchored once"
    assert list(events.verify()) == []
    _as_an_intruder("DELETE FROM event WHERE verb = 'publish'")
    assert any("anchor" in line for line in list(events.verify()))


@pytest.mark.parametrize("table", ["event", "ledger_entry"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id + 1000"])
def test_the_database_itself_refuses_to_change_what_is_append_only(
    app: Flask, table: str, statement: str
) -> None:
    with transaction():
        make.capacity()
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(text(statement.format(table)))


def test_erasing_a_name_leaves_every_chain_true(some_history: None) -> None:
    with transaction():
        people.person("receiver").name = "Erased"
    assert list(events.verify()) == []


def test_what_a_deputy_does_is_recorded_for_whom_they_stand_in(app: Flask) -> None:
    from broker.taking import take

    with transaction():
        need = make.need(until="submitted")
        event = take(need, "send_back", by=people.person("deputy"), reason="One more question")
    assert event.by.id == people.person("deputy").id
    assert event.on_behalf_of_id == people.person("coordinator").id
