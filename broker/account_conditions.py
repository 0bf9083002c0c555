"""When a verb about people is possible: None, or why not, in words."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.models.council_account import CouncilAccount
from broker.models.invitation import Invitation
from broker.models.person import Membership, Person, Role
from broker.models.sign_in import SecondStep


def no_role_needs_a_second_step(person: Person) -> str | None:
    """no role held today needs a second step"""
    if any(held.role.is_privileged for held in person.held_today):
        return "A role that you hold needs a second step."
    return None


def a_second_step_is_set_up(person: Person) -> str | None:
    """a second step is set up"""
    return None if db.session.get(SecondStep, person.id) else "No second step is set up."


def a_council_account_is_connected(person: Person) -> str | None:
    """a council's account is connected"""
    theirs = select(CouncilAccount.id).filter_by(person_id=person.id, ended_at=None).limit(1)
    return None if db.session.scalar(theirs) else "No council's account is connected."


def the_invitation_is_good(invitation: Invitation) -> str | None:
    """it has not expired"""
    if invitation.is_open:
        return None
    return "This invitation has expired. Ask whoever sent it for a new link."


def the_role_has_not_ended(held: Membership) -> str | None:
    """the role has not ended"""
    return "This role has ended already." if is_over(held) else None


def a_last_day_is_set(held: Membership) -> str | None:
    """a last day is set"""
    return None if held.ends_on else "No last day is set for this role."


GIVEN_BACK_WITHIN = timedelta(days=30)


def the_role_ended_lately(held: Membership) -> str | None:
    """the role ended within 30 days"""
    if not is_over(held):
        return "This role has not ended."
    if last_day(held) < clock.today() - GIVEN_BACK_WITHIN:
        return "This role ended more than 30 days ago: send a new invitation."
    return None


def its_last_day_is_past(held: Membership) -> str | None:
    """its last day is past"""
    is_past = held.ends_on is not None and held.ends_on < clock.today()
    return None if is_past and held.ended_at is None else "It has not come to its last day."


def another_administrator_stays(held: Membership) -> str | None:
    """the exchange keeps an administrator"""
    if held.role is not Role.ADMINISTRATOR or others_in(held):
        return None
    return (
        "The exchange would have no administrator. Invite another first, and end this role once"
        " they have accepted."
    )


def is_over(held: Membership) -> bool:
    return held.ended_at is not None or (held.ends_on or clock.today()) < clock.today()


def last_day(held: Membership) -> date:
    """Of a role that is over."""
    ended = held.ended_at.astimezone(clock.LONDON).date() if held.ended_at else None
    return min(day for day in (ended, held.ends_on) if day is not None)


def others_in(held: Membership) -> bool:
    """Whether somebody else holds the same post today, without a last day, and can sign in."""
    same = (
        Membership.role == held.role,
        Membership.authority_id.is_not_distinct_from(held.authority_id),
        Membership.region_id.is_not_distinct_from(held.region_id),
        Membership.programme_id.is_not_distinct_from(held.programme_id),
    )
    stays = (Membership.held_on(clock.today()), Membership.ends_on.is_(None))
    others = select(Membership.id).where(
        *same, *stays, Membership.person_id != held.person_id, Membership.duties.is_(None)
    )
    return db.session.scalar(others.limit(1)) is not None
