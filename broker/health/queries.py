"""How partnerships go, for who may know: one partnership, a region's board, counts for DfE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import lazyload

from broker import sights
from broker.db import db
from broker.health.checks import findings_of
from broker.health.facts import LOADS, Facts, facts_of
from broker.health.temperature import Health, Temperature
from broker.models.partnership import Partnership, PartnershipState
from broker.models.person import Person, Role
from broker.partnerships.queries import partnerships_visible_to, sides_of

ALONE = tuple(
    lazyload(one) for one in (Partnership.receiver, Partnership.provider, Partnership.programme)
)
OVERSEES = (Role.COORDINATOR, Role.PROGRAMME_MANAGER)


def health_for(person: Person, partnership: Partnership) -> Health | None:
    """How a partnership goes, for its two sides, the region's coordinator and the programme's
    managers; None for anybody else. What has not gone out is told to the two sides alone."""
    is_party = bool(sides_of(person, partnership))
    if not is_party and not _overseen_by(person, [partnership]):
        return None
    facts = facts_of([partnership], as_party=is_party)[partnership.id]
    return _health(facts)


def _health(facts: Facts) -> Health:
    return Health(findings_of(facts), facts.is_live, facts.ended_on is not None)


def _overseen_by(person: Person, among: Iterable[Partnership]) -> list[Partnership]:
    """Those received in a coordinator's regions, or of a manager's programmes."""
    regions = {held.region_id for held in person.holding(Role.COORDINATOR)}
    managed = {held.programme_id for held in person.holding(Role.PROGRAMME_MANAGER)}
    return [
        one for one in among if one.receiver.region_id in regions or one.programme_id in managed
    ]


@dataclass(frozen=True)
class Line:
    """One partnership on the board."""

    partnership: Partnership
    health: Health

    @property
    def temperature(self) -> Temperature:
        return self.health.temperature


def board(person: Person) -> list[Line]:
    """Every partnership that a person oversees, those that ask most of them first. The number of
    questions does not grow with the partnerships."""
    found = _overseen_by(person, _loaded(person))
    facts = facts_of(found, as_party=False)
    lines = [Line(one, _health(facts[one.id])) for one in found]
    order = list(Temperature)
    return sorted(lines, key=lambda line: (order.index(line.temperature), line.partnership.id))


def _loaded(person: Person) -> Sequence[Partnership]:
    seen = partnerships_visible_to(person).options(*LOADS).order_by(Partnership.id)
    return db.session.scalars(seen).unique().all()


def temperatures(*among: ColumnElement[bool]) -> list[tuple[PartnershipState, Temperature]]:
    """Where the partnerships stand that conditions choose, and how each goes, as whoever oversees
    them is told. Their authorities are not read."""
    wanted = select(Partnership).where(*among).options(*LOADS, *ALONE)
    facts = facts_of(db.session.scalars(wanted).unique().all(), as_party=False)
    return [(one.phase, _health(one).temperature) for one in facts.values()]


def counts_for(person: Person) -> Counter[Temperature]:
    """How many partnerships of a DfE lead's region stand at each temperature; none by name."""
    return Counter(one for _, one in temperatures(sights.partnerships_seen_by(person)))
