"""What adopting a round's plan would do now, and what of an adopted one can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from broker.db import db
from broker.models.match import Round, Suggestion, SuggestionState
from broker.models.need import NeedState
from broker.models.offer import OfferState
from broker.rounds.queries import Proposed


@dataclass(frozen=True)
class Adoption:
    """`standing`: beside their need already. `overtaken`: matches with why they cannot be made."""

    new: list[Proposed]
    standing: list[Proposed]
    overtaken: list[tuple[Proposed, str]]


def of_plan(proposed: list[Proposed]) -> Adoption:
    """A plan against the needs, offers and suggestions as they stand now."""
    ids = {one.need.id for one in proposed}
    beside = select(Suggestion.need_id, Suggestion.offer_id).where(Suggestion.need_id.in_(ids))
    known = {(need_id, offer_id) for need_id, offer_id in db.session.execute(beside)}
    found = Adoption([], [], [])
    for one in proposed:
        if (one.need.id, one.offer.id) in known:
            found.standing.append(one)
        elif said := _overtaken(one):
            found.overtaken.append((one, said))
        else:
            found.new.append(one)
    return found


def _overtaken(one: Proposed) -> str | None:
    if one.need.state not in (NeedState.OPEN, NeedState.PART_MATCHED):
        return "The need is not open any more."
    if one.offer.state is not OfferState.PUBLISHED:
        return "The offer is not published any more."
    return None


def untouched(round_: Round) -> list[Suggestion]:
    """Suggestions of a round that their receivers have neither asked about nor passed over."""
    made = select(Suggestion).filter_by(round_id=round_.id, state=SuggestionState.MADE)
    return list(db.session.scalars(made.order_by(Suggestion.id)).unique())
