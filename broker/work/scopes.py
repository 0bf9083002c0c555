"""What could wait on a person: the things of each noun that they may see, as questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from broker import day_sights, sights
from broker.models.agreement import WorkingAgreement
from broker.models.authority import Authority
from broker.models.extension import Extension
from broker.models.extra import Extra
from broker.models.match import Conversation, Match, Round, Suggestion, SuggestionState
from broker.models.need import Need
from broker.models.offer import Offer, OfferVersion
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.plan import Plan
from broker.models.recording import Recording
from broker.models.return_ import Freeze, Return, ReturnSection, ReturnState
from broker.models.review import Review
from broker.models.showing import Showing
from broker.models.suggested_need import SuggestedNeed

NEED_LOADS = (
    selectinload(Need.readiness),
    selectinload(Need.signatures),
    selectinload(Need.follows).selectinload(Need.readiness),
)
PARTS_LOOKED_AT = (
    Partnership.feedback,
    Partnership.learned,
    Partnership.pulses,
    Partnership.reviews,
    Partnership.closing_report,
    Partnership.follow_ups,
)


def scopes_of(person: Person) -> Iterable[Select[Any]]:
    """Each noun's things, loaded with what the conditions look at; days stand in `days.py`."""
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
            joinedload(Match.need).options(lazyload(Need.themes), lazyload(Need.choices)),
            selectinload(Match.conversation).options(
                lazyload(Conversation.need), lazyload(Conversation.offer)
            ),
            selectinload(Match.offer_version).options(
                lazyload(OfferVersion.choices), lazyload(OfferVersion.partners)
            ),
            selectinload(Match.votes),
        )
    )
    yield select(Recording).where(sights.recordings_seen_by(person))
    yield select(Round).where(sights.rounds_seen_by(person))
    yield (
        select(Partnership)
        .where(sights.partnerships_seen_by(person))
        .options(
            *(selectinload(part).lazyload("*") for part in PARTS_LOOKED_AT),
            lazyload(Partnership.provider),
            lazyload(Partnership.programme),
        )
    )
    yield (
        select(Extension)
        .where(sights.extensions_seen_by(person))
        .options(joinedload(Extension.partnership).selectinload(Partnership.match))
    )
    yield select(WorkingAgreement).where(sights.working_agreements_seen_by(person))
    yield select(Plan).where(sights.plans_seen_by(person))
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
