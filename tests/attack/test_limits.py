"""What is too much, too fast, from elsewhere, or made to break a reader, is refused in words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fakeredis import FakeRedisConnection, FakeServer
from flask import Flask
from redis import ConnectionPool

from broker import create_app, pace, sheets
from broker.config import BadSetting
from broker.db import db, transaction
from broker.errors import NotRight
from broker.models.work import Setting
from tests.client import PageClient

LIVE = {"MODE": "live", "SECRET_KEY": "0123456789abcdef" * 2, "SITE": "https://exchange.example"}


# -- live use ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", "ab" * 20),
        ("SITE", "http://exchange.example"),
        ("SITE", ""),
        ("FLASK_DEBUG", "1"),
        ("TODAY", "2026-11-20"),
        ("METRICS_TOKEN", "short"),
    ],
)
def test_live_use_does_not_start_unsafely(tmp_path: Path, setting: str, value: str) -> None:
    with pytest.raises(BadSetting, match=setting):
        create_app(LIVE | {"VAR": str(tmp_path), setting: value})


def test_live_use_does_not_start_on_the_demonstrations_database(app: Flask, tmp_path: Path) -> None:
    with transaction():
        db.session.add(Setting(name="demonstration", value="2026-11-20"))
    here = {"VAR": str(tmp_path), "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]}
    with pytest.raises(BadSetting, match="holds the demonstration"):
        create_app(LIVE | here)


def test_a_live_answer_says_what_browsers_are_to_refuse(app: Flask, tmp_path: Path) -> None:
    here = {"VAR": str(tmp_path), "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]}
    browser = create_app(LIVE | here).test_client()
    answer = browser.get("/how-it-works", base_url="https://exchange.example")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    elsewhere = browser.get("/how-it-works", base_url="https://evil.example")
    assert elsewhere.status_code == 400 and "That did not go through" in elsewhere.text
    assert browser.get("/health", base_url="http://127.0.0.1:8000").status_code == 200


def test_what_is_for_one_person_is_kept_by_nobody(client: PageClient) -> None:
    client.sign_in("giver").get("/your-work")
    assert client.response.headers["Cache-Control"] == "private, no-store"
    client.post("/sign-out")
    assert client.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.get("/sign/guessed", expect=404)
    assert client.response.headers["Cache-Control"] == "no-store"


# -- pace -------------------------------------------------------------------------------------


@pytest.fixture
def redis_url(monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a Redis answers: one within this process, which every client of the test shares."""
    pool = ConnectionPool(connection_class=FakeRedisConnection, server=FakeServer(), protocol=2)
    monkeypatch.setattr(pace, "PATIENCE", {"connection_pool": pool})
    return "redis://within"


def test_processes_count_together_in_redis_and_each_alone_without(redis_url: str) -> None:
    one, other = pace.Counted(redis_url), pace.Counted(redis_url)
    waits = [counted.wait(pace.PRESSES, "somebody", most=3) for counted in (one, other, one, other)]
    assert waits[:3] == [0, 0, 0] and 1 <= waits[3] <= 60
    assert other.wait(pace.PRESSES, "somebody else", most=3) == 0
    assert other.wait(pace.LINKS, "somebody", most=3) == 0, "each pace counts by itself"
    alone = pace.Counted()
    assert alone.wait(pace.PRESSES, "somebody", most=3) == 0


def test_while_redis_does_not_answer_each_process_counts_for_itself() -> None:
    counted = pace.Counted("redis://127.0.0.1:1/0")
    assert counted.wait(pace.VISITORS, "somebody", most=1) == 0
    assert counted.wait(pace.VISITORS, "somebody", most=1) > 0


@pytest.mark.parametrize(
    ("name", "who", "address", "method"),
    [
        ("presses", "giver", "/searches", "POST"),
        ("visitors", None, "/sign-in", "POST"),
        ("links", None, "/sign/guessed", "GET"),
    ],
)
def test_whoever_sends_too_much_too_fast_waits_a_moment(
    app: Flask,
    client: PageClient,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    who: str | None,
    address: str,
    method: str,
) -> None:
    if who:
        client.sign_in(who)
    token = client.token()
    monkeypatch.setitem(app.config["PACES"], name, 1)
    data: Any = {"csrf_token": token} if method == "POST" else None
    answers = [client.browser.open(address, method=method, data=data) for _ in range(2)]
    assert answers[0].status_code != 429 and answers[1].status_code == 429
    assert 1 <= int(answers[1].headers["Retry-After"]) <= 60
    assert "seconds, go back with your browser" in answers[1].text
    assert client.browser.get("/how-it-works").status_code == 200


# -- files ------------------------------------------------------------------------------------

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
)


def _far_apart(row: int, column: int) -> bytes:
    """Two cells: the first of all, and one far away."""
    book = openpyxl.Workbook()
    for at in ((1, 1), (row, column)):
        book.worksheets[0].cell(*at, "a")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _ods(row: str, *, before: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{before}<office:document-content {SPACES}><office:body>'
            f'<office:spreadsheet><table:table table:name="S">{row}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    return content.getvalue()


CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
REPEATED = (
    '<table:table-row table:number-rows-repeated="1048576">'
    + CELL.format(' table:number-columns-repeated="16384"', "a")
    + "</table:table-row>"
)
ENTITIES = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY b0 "ha">' + (
    "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
)
OF_ENTITIES = "<table:table-row>" + CELL.format("", "&x;&b9;") + "</table:table-row>"


@pytest.mark.parametrize(
    "content",
    [
        _far_apart(1_048_576, 16_384),
        _far_apart(sheets.MOST_ROWS, sheets.MOST_COLUMNS),
        _ods(REPEATED),
        _ods(OF_ENTITIES, before=ENTITIES),
    ],
    ids=["the last corner", "more than memory has", "a row without end", "entities in entities"],
)
def test_a_file_made_to_break_its_reader_is_refused_and_breaks_nothing(content: bytes) -> None:
    with pytest.raises(NotRight, match="cannot be read"):
        sheets.read(content)


def test_a_file_by_another_name_than_a_tables_is_refused(client: PageClient) -> None:
    client.sign_in("receiver_lead").get("/agreed-elsewhere/sheet")
    client.send(file=(io.BytesIO(b"a,b"), "day.exe"), expect=422)
    assert "ends in .csv, .xlsx or .ods" in client.text
