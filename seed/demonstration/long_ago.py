"""A partnership from before the exchange: recorded, walked to its end, looked back on, closed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from broker import clock
from broker.capacity import actions as capacities
from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Authority
from broker.models.match import Match, Side
from broker.models.offer import Offer
from broker.models.partnership import Holds, Partnership
from broker.models.person import Person
from broker.models.programme import Programme
from broker.recordings import actions as recordings
from broker.recordings.agreed import Agreed, Given
from broker.taking import take
from seed.demonstration import answering, closing, looking_back, planning, walking
from seed.demonstration.company import GIVER, Company
from seed.demonstration.words import WORDS

DAY = 4
ALL_OF_IT = 6  # of looking_back: what was learned, a staff pulse, a review that was recorded
RECORDED, TAPERED, ENDED = 19, 14, 13  # months ago


def tell(
    company: Company, receiver: Authority, given: Offer, *, today: date, system: Person
) -> Partnership:
    """All of it, each step at its own time."""
    recorded = _ago(today, RECORDED)
    with clock.set_to(recorded):
        partnership = _record(company, receiver, given)
    with clock.set_to(walking.next_working_day(recorded + timedelta(days=10))):
        planning.agree_how(company, partnership)
        planning.agree_plan(company, planning.write_plan(company, partnership))
    _work(company, partnership, walking.next_working_day(recorded + timedelta(days=30)), system)
    with clock.set_to(_ago(today, TAPERED)):
        walking.move_on(company, partnership, 1)
    _end(company, partnership, _ago(today, ENDED))
    _look_back(company, partnership)
    return partnership


def confirm_days(company: Company, today: date) -> None:
    """The days that the featured provider could give then."""
    provider = db.session.scalars(select(Authority).filter_by(name=GIVER)).unique().one()
    with clock.set_to(_ago(today, RECORDED)):
        now = clock.this_quarter()
        capacities.confirm(
            provider=provider,
            programme=_own(),
            days={now: 8 * DAY, now + 1: 6 * DAY},
            by=company.director(provider),
        )


def _own() -> Programme:
    return db.session.scalars(select(Programme).filter_by(code="own")).one()


def _ago(today: date, months: int) -> date:
    return walking.next_working_day(clock.add_months(today, -months))


def _record(company: Company, receiver: Authority, given: Offer) -> Partnership:
    """What both had agreed by telephone, with a visit already made."""
    theme = given.current.themes[0].theme
    now = clock.this_quarter()
    agreed = Agreed(
        provider=given.provider,
        receiver=receiver,
        programme=_own(),
        theme=theme,
        title=WORDS[theme.code].need,
        starts_on=(now - 1).first_day,
        aims="Managers look at practice together, and children notice.",
        to_come={now: 5 * DAY, now + 1: 3 * DAY},
    )
    visit = Given(clock.today() - timedelta(days=40), 6, "Met both teams and read files together")
    lead = company.partnership_lead(given.provider)
    made = recordings.begin(agreed, Side.PROVIDER, given=[visit], by=lead)
    recordings.send(made, by=lead)
    recordings.confirm(made, by=company.director(receiver))
    recordings.note(made, by=company.coordinator(receiver))
    match = db.session.get_one(Match, made.match_id)
    partnership = walking.opened(match)
    for record in (partnership, match.need, match.offer_version.offer):
        record.is_illustrative = True
    return partnership


def _work(company: Company, partnership: Partnership, begins: date, system: Person) -> None:
    """Days, then the mid-point: feedback, a review, and staff are asked without a trace."""
    rng = Random(partnership.id)
    with clock.set_to(begins):
        walking.move_on(company, partnership, 1)
    day = begins
    while Quarter.of(day) == Quarter.of(begins):
        with clock.set_to(day):
            walking.one_day(company, partnership, day, DAY, rng)
        day = walking.next_working_day(day + timedelta(days=14))
    with clock.set_to(day):
        walking.move_on(company, partnership, 1)
        answering.say_how_it_went(company, partnership)
        looking_back.begin(company, partnership, ALL_OF_IT)
        looking_back.go_on(company, partnership, ALL_OF_IT)
    with clock.set_to(clock.add_working_days(day, 17)):
        looking_back.release(company, partnership, system)


def _end(company: Company, partnership: Partnership, day: date) -> None:
    with clock.set_to(day):
        closing.end(company, partnership)
        closing.report(company, partnership)
        answering.say_how_it_went(company, partnership)
    with clock.set_to(walking.next_working_day(day + timedelta(days=4))):
        closing.read_report(company, partnership)


def _look_back(company: Company, partnership: Partnership) -> None:
    """After six and after twelve months; then its coordinator closes it."""
    for months, holds in ((6, Holds.PARTLY), (12, Holds.YES)):
        day = walking.next_working_day(partnership.after_end(months) + timedelta(days=3))
        with clock.set_to(day):
            closing.look_back(company, partnership, holds)
            answering.say_how_it_went(company, partnership)
    with clock.set_to(walking.next_working_day(day + timedelta(days=4))):
        take(partnership, "close", by=company.coordinator(partnership.receiver))
