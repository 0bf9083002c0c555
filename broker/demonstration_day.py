"""The day that a demonstration lives on: a stated one, so that the same seed makes the same."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import DBAPIError

from broker.config import Settings
from broker.db import db
from broker.errors import BadSetting
from broker.models.event import Event
from broker.models.work import Setting

STATED_DAY = date(2026, 11, 20)


def day_to_live_on(app: Flask, settings: Settings) -> date | None:
    """None is the real day. A demonstration never goes back behind what has happened in it."""
    if settings.mode != "demonstration":
        return settings.today
    stated = settings.today or STATED_DAY
    with app.app_context():
        if not inspect(db.engine).has_table(Event.__tablename__):
            return stated
        last = db.session.scalar(select(func.max(Event.happened_at)))
    return max(stated, last.date()) if last else stated


def refuse_to_go_live(app: Flask) -> None:
    """A database with the demonstration in it has accounts that anybody may enter."""
    with app.app_context():
        try:
            made = db.session.get(Setting, "demonstration")
        except DBAPIError:  # no schema yet, or no answer: /ready says so
            made = None
        db.session.remove()
    if made is not None:
        raise BadSetting(
            "DATABASE_URL holds the demonstration. Live use needs a database of its own."
        )
