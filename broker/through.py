"""Through which roles each test of `broker/permissions.py` can say yes.

So that nobody's work is searched among things on which their roles could never act. A test asks
every test of every row and finds no other role in its answers.
"""

from __future__ import annotations

from broker import permissions as who
from broker.models.person import Person, Role
from broker.verbs.row import Row

BOTH_SIDES = frozenset({*who.GIVING, *who.RECEIVING})
OF_DIRECTORS = frozenset({Role.DIRECTOR})
OF_GIVERS_LEADS = frozenset({Role.PARTNERSHIP_LEAD})
OF_RECEIVERS_LEADS = frozenset({Role.IMPROVEMENT_LEAD})
OF_COORDINATORS = frozenset({Role.COORDINATOR})
OF_MANAGERS = frozenset({Role.PROGRAMME_MANAGER})
WHO_LOG_AND_CONFIRM = BOTH_SIDES | {Role.PRACTITIONER}

ROLES: dict[who.Test, frozenset[Role]] = {
    who.director_of_the_provider: OF_DIRECTORS,
    who.lead_of_the_provider: OF_GIVERS_LEADS,
    who.director_of_a_partner_asked: OF_DIRECTORS,
    who.director_of_the_receiver: OF_DIRECTORS,
    who.lead_of_the_receiver: OF_RECEIVERS_LEADS,
    who.lead_with_a_small_ask: OF_RECEIVERS_LEADS,
    who.lead_once_the_director_has_signed: OF_RECEIVERS_LEADS,
    who.one_side_director: OF_DIRECTORS,
    who.one_side: BOTH_SIDES,
    who.director_of_the_other_side: OF_DIRECTORS,
    who.side_that_logged: WHO_LOG_AND_CONFIRM,
    who.side_that_did_not_log: WHO_LOG_AND_CONFIRM,
    who.side_that_entered: BOTH_SIDES,
    who.side_that_did_not_enter: BOTH_SIDES,
    who.authority_it_is_shown_to: BOTH_SIDES,
    who.coordinator_to_note_it: OF_COORDINATORS,
    who.coordinator_of_the_region: OF_COORDINATORS,
    who.coordinator_of_the_round: OF_COORDINATORS,
    who.coordinator_with_fresh_eyes: OF_COORDINATORS,
    who.coordinator_for_an_extension: OF_COORDINATORS,
    who.panel_member: frozenset({Role.PANEL}),
    who.manager_of_the_programme: OF_MANAGERS,
    who.manager_of_the_round: OF_MANAGERS,
}


def could_ever(person: Person, row: Row) -> bool:
    """Whether any role that somebody holds today could use a row on some thing."""
    held = {one.role for one in person.held_today}
    return any(held & ROLES[test] for test in row.who)
