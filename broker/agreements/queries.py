"""Questions about agreements, for the person asking."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker import sights
from broker.db import db
from broker.models.agreement import WorkingAgreement
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.taking import membership_for, row_for, why_not


def agreements_visible_to(person: Person) -> Select[WorkingAgreement]:
    """The agreements that a person may see."""
    return select(WorkingAgreement).where(sights.working_agreements_seen_by(person))


def agreement_of(partnership: Partnership) -> WorkingAgreement | None:
    """How a partnership works; None for one that opened before agreements were kept."""
    wanted = select(WorkingAgreement).filter_by(partnership_id=partnership.id)
    return db.session.scalars(wanted).unique().one_or_none()


def may_write(person: Person, agreement: WorkingAgreement) -> bool:
    """Whether a person may change its words now."""
    row = row_for(agreement, "write")
    return bool(membership_for(row, person, agreement)) and why_not(agreement, row) is None
