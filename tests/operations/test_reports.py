"""Errors that are reported elsewhere: what broke, and nothing that anybody typed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from flask import Flask
from sentry_sdk.transport import Transport

from broker.config import BadSetting, read_settings
from broker.operations import reports
from tests.client import PageClient

SECRET = "a family that anybody would know"
sent: list[Any] = []


class Kept(Transport):
    """Where reports would leave."""

    def capture_envelope(self, envelope: Any) -> None:
        sent.extend(item.payload.json for item in envelope.items if item.type == "event")


@pytest.fixture
def reported() -> Iterator[list[Any]]:
    sent.clear()
    reports.begin("https://0123456789abcdef@errors.example/1", transport=Kept)
    yield sent
    sentry_sdk.get_global_scope().set_client(None)


def test_a_broken_page_is_reported_without_what_was_typed(
    app: Flask, client: PageClient, reported: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        typed = SECRET
        raise ValueError(f"cannot read {typed}")

    client.sign_in("giver")
    monkeypatch.setitem(app.view_functions, "offers.index", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client.get(f"/offers?q={SECRET}", expect=500)
    [told] = [one for one in reported if one.get("transaction") == "offers.index"]
    [error] = told["exception"]["values"]
    assert error["type"] == "ValueError" and told["tags"]["method"] == "GET"
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    for kept_here in (SECRET, "giver@", "/offers", "Cookie", "127.0.0.1"):
        assert kept_here not in json.dumps(reported)


def test_a_logged_failure_is_reported_by_the_codes_own_words(
    app: Flask, reported: list[Any]
) -> None:
    try:
        raise KeyError(SECRET)
    except KeyError:
        logging.getLogger("broker.worker").exception("job %s failed", SECRET)
    [told] = reported
    assert told["logentry"] == {"message": "job %s failed"} and SECRET not in json.dumps(told)


def test_without_a_setting_nothing_leaves_and_a_wrong_one_is_refused_in_words(app: Flask) -> None:
    assert not sentry_sdk.get_client().is_active()
    with pytest.raises(BadSetting, match="SENTRY_DSN"):
        read_settings({"MODE": "test", "SENTRY_DSN": "errors.example"})
