"""The container files say what the code and the services say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from flask import Flask

from broker.config import ROOT, read_settings
from broker.db import db

DEPLOY = ROOT / "deploy"


def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_the_image_is_made_of_what_is_there_and_runs_without_root() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    copied = [
        line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line
    ]
    assert all((ROOT / name).exists() for names in copied for name in names)
    assert len([line for line in lines if line.startswith("FROM ")]) == 3
    last = [line.split()[0] for line in lines[-8:]]
    assert "USER" in last and last.index("USER") < last.index("CMD")
    assert [line for line in lines if line.startswith("HEALTHCHECK ")]


def test_every_way_to_serve_runs_the_same_server() -> None:
    unit = (DEPLOY / "exchange-web.service").read_text()
    image = (DEPLOY / "Dockerfile").read_text()
    [line] = re.findall(r"ExecStart=\S+/gunicorn (.*)", unit)
    [command] = re.findall(r'CMD \["gunicorn", (.*)\]', image)
    words = re.findall(r'"([^"]*)"', command)
    own = line.replace("127.0.0.1:8000", words[2]).split()
    assert words == own and words[1] == "--bind" and words[2].endswith(":8000")


def test_the_composed_services_are_whole_and_their_settings_can_be_read(tmp_path: Path) -> None:
    services = composed()["services"]
    assert set(services) == {"schema", "web", "worker", "database", "counts", "mail"}
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert "/" not in service["image"].split(":")[0].replace("axllent/", "")
    said = services["web"]["environment"]
    given = {"SECRET_KEY": "0123456789abcdef" * 2, "SITE": "https://exchange.example"}
    plain = {
        name: given.get(name) or re.sub(r"\$\{\w+:?[-?]?([^}]*)\}", r"\1", value)
        for name, value in said.items()
    }
    settings = read_settings({**plain, "VAR": str(tmp_path)})
    assert settings.is_live and settings.redis_url and settings.mail and len(settings.proxies) == 3


def test_backups_are_kept_outside_of_the_containers() -> None:
    made = (DEPLOY / "Dockerfile").read_text()
    for name in ("web", "worker", "schema"):
        service = composed()["services"][name]
        folder = service["environment"]["BACKUPS"]
        assert f"backups:{folder}" in service["volumes"] and service["read_only"]
        assert f" {folder}\n" in made, "the account may write there"
    assert "backups" in composed()["volumes"]


def test_web_processes_begin_with_templates_compiled_and_without_their_parents_connections(
    app: Flask,
) -> None:
    with db.engine.connect():
        pass  # one rests in the pool of what will be copied
    app.jinja_env.cache.clear()
    served = SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app))
    live = replace(app.config["SETTINGS"], mode="live")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "SETTINGS", live)
        patch.setattr("gc.freeze", lambda: None)
        patch.setattr(app.jinja_env, "list_templates", lambda extensions: ["base.html"])
        run_path(str(ROOT / "gunicorn.conf.py"))["when_ready"](served)
    assert db.engine.pool.checkedin() == 0
    assert len(app.jinja_env.cache) == 1
