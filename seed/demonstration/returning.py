"""The demonstration's returns: written, certified, accepted, frozen, some still to come."""

from __future__ import annotations

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.return_ import Return
from broker.returns import actions as returns
from broker.returns import settling
from broker.taking import take
from seed.demonstration.company import Company
from seed.demonstration.walking import has_room

OUTCOMES = (
    "Teams tell us that decisions are clearer. Audits after the first visits show more of the "
    "child's voice; the two authorities will repeat them next quarter."
)
PRIORITIES = "Finish the second round of joint audits, and plan the taper."


def report(company: Company, system: Person, quarters: list[Quarter]) -> None:
    """Returns for each quarter: all but the last quarter's are accepted and frozen."""
    programme = db.session.scalars(select(Programme).filter_by(code="pip")).one()
    for quarter in quarters:
        is_last = quarter == quarters[-1]
        with clock.set_to(clock.add_working_days(clock.return_opens(quarter), 0)):
            returns.open_due(by=system)
        made = db.session.scalars(
            select(Return).filter_by(programme_id=programme.id, quarter=quarter)
        )
        for number, one in enumerate(made):
            _walk(company, one, number, is_last=is_last)
        if not is_last:
            with clock.set_to(clock.add_working_days(clock.return_due(quarter), 5)):
                returns.freeze(programme=programme, quarter=quarter, by=company.manager())


def _walk(company: Company, one: Return, number: int, *, is_last: bool) -> None:
    """How far a return has come: in the last quarter some wait at every step."""
    step = number % 5 if is_last else 5
    opens = clock.return_opens(one.quarter)
    lead, director = company.partnership_lead(one.provider), company.director(one.provider)
    if step > 0:
        with clock.set_to(clock.add_working_days(opens, 6)):
            returns.write(one, outcomes=OUTCOMES, priorities=PRIORITIES, by=lead)
            take(one, "hand_over", by=lead)
    if step > 1:
        with clock.set_to(clock.add_working_days(opens, 12)):
            returns.certify(one, choices=_choices(one, number), by=director)
    if step == 3:
        with clock.set_to(clock.add_working_days(opens, 15)):
            take(
                one,
                "request_changes",
                by=company.manager(),
                reason="Please say how you know that decisions are clearer.",
            )
    if step > 3:
        with clock.set_to(clock.add_working_days(opens, 18)):
            take(one, "accept", by=company.manager())


def _choices(one: Return, number: int) -> settling.Choices:
    """Every second provider carries what was not given to the next quarter, where it has room."""
    after = one.quarter + 1
    return {
        due.partnership.id: after
        if number % 2 == 0 and has_room(due.partnership, after, due.quarter_days)
        else None
        for due in settling.due_in(one)
    }
