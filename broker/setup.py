"""What an empty database needs before people come: the system person, facts, the demonstration."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select

from broker import clock
from broker.config import ROOT
from broker.db import db, transaction
from broker.models.event import Event
from broker.models.fact_import import FactImport, ImportState, Kind
from broker.models.work import Setting
from broker.system import the_system
from seed.demonstration import build
from seed.facts import load_facts, read_facts
from seed.programmes import load_programmes

TABLES = {
    Kind.JUDGEMENTS: "judgement",
    Kind.NEIGHBOURS: "neighbour",
    Kind.INDICATORS: "indicator_value",
    Kind.AUTHORITIES: "authority",
}
FACTS = ROOT / "seed" / "facts"


def fingerprint(folder: Path) -> str:
    """A hash over every file in a folder, to see whether anything changed."""
    hasher = hashlib.sha256()
    for file in sorted(folder.glob("*.csv")):
        hasher.update(file.name.encode() + file.read_bytes())
    return hasher.hexdigest()


def load_facts_if_changed(*, always: bool = False) -> list[str]:
    """Load seed/facts unless it is loaded as it stands; what was done, in words."""
    mark = fingerprint(FACTS)
    known = db.session.get(Setting, "facts")
    is_known = known is not None and known.value == mark
    db.session.rollback()
    if is_known and not always:
        return []
    with transaction():
        the_system()
        report = load_facts(read_facts(FACTS), keeps=_brought_by_people())
        load_programmes()
        db.session.merge(Setting(name="facts", value=mark))
        return report.lines()


def _brought_by_people() -> set[str]:
    """Tables that administrators have brought newer facts to; seed/facts leaves them alone."""
    applied = select(FactImport.kind).where(FactImport.state == ImportState.APPLIED).distinct()
    kept = {TABLES[kind] for kind in db.session.scalars(applied)}
    if db.session.scalar(select(Event.id).filter_by(noun="authority").limit(1)):
        kept.add("authority")
    return kept


def make_demonstration_if_absent() -> str:
    """Build the demonstration in one transaction, unless this database holds it already."""
    known = db.session.get(Setting, "demonstration")
    db.session.rollback()
    if known is not None:
        return "The demonstration is there."
    with transaction():
        said = build(by=the_system())
        db.session.add(Setting(name="demonstration", value=clock.today().isoformat()))
    return said
