"""Whom a return speaks of: the receivers with days or a live partnership in its quarter."""

from __future__ import annotations

from sqlalchemy import or_, select

from broker.db import db
from broker.models.authority import Authority
from broker.models.partnership import Partnership, SupportDay
from broker.models.return_ import Return
from broker.returns.figures import were_live
from broker.returns.given import given_in


def receivers_of(return_: Return) -> list[Authority]:
    """By name."""
    has_days = Partnership.id.in_(
        select(SupportDay.partnership_id).where(given_in(return_.quarter))
    )
    ids = select(Partnership.receiver_id).where(
        Partnership.provider_id == return_.provider_id,
        Partnership.programme_id == return_.programme_id,
        or_(were_live(return_.quarter), has_days),
    )
    found = select(Authority).where(Authority.id.in_(ids)).order_by(Authority.name)
    return list(db.session.scalars(found).unique())
