"""What was said of partnerships: to their own sides in full, to others together and suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from broker.db import db
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.partnership import Feedback, Moment, Partnership
from broker.models.person import Person
from broker.partnerships.queries import sides_of
from broker.taking import membership_for, row_for

LEAST = 4  # fewer partnerships, or fewer of one answer among them, could point at somebody


def verb_of(partnership: Partnership) -> str:
    """Whether the receiver says how it went, or changes what it said."""
    return "change_feedback" if partnership.feedback_of(Side.RECEIVER) else "give_feedback"


def label_for(person: Person, partnership: Partnership) -> str | None:
    """The words on the button to the form, for who may use it now."""
    row = row_for(partnership, verb_of(partnership))
    is_open = partnership.state in row.from_ and membership_for(row, person, partnership)
    return row.label if is_open else None


def shared_with(person: Person, partnership: Partnership) -> list[Feedback]:
    """All that was said of a partnership, for its two sides; nothing for anybody else."""
    return list(partnership.feedback) if sides_of(person, partnership) else []


@dataclass(frozen=True)
class Quote:
    """A receiver's own words, shown with its name because it agreed."""

    receiver: str
    words: str


@dataclass(frozen=True)
class ReceiversSaid:
    """What receivers said of a provider, together. `effectiveness` is the mean of 1 to 5."""

    partnerships: int
    effectiveness: float
    recommend: str
    quotes: tuple[Quote, ...]
    is_illustrative: bool


def what_receivers_said(provider: Authority) -> ReceiversSaid | None:
    """The latest word of each of a provider's partnerships; None when fewer than 4 have answered.

    Without their consent no receiver is named, and none of their words are shown.
    """
    latest = _latest_of_each(provider)
    if len(latest) < LEAST:
        return None
    return ReceiversSaid(
        partnerships=len(latest),
        effectiveness=round(fmean(one.effectiveness for one in latest), 1),
        recommend=_recommend_words(latest),
        quotes=tuple(
            Quote(one.partnership.receiver.name, one.what_worked)
            for one in latest
            if one.may_be_named
        ),
        is_illustrative=any(one.partnership.is_illustrative for one in latest),
    )


def _latest_of_each(provider: Authority) -> list[Feedback]:
    """One feedback for each partnership: that at its end, else that at its mid-point."""
    given = (
        select(Feedback)
        .join(Feedback.partnership)
        .where(Partnership.provider_id == provider.id, Feedback.side == Side.RECEIVER)
        .options(joinedload(Feedback.partnership))
        .order_by(Feedback.answered_at, Feedback.id)
    )
    found = sorted(
        db.session.scalars(given).unique(), key=lambda one: list(Moment).index(one.moment)
    )
    return list({one.partnership_id: one for one in found}.values())


def _recommend_words(latest: Sequence[Feedback]) -> str:
    """How many would recommend the provider; no count from which a few could be worked out."""
    for_it = sum(one.would_recommend for one in latest)
    if for_it == len(latest):
        return "All of them would recommend this help to others."
    if min(for_it, len(latest) - for_it) >= LEAST:
        return f"{for_it} of {len(latest)} would recommend this help to others."
    return "Whether they would recommend it is not shown: too few gave one of the answers."
