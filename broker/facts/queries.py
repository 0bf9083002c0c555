"""Questions about imports of facts."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from broker.db import db
from broker.models.fact_import import FactImport, Kind
from broker.models.person import Person
from broker.sights import seen_by_administrators


def imports_visible_to(person: Person) -> Select[FactImport]:
    shown = select(FactImport).where(seen_by_administrators(person))
    return shown.options(joinedload(FactImport.uploaded_by))


def listed(person: Person, *, words: str = "", kind: Kind | None = None) -> list[FactImport]:
    """The history of imports, the latest first."""
    wanted = imports_visible_to(person).order_by(FactImport.id.desc())
    if kind is not None:
        wanted = wanted.where(FactImport.kind == kind)
    terms = words.casefold().split()
    found = db.session.scalars(wanted).unique()
    return [one for one in found if all(term in one.title.casefold() for term in terms)]
