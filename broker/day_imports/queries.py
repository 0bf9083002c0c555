"""Questions about spreadsheets of days, for the person asking."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker import day_sights
from broker.db import db
from broker.models.day_import import DayImport, DayImportState
from broker.models.partnership import Partnership
from broker.models.person import Person


def imports_visible_to(person: Person) -> Select[DayImport]:
    """The spreadsheets that a person may see."""
    return select(DayImport).where(day_sights.day_imports_seen_by(person))


def imports_of(person: Person, partnership: Partnership) -> list[DayImport]:
    """Those of a partnership that were not set aside, the newest first."""
    kept = imports_visible_to(person).where(
        DayImport.partnership_id == partnership.id, DayImport.state != DayImportState.SET_ASIDE
    )
    return list(db.session.scalars(kept.order_by(DayImport.id.desc()).limit(20)).unique())
