"""What waits on a person: read off the workflow, so that no list of tasks can drift from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from broker import clock, day_sights, sights
from broker import conditions as when
from broker.clock import LONDON
from broker.db import db
from broker.models.agreement import WorkingAgreement
from broker.models.authority import Authority
from broker.models.extension import Extension
from broker.models.extra import Extra
from broker.models.match import Conversation, Match, Round, Side, Suggestion, SuggestionState
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.person import Person
from broker.models.plan import Plan
from broker.models.recording import Recording
from broker.models.return_ import Freeze, Return, ReturnSection, ReturnState
from broker.models.review import Review
from broker.models.showing import Showing
from broker.models.suggested_need import SuggestedNeed
from broker.outbox import path_of
from broker.taking import membership_for
from broker.workflow import ROWS, Row

# Who decides about a match is waited for whatever stands in the way: they send it back, or ask for
# what is missing. The match's own page says which.
DECISIONS = {
    (noun, verb) for noun in ("match", "extension") for verb in ("approve", "send_to_panel")
}


NEED_LOADS = (
    selectinload(Need.readiness),
    selectinload(Need.signatures),
    selectinload(Need.follows).selectinload(Need.readiness),
)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what may be done, what it is about, and by when."""

    label: str
    title: str
    url: str
    due: date

    @property
    def is_late(self) -> bool:
        return self.due < clock.today()


def waiting_on(person: Person) -> list[Waiting]:
    """Everything that waits on this person, soonest due first; each thing stands in it once.

    The number of questions does not grow with the things that wait.
    """
    found = [
        _as_one(thing, rows)
        for scope in _seen_by(person)
        for thing in db.session.scalars(_in_awaited_states(scope)).unique()
        if (rows := _awaited_of(thing, person))
    ]
    return sorted(found, key=lambda waiting: (waiting.due, waiting.label, waiting.title))


def _seen_by(person: Person) -> Iterable[Select[Any]]:
    """Every noun's things that this person may see, loaded with what the conditions look at."""
    judged = selectinload(Authority.judgements)
    yield (
        select(Offer)
        .where(sights.offers_written_by(person))
        .options(joinedload(Offer.provider).options(judged), selectinload(Offer.revision))
    )
    yield select(Need).where(sights.needs_seen_by(person)).options(*NEED_LOADS)
    yield select(SuggestedNeed).where(sights.suggested_needs_seen_by(person))
    yield select(Suggestion).where(
        sights.suggestions_seen_by(person), Suggestion.state != SuggestionState.PASSED_OVER
    )
    yield select(Conversation).where(sights.conversations_seen_by(person))
    yield (
        select(Match)
        .where(sights.matches_seen_by(person))
        .options(
            joinedload(Match.provider).options(judged),
            selectinload(Match.conversation),
            selectinload(Match.offer_version),
            selectinload(Match.votes),
        )
    )
    yield select(Recording).where(sights.recordings_seen_by(person))
    yield select(Round).where(sights.rounds_seen_by(person))
    yield (
        select(Partnership)
        .where(sights.partnerships_seen_by(person))
        .options(
            selectinload(Partnership.feedback),
            selectinload(Partnership.learned),
            selectinload(Partnership.pulses),
            selectinload(Partnership.reviews),
            selectinload(Partnership.closing_report),
            selectinload(Partnership.follow_ups),
        )
    )
    yield (
        select(Extension)
        .where(sights.extensions_seen_by(person))
        .options(joinedload(Extension.partnership).selectinload(Partnership.match))
    )
    yield select(WorkingAgreement).where(sights.working_agreements_seen_by(person))
    yield select(Plan).where(sights.plans_seen_by(person))
    yield select(SupportDay).where(sights.support_days_seen_by(person))
    yield select(Review).where(sights.reviews_seen_by(person))
    yield select(Showing).where(sights.showings_seen_by(person))
    yield select(Extra).where(day_sights.extras_seen_by(person))
    yield _returns(person)
    yield select(ReturnSection).where(sights.return_sections_seen_by(person))


def _returns(person: Person) -> Select[Any]:
    """Returns; of a frozen quarter only those that wait to be accepted."""
    frozen = select(Freeze.id).where(
        Freeze.programme_id == Return.programme_id, Freeze.quarter == Return.quarter
    )
    can_move = or_(Return.state == ReturnState.SUBMITTED, ~frozen.exists())
    return select(Return).where(sights.returns_seen_by(person), can_move)


def _in_awaited_states(scope: Select[Any]) -> Select[Any]:
    model = scope.column_descriptions[0]["entity"]
    return scope.where(model.state.in_({s for row in _awaited(model.noun) for s in row.from_}))


def _awaited(noun: str) -> list[Row]:
    return [row for row in ROWS if row.noun == noun and row.awaited is not None]


def _awaited_of(thing: Any, person: Person) -> list[Row]:
    """The awaited verbs of a thing that this person may do now and has not done yet."""
    return [
        row
        for row in _awaited(thing.noun)
        if thing.state in row.from_
        and membership_for(row, person, thing)
        and not _has_done_its_part(row, thing, person)
        and _is_possible(row, thing)
    ]


def _is_possible(row: Row, thing: Any) -> bool:
    """Nothing stands in the way (of returns, _returns has left the frozen ones out)."""
    if (row.noun, row.verb) in DECISIONS:
        return True
    return all(why_not is when.return_not_frozen or why_not(thing) is None for why_not in row.when)


def _as_one(thing: Any, rows: list[Row]) -> Waiting:
    first, *others = [row.label for row in rows]
    label = " or ".join([first, *(f"{words[0].lower()}{words[1:]}" for words in others)])
    if rows[0].verb == "begin_review":
        return Waiting(label, thing.title, path_of(thing), thing.review_due_on)
    asked = getattr(thing, "review_since", None) or getattr(thing, "waits_since", None)
    since = (asked or thing.state_since).astimezone(LONDON).date()
    due = clock.add_working_days(since, min(row.awaited or 0 for row in rows))
    return Waiting(label, thing.title, path_of(thing), due)


def _has_done_its_part(row: Row, thing: Any, person: Person) -> bool:
    """What this verb asks of this person is done already, though others may have theirs to do."""
    if row.verb == "confirm":
        return bool(thing.state is SupportDayState.QUERIED)  # the other side answers first
    if row.verb in ("publish", "sign_off"):
        return not (thing.working and thing.working.handed_over_at)  # still being written
    if row.verb == "check_readiness":
        return when.need_is_ready(thing) is None
    if row.verb == "vote":
        return any(v.person_id == person.id for v in thing.votes if v.sitting > thing.deferrals)
    if row.verb == "begin_review":
        return bool(thing.review_due_on is None or thing.review_due_on > clock.today())
    if row.verb not in ("agree", "record_outcome", "answer") or row.noun == "support_day":
        return False
    own = {"receiver": thing.receiver_id, "provider": thing.provider_id}
    mine = {side for side, authority in own.items() if authority in person.authority_ids}
    return mine <= {side.value for side in _sides_done(row.verb, thing)}


def _sides_done(verb: str, thing: Any) -> set[Side]:
    """The sides that have done their part of a verb that both do."""
    if verb == "agree":
        return set(thing.sides_agreed)
    return thing.answered_by if verb == "answer" else {o.side for o in thing.outcomes}
