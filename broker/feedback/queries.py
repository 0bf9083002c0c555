"""What was said of partnerships: to their own sides in full, to others together and suppressed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from broker.db import db
from broker.feedback.due import LOADS
from broker.models.authority import Authority
from broker.models.learning import ProviderFeedback
from broker.models.match import Side
from broker.models.partnership import Feedback, Moment, Partnership
from broker.models.person import Person
from broker.models.showing import Showing, gone_out
from broker.partnerships.queries import partnerships_visible_to, sides_of
from broker.showings.queries import shown_of
from broker.taking import membership_for, row_for, why_not

LEAST = 4  # fewer receivers, or fewer who gave one answer, could point at somebody


def verb_of(partnership: Partnership) -> str:
    """Whether the receiver says how it went, or changes what it said."""
    return "change_feedback" if partnership.feedback_of(Side.RECEIVER) else "give_feedback"


def learning_verb_of(partnership: Partnership) -> str:
    """Whether the provider says what it learned, or changes what it said."""
    return "change_learning" if partnership.learned_now else "give_learning"


def links_for(person: Person, partnership: Partnership) -> list[tuple[str, str]]:
    """(label, endpoint) of what a person may say or ask about a partnership now."""
    pages = (
        (verb_of(partnership), "feedback.answer"),
        (learning_verb_of(partnership), "feedback.learned"),
        ("ask_staff", "pulse.ask"),
    )
    return [
        (row.label, endpoint)
        for verb, endpoint in pages
        for row in [row_for(partnership, verb)]
        if membership_for(row, person, partnership) and why_not(partnership, row) is None
    ]


def shared_with(person: Person, partnership: Partnership) -> list[Feedback | ProviderFeedback]:
    """All that was said of a partnership, for its two sides, in the order of the moments; nothing
    for anybody else."""
    if not sides_of(person, partnership):
        return []
    said: list[Feedback | ProviderFeedback] = [*partnership.feedback, *partnership.learned]
    return sorted(said, key=lambda one: list(Moment).index(one.moment))


def words_going_out(given: Feedback) -> list[tuple[str, str]]:
    """What others may come to read of a receiver's answers: (name, words)."""
    named = given.what_worked if given.may_be_named else "Not shown: they were said to you alone"
    return [
        ("How effective, as one of several in a mean", f"{given.effectiveness} of 5"),
        ("Would recommend it, counted with others", "Yes" if given.would_recommend else "No"),
        ("What worked well, in its own words and with its name", named),
        *(
            [("Whether it still holds, told to the region", given.holds.words)]
            if given.holds
            else []
        ),
    ]


def partnerships_to_ask(person: Person) -> list[Partnership]:
    """The partnerships that a person may see, loaded with what was said of them."""
    seen = partnerships_visible_to(person).options(*LOADS).order_by(Partnership.id)
    return list(db.session.scalars(seen).unique())


@dataclass(frozen=True)
class Quote:
    """A receiver's own words, shown with its name because it agreed; `answer` is the provider's."""

    receiver: str
    words: str
    answer: str = ""
    provider: str = ""


@dataclass(frozen=True)
class ReceiversSaid:
    """What receivers said of a provider, together. `effectiveness` is the mean of 1 to 5."""

    receivers: int
    partnerships: int
    effectiveness: float
    recommend: str
    quotes: tuple[Quote, ...]
    is_illustrative: bool


def what_receivers_said(provider: Authority) -> ReceiversSaid | None:
    """The latest word of each of a provider's partnerships; None when fewer than 4 receivers have
    answered, however many partnerships they had. Each receiver weighs the same.

    Without their consent no receiver is named, and none of their words are shown. What the provider
    has not read yet counts once it has had 5 working days.
    """
    latest = _latest_of_each(provider)
    words = [
        Word(one.partnership.receiver_id, one.effectiveness, one.would_recommend) for one in latest
    ]
    receivers = by_receiver(words)
    if len(receivers) < LEAST:
        return None
    shown = shown_of(Feedback.noun, [one.id for one in latest])
    return ReceiversSaid(
        receivers=len(receivers),
        partnerships=len(latest),
        effectiveness=mean_of(words),
        recommend=recommend_words(words),
        quotes=tuple(quote_of(one, shown[one.id]) for one in latest if one.may_be_named),
        is_illustrative=any(one.partnership.is_illustrative for one in latest),
    )


@dataclass(frozen=True)
class Word:
    """A receiver's latest word on one partnership; `effectiveness` from 1 to 5."""

    receiver_id: int
    effectiveness: int
    would_recommend: bool


def by_receiver(words: Iterable[Word]) -> dict[int, list[int]]:
    """Receiver's id → how effective it found each of its partnerships, from 1 to 5."""
    found: dict[int, list[int]] = defaultdict(list)
    for one in words:
        found[one.receiver_id].append(one.effectiveness)
    return found


def mean_of(words: Iterable[Word]) -> float:
    """How effective it was, each receiver weighing the same."""
    return round(fmean(map(fmean, by_receiver(words).values())), 1)


def quote_of(given: Feedback, shown: Sequence[Showing]) -> Quote:
    """What a receiver that agreed to be named says; `shown`: where its provider read it first."""
    comment = next((showing.comment for showing in shown if showing.comment), "")
    partnership = given.partnership
    return Quote(partnership.receiver.name, given.what_worked, comment, partnership.provider.name)


def _latest_of_each(provider: Authority) -> list[Feedback]:
    """One feedback for each partnership: that of its latest moment."""
    given = (
        select(Feedback)
        .join(Feedback.partnership)
        .where(
            Partnership.provider_id == provider.id,
            Feedback.side == Side.RECEIVER,
            gone_out(Feedback.noun, Feedback.id),
        )
        .options(joinedload(Feedback.partnership))
        .order_by(Feedback.answered_at, Feedback.id)
    )
    found = sorted(
        db.session.scalars(given).unique(), key=lambda one: list(Moment).index(one.moment)
    )
    return list({one.partnership_id: one for one in found}.values())


@dataclass(frozen=True)
class ProviderLearned:
    """What a provider says of its own partnerships, together. `worth` is the mean of 1 to 5."""

    partnerships: int
    worth: float


def what_provider_learned(provider: Authority) -> ProviderLearned | None:
    """How much it was worth to a provider; None when it has said so of help to fewer than 4."""
    said = (
        select(ProviderFeedback, Partnership.receiver_id)
        .join(ProviderFeedback.partnership)
        .where(Partnership.provider_id == provider.id)
        .order_by(ProviderFeedback.answered_at, ProviderFeedback.id)
    )
    latest = {one.partnership_id: (one.worth, place) for one, place in db.session.execute(said)}
    if len({place for _, place in latest.values()}) < LEAST:
        return None
    return ProviderLearned(len(latest), round(fmean(worth for worth, _ in latest.values()), 1))


def recommend_words(words: Sequence[Word]) -> str:
    """How many would recommend this help; no count from which a few could be worked out."""
    for_it = sum(one.would_recommend for one in words)
    if for_it == len(words):
        return "All of them would recommend this help to others."
    said_so = (by_receiver(w for w in words if w.would_recommend is said) for said in (True, False))
    if min(map(len, said_so)) >= LEAST:
        return f"{for_it} of {len(words)} would recommend this help to others."
    return "Whether they would recommend it is not shown: too few gave one of the answers."
