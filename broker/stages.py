"""A clock per stage, from a need's submission to its first support day.

One place for when each stage was reached, how many working days it took, and on whom the next one
waits; for one need, for one match as its two sides may know it, and as medians over many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select

from broker import clock
from broker.clock import LONDON
from broker.db import db
from broker.models.event import Event
from broker.models.match import Conversation, Match
from broker.models.need import Need, NeedState
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.readiness import ReadinessCheck


class Stage(Enum):
    """In their order. The words after the name say on whom the stage waits."""

    SUBMITTED = ("Submitted", "the authority")
    CHECKED = ("Readiness checked", "the regional coordinator")
    OPENED = ("Opened", "the regional coordinator and the sign-offs")
    ASKED = ("A provider asked", "the authority")
    TALKED = ("Talk agreed", "the provider asked")
    AGREED = ("Terms agreed by both", "the two sides")
    APPROVED = ("Approved", "the coordinator or the panel")
    FIRST_DAY = ("First support day", "the two sides")

    @property
    def words(self) -> str:
        return str(self.value[0])

    @property
    def waits_on(self) -> str:
        return str(self.value[1])


FOR_LARGE_ONLY = frozenset({Stage.CHECKED})
OVER = frozenset({NeedState.WITHDRAWN, NeedState.LAPSED})
Reached = dict[Stage, date]


@dataclass(frozen=True)
class Step:
    """A stage: when it was reached and how many working days after the one before it; or, for the
    first that is not reached, how many it has waited so far."""

    stage: Stage
    on: date | None
    took: int | None
    is_next: bool = False


@dataclass(frozen=True)
class Median:
    """Half of the needs reached a stage within `days` working days of the one before."""

    stage: Stage
    days: float
    needs: int


def stages_of(need: Need) -> list[Step]:
    """The stages of a need, over all of its conversations and matches."""
    return list(_steps(need, reached_by([need.id])[need.id], tuple(Stage)))


def stages_of_match(match: Match, *, from_asking: bool) -> list[Step]:
    """The stages of one match. `from_asking` leaves out what a provider need not know: what went
    before it was asked itself."""
    talk = select(Conversation.id).where(Conversation.id == match.conversation_id)
    reached = reached_by([match.need_id], only=talk)[match.need_id]
    shown = [s for s in Stage if not from_asking or s.value in _FROM_ASKING]
    return list(_steps(match.need, reached, shown))


_FROM_ASKING = {stage.value for stage in list(Stage)[list(Stage).index(Stage.ASKED) :]}


def _steps(need: Need, reached: Reached, shown: Sequence[Stage]) -> Iterator[Step]:
    stages = [stage for stage in shown if not (need.is_small and stage in FOR_LARGE_ONLY)]
    last: date | None = None
    is_open = need.state not in OVER
    for stage in stages:
        on = reached.get(stage)
        if on is not None:
            yield Step(stage, on, clock.working_days_between(last, on) if last else None)
            last = max(last or on, on)
        elif is_open and last is not None and not any(s in reached for s in _after(stage, stages)):
            yield Step(stage, None, clock.working_days_between(last, clock.today()), is_next=True)
            is_open = False
        else:
            yield Step(stage, None, None)


def _after(stage: Stage, stages: Sequence[Stage]) -> Sequence[Stage]:
    return stages[stages.index(stage) + 1 :]


def medians(need_ids: Collection[int]) -> list[Median]:
    """How long each stage took over many needs, in six questions; stages nobody reached are left
    out."""
    took: dict[Stage, list[int]] = {}
    for reached in reached_by(need_ids).values():
        last: date | None = None
        for stage in (one for one in Stage if one in reached):
            if last is not None:
                days = clock.working_days_between(last, reached[stage])
                took.setdefault(stage, []).append(days)
            last = max(last or reached[stage], reached[stage])
    return [Median(s, median(took[s]), len(took[s])) for s in Stage if s in took]


def reached_by(need_ids: Collection[int], *, only: Select[int] | None = None) -> dict[int, Reached]:
    """Need's id → the day on which each stage was first reached (London). `only`: of which
    conversations; all of them where it is left out."""
    found: dict[int, Reached] = {need_id: {} for need_id in need_ids}
    talks = Conversation.id.in_(only) if only is not None else Conversation.id.is_not(None)
    of_match = Match.conversation_id.in_(only) if only is not None else Match.id.is_not(None)
    accepted = (
        select(Conversation.need_id, func.min(Event.happened_at))
        .join(Event, Event.record_id == Conversation.id)
        .where(Event.noun == Conversation.noun, Event.verb == "accept", talks)
    )
    given = (
        select(Match.need_id, func.min(SupportDay.given_on))
        .join(Partnership, Partnership.match_id == Match.id)
        .join(SupportDay, SupportDay.partnership_id == Partnership.id)
        .where(SupportDay.state != SupportDayState.VOID, of_match)
    )
    opened = select(Match.need_id, func.min(Partnership.opened_at)).join(
        Partnership, Partnership.match_id == Match.id
    )
    asked = select(Conversation.need_id, func.min(Conversation.asked_at)).where(talks)
    agreed = select(Match.need_id, func.min(Match.agreed_at)).where(of_match)
    checked = select(ReadinessCheck.need_id, func.min(ReadinessCheck.assessed_at))
    first: tuple[tuple[Stage, Any, Any], ...] = (
        (Stage.CHECKED, checked, ReadinessCheck.need_id),
        (Stage.ASKED, asked, Conversation.need_id),
        (Stage.TALKED, accepted, Conversation.need_id),
        (Stage.AGREED, agreed, Match.need_id),
        (Stage.APPROVED, opened.where(of_match), Match.need_id),
        (Stage.FIRST_DAY, given, Match.need_id),
    )
    own = select(Need.id, Need.submitted_at, Need.opened_at).where(Need.id.in_(need_ids))
    for need_id, submitted, open_at in db.session.execute(own):
        _note(found[need_id], Stage.SUBMITTED, submitted)
        _note(found[need_id], Stage.OPENED, open_at)
    for stage, wanted, of in first:
        for need_id, moment in db.session.execute(wanted.where(of.in_(need_ids)).group_by(of)):
            _note(found[need_id], stage, moment)
    return found


def _note(reached: Reached, stage: Stage, moment: datetime | date | None) -> None:
    if isinstance(moment, datetime):
        moment = moment.astimezone(LONDON).date()
    if moment is not None:
        reached[stage] = moment
