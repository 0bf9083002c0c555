"""A POST that redirects commits; everything else rolls back; a press counts once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, flash, g, redirect
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from broker.db import aside, db, transaction
from broker.models.work import OneTimeKey, Setting
from tests import people

pytestmark = pytest.mark.postgres


@pytest.fixture
def pages(fresh_app: Flask) -> Iterator[Flask]:
    """Four throwaway pages that write, each ending in its own way."""

    def write() -> None:
        db.session.add(Setting(name=f"n{_settings()}", value="x"))
        db.session.flush()

    def redirects() -> Response:
        write()
        flash("done", "success")
        return redirect("/offers")

    def shows_again() -> tuple[str, int]:
        write()
        return "<p>again</p>", 422

    def reads() -> str:
        write()
        return "<p>read</p>"

    def keeps_aside() -> tuple[str, int]:
        write()
        with aside():
            write()
        write()
        return "<p>no</p>", 403

    ends = {
        "redirects": redirects, "again": shows_again, "reads": reads, "aside": keeps_aside,
    }  # fmt: skip
    known = dict(fresh_app.view_functions)
    fresh_app.config["WTF_CSRF_ENABLED"] = False
    rules = [r.rule for r in fresh_app.url_map.iter_rules()]
    fresh_app._got_first_request = False
    for name, view in ends.items():
        fresh_app.view_functions[f"try_{name}"] = view
        if f"/try/{name}" not in rules:
            fresh_app.add_url_rule(f"/try/{name}", endpoint=f"try_{name}", methods=["GET", "POST"])
    yield fresh_app
    fresh_app.config["WTF_CSRF_ENABLED"] = True
    for name in set(fresh_app.view_functions) - set(known):
        fresh_app.view_functions[name] = known.get(name, reads)


def _settings() -> int:
    return db.session.scalar(select(func.count(Setting.name))) or 0


def _count(app: Flask) -> int:
    with app.app_context():
        return _settings()


@pytest.mark.parametrize(
    ("method", "path", "kept"),
    [
        ("post", "redirects", 1),
        ("get", "redirects", 0),
        ("post", "again", 0),
        ("get", "reads", 0),
        ("post", "reads", 0),
        ("post", "aside", 1),
    ],
)
def test_what_is_kept(pages: Flask, method: str, path: str, kept: int) -> None:
    before = _count(pages)
    getattr(pages.test_client(), method)(f"/try/{path}")
    assert _count(pages) - before == kept


def test_who_presses_while_the_database_cannot_keep_anything_is_told_so(pages: Flask) -> None:
    """A full disk, or a server that ends: it shows at the commit, after the page was made."""

    def full(_connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    before = _count(pages)
    event.listen(Engine, "commit", full)
    try:
        answer = pages.test_client().post("/try/redirects")
    finally:
        event.remove(Engine, "commit", full)
    assert answer.status_code == 503 and "Nothing was changed" in answer.text
    assert _count(pages) == before


def _signed_in(app: Flask, name: str) -> object:
    client = app.test_client()
    with app.app_context(), client.session_transaction() as session:
        session.update(people.cookie(people.person(name)))
    return client


def test_the_same_key_pressed_twice_makes_one_thing_and_leads_to_the_same_place(
    pages: Flask,
) -> None:
    client = _signed_in(pages, "receiver")
    before = _count(pages)
    answers = [client.post("/try/redirects", data={"once": "k1"}) for _ in range(3)]
    assert {answer.location for answer in answers} == {"/offers"}
    assert _count(pages) - before == 1


def test_a_key_is_the_persons_own(pages: Flask) -> None:
    before = _count(pages)
    for name in ("receiver", "giver"):
        _signed_in(pages, name).post("/try/redirects", data={"once": "shared"})
    assert _count(pages) - before == 2


def test_a_form_shown_again_keeps_its_key(pages: Flask) -> None:
    client = _signed_in(pages, "receiver")
    client.post("/try/again", data={"once": "k2"})
    with pages.app_context():
        assert db.session.scalar(select(func.count(OneTimeKey.key))) == 0
    assert client.post("/try/redirects", data={"once": "k2"}).location == "/offers"


def test_a_block_that_fails_keeps_nothing(app: Flask) -> None:
    before = _settings()
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.add(Setting(name="half", value="x"))
        db.session.flush()
        raise ZeroDivisionError
    assert _settings() == before


def test_nobody_is_signed_in_outside_a_request(app: Flask) -> None:
    assert g.get("person") is None
