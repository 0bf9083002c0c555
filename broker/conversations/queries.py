"""Questions about suggestions and conversations, from what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from broker.conditions import ASKABLE
from broker.conversations.seen import Seen, reader_of
from broker.db import db
from broker.models.authority import Authority
from broker.models.match import Conversation, ConversationState, Match, Suggestion
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.person import Person
from broker.permissions import RECEIVING
from broker.sights import conversations_seen_by, offers_seen_by, suggestions_seen_by

NAMED = (ConversationState.ACCEPTED, ConversationState.HELD)


def conversations_visible_to(person: Person | None) -> Select[Conversation]:
    parties = (joinedload(Conversation.receiver), joinedload(Conversation.provider))
    return select(Conversation).where(conversations_seen_by(person)).options(*parties)


def suggestions_visible_to(person: Person | None) -> Select[Suggestion]:
    return select(Suggestion).where(suggestions_seen_by(person))


def offers_visible_to(person: Person | None) -> Select[Offer]:
    return select(Offer).where(offers_seen_by(person))


@dataclass(frozen=True)
class Wanted:
    """What the list is searched for and filtered by."""

    words: str = ""
    state: ConversationState | None = None


def listed(person: Person, wanted: Wanted) -> list[Seen]:
    """The person's conversations, newest first, searched only in what the person may know."""
    scope = conversations_visible_to(person).order_by(Conversation.id.desc())
    if wanted.state is not None:
        scope = scope.where(Conversation.state == wanted.state)
    terms = wanted.words.casefold().split()
    found = as_seen_by(person, list(db.session.scalars(scope).unique()))
    return [seen for seen in found if all(term in seen.words for term in terms)]


def as_seen_by(person: Person, conversations: Sequence[Conversation]) -> list[Seen]:
    """Each as the person may know it. A match begins when a provider accepts, so it tells that."""
    ids = [conversation.id for conversation in conversations]
    began = select(Match.conversation_id).where(Match.conversation_id.in_(ids))
    accepted = set(db.session.scalars(began))
    return [
        Seen(
            conversation=conversation,
            reader=reader_of(conversation, person),
            was_accepted=conversation.state in NAMED or conversation.id in accepted,
        )
        for conversation in conversations
    ]


def match_of(conversation: Conversation) -> Match | None:
    """The match that began when it was accepted."""
    began = select(Match).filter_by(conversation_id=conversation.id)
    return db.session.scalars(began).unique().one_or_none()


def needs_to_ask_for(person: Person, offer: Offer) -> list[Need]:
    """The person's needs, submitted or open in a programme of the offer, not yet asked about it."""
    receivers = {held.authority_id for held in person.holding(*RECEIVING)} - {offer.provider_id}
    asked = select(Conversation.need_id).where(Conversation.offer_id == offer.id)
    wanted = select(Need).where(
        Need.receiver_id.in_([place for place in receivers if place is not None]),
        Need.programme_id.in_([programme.id for programme in offer.programmes]),
        Need.state.in_(ASKABLE),
        Need.id.not_in(asked),
    )
    return list(db.session.scalars(wanted.order_by(Need.id.desc())).unique())


def suggestion_between(need: Need, offer: Offer) -> Suggestion | None:
    pair = select(Suggestion).filter_by(need_id=need.id, offer_id=offer.id)
    return db.session.scalars(pair).unique().one_or_none()


def authorities_that_may_ask(person: Person, offer: Offer) -> list[Authority]:
    """The person's receiving authorities, except the one whose offer it is."""
    held = {m.authority_id: m.authority for m in person.holding(*RECEIVING) if m.authority}
    found = (authority for id, authority in held.items() if id != offer.provider_id)
    return sorted(found, key=lambda authority: authority.name)
