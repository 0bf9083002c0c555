"""Imports of published facts: looked at first, then applied exactly as shown, or set aside."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.facts.plan import plan, write
from broker.facts.review import review
from broker.models.fact_import import FactImport, Kind
from broker.models.person import Person
from broker.models.work import Setting
from broker.system import the_system
from broker.taking import lock, start, take

CHANGED = (
    "The facts, or what stands on them, have changed since this was shown. Set it aside, choose "
    "the file again and look at what it would do now."
)


def show(*, kind: Kind, file_name: str, content: bytes, by: Person) -> FactImport:
    """Keep a file with what it would do; nothing of it is applied yet."""
    name = file_name.strip()[-200:] or "file"
    planned = plan(kind, content, source=name)
    made = FactImport(
        kind=kind,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        plan=planned.as_json(),
        plan_sha256=planned.sha256(),
        uploaded_by_id=by.id,
    )
    start(made, "show", by=by, detail=made.sha256)
    return made


def apply(made: FactImport, *, by: Person, reason: str = "") -> None:
    """Do what was shown, to the letter, and what follows from it, in this one transaction."""
    lock(made)
    _one_at_a_time()
    take(made, "apply", by=by, reason=reason, detail=made.sha256)
    planned = plan(made.kind, made.content or b"", source=made.file_name)
    if planned.sha256() != made.plan_sha256:
        raise NotPossible(CHANGED)
    if not planned.changes_something:
        raise NotRight("There is nothing in it to apply. Set it aside.")
    touched = write(planned.steps)
    made.applied_at, made.content = clock.now(), None
    db.session.flush()
    if made.kind is Kind.JUDGEMENTS:
        review(by=the_system(), provider_ids=touched)


def _one_at_a_time() -> None:
    """Two imports, or an import and a loading, do not run beside each other."""
    db.session.scalars(select(Setting).filter_by(name="facts").with_for_update()).all()


def set_aside(made: FactImport, *, by: Person, reason: str = "") -> None:
    """Do not apply it; the file itself is dropped, its hash is kept."""
    take(made, "set_aside", by=by, reason=reason)
    made.content = None
    db.session.flush()


DEEDS = {"apply": apply, "set_aside": set_aside}
