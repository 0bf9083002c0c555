"""Partnerships under a programme with returns, and the quarter after, for tests of returns."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.conversations import actions as conversations
from broker.db import db
from broker.matches import actions as matches
from broker.models.authority import Authority
from broker.models.match import Answer, Match, Origin, Side
from broker.models.need import Need
from broker.models.offer import Delivery
from broker.models.partnership import Partnership, SupportDay
from broker.models.person import Person, Role
from broker.models.return_ import Return, SectionState
from broker.needs import actions as needs
from broker.returns import actions, sections, settling
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from tests import make, people
from tests.make import DAY

QUARTER = Quarter.named("2026-27 Q3")
AFTER = date(2027, 1, 4)  # the first working day after that quarter


def partnership(*, giver: str = "giver") -> Partnership:
    """A partnership of eight days under Partners in Practice with Wirral."""
    pip = people.programme("pip")
    days = {make.next_quarter() + ahead: 40 * DAY for ahead in range(4)}
    make.capacity(days, giver=giver, programme=pip)
    offer = make.offer(giver=giver, programme=pip)
    made = make.match(make.need(programme=pip, title=f"A need for {giver}"), offer, giver=giver)
    return make.partnership(make.agreed(made, giver=giver))


def second_partnership() -> Partnership:
    """A partnership of six days between Leeds and Essex, under the same programme."""
    director = people.person("other")
    people.add("east", Role.COORDINATOR, region=people.authority(people.OTHER).region)
    need = _need_of(people.authority(people.OTHER))
    offer = make.offer(programme=people.programme("pip"), title="Help with planning")
    asked = conversations.suggest(need, offer, origin=Origin.ASK, by=director)
    talk = conversations.ask(asked, message="Could we talk?", by=director)
    conversations.accept(talk, by=people.person("giver"))
    for side, name in ((Side.RECEIVER, "other"), (Side.PROVIDER, "giver")):
        conversations.record_outcome(talk, side=side, answer=Answer.YES, by=people.person(name))
    return _approved(_match_of(need))


def _need_of(receiver: Authority) -> Need:
    director = people.person("other")
    need = needs.describe(
        receiver=receiver,
        programme=people.programme("pip"),
        terms=make.need_terms(title="Planning that children understand", days=6 * DAY),
        by=director,
    )
    needs.submit(need, by=director)
    needs.open_need(need, by=people.person("east"))
    return need


def _match_of(need: Need) -> Match:
    return db.session.scalars(select(Match).filter_by(need_id=need.id)).unique().one()


def _approved(match: Match) -> Partnership:
    director = people.person("other")
    matches.explain_one(match, because="They know our system.", by=director)
    matches.agree(match, by=director)
    matches.agree(match, by=people.person("giver"))
    matches.approve(match, by=people.person("east"))
    known = select(Partnership).filter_by(match_id=match.id)
    return db.session.scalars(known).unique().one()


def day(
    within: Partnership,
    *,
    quarter_days: int = DAY,
    delivery: Delivery = Delivery.ON_SITE,
    by: str = "giver_lead",
) -> SupportDay:
    entry = Entry(
        given_on=clock.today(),
        quarter_days=quarter_days,
        activity="Looked at decisions together",
        delivery=delivery,
    )
    return support_days.log(within, entry, is_another=True, by=people.person(by))


def opened(*, giver: str = "giver") -> Return:
    """Leeds's return (or another giver's) for the quarter; the clock must stand after it."""
    by = people.person(giver)
    return actions.open_return(
        provider_id=by.memberships[0].authority_id or 0,
        programme=people.programme("pip"),
        quarter=QUARTER,
        by=by,
    )


def certified(*, giver: str = "giver") -> Return:
    return certify(opened(giver=giver), by=people.person(giver))


READERS = {"Wirral": "receiver", "Essex": "other"}


def shown_and_read(return_: Return, *, by: Person) -> Return:
    """Every receiver was shown its section and has read it."""
    sections.show(return_, by=by)
    for section in return_.sections:
        if section.state is SectionState.SHOWN:
            reader = people.person(READERS[section.receiver.name])
            sections.read(section, comment="", by=reader)
    return return_


def certify(return_: Return, *, by: Person) -> Return:
    """Write and certify an open return; days that were not given are carried where they fit."""
    words = {"reflection": "We listen more."} if return_.asks_reflection else {}
    actions.write(return_, outcomes="Children are seen sooner.", priorities="", **words, by=by)
    rooms = settling.rooms(return_)
    shown_and_read(return_, by=by)
    choices = {
        due.partnership.id: next((q for q, free in rooms.items() if free >= due.quarter_days), None)
        for due in settling.due_in(return_)
    }
    actions.certify(return_, choices=choices, by=by)
    return return_
