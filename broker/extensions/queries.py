"""Questions about more days, for the person asking."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker import sights
from broker.conditions import days_in_line, why_panel
from broker.db import db
from broker.models.extension import EXTENSIONS_OPEN, Extension
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.taking import membership_for, row_for


def extensions_visible_to(person: Person) -> Select[Extension]:
    """The extensions that a person may see."""
    return select(Extension).where(sights.extensions_seen_by(person))


def extensions_of(partnership: Partnership) -> list[Extension]:
    """All that was asked for on top, newest first."""
    wanted = select(Extension).filter_by(partnership_id=partnership.id)
    return list(db.session.scalars(wanted.order_by(Extension.id.desc())).unique())


def total_with(extension: Extension) -> int:
    """Quarter-days of its need, with those before it and what is asked for now."""
    held = days_in_line([extension.match])[extension.match.id]
    return held + (0 if extension.state in EXTENSIONS_OPEN[1:] else extension.total_days)


def goes_to_panel(extension: Extension) -> str | None:
    """Why the panel decides it, in words; None where a coordinator does."""
    return why_panel(extension.match)


def may_vote(person: Person, extension: Extension) -> bool:
    """Whether a person may vote on it now."""
    row = row_for(extension, "vote")
    return extension.state in row.from_ and membership_for(row, person, extension) is not None


def sees_partnership(person: Person, extension: Extension) -> bool:
    """Whether its partnership's own pages are open to a person who sees it."""
    wanted = select(Partnership.id).where(
        Partnership.id == extension.partnership_id, sights.partnerships_seen_by(person)
    )
    return db.session.scalar(wanted) is not None
