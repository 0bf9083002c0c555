"""Who may see who holds which role, and who is invited to one."""

from __future__ import annotations

from broker.duties import Duty
from broker.models.invitation import Invitation
from broker.models.person import Membership, Person, Role, for_duty
from broker.sights import Sight


def memberships_seen_by(person: Person | None) -> Sight:
    """Roles, with who holds them: administrators all, directors those at their authority."""
    own = Membership.duties.is_(None) & (Membership.role != Role.SYSTEM)
    if person and person.holding(Role.ADMINISTRATOR):
        return own
    return own & Membership.authority_id.in_(directed_by(person))


def invitations_seen_by(person: Person | None) -> Sight:
    """Invitations: administrators all, directors those to roles at their authority."""
    if person and person.holding(Role.ADMINISTRATOR):
        return Invitation.id.is_not(None)
    return Invitation.authority_id.in_(directed_by(person))


def directed_by(person: Person | None) -> list[int]:
    """The authorities that somebody is a director of, or whose people a director lent to them: who
    holds which role, and their addresses, are for nobody who stands in for something else."""
    with for_duty(Duty.PEOPLE.value):
        held = person.holding(Role.DIRECTOR) if person else []
    return [one.authority_id for one in held if one.authority_id is not None]
