"""Walking the demonstration's needs through conversations and matches to partnerships and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from broker import clock, ledger
from broker.conversations import actions as conversations
from broker.conversations import times
from broker.db import db
from broker.matches import actions as matches
from broker.models.match import Answer, Conversation, Match, Origin, Side, Vote
from broker.models.need import Need
from broker.models.offer import Delivery, Offer
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.partnerships import actions as partnerships
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
    suggestion = conversations.suggest(need, offer, origin=Origin.SHORTLIST, by=director)
    return conversations.ask(suggestion, message=rng.choice(MESSAGES), by=director)


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
        quarter_days = rng.choice([2, 4, 4, 6])
        if quarter_days > days_left(partnership) - DAY:
            return
        with clock.set_to(day):
            _one_day(company, partnership, day, quarter_days, rng)
        day += timedelta(days=rng.choice([12, 16, 21]))


def _one_day(
    company: Company, partnership: Partnership, day: date, quarter_days: int, rng: Random
) -> None:
    logged = partnerships.log(
        partnership,
        given_on=day,
        quarter_days=quarter_days,
        activity=rng.choice(ACTIVITIES),
        delivery=rng.choice([Delivery.ON_SITE, Delivery.REMOTE]),
        people_count=rng.choice([1, 2, 2, 3]),
        by=company.partnership_lead(partnership.provider),
    )
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
