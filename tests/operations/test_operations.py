"""Those who run the exchange see how it stands, and nothing about anybody."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from broker.config import BadSetting, read_settings
from broker.db import db, transaction
from broker.operations import logs
from tests import make, people
from tests.client import PageClient


def test_it_is_ready_while_the_schema_is_the_codes(app: Flask) -> None:
    answer = app.test_client().get("/ready")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")


def test_it_is_not_ready_on_another_schema_and_says_which(app: Flask) -> None:
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = app.test_client().get("/ready")
    assert answer.status_code == 503 and "0001" in answer.json["why"]
    assert app.test_client().get("/health").status_code == 200


def test_it_is_not_ready_without_a_schema(app: Flask) -> None:
    with transaction():
        db.session.execute(text("DROP TABLE alembic_version"))
    answer = app.test_client().get("/ready")
    assert answer.status_code == 503 and "does not answer" in answer.json["why"]


def test_the_figures_count_requests_jobs_and_messages(app: Flask) -> None:
    make.partnership()
    db.session.commit()
    visitor = app.test_client()
    visitor.get("/offers")
    visitor.get("/no/such/page")
    said = visitor.get("/metrics").text
    assert 'exchange_requests_total{endpoint="offers.index"' in said
    assert 'endpoint="nowhere",method="GET",status="404"' in said
    assert 'exchange_messages{state="waiting"}' in said
    assert 'exchange_jobs{state="queued"} 0.0' in said


@pytest.mark.parametrize(
    ("sent", "status"),
    [("", 404), ("Bearer wrong", 404), ("Bearer é", 404), ("Bearer s3cret", 200)],
)
def test_the_figures_of_a_live_exchange_are_for_who_has_the_token(
    app: Flask, monkeypatch: pytest.MonkeyPatch, sent: str, status: int
) -> None:
    live = replace(app.config["SETTINGS"], mode="live", metrics_token="s3cret")
    monkeypatch.setitem(app.config, "SETTINGS", live)
    answer = app.test_client().get("/metrics", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == status


def test_without_a_token_a_live_exchange_shows_its_figures_to_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = replace(app.config["SETTINGS"], mode="live", metrics_token="")
    monkeypatch.setitem(app.config, "SETTINGS", live)
    answer = app.test_client().get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


def test_a_request_is_logged_by_endpoint_and_never_by_address_person_or_words(
    app: Flask, client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "broker.requests"):
        client.sign_in("receiver").browser.get("/offers?q=a+worry+of+ours")
    line = next(one for one in caplog.records if getattr(one, "status", None) == 200)
    said = json.dumps(line.__dict__, default=str)
    assert line.endpoint == "offers.index"
    assert line.statements > 0 and line.ms > 0
    assert "worry" not in said and people.person("receiver").name not in said


def test_a_request_keeps_the_number_it_came_with_unless_it_is_odd(app: Flask) -> None:
    visitor = app.test_client()
    given = visitor.get("/", headers={"X-Request-ID": "abc-12345"})
    assert given.headers["X-Request-ID"] == "abc-12345"
    for odd in ("short", "x" * 65, "<script>alert", "a b c d e f g h"):
        made = visitor.get("/", headers={"X-Request-ID": odd}).headers["X-Request-ID"]
        assert made != odd and len(made) == 16


def test_an_answer_to_a_pulse_leaves_no_line_and_no_count(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = app.test_client()
    with caplog.at_level(logging.INFO, "broker"):
        answer = visitor.get("/pulse/thanks")
        visitor.get("/pulse/" + "x" * 12 + "/" + "y" * 43)
    assert not [one for one in caplog.records if "pulse" in str(one.__dict__.get("endpoint"))]
    assert "pulse.answer" not in visitor.get("/metrics").text
    assert "X-Request-ID" not in answer.headers


def test_a_slow_statement_is_logged_without_its_values(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "broker.statements"):
        context = type("Context", (), {"began": -1.0})()
        logs._end_statement("SELECT * FROM need WHERE title = ?", context, 0.5)
        logs._end_statement("SELECT 1", context, 1e12)
    assert [one.statement for one in caplog.records] == ["SELECT * FROM need WHERE title = ?"]


def test_an_error_of_the_database_says_nothing_of_what_was_typed(app: Flask) -> None:
    with pytest.raises(Exception, match="hidden") as caught:
        db.session.execute(text("SELECT :worry FROM nowhere"), {"worry": "a worry of ours"})
    assert "a worry of ours" not in str(caught.value)
    db.session.rollback()


def test_a_log_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    level = logging.getLogger("broker").level
    try:
        logs.to_standard_error()
        logging.getLogger("broker.requests").info("answered", extra={"status": 200})
        line = json.loads(capsys.readouterr().err.strip())
    finally:
        root.handlers = before
        logging.getLogger("broker").setLevel(level)
    assert line["words"] == "answered" and line["status"] == 200 and line["level"] == "INFO"


@pytest.mark.parametrize(("setting", "value"), [("SLOW_MS", "soon"), ("PROXIES", "the balancer")])
def test_a_setting_that_cannot_be_read_is_refused(setting: str, value: str) -> None:
    with pytest.raises(BadSetting, match=setting):
        read_settings({"MODE": "test", setting: value})
