"""Ask in a minute: what an ask about an offer starts with, and the ask there is already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from broker import clock
from broker.capacity.queries import free_days
from broker.clock import Quarter
from broker.db import db
from broker.models.match import (
    Conversation,
    ConversationState,
    Origin,
    Suggestion,
    SuggestionState,
)
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.models.programme import Theme
from broker.prospectus.asked import Asked

LAPSES_AFTER, REMINDED_AFTER = 45, 9
UNDER_WAY = (ConversationState.ASKED, ConversationState.ACCEPTED)
NOT_OUT_YET = (NeedState.PRIVATE, NeedState.IN_CONFIDENCE)


# -- what it starts with ----------------------------------------------------------------------


def starts_with(offer: Offer, asked: Asked) -> dict[str, Any]:
    """The form's fields, filled from the offer and from the search that led to it."""
    return {
        "title": offer.title,
        "theme": str(_theme(offer, asked.codes("theme")).id),
        "days": _days(offer, asked.days),
        "quarter": str(_quarter(offer, asked.quarter)),
    }


def _theme(offer: Offer, codes: Iterable[str]) -> Theme:
    """The theme searched for (or one under the heading searched for), else the offer's first."""
    wanted = set(codes)
    themes = [row.theme for row in offer.current.themes]
    over = {theme.id: theme.parent.code if theme.parent else "" for theme in themes}
    return next((t for t in themes if wanted & {t.code, over[t.id]}), themes[0])


def _days(offer: Offer, wanted: int | None) -> int:
    """Quarter-days: those searched for, else the programme's usual small ask, as the offer allows.

    Always within the programme's small band.
    """
    policy, version = offer.programme_on(clock.today()).policy, offer.current
    usual = max(version.days_least or 0, min(policy.small_days, version.most or policy.small_days))
    days = wanted or usual
    return days if days < policy.small_below else policy.small_days


def _quarter(offer: Offer, wanted: Quarter | None) -> Quarter:
    """The quarter searched for, else the first with free days, else the next one."""
    coming = clock.coming_quarters()
    pair = (offer.provider_id, offer.programme_on(clock.today()).id)
    first = free_days([pair])[pair].first
    return next((q for q in (wanted, first) if q in coming and q is not None), coming[1])


# -- what was asked already -------------------------------------------------------------------


@dataclass(frozen=True)
class Ask:
    """A small ask from an offer: its need, and the conversation once it went out."""

    need: Need
    offer: Offer
    conversation: Conversation | None

    @property
    def reminded_on(self) -> date | None:
        """The day by which the provider is waited for."""
        return self._after(REMINDED_AFTER)

    @property
    def lapses_on(self) -> date | None:
        return self._after(LAPSES_AFTER)

    def _after(self, working_days: int) -> date | None:
        if self.conversation is None:
            return None
        asked_on = self.conversation.state_since.astimezone(clock.LONDON).date()
        return clock.add_working_days(asked_on, working_days)


def standing(offer: Offer, receiver_ids: Iterable[int]) -> Ask | None:
    """The ask about an offer that one of some authorities waits on now, the latest if several."""
    ids = list(receiver_ids)
    talking = select(Conversation).where(
        Conversation.offer_id == offer.id,
        Conversation.receiver_id.in_(ids),
        Conversation.state.in_(UNDER_WAY),
    )
    latest = talking.order_by(Conversation.id.desc()).limit(1)
    if conversation := db.session.scalars(latest).unique().one_or_none():
        return Ask(conversation.need, offer, conversation)
    waiting = (
        select(Suggestion)
        .join(Need, Need.id == Suggestion.need_id)
        .where(
            Suggestion.offer_id == offer.id,
            Suggestion.origin == Origin.ASK,
            Suggestion.state == SuggestionState.MADE,
            Need.receiver_id.in_(ids),
            Need.state.in_(NOT_OUT_YET),
        )
        .order_by(Suggestion.id.desc())
        .limit(1)
    )
    suggestion = db.session.scalars(waiting).unique().one_or_none()
    return Ask(suggestion.need, offer, None) if suggestion else None


def ask_of(need: Need) -> Ask | None:
    """The ask that a need was made by, if it was made by one."""
    first = (
        select(Suggestion)
        .where(Suggestion.need_id == need.id, Suggestion.origin == Origin.ASK)
        .order_by(Suggestion.id)
        .limit(1)
    )
    suggestion = db.session.scalars(first).unique().one_or_none()
    if suggestion is None:
        return None
    pair = {"need_id": need.id, "offer_id": suggestion.offer_id}
    talk = db.session.scalars(select(Conversation).filter_by(**pair)).unique().one_or_none()
    return Ask(need, suggestion.offer, talk)
