"""Questions about extra days, for the person asking."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker import clock, day_sights, ledger
from broker.clock import Quarter
from broker.db import db
from broker.extras.actions import AHEAD
from broker.models.extra import Extra
from broker.models.ledger import Capacity
from broker.models.partnership import Partnership
from broker.models.person import Person


def extras_visible_to(person: Person) -> Select[Extra]:
    """The extra days that a person may see."""
    return select(Extra).where(day_sights.extras_seen_by(person))


def extras_of(partnership: Partnership) -> list[Extra]:
    """The extra days of a partnership that were ever proposed, the newest first."""
    found = select(Extra).filter_by(partnership_id=partnership.id).order_by(Extra.id.desc())
    return list(db.session.scalars(found).unique())


def free_in(partnership: Partnership) -> dict[Quarter, int]:
    """The provider's free quarter-days in the quarters that extra days can be proposed for."""
    ours = select(Capacity.id).filter_by(
        provider_id=partnership.provider_id, programme_id=partnership.programme_id
    )
    balances = ledger.balances(db.session.scalars(ours).all())
    free = {quarter: b.free for found in balances.values() for quarter, b in found.items()}
    return {quarter: max(0, free.get(quarter, 0)) for quarter in clock.coming_quarters(AHEAD)}
