"""Questions about intervention, for the person asking."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker.db import db
from broker.models.authority import Authority
from broker.models.intervention import Intervention, InterventionState
from broker.models.person import Person
from broker.sights import interventions_seen_by


def interventions_visible_to(person: Person | None) -> Select[Intervention]:
    return select(Intervention).where(interventions_seen_by(person))


def standing_of(authority: Authority) -> list[Intervention]:
    """Its periods of intervention, the latest first, without those struck out."""
    wanted = select(Intervention).where(
        Intervention.authority_id == authority.id,
        Intervention.state != InterventionState.STRUCK_OUT,
    )
    latest = wanted.order_by(Intervention.started_on.desc(), Intervention.id.desc())
    return list(db.session.scalars(latest).unique())
