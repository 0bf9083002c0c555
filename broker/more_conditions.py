"""When more days can be asked for, approved or sent to the panel: None, or why not, in words."""

from __future__ import annotations

from sqlalchemy import select

from broker import clock
from broker.conditions import why_panel
from broker.db import db
from broker.models.extension import EXTENSIONS_OPEN, Extension


def the_partnership_is_live(extension: Extension) -> str | None:
    """the partnership is live"""
    if extension.partnership.is_live:
        return None
    return "More days are for partnerships that are live."


def no_other_is_open(extension: Extension) -> str | None:
    """no other extension of it is open"""
    other = select(Extension.id).where(
        Extension.partnership_id == extension.partnership.id,
        Extension.id != extension.id,
        Extension.state.in_(EXTENSIONS_OPEN),
    )
    return "More days have been asked for already." if db.session.scalar(other) else None


def its_quarters_are_not_over(extension: Extension) -> str | None:
    """none of its quarters is over"""
    over = [row.quarter for row in extension.days if row.quarter < clock.this_quarter()]
    return f"{over[0]} is over. Decline this one and ask again." if over else None


def panel_is_not_needed(extension: Extension) -> str | None:
    """with all days of the need and those before it, the rules do not ask for the panel"""
    if why := why_panel(extension.match):
        return f"The panel decides this one: {why}."
    return None


def panel_is_needed(extension: Extension) -> str | None:
    """with all days of the need and those before it, the rules ask for the panel"""
    return None if why_panel(extension.match) else "This is within what a coordinator approves."
