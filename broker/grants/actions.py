"""Granting, changing a grant, and entering what was paid."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from broker import clock, events
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.authority import Authority
from broker.models.grant import Grant, Payment
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.money import format_money
from broker.taking import lock

REFERENCE_LENGTH, REASON_LENGTH = 120, 500


def make(
    *, programme: Programme, provider: Authority, year: int, pence: int, day_rate: int, by: Person
) -> Grant:
    """Grant a provider money for a year; once for each year."""
    check_manages(programme, by)
    lock(programme)
    known = select(Grant.id).filter_by(
        programme_id=programme.id, provider_id=provider.id, year=year
    )
    if db.session.scalar(known):
        raise NotRight(f"{provider.name} has a grant for this year. Change that one.", "provider")
    grant = Grant(provider=provider, programme=programme, year=year, pence=pence, day_rate=day_rate)
    db.session.add(grant)
    db.session.flush()
    events.record(grant, "granted", by=by, detail=_terms(grant))
    return grant


def change(grant: Grant, *, pence: int, day_rate: int, reason: str, by: Person) -> None:
    """Change a grant's amount or day rate, and say why."""
    check_manages(grant.programme, by)
    lock(grant)
    reason = _reason(reason)
    if (grant.pence, grant.day_rate) == (pence, day_rate):
        raise NotRight("These are the amounts that stand already.", "pence")
    if pence < grant.paid:
        paid = format_money(grant.paid)
        raise NotRight(f"{paid} was paid already. Take a payment back first.", "pence")
    grant.pence, grant.day_rate = pence, day_rate
    db.session.flush()
    events.record(grant, "changed", by=by, reason=reason, detail=_terms(grant))


def pay(grant: Grant, *, pence: int, paid_on: date, reference: str, by: Person) -> Payment:
    """Enter a payment that was made."""
    check_manages(grant.programme, by)
    lock(grant)
    if paid_on > clock.today():
        raise NotRight("Enter a payment once it has been made.", "paid_on")
    if grant.paid + pence > grant.pence:
        left = format_money(grant.pence - grant.paid)
        raise NotRight(f"{left} of this grant is left to pay. Change the grant first.", "pence")
    if len(reference.strip()) > REFERENCE_LENGTH:
        raise NotRight(f"Keep this under {REFERENCE_LENGTH} characters.", "reference")
    made = Payment(
        grant_id=grant.id,
        pence=pence,
        paid_on=paid_on,
        reference=reference.strip(),
        entered_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(grant, ["payments"])
    events.record(grant, "paid", by=by, detail=format_money(pence))
    return made


def take_back(grant: Grant, payment_id: int, *, reason: str, by: Person) -> None:
    """Take out of the count a payment that was entered by mistake."""
    check_manages(grant.programme, by)
    lock(grant)
    payment = next((one for one in grant.payments if one.id == payment_id), None)
    if payment is None or payment.taken_back_at is not None:
        raise NotPossible("This payment was taken out of the count already.")
    payment.taken_back_because = _reason(reason)
    payment.taken_back_at = clock.now()
    db.session.flush()
    detail = format_money(payment.pence)
    events.record(grant, "took a payment back", by=by, reason=reason.strip(), detail=detail)


def manages(programme: Programme, person: Person) -> bool:
    held = person.holding(Role.PROGRAMME_MANAGER)
    return programme.id in {one.programme_id for one in held}


def check_manages(programme: Programme, by: Person) -> None:
    if not manages(programme, by):
        raise NotAllowed("To do this, you need to be a manager of the programme.")


def _reason(text: str) -> str:
    if not text.strip():
        raise NotRight("Say why, in a sentence.", "reason")
    if len(text.strip()) > REASON_LENGTH:
        raise NotRight(f"Keep this under {REASON_LENGTH} characters.", "reason")
    return text.strip()


def _terms(grant: Grant) -> str:
    return f"{format_money(grant.pence)} at {format_money(grant.day_rate)} a day"
