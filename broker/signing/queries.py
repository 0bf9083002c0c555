"""Questions about sign-offs: which link is good now, and what waits for a signatory."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker import clock
from broker.db import db
from broker.models.need import Need, NeedState
from broker.models.person import Person, Role
from broker.models.signing import Signer, SignLink, standing, substance_of
from broker.sights import needs_signed_by

SIGNABLE = (NeedState.PRIVATE, NeedState.IN_CONFIDENCE, NeedState.SUBMITTED)


def link_for(token_hash: str) -> SignLink | None:
    """The link with this hash if it can be used now. Every other hash gets the same answer."""
    usable = (
        select(SignLink)
        .join(SignLink.need)
        .where(
            SignLink.token_hash == token_hash,
            SignLink.used_at.is_(None),
            SignLink.cancelled_at.is_(None),
            SignLink.expires_at > clock.now(),
            Need.state.in_(SIGNABLE),
        )
        .execution_options(populate_existing=True)
    )
    link = db.session.scalars(usable).unique().one_or_none()
    return link if link and link.substance == substance_of(link.need) else None


def links_of(need: Need) -> dict[Signer, SignLink]:
    """The link that can be used now, for each signer who has one."""
    open_ = select(SignLink).where(
        SignLink.need_id == need.id,
        SignLink.used_at.is_(None),
        SignLink.cancelled_at.is_(None),
        SignLink.expires_at > clock.now(),
    )
    now = substance_of(need)
    return {link.signer: link for link in db.session.scalars(open_) if link.substance == now}


def needs_to_sign(person: Person | None) -> Select[Need]:
    return select(Need).where(needs_signed_by(person))


def waiting_for(person: Person) -> list[Need]:
    """What this signatory has not signed yet."""
    mine = {Signer(held.role.value) for held in person.holding(*SIGNING)}
    found = db.session.scalars(needs_to_sign(person).order_by(Need.id)).unique()
    return [need for need in found if not need.is_small and mine - set(standing(need))]


def signer_of(person: Person, need: Need) -> Signer | None:
    """As whom this person signs this need."""
    held = person.at(need.receiver_id, *SIGNING)
    return Signer(held.role.value) if held else None


SIGNING = (Role.CHIEF_EXECUTIVE, Role.LEAD_MEMBER)
