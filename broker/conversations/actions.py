"""Verbs of suggestions and conversations: suggest, ask, accept, decline, say what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.conditions import ASKABLE
from broker.conversations.minute import standing
from broker.days import format_days
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.matches import actions as matches
from broker.models.authority import Authority
from broker.models.match import (
    Answer,
    Conversation,
    ConversationOutcome,
    Match,
    Origin,
    Round,
    Side,
    Suggestion,
)
from broker.models.need import Need, NeedState
from broker.models.offer import Offer, OfferState
from broker.models.person import Person, Role
from broker.models.programme import Theme
from broker.needs import actions as needs
from broker.needs.actions import NeedTerms, keep_anonymous
from broker.permissions import GIVING, RECEIVING
from broker.programme_conditions import one_of_its_programmes_is_open
from broker.taking import lock, may, start, take

MESSAGE_LENGTH = 1000
NOTE_LENGTH = 4000


# -- suggesting and asking --------------------------------------------------------------------


def suggest(
    need: Need,
    offer: Offer,
    *,
    origin: Origin,
    by: Person,
    points: int | None = None,
    reasons: Sequence[Any] = (),
    round_: Round | None = None,
) -> Suggestion:
    """Put an offer beside a need, for the receiver to look at; the one there is, if there is one.

    `reasons` as JSON values. The need's row is held, so that two people make one suggestion.
    """
    _check_two_authorities(need.receiver_id, offer)
    lock(need)
    found = select(Suggestion).filter_by(need_id=need.id, offer_id=offer.id)
    if suggestion := db.session.scalars(found).unique().one_or_none():
        may(suggestion, "make", by=by)
        return suggestion
    suggestion = Suggestion(
        need=need,
        offer=offer,
        origin=origin,
        round_id=round_.id if round_ else None,
        points=points,
        reasons=list(reasons),
        made_by_id=by.id,
    )
    start(suggestion, "make", by=by)
    return suggestion


def ask(suggestion: Suggestion, *, message: str, by: Person) -> Conversation:
    """Ask the provider to talk; leads to the conversation there is, if somebody has asked."""
    need, offer = suggestion.need, suggestion.offer
    may(suggestion, "ask", by=by)
    check_acts_for_one_side(by, need.receiver_id, offer.provider_id)
    _check_two_authorities(need.receiver_id, offer)
    message = _checked_message(message, need.receiver)
    lock(suggestion)
    if conversation := conversation_of(suggestion):
        return conversation
    take(suggestion, "ask", by=by)
    conversation = Conversation(
        need=need,
        offer=offer,
        receiver_id=need.receiver_id,
        provider_id=offer.provider_id,
        suggestion=suggestion,
        message=message,
        asked_by_id=by.id,
    )
    start(conversation, "ask", by=by)
    return conversation


def conversation_of(suggestion: Suggestion) -> Conversation | None:
    """The conversation that asking led to, whoever asked."""
    pair = {"need_id": suggestion.need_id, "offer_id": suggestion.offer_id}
    return db.session.scalars(select(Conversation).filter_by(**pair)).unique().one_or_none()


def small_ask(
    offer: Offer,
    *,
    receiver: Authority,
    title: str,
    theme: Theme,
    days: int,
    quarter: Quarter,
    message: str,
    by: Person,
    is_illustrative: bool = False,
) -> Need:
    """Ask in a minute: a small need, made from an offer; `days` in quarter-days.

    From a director it goes to the provider at once, from an improvement lead where the programme
    lets leads ask; else it waits, private, for the director to sign off, and its message waits
    with it as the change wanted. An ask that the receiver waits on is not made a second time.
    """
    lock(offer)
    if there := standing(offer, [receiver.id]):
        return there.need
    message = _checked_message(message, receiver)
    programme = offer.programme_on(clock.today())
    _check_small_ask(offer, receiver, theme, days)
    terms = NeedTerms(
        title=title,
        themes=(theme,),
        choices=(),
        days_wanted=days,
        days_least=days,
        first_quarter=quarter,
        change_wanted=message,
    )
    need = needs.describe(
        receiver=receiver,
        programme=programme,
        terms=terms,
        by=by,
        is_illustrative=is_illustrative,
    )
    suggestion = suggest(need, offer, origin=Origin.ASK, by=by)
    if by.at(receiver.id, Role.DIRECTOR) or programme.policy.leads_may_ask:
        needs.submit(need, by=by)
        ask(suggestion, message=message, by=by)
    return need


def _check_small_ask(offer: Offer, receiver: Authority, theme: Theme, days: int) -> None:
    _check_two_authorities(receiver.id, offer)
    if offer.state is not OfferState.PUBLISHED:
        raise NotPossible("This offer is not open for asking just now.")
    if said := one_of_its_programmes_is_open(offer):
        raise NotPossible(said)
    if theme.id not in {row.theme_id for row in offer.current.themes}:
        raise NotRight("Choose one of the themes of this offer.", "theme")
    programme = offer.programme_on(clock.today())
    small_below = programme.policy.small_below
    if days >= small_below:
        raise NotRight(
            f"A small ask under {programme.name} is under {format_days(small_below)}. For "
            f"more, describe a need.",
            "days",
        )


def _check_two_authorities(receiver_id: int, offer: Offer) -> None:
    if receiver_id == offer.provider_id:
        raise NotPossible("This offer is your own authority's. Ask another authority.")


def check_acts_for_one_side(by: Person, receiver_id: int, provider_id: int) -> None:
    """Nobody acts for both sides."""
    if by.at(receiver_id, *RECEIVING) and by.at(provider_id, *GIVING):
        raise NotAllowed(
            "You hold roles at both authorities, and nobody acts for both sides. Ask a colleague "
            "who holds a role at one of them."
        )


def _checked_message(message: str, receiver: Authority) -> str:
    message = message.strip()
    if not message:
        raise NotRight("Say in a sentence what you would like to talk about.", "message")
    if len(message) > MESSAGE_LENGTH:
        raise NotRight(f"Keep the message to {MESSAGE_LENGTH:,} characters.", "message")
    keep_anonymous(message, receiver, "message")
    return message


# -- answering --------------------------------------------------------------------------------


def accept(conversation: Conversation, *, by: Person, reason: str = "") -> Match:
    """The provider agrees to talk: both know each other now, and a match begins."""
    may(conversation, "accept", by=by)
    check_acts_for_one_side(by, conversation.receiver_id, conversation.provider_id)
    take(conversation, "accept", by=by, reason=reason)
    if conversation.need.state is NeedState.IN_CONFIDENCE:
        raise NotPossible(
            "Its authority is adding to this need. Answer once it is submitted again."
        )
    if conversation.need.state not in ASKABLE:
        raise NotPossible("This need no longer looks for help. You need not answer.")
    return matches.begin(conversation, by=by)


def decline(
    conversation: Conversation, *, reason: str, is_reason_shared: bool = False, by: Person
) -> None:
    """The provider says no. The coordinator reads why; the other side only if it is shared."""
    may(conversation, "decline", by=by)
    check_acts_for_one_side(by, conversation.receiver_id, conversation.provider_id)
    take(conversation, "decline", by=by, reason=reason)
    conversation.decline_reason = reason.strip()
    conversation.is_reason_shared = is_reason_shared
    db.session.flush()


def record_outcome(
    conversation: Conversation,
    *,
    side: Side,
    answer: Answer,
    values_rating: int | None = None,
    confidence_rating: int | None = None,
    note: str = "",
    reason: str = "",
    is_reason_shared: bool = False,
    by: Person,
) -> ConversationOutcome:
    """What one side made of the talk; it may think again until the other side has recorded."""
    _check_speaks_for(side, conversation, by)
    _check_outcome(values_rating, confidence_rating, note, reason)
    lock(conversation)
    if conversation.outcome_of(side) and conversation.outcome_of(side.other):
        raise NotPossible("Both sides have recorded what they made of it; it stands now.")
    outcome = conversation.outcome_of(side) or ConversationOutcome(
        conversation_id=conversation.id, side=side
    )
    outcome.answer, outcome.note = answer, note.strip()
    outcome.reason, outcome.is_reason_shared = reason.strip(), is_reason_shared
    outcome.values_rating, outcome.confidence_rating = values_rating, confidence_rating
    outcome.recorded_by_id = by.id
    db.session.add(outcome)
    take(conversation, "record_outcome", by=by)
    return outcome


def _check_speaks_for(side: Side, conversation: Conversation, by: Person) -> None:
    held = may(conversation, "record_outcome", by=by)
    own = conversation.receiver_id if side is Side.RECEIVER else conversation.provider_id
    if held.authority_id != own:
        raise NotAllowed("Each side records what it made of the talk for itself.")


def _check_outcome(
    values_rating: int | None, confidence_rating: int | None, note: str, reason: str
) -> None:
    ratings = {"values_rating": values_rating, "confidence_rating": confidence_rating}
    for name, rating in ratings.items():
        if rating is not None and not 1 <= rating <= 5:
            raise NotRight("Choose from 1 to 5, or leave it out.", name)
    for name, words in (("note", note), ("reason", reason)):
        if len(words.strip()) > NOTE_LENGTH:
            raise NotRight(f"Keep this to {NOTE_LENGTH:,} characters.", name)


DEEDS = {"accept": accept}
