"""An exchange that knows one council's sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from broker import council_providers
from broker.council_accounts import line
from tests.client import PageClient
from tests.council_accounts import liar as liars
from tests.council_accounts.liar import CLIENT, DOMAIN, SECRET, Liar


def settings(issuer: str, key: str = "leeds", **more: str) -> dict[str, str]:
    said = {
        "ISSUER": issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET,
        "NAME": "Leeds City Council",
        "DOMAINS": DOMAIN, **more,
    }  # fmt: skip
    return {f"OIDC_{key.upper()}_{name}": value for name, value in said.items()}


def use(
    app: Flask, patch: pytest.MonkeyPatch, environ: dict[str, str], keys: str = "leeds"
) -> None:
    """Set these providers up, as if the application had begun with them."""
    found = council_providers.read({"OIDC_PROVIDERS": keys, **environ}, is_live=False)
    now = replace(app.config["SETTINGS"], council_providers=found)
    patch.setitem(app.config, "SETTINGS", now)
    line.init_app(app)


@pytest.fixture
def liar(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Liar]:
    with liars.running() as one:
        use(app, monkeypatch, settings(one.issuer, STRONG="amr=mfa"))
        yield one


@pytest.fixture
def client(app: Flask, liar: Liar) -> PageClient:
    return PageClient(app)
