"""Where others name an authority that is followed: joint offers, and what needs say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import Enum

from sqlalchemy import select

from broker.db import db
from broker.models.authority import Authority
from broker.models.need import Need, NeedPartner, Wish
from broker.models.offer import Offer, OfferPartner


def partners_of(old: Authority) -> list[OfferPartner]:
    """Its name on the offers of others, where it has not left."""
    wanted = select(OfferPartner).where(
        OfferPartner.authority_id == old.id, OfferPartner.left_at.is_(None)
    )
    return list(db.session.scalars(wanted.order_by(OfferPartner.id)).unique())


def needs_naming(old: Authority, open_states: Collection[Enum]) -> list[Need]:
    """The needs in these states that say something of it as a possible provider."""
    naming = select(NeedPartner.need_id).where(NeedPartner.authority_id == old.id)
    wanted = select(Need).where(Need.id.in_(naming), Need.state.in_(open_states))
    return list(db.session.scalars(wanted.order_by(Need.id)).unique())


def hand_over_name(partners: Sequence[OfferPartner], to: Authority) -> list[Offer]:
    """Put the successor on joint offers instead, once on each, and never beside itself."""
    offers = [partner.version.offer for partner in partners]
    for partner in partners:
        version = partner.version
        same = next((one for one in version.partners if one.authority_id == to.id), None)
        if same is not None:
            _agree_for(same, partner)
        if same is not None or version.offer.provider_id == to.id:
            version.partners.remove(partner)
        else:
            partner.authority = to
    db.session.flush()
    return offers


def _agree_for(same: OfferPartner, gone: OfferPartner) -> None:
    """They are one body now: who agreed for either agreed for it."""
    if gone.is_named and not same.is_named:
        same.asked_at, same.left_at = gone.asked_at, None
        same.agreed_at, same.agreed_by_id = gone.agreed_at, gone.agreed_by_id


def hand_over_wishes(
    needs: Iterable[Need], old: Authority, successors: Iterable[Authority]
) -> None:
    """What a need says of the authority, it says of each that follows; 'not them' goes first."""
    for need in needs:
        said = next(row for row in need.partners if row.authority_id == old.id)
        for to in successors:
            if to.id != need.receiver_id:
                _wish(need, to, said)
        need.partners.remove(said)
    db.session.flush()


def _wish(need: Need, to: Authority, said: NeedPartner) -> None:
    same = next((row for row in need.partners if row.authority_id == to.id), None)
    if same is None:
        need.partners.append(NeedPartner(authority=to, wish=said.wish, reason=said.reason))
    elif said.wish is Wish.AVOIDED:
        same.wish, same.reason = said.wish, said.reason


def forget_itself(record: Offer | Need) -> None:
    """After a record moved: its new authority does not stand beside itself."""
    if isinstance(record, Need):
        own = record.receiver_id
        record.partners = [row for row in record.partners if row.authority_id != own]
    else:
        for version in record.versions:
            own = record.provider_id
            version.partners = [row for row in version.partners if row.authority_id != own]
    db.session.flush()
