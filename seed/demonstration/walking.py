"""Walking the demonstration's needs through conversations and matches to partnerships and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from broker import clock, ledger
from broker.clock import Quarter
from broker.conversations import actions as conversations
from broker.conversations import times
from broker.day_imports import actions as day_imports
from broker.db import db
from broker.errors import NotPossible
from broker.extras import actions as extras
from broker.matches import actions as matches
from broker.models.match import Answer, Conversation, Match, Origin, Side, Suggestion, Vote
from broker.models.need import Need
from broker.models.offer import Delivery, Offer
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.person import Person
from broker.partnerships import actions as partnerships
from broker.partnerships.queries import movable_in
from broker.shortlists.actions import suggest_from_shortlist
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from broker.taking import take
from seed.demonstration.company import Company
from seed.demonstration.words import ACTIVITIES

DAY = 4
MESSAGES = (
    "Could we talk about how you did this, and what it took?",
    "Your approach looks close to what we need. May we hear more?",
    "We would like to learn how this worked in your teams.",
)


def suggest(company: Company, need: Need, offers: Sequence[Offer]) -> None:
    """Put offers beside a need, as a coordinator does."""
    for offer in offers:
        conversations.suggest(
            need, offer, origin=Origin.COORDINATOR, by=company.coordinator(need.receiver)
        )


def ask(company: Company, need: Need, offer: Offer, rng: Random) -> Conversation:
    director = company.director(need.receiver)
    suggestion = _chosen(need, offer, director)
    return conversations.ask(suggestion, message=rng.choice(MESSAGES), by=director)


def _chosen(need: Need, offer: Offer, director: Person) -> Suggestion:
    """From the need's shortlist, with its points; put beside the need where it is not on it."""
    try:
        return suggest_from_shortlist(need, offer.id, by=director)
    except NotPossible:
        return conversations.suggest(need, offer, origin=Origin.SHORTLIST, by=director)


def accept(company: Company, talk: Conversation) -> Match:
    conversations.accept(talk, by=company.director(talk.provider))
    found = select(Match).filter_by(conversation_id=talk.id)
    return db.session.scalars(found).unique().one()


def propose_times(company: Company, talk: Conversation) -> None:
    """The provider says when it can talk; the receiver has yet to choose."""
    days = [next_working_day(clock.today() + timedelta(days=ahead)) for ahead in (14, 16)]
    starts = [datetime.combine(day, time(10), clock.LONDON).astimezone(UTC) for day in days]
    director = company.director(talk.provider)
    times.propose_times(talk, starts=starts, minutes=60, place="By video call", by=director)


def say_yes(company: Company, talk: Conversation) -> None:
    """Both sides record that they want to go on."""
    for side, authority in ((Side.RECEIVER, talk.receiver), (Side.PROVIDER, talk.provider)):
        conversations.record_outcome(
            talk,
            side=side,
            answer=Answer.YES,
            values_rating=4,
            confidence_rating=4,
            by=company.director(authority),
        )


def agree(company: Company, match: Match) -> None:
    receiver, provider = company.director(match.receiver), company.director(match.provider)
    matches.explain_one(
        match, because="They solved this very problem and have days when we need them.", by=receiver
    )
    matches.agree(match, by=receiver)
    matches.agree(match, by=provider)


def agree_and_approve(company: Company, match: Match) -> Partnership:
    agree(company, match)
    matches.approve(match, by=company.coordinator(match.receiver))
    return opened(match)


def opened(match: Match) -> Partnership:
    found = select(Partnership).filter_by(match_id=match.id)
    return db.session.scalars(found).unique().one()


def send_to_panel(company: Company, match: Match) -> None:
    matches.send_to_panel(match, by=company.coordinator(match.receiver))


def vote(company: Company, match: Match, votes: Sequence[Vote]) -> None:
    for member, cast in zip(company.panel(), votes, strict=False):
        matches.vote(
            match, vote=cast, reason="The plan is clear and the days are there.", by=member
        )


def log_until(company: Company, partnership: Partnership, until: date, rng: Random) -> None:
    """Days every two or three weeks until a date, most of them confirmed by the receiver."""
    day = partnership.opened_at.date() + timedelta(days=10)
    while day <= until:
        day = next_working_day(day)
        settle_before(company, partnership, min(Quarter.of(day), Quarter.of(until) - 1))
        quarter_days = rng.choice([2, 4, 4, 6])
        if quarter_days > days_left(partnership) - DAY:
            break
        with clock.set_to(day):
            one_day(company, partnership, day, quarter_days, rng)
        day += timedelta(days=rng.choice([12, 16, 21]))
    settle_before(company, partnership, Quarter.of(until) - 1)


def settle_before(company: Company, partnership: Partnership, quarter: Quarter) -> None:
    """What was not given in earlier quarters goes on to the next one, or back where that is full;
    each at the time of the return."""
    if not partnership.programme.policy.has_returns:
        return
    for earlier in sorted(ledger.balances_of_match(partnership.match_id)):
        held = ledger.balances_of_match(partnership.match_id)
        unused = ledger.undelivered(held, earlier)
        if not unused or earlier >= quarter:
            continue
        director, after = company.director(partnership.provider), earlier + 1
        with clock.set_to(clock.add_working_days(clock.return_opens(earlier), 12)):
            if has_room(partnership, after, unused):
                partnerships.carry(
                    partnership, source=earlier, target=after, quarter_days=unused, by=director
                )
            else:
                partnerships.release_days(partnership, source=earlier, by=director)


def has_room(partnership: Partnership, quarter: Quarter, quarter_days: int) -> bool:
    """The provider has that many days free then, and room for one more partnership besides."""
    capacity = ledger.capacity_of(partnership.provider_id, partnership.programme)
    free = ledger.balances([capacity.id])[capacity.id].get(quarter, ledger.Balance()).free
    others = ledger.partnerships_of([capacity.id])[capacity.id][quarter] - {partnership.match_id}
    return quarter_days <= free and len(others) < capacity.at_once - 1


def move_some(company: Company, partnership: Partnership) -> None:
    """The provider's lead moves a few days to a later quarter."""
    movable = movable_in(partnership)
    for source, left in movable.left.items():
        target, days = source + 1, min(left, 3 * DAY)
        if target in movable.free and has_room(partnership, target, days):
            partnerships.move_days(
                partnership,
                source=source,
                target=target,
                quarter_days=days,
                reason="The team manager starts in the new quarter; the last visits wait for her.",
                by=company.partnership_lead(partnership.provider),
            )
            return


def one_day(
    company: Company, partnership: Partnership, day: date, quarter_days: int, rng: Random
) -> None:
    """A day logged by the provider's lead; most are confirmed at once."""
    entry = Entry(
        given_on=day,
        quarter_days=quarter_days,
        activity=rng.choice(ACTIVITIES),
        delivery=rng.choice([Delivery.ON_SITE, Delivery.REMOTE]),
        people_count=rng.choice([1, 2, 2, 3]),
    )
    logged = support_days.log(partnership, entry, by=company.partnership_lead(partnership.provider))
    if rng.random() < 0.9:
        take(logged, "confirm", by=company.improvement_lead(partnership.receiver))


def query_one(company: Company, partnership: Partnership) -> None:
    """The receiver queries the latest day that is not confirmed yet."""
    waiting = (
        select(SupportDay)
        .filter_by(partnership_id=partnership.id, state=SupportDayState.LOGGED)
        .order_by(SupportDay.id.desc())
    )
    if day := db.session.scalars(waiting).first():
        take(
            day,
            "query",
            by=company.improvement_lead(partnership.receiver),
            reason="We have half a day in our diary for this date.",
        )


def agree_extra(company: Company, partnership: Partnership) -> None:
    """The receiver's lead asks for two days more, the provider's director agrees, one is given."""
    quarter = clock.this_quarter()
    if not partnership.is_live or not has_room(partnership, quarter, 2 * DAY):
        return
    lead = company.partnership_lead(partnership.provider)
    asked = extras.propose(
        partnership,
        quarter=quarter,
        quarter_days=2 * DAY,
        because="The new team manager would like to go through the audit once more.",
        by=company.improvement_lead(partnership.receiver),
    )
    extras.agree(asked, by=company.director(partnership.provider))
    entry = Entry(
        clock.today(), DAY, "Went through the audit again", Delivery.ON_SITE, is_extra=True
    )
    support_days.log(partnership, entry, is_another=True, by=lead)


def propose_extra(company: Company, partnership: Partnership) -> None:
    """The provider's lead proposes a day more; the receiver's director has yet to answer."""
    if partnership.is_live:
        extras.propose(
            partnership,
            quarter=clock.this_quarter() + 1,
            quarter_days=DAY,
            because="A last visit would help the reviewing officers to go on alone.",
            by=company.partnership_lead(partnership.provider),
        )


def bring_in_days(company: Company, partnership: Partnership) -> None:
    """The provider's lead brings in two visits from a spreadsheet; a third row is wrong."""
    today = clock.today()
    on = next_working_day(today - timedelta(days=6))
    rows = (f"{on:%d/%m/%Y},0.25,Call with the audit lead,remote",
            f"{today:%d/%m/%Y},0.25,Looked at the month's audits,remote",
            f"{on:%d/%m/%Y},half,Visit to the front door,on site")  # fmt: skip
    content = "\n".join(["Date,Days,What was done,How", *rows]).encode()
    lead = company.partnership_lead(partnership.provider)
    made = day_imports.show(partnership, file_name="visits.csv", content=content, by=lead)
    found = day_imports.found_in(made)
    if found.good:
        day_imports.apply(made, seal=found.seal, only_good=True, by=lead)


def days_left(partnership: Partnership) -> int:
    held = ledger.balances_of_match(partnership.match_id).values()
    return sum(b.committed for b in held) - sum(b.delivered for b in held)


def next_working_day(day: date) -> date:
    while not clock.is_working_day(day):
        day += timedelta(days=1)
    return day


def move_on(company: Company, partnership: Partnership, steps: int) -> None:
    for _ in range(steps):
        take(partnership, "move_on", by=company.director(partnership.receiver))


def end(company: Company, partnership: Partnership) -> None:
    partnerships.end(
        partnership,
        reason="The measures held for two quarters, the team can go on alone, and leads are named.",
        by=company.director(partnership.receiver),
    )


def end_early(company: Company, partnership: Partnership) -> None:
    partnerships.end_early(
        partnership,
        reason="A new leadership team wants to look at its plan first.",
        by=company.director(partnership.receiver),
    )
