"""What is held about somebody is given to them whole, and goes when it is asked to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from broker import events
from broker.db import Base, db, transaction
from broker.errors import NotAllowed, NotPossible
from broker.models.event import Event
from broker.models.person import Person
from broker.models.work import Message, Setting
from broker.personal import actions, queries
from broker.taking import take
from tests import make, people
from tests.client import PageClient

NAME, EMAIL = 'Ŵinifred O\'Ddrwg-"Testname"', "winifred.testname@leeds.example"


def _a_trail() -> int:
    """A director who did things, and whose name others typed in every kind of place."""
    make.capacity()
    someone = people.person("giver")
    someone.name = NAME
    offer = make.offer(title=f"Ask {NAME} or {EMAIL.upper()}")
    need = make.need(title="Met about")
    match = make.agreed(make.match(need, offer))
    partnership = make.partnership(match)
    take(
        make.day(partnership, by="giver"),
        "query",
        by=people.person("receiver_lead"),
        reason=f"{NAME.upper()} was away: {EMAIL}",
    )
    someone.email = EMAIL
    db.session.add(
        Message(key="k", to_id=people.person("other").id, subject="S", body=f"{NAME}", path="/")
    )
    return someone.id


@pytest.fixture
def someone(app: Flask, client: PageClient) -> Person:
    with transaction():
        person_id = _a_trail()
    return db.session.get_one(Person, person_id)


def _everything() -> str:
    """Every value of every table, as one text."""
    db.session.flush()
    return "\n".join(
        str(row)
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"'))
    ).lower()


def test_erasing_leaves_no_trace_of_the_name_and_every_chain_whole(
    app: Flask, someone: Person, tmp_path: Path
) -> None:
    assert "testname" in _everything()
    marked = []
    with transaction():
        erased = actions.erase(
            someone, reason=f"{NAME} asked for it", by=people.person("administrator")
        )
        marked = [int(one) for one in (erased.detail or "").split()]
    assert marked, "an event's own words had the name"
    left = _everything()
    for trace in ("testname", "winifred", "o'ddrwg"):
        assert trace not in left
    assert "director, leeds (left)" in left
    assert not list(events.verify())
    assert someone.roles_now == [] and someone.password_hash is None
    written = [f for f in Path(app.config["SETTINGS"].var).rglob("*") if f.is_file()]
    written = [f for f in written if f.suffix not in (".sqlite", ".sqlite-wal", ".sqlite-shm")]
    assert all(b"winifred" not in file.read_bytes().lower() for file in written)


def test_words_said_to_be_erased_need_an_erasure_that_says_so(app: Flask, someone: Person) -> None:
    with transaction():
        event = db.session.scalars(
            select(Event).where(Event.reason.is_not(None)).order_by(Event.id)
        ).first()
        assert event is not None
        db.session.add(Setting(name="erasing", value="by an intruder"))
        db.session.flush()
        event.reason, event.has_words_erased = "Something else", True
    assert any("no erasure says so" in said for said in list(events.verify()))
    with transaction():
        event.has_words_erased = False
    assert any("are not those that were hashed" in said for said in list(events.verify()))


def test_only_an_administrator_erases_and_never_themselves_or_twice(
    app: Flask, someone: Person
) -> None:
    administrator = people.person("administrator")
    with pytest.raises(NotAllowed):
        actions.erase(someone, reason="Because", by=people.person("manager"))
    db.session.rollback()
    with pytest.raises(NotPossible, match="your own"):
        actions.erase(administrator, reason="Because", by=administrator)
    actions.erase(someone, reason="Because", by=administrator)
    with pytest.raises(NotPossible, match="nobody's name"):
        actions.erase(someone, reason="Because", by=administrator)


def test_every_column_that_names_a_person_is_in_what_is_held(app: Flask) -> None:
    linked = {(table.name, column.name) for table, column in queries.links()}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "person":
                assert (table.name, key.parent.name) in linked
    assert ("person", "id") in linked


def test_what_is_held_is_theirs_to_download_without_secrets_or_others_words(
    app: Flask, client: PageClient, someone: Person
) -> None:
    with transaction():
        someone.password_hash = "argon-of-a-password"
    client.sign_in(someone)
    page = client.get("/me/data")
    assert "Account" in page and "Logged by them" in page and "logged_by" not in page
    client.get("/me/data.json")
    held = json.loads(client.text)
    mine = next(row for row in held if row["table"] == "person")
    assert mine["name"] == NAME and mine["email"] == EMAIL
    assert {"support_day", "event", "membership", "offer_version"} <= {row["table"] for row in held}
    for secret in ("argon-of", "was away"):
        assert secret not in client.text
    client.get("/me/data.csv")
    assert EMAIL in client.text and "Met about" not in client.text


def test_an_administrator_finds_somebody_gives_them_their_data_and_erases_them(
    app: Flask, client: PageClient, someone: Person
) -> None:
    client.sign_in("administrator").get("/personal-data?q=testname")
    assert EMAIL in client.text
    client.get(f"/personal-data/{someone.id}.csv")
    assert EMAIL in client.text
    client.get(f"/personal-data/{someone.id}/erase")
    client.send(reason="", expect=422)
    client.send(reason="Asked for it", expect=422)
    client.send(reason="Asked for it", is_sure="yes")
    assert "Director, Leeds (left)" in client.follow() and "Backups" in client.text
    client.get(f"/personal-data/{someone.id}/erase", expect=409)
    client.get("/personal-data?q=testname")
    assert "Nobody by that name" in client.text
