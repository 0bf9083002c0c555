"""Support Exchange."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from broker import areas, cli, clock, db, demonstration_day, headers, pace, refusals, sessions, web
from broker.config import ROOT, Settings, read_settings
from broker.council_accounts import line
from broker.db import db as database
from broker.operations import logs, notices, reports


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """The whole application, from the environment (broker/config.py says which settings)."""
    settings = read_settings(environ)
    settings.var.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEMONSTRATION=not settings.is_live,
        SETTINGS=settings,
        SESSION_COOKIE_SECURE=settings.is_live,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="__Host-exchange" if settings.is_live else "exchange",
        TRUSTED_HOSTS=settings.hosts or None,
        SESSION_LIMITS=settings.session_limits,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,
    )
    _templates(app)
    logs.init_app(app)
    sessions.init_app(app)
    db.init_app(app, settings.database_url)
    Migrate(app, database, directory=str(ROOT / "migrations"), render_as_batch=True)
    _watch(app, settings)
    web.init_app(app)
    headers.init_app(app)
    pace.init_app(app)
    notices.init_app(app)
    refusals.init_app(app)
    line.init_app(app)
    areas.init_app(app)
    cli.init_app(app)
    if settings.is_live:
        demonstration_day.refuse_to_go_live(app)
    clock.anchor_to(demonstration_day.day_to_live_on(app, settings))
    return app


def _watch(app: Flask, settings: Settings) -> None:
    with app.app_context():
        logs.watch(database.engine, slow_seconds=settings.slow_seconds)
    if settings.is_live:
        logs.to_standard_error()
    if settings.sentry_dsn:
        reports.begin(settings.sentry_dsn)


def _templates(app: Flask) -> None:
    components: dict[str, Any] = {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader([app.jinja_loader, PrefixLoader(components)])  # type: ignore[list-item]
