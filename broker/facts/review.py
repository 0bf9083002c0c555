"""What eligibility does when facts, exceptions or days change: foreseen first, then carried out.

An offer whose provider may no longer give it is suspended, and lifted to where it stood once it
may again. A live partnership is flagged for review and goes on; the flag is lifted with its cause.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from broker import clock
from broker.conditions import provider_is_eligible, provider_still_eligible
from broker.db import db
from broker.eligibility import cause
from broker.models.authority import Authority
from broker.models.match import Match
from broker.models.offer import Offer, OfferState
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership
from broker.models.person import Person
from broker.prospectus.actions import tell_whom_they_fit
from broker.taking import lock, take
from broker.turns import in_turns

STANDING = (OfferState.PUBLISHED, OfferState.PAUSED)
Thing = TypeVar("Thing", Offer, Partnership)


@dataclass(frozen=True)
class Change:
    """One thing that a verb of the clock will be done to. `why` is the reason it is given."""

    verb: str
    thing: Any
    why: str = ""


def foresee(provider_ids: Collection[int] | None = None) -> list[Change]:
    """What a review would do now, for some providers or for all; it changes nothing."""
    offers = (_about_offer(offer) for offer in _offers(provider_ids))
    partnerships = (_about_partnership(one) for one in _partnerships(provider_ids))
    return [change for change in (*offers, *partnerships) if change is not None]


def review(*, by: Person, provider_ids: Collection[int] | None = None) -> list[Change]:
    """Carry out what `foresee` says, each thing held and looked at again before."""
    done = []
    for foreseen in in_turns(foresee(provider_ids)):
        lock(foreseen.thing)
        if (change := _about(foreseen.thing)) is not None:
            _carry_out(change, by)
            done.append(change)
    return done


def _about(thing: Offer | Partnership) -> Change | None:
    return _about_offer(thing) if isinstance(thing, Offer) else _about_partnership(thing)


def _about_offer(offer: Offer) -> Change | None:
    why_not = provider_is_eligible(offer)
    if offer.state in STANDING and why_not:
        return Change("suspend", offer, why_not)
    if offer.state is OfferState.SUSPENDED and not why_not:
        return Change("lift", offer)
    return None


def _about_partnership(partnership: Partnership) -> Change | None:
    """Flag what is not flagged for this cause yet; lift the flag once nothing asks for it."""
    if not partnership.is_live:
        return None
    why_not = provider_still_eligible(partnership.match)
    if why_not and partnership.review_cause != cause(partnership.provider):
        return Change("flag", partnership, why_not)
    if not why_not and partnership.review_reason:
        return Change("lift_flag", partnership)
    return None


def _carry_out(change: Change, by: Person) -> None:
    event = take(change.thing, change.verb, by=by, reason=change.why)
    if change.verb == "lift":
        tell_whom_they_fit([change.thing], event)
    if isinstance(change.thing, Partnership):
        flagged = change.verb == "flag"
        change.thing.review_reason = change.why if flagged else None
        change.thing.review_since = clock.now() if flagged else None
        change.thing.review_cause = cause(change.thing.provider) if flagged else None
        db.session.flush()


def clear(partnership: Partnership, *, reason: str, by: Person) -> None:
    """The coordinator has looked: the partnership goes on, and says why."""
    take(partnership, "clear_flag", by=by, reason=reason)
    partnership.review_reason = partnership.review_since = None
    db.session.flush()


def _offers(provider_ids: Collection[int] | None) -> Sequence[Offer]:
    under_review = select(Offer).where(Offer.state.in_((*STANDING, OfferState.SUSPENDED)))
    if provider_ids is not None:
        under_review = under_review.where(Offer.provider_id.in_(provider_ids))
    return _in_order(under_review.options(joinedload(Offer.provider).options(*_facts())), Offer)


def _partnerships(provider_ids: Collection[int] | None) -> Sequence[Partnership]:
    live = select(Partnership).where(Partnership.state.in_(PARTNERSHIPS_LIVE))
    if provider_ids is not None:
        live = live.where(Partnership.provider_id.in_(provider_ids))
    match = selectinload(Partnership.match)
    loaded = live.options(
        match.joinedload(Match.provider).options(*_facts()), match.joinedload(Match.offer_version)
    )
    return _in_order(loaded, Partnership)


def _facts() -> tuple[Any, ...]:
    return (selectinload(Authority.judgements),)


def _in_order(wanted: Select[Thing], model: type[Thing]) -> Sequence[Thing]:
    return db.session.scalars(wanted.order_by(model.id)).unique().all()
