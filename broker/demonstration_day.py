"""The day that a demonstration lives on: a stated one, so that the same seed makes the same."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import func, inspect, select

from broker.config import Settings
from broker.db import db
from broker.models.event import Event

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
