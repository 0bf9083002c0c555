"""Who may see what belongs to the log of days: sights, as in broker/sights.py."""

from __future__ import annotations

from sqlalchemy import and_, false, or_, select

from broker.models.day_import import DayImport
from broker.models.extra import Extra
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Person, Role
from broker.permissions import GIVING, RECEIVING
from broker.sights import Sight, partnerships_seen_by


def extras_seen_by(person: Person | None) -> Sight:
    """Who sees the partnership."""
    seen = select(Partnership.id).where(partnerships_seen_by(person))
    return Extra.partnership_id.in_(seen)


def day_imports_seen_by(person: Person | None) -> Sight:
    """Those who log days for the side that it was brought in for."""
    if person is None:
        return false()
    gives = [held.authority_id for held in person.holding(*GIVING, Role.PRACTITIONER)]
    takes = [held.authority_id for held in person.holding(*RECEIVING)]
    given = select(Partnership.id).where(Partnership.provider_id.in_(gives))
    taken = select(Partnership.id).where(Partnership.receiver_id.in_(takes))
    by_provider = DayImport.logged_by_side == Side.PROVIDER
    return or_(
        and_(by_provider, DayImport.partnership_id.in_(given)),
        and_(~by_provider, DayImport.partnership_id.in_(taken)),
    )
