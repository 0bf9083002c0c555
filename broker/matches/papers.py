"""What the panel reads before it votes, and the minutes of what it decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from broker.clock import LONDON, Quarter
from broker.db import db
from broker.matches.approving import Queued, queued
from broker.models.event import Event
from broker.models.match import Match, MatchState, PanelVote, Vote
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership
from broker.models.readiness import ReadinessCheck
from broker.needs.released import Released, released


@dataclass(frozen=True)
class Papers:
    """Everything a member needs for one match. `need` is the released shape: the authority's own
    words on its worries are not the panel's to read."""

    match: Match
    need: Released
    check: ReadinessCheck | None
    use: Queued
    others: Sequence[Partnership]

    @property
    def last_quarter(self) -> Quarter:
        return max(row.quarter for row in self.match.days)


def papers_of(match: Match) -> Papers:
    return Papers(
        match=match,
        need=released(match.need),
        check=match.need.readiness[0] if match.need.readiness else None,
        use=queued([match])[0],
        others=_others(match),
    )


def _others(match: Match) -> Sequence[Partnership]:
    """The partnerships that help the same receiver now, by title."""
    live = select(Partnership).where(
        Partnership.receiver_id == match.receiver_id, Partnership.state.in_(PARTNERSHIPS_LIVE)
    )
    return db.session.scalars(live.order_by(Partnership.title, Partnership.id)).unique().all()


@dataclass(frozen=True)
class Sitting:
    """One sitting: who voted, who stood aside, and what came of it."""

    number: int
    votes: list[PanelVote]
    aside: list[PanelVote]
    outcome: str

    def count(self, vote: str) -> int:
        """How many voted 'for' or 'against'."""
        return sum(one.vote is Vote(vote) for one in self.votes)


@dataclass(frozen=True)
class Minutes:
    match: Match
    sittings: list[Sitting]
    decided_on: date | None

    @property
    def is_decided(self) -> bool:
        return self.match.state is not MatchState.WITH_PANEL


DECIDED = {
    MatchState.APPROVED: "Approved",
    MatchState.NOT_APPROVED: "Not approved",
    MatchState.WITH_PANEL: "Not decided yet",
}


def minutes_of(match: Match) -> Minutes:
    """The minutes, from the votes and the history as they are kept."""
    sittings = [_sitting(match, number) for number in range(1, match.deferrals + 2)]
    return Minutes(match, [one for one in sittings if one.votes or one.aside], _decided_on(match))


def _sitting(match: Match, number: int) -> Sitting:
    cast = [vote for vote in match.votes if vote.sitting == number]
    is_last = number == match.deferrals + 1
    over = DECIDED.get(match.state, "Ended without a decision of the panel")
    return Sitting(
        number=number,
        votes=[vote for vote in cast if vote.vote is not Vote.RECUSED],
        aside=[vote for vote in cast if vote.vote is Vote.RECUSED],
        outcome=over if is_last else "As many for as against: put off once",
    )


def _decided_on(match: Match) -> date | None:
    last = select(Event.happened_at).where(
        Event.noun == match.noun,
        Event.record_id == match.id,
        Event.verb == "vote",
        Event.to_state.in_([MatchState.APPROVED.value, MatchState.NOT_APPROVED.value]),
    )
    moment = db.session.scalar(last)
    return moment.astimezone(LONDON).date() if moment else None
