"""The demonstration's returns: written, certified, accepted, frozen, some still to come."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from broker import clock
from broker.api_tokens import actions as api_tokens
from broker.clock import Quarter
from broker.db import db
from broker.grants import actions as grants
from broker.models.api_token import Scope
from broker.models.offer import Delivery
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership, SupportDay
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.return_ import Return, ReturnState
from broker.returns import actions as returns
from broker.returns import sections, settling
from broker.returns.given import given_in
from broker.returns.receivers import receivers_of
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from broker.taking import take
from seed.demonstration.company import Company
from seed.demonstration.walking import has_room

OUTCOMES = (
    "Teams tell us that decisions are clearer. Audits after the first visits show more of the "
    "child's voice; the two authorities will repeat them next quarter."
)
WORDS = {
    "outcomes": OUTCOMES,
    "measured": "Joint audits of twenty files on each side: before the first visit, and each "
    "quarter since.",
    "evidence": "What auditors noted, and what team managers said in supervision. Staff turnover "
    "fell in the same months, so not all of it is the help.",
    "priorities": "Finish the second round of joint audits, and plan the taper.",
}
ABOUT = (
    "We sat beside team managers on six days and audited files together. Managers now lead the "
    "audits themselves.",
    "We worked through supervision with two teams. Records say more clearly why it was decided so.",
)
COMMENT = "We see it the same way. Staff asked for the audits to go on, and they do."
TWICE_A_YEAR = {
    "reflection": "We began by showing our own forms. Sitting beside their managers taught both "
    "sides more; we would begin there next time.",
    "case_study": "A team that audited its own decisions in pairs for a month, then chose two "
    "things to change. It kept both, and has shown a second team how.",
}


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


def fund(company: Company) -> None:
    """Grants of this year and the last for those who make returns, paid by instalments."""
    programme = db.session.scalars(select(Programme).filter_by(code="pip")).one()
    made = select(Return).filter_by(programme_id=programme.id).order_by(Return.id)
    found = {one.provider_id: one.provider for one in db.session.scalars(made).unique()}
    by, today = company.manager(), clock.today()
    for number, provider in enumerate(list(found.values())[:8]):
        for year in (clock.this_quarter().year - 1, clock.this_quarter().year):
            pounds = 24_000 + 6_000 * (number % 3)
            grant = grants.make(
                programme=programme,
                provider=provider,
                year=year,
                pence=pounds * 100,
                day_rate=600_00,
                by=by,
            )
            for quarter in range(4):
                paid_on = Quarter(year * 4 + quarter).first_day + timedelta(days=20)
                if paid_on <= today:
                    pence = pounds * 25 if quarter else pounds * 20
                    grants.pay(grant, pence=pence, paid_on=paid_on, reference="Instalment", by=by)


def let_programs_read(company: Company) -> None:
    """A token for a dashboard of the programme, and one for days that was revoked."""
    programme = db.session.scalars(select(Programme).filter_by(code="pip")).one()
    by = company.manager()
    for name, scopes in (("National dashboard", tuple(Scope)), ("Days, tried out", (Scope.DAYS,))):
        made, _ = api_tokens.make(
            programme=programme, name=name, scopes=scopes, expires_on=api_tokens.latest(), by=by
        )
    take(made, "revoke", by=by)


def chase(company: Company, quarter: Quarter) -> None:
    """What the manager does about a quarter's late returns: reminds, and leaves a note."""
    programme = db.session.scalars(select(Programme).filter_by(code="pip")).one()
    with clock.set_to(clock.add_working_days(clock.return_due(quarter), 2)):
        returns.remind(programme=programme, quarter=quarter, by=company.manager())
        made = select(Return).filter_by(programme_id=programme.id, quarter=quarter)
        late = db.session.scalars(made.order_by(Return.id)).unique().first()
        if late is not None:
            returns.note(
                programme=programme,
                provider_id=late.provider_id,
                quarter=quarter,
                words="Their lead is new since September. Offered a call to go through it.",
                by=company.manager(),
            )


def remember_late(company: Company, quarter: Quarter) -> None:
    """Half a day of a frozen quarter that a provider logs late: its next return carries it."""
    waiting = (
        select(Return)
        .filter_by(quarter=quarter + 1, state=ReturnState.AWAITING_CERTIFICATION)
        .order_by(Return.id)
    )
    for one in db.session.scalars(waiting).unique():
        days = (
            select(SupportDay)
            .join(Partnership, Partnership.id == SupportDay.partnership_id)
            .where(
                Partnership.provider_id == one.provider_id,
                Partnership.programme_id == one.programme_id,
                Partnership.state.in_(PARTNERSHIPS_LIVE),
                given_in(quarter),
            )
            .order_by(SupportDay.given_on)
        )
        if day := db.session.scalars(days).unique().first():
            late = Entry(day.given_on, 2, "Went through the notes, by telephone", Delivery.REMOTE)
            with clock.set_to(clock.add_working_days(clock.return_due(one.quarter), 4)):
                lead = company.partnership_lead(one.provider)
                support_days.log(day.partnership, late, is_another=True, by=lead)
            return


def _walk(company: Company, one: Return, number: int, *, is_last: bool) -> None:
    """How far a return has come: in the last quarter some wait at every step."""
    if one.state is ReturnState.SUBMITTED:
        _answer_nil(company, one, number % 5 if is_last else 5)
        return
    step = number % 5 if is_last else 5
    opens = clock.return_opens(one.quarter)
    lead, director = company.partnership_lead(one.provider), company.director(one.provider)
    if step > 0:
        with clock.set_to(clock.add_working_days(opens, 6)):
            asked = {**WORDS, **TWICE_A_YEAR} if one.asks_reflection else WORDS
            returns.write(one, **asked, by=lead)
            for number_, receiver in enumerate(receivers_of(one)):
                sections.write(one, receiver, words=ABOUT[number_ % len(ABOUT)], by=lead)
            sections.show(one, by=lead)
            returns.hand_over(one, by=lead)
        with clock.set_to(clock.add_working_days(opens, 8)):
            for section in one.sections[:2] if number % 2 else ():
                reader = company.director(section.receiver)
                sections.read(section, comment=COMMENT, by=reader)
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


def _answer_nil(company: Company, nil: Return, step: int) -> None:
    """What the manager makes of a return that came by itself; some are still to be looked at."""
    opens, manager = clock.return_opens(nil.quarter), company.manager()
    with clock.set_to(clock.add_working_days(opens, 4)):
        if step == 0:
            reason = "You told us of a visit in the last weeks of the quarter. Please log it."
            take(nil, "reopen", by=manager, reason=reason)
        elif step == 1:
            reason = "Please say whether days that you offered are still to be had."
            take(nil, "request_changes", by=manager, reason=reason)
        elif step > 3:
            take(nil, "accept", by=manager)


def _choices(one: Return, number: int) -> settling.Choices:
    """Every second provider carries what was not given to the next quarter, where it has room."""
    after = one.quarter + 1
    return {
        due.partnership.id: after
        if number % 2 == 0 and has_room(due.partnership, after, due.quarter_days)
        else None
        for due in settling.due_in(one)
    }
