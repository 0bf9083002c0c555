"""The coordinator's queue: what waits for approval, what it would take, and approving several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from broker import clock, ledger
from broker import conditions as when
from broker.capacity.queries import free_days
from broker.clock import LONDON, Quarter
from broker.db import db
from broker.errors import NotAllowed, Refused
from broker.help.queries import helpers_of, live_among, working_on
from broker.matches import actions
from broker.matches.queries import matches_visible_to
from broker.models.authority import Authority
from broker.models.ledger import Capacity
from broker.models.match import Match, MatchState
from broker.models.need import Need
from broker.models.person import Person, Role
from broker.proof import NotProved
from broker.taking import lock, may, membership_for, row_for, why_not


@dataclass(frozen=True)
class Queued:
    """A match that waits. `left`: what stays free with the provider in each of its quarters.

    `helpers`: how many work with the receiver now; `overlaps`: which of them on a theme of this
    match, in words. `in_the_way`: why it cannot be approved as it stands; empty when it can.
    """

    match: Match
    waited: int
    left: dict[Quarter, int]
    helpers: int
    overlaps: tuple[str, ...]
    panel: str | None
    in_the_way: tuple[str, ...]

    @property
    def can_be_approved(self) -> bool:
        return not self.in_the_way and self.panel is None

    @property
    def is_across(self) -> bool:
        return self.match.receiver.region_id != self.match.provider.region_id


def needs_in_regions_of(person: Person) -> list[int]:
    """The ids of needs that were submitted in a coordinator's regions in the last two years."""
    regions = [held.region_id for held in person.holding(Role.COORDINATOR)]
    since = clock.now() - timedelta(days=730)
    inside = select(Authority.id).where(Authority.region_id.in_(regions))
    wanted = select(Need.id).where(Need.receiver_id.in_(inside), Need.submitted_at > since)
    return list(db.session.scalars(wanted))


def queue(person: Person) -> list[Queued]:
    """Agreed matches on which this person has the say, the longest wait first.

    The number of questions does not grow with the queue.
    """
    wanted = (
        matches_visible_to(person)
        .where(Match.state == MatchState.AGREED)
        .options(
            joinedload(Match.provider).options(selectinload(Authority.judgements)),
            selectinload(Match.offer_version),
            selectinload(Match.leads),
            joinedload(Match.need).options(
                selectinload(Need.readiness),
                selectinload(Need.follows).selectinload(Need.readiness),
            ),
        )
        .order_by(Match.agreed_at, Match.id)
    )
    found = db.session.scalars(wanted).unique().all()
    mine = [match for match in found if _is_for(person, match)]
    return queued(mine)


def _is_for(person: Person, match: Match) -> bool:
    return membership_for(row_for(match, "approve"), person, match) is not None


def queued(matches: Sequence[Match]) -> list[Queued]:
    """What each match would take, and what stands in its way."""
    needs = [match.need_id for match in matches]
    in_line, considered = when.days_in_line(matches), when.considered_for(needs)
    free = free_days((match.provider_id, match.programme_id) for match in matches)
    helpers = helpers_of(match.receiver_id for match in matches)
    others = {
        match.id: [
            one
            for one in helpers[match.receiver_id]
            if (one.kind, one.record_id) != ("match", match.id)
        ]
        for match in matches
    }
    return [
        Queued(
            match=match,
            waited=_waited(match),
            left={
                row.quarter: free[match.provider_id, match.programme_id].by_quarter.get(
                    row.quarter, 0
                )
                for row in match.days
            },
            helpers=live_among(others[match.id]),
            overlaps=tuple(working_on(_themes_of(match), others[match.id])),
            panel=when.why_panel_with(match, in_line[match.id]),
            in_the_way=_in_the_way(match, considered[match.need_id]),
        )
        for match in matches
    ]


def _waited(match: Match) -> int:
    """Working days since both sides agreed."""
    if match.agreed_at is None:
        return 0
    return clock.working_days_between(match.agreed_at.astimezone(LONDON).date(), clock.today())


def _in_the_way(match: Match, considered: int) -> tuple[str, ...]:
    """What the row of 'approve' asks for beside the panel, with what is known already."""
    said = (
        when.starts_in_time(match),
        when.too_few_considered(match, considered),
        when.provider_still_eligible(match),
    )
    return tuple(words for words in said if words)


def _themes_of(match: Match) -> set[int]:
    return {lead.theme_id for lead in match.leads} or {row.theme_id for row in match.need.themes}


# -- several at once --------------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """A match that was not approved, and why, in words."""

    match: Match
    words: str


def chosen_from(person: Person, ids: Iterable[int]) -> list[Match]:
    """Of these ids, the matches that the person may see, in a fixed order."""
    known = [number for number in set(ids) if 0 < number < 2**31]
    wanted = matches_visible_to(person).where(Match.id.in_(known))
    return list(db.session.scalars(wanted.order_by(Match.need_id, Match.id)).unique())


def approve_several(chosen: Sequence[Match], *, is_all: bool, by: Person) -> list[Refusal]:
    """Approve them; gives those that could not be. With `is_all`, one refusal means that the
    caller must not keep any: the transaction is to be rolled back.
    """
    _hold(chosen)
    refused = []
    for match in chosen:
        try:
            with db.session.begin_nested():
                actions.approve(match, by=by)
        except NotProved:
            raise
        except Refused as error:
            refused.append(Refusal(match, error.words))
            if is_all:
                break
    return refused


def _hold(chosen: Sequence[Match]) -> None:
    """Needs, then matches, then capacities, each in id order: as a single approval does, so that
    two people at work on the same queue wait for each other and never in a circle."""
    for need in sorted({match.need for match in chosen}, key=lambda need: need.id):
        lock(need)
    for match in sorted(chosen, key=lambda match: match.id):
        lock(match)
    pairs = {(match.provider_id, match.programme_id) for match in chosen}
    rows = select(Capacity.id, Capacity.provider_id, Capacity.programme_id)
    ledger.lock(row.id for row in db.session.execute(rows) if (row[1], row[2]) in pairs)


def outcomes_of(matches: Sequence[Match], person: Person) -> list[Refusal]:
    """Each match with what became of it; words are empty where it was approved."""
    return [Refusal(match, _why_not_approved(match, person)) for match in matches]


def _why_not_approved(match: Match, person: Person) -> str:
    if match.state is MatchState.APPROVED:
        return ""
    try:
        may(match, "approve", by=person)
    except NotAllowed as error:
        return error.words
    return why_not(match, row_for(match, "approve")) or "It waits for your approval."
