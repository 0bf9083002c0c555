"""Exceptions to who may provide: granted with a reason and an end, ended sooner, or run out."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.eligibility import why_not_provide
from broker.errors import NotRight
from broker.facts.review import review
from broker.models.authority import Authority
from broker.models.exception import EligibilityException, ExceptionState
from broker.models.person import Person
from broker.models.programme import Programme
from broker.system import the_system
from broker.taking import lock, may, start, take
from broker.turns import in_turns

MOST_DAYS = 366


def grant(
    *, provider: Authority, programme: Programme, because: str, expires_on: date, by: Person
) -> EligibilityException:
    """Let a provider offer under a programme although the rules say no; offers stand again."""
    exception = EligibilityException(
        provider_id=provider.id,
        provider=provider,
        programme_id=programme.id,
        programme=programme,
        because=because.strip(),
        starts_on=clock.today(),
        expires_on=expires_on,
        granted_by_id=by.id,
    )
    may(exception, "grant", by=by)
    _check(exception)
    start(exception, "grant", by=by, reason=because, detail=f"until {expires_on.isoformat()}")
    review(by=the_system(), provider_ids=[provider.id])
    return exception


def _check(exception: EligibilityException) -> None:
    if not exception.because:
        raise NotRight("Say why, in a few sentences.", "because")
    if exception.expires_on <= clock.today():
        raise NotRight("Choose a day after today.", "expires_on")
    if exception.expires_on > clock.today() + timedelta(days=MOST_DAYS):
        raise NotRight("An exception lasts a year at most. Look at it again then.", "expires_on")
    if why_not_provide(exception.provider, exception.programme.policy, ()) is None:
        if exception.programme.policy.provider_rule == "whole":
            raise NotRight("It may provide under this programme without an exception.", "provider")
    if _in_force(exception):
        raise NotRight("An exception is in force already. End it first.", "provider")


def _in_force(exception: EligibilityException) -> bool:
    same = select(EligibilityException.id).where(
        EligibilityException.provider_id == exception.provider.id,
        EligibilityException.programme_id == exception.programme.id,
        EligibilityException.state == ExceptionState.IN_FORCE,
    )
    with db.session.no_autoflush:
        return db.session.scalar(same) is not None


def end(exception: EligibilityException, *, reason: str, by: Person) -> None:
    """End an exception before its day; what leans on it is suspended and flagged at once."""
    take(exception, "end", by=by, reason=reason)
    review(by=the_system(), provider_ids=[exception.provider_id])


def expire_due(*, by: Person) -> list[EligibilityException]:
    """Let exceptions whose last day is over run out."""
    over = select(EligibilityException).where(
        EligibilityException.state == ExceptionState.IN_FORCE,
        EligibilityException.expires_on < clock.today(),
    )
    due = list(db.session.scalars(over.order_by(EligibilityException.id)).unique())
    for exception in in_turns(due):
        lock(exception)
        if exception.state is ExceptionState.IN_FORCE:  # nobody ended it meanwhile
            take(exception, "expire", by=by)
    return due


DEEDS = {"end": end}
