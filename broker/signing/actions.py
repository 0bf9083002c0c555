"""Sign-offs beside the director's: by signing in, or by a link that works once.

A link is a secret that only its reader holds: the database keeps its hash. It signs one need, for
one signer, as the need was when the link was made, until it expires, is used or is cancelled.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.authority import Authority
from broker.models.need import Need
from broker.models.person import Membership, Person
from broker.models.signing import (
    BESIDE_THE_DIRECTOR,
    Signature,
    Signer,
    SignLink,
    standing,
    substance_of,
)
from broker.signing.queries import link_for
from broker.taking import lock, take

LASTS = timedelta(days=14)
ALWAYS = date(2000, 1, 1)  # a role that signs by link has no first day


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(need: Need, signer: Signer, *, by: Person) -> str:
    """A new link's token, to hand over once; earlier links for the same signer stop working."""
    if signer not in BESIDE_THE_DIRECTOR:
        raise NotRight("The director signs by signing in.", "signer")
    take(need, "make_sign_link", by=by, detail=signer.words)
    if signer in standing(need):
        raise NotPossible(f"The {signer.words.lower()} has signed already.")
    _cancel_links(need, signer)
    token = secrets.token_urlsafe(32)
    link = SignLink(
        need_id=need.id,
        signer=signer,
        substance=substance_of(need),
        token_hash=digest(token),
        made_by_id=by.id,
        expires_at=clock.now() + LASTS,
    )
    db.session.add(link)
    db.session.flush()
    return token


def cancel_links(need: Need, signer: Signer, *, by: Person) -> None:
    """Stop every link for a signer that is not used yet."""
    take(need, "cancel_sign_link", by=by, detail=signer.words)
    _cancel_links(need, signer)


def _cancel_links(need: Need, signer: Signer) -> None:
    unused = select(SignLink).filter_by(
        need_id=need.id, signer=signer, used_at=None, cancelled_at=None
    )
    for link in db.session.scalars(unused):
        link.cancelled_at = clock.now()
    db.session.flush()


def sign(need: Need, signer: Signer, *, by: Person) -> Signature:
    """Sign by signing in."""
    take(need, "sign", by=by, detail=signer.words)
    return keep(need, signer, by=by)


def sign_by_link(token: str) -> Need | None:
    """Use a link up; None, changing nothing, when it is not good for anything (any more)."""
    link = link_for(digest(token))
    if link is None:
        return None
    lock(link.need)
    link = link_for(digest(token))
    if link is None:
        return None
    person = signatory(link.need.receiver, link.signer)
    link.used_at = clock.now()
    take(link.need, "sign", by=person, detail=f"{link.signer.words}, by link")
    keep(link.need, link.signer, by=person, is_by_link=True)
    return link.need


def keep(need: Need, signer: Signer, *, by: Person, is_by_link: bool = False) -> Signature:
    """Write a sign-off down; the one that stands, if there is one."""
    if found := standing(need).get(signer):
        return found
    signature = Signature(
        need_id=need.id,
        signer=signer,
        substance=substance_of(need),
        signed_by_id=by.id,
        is_by_link=is_by_link,
    )
    db.session.add(signature)
    db.session.flush()
    db.session.expire(need, ["signatures"])
    return signature


def take_back(need: Need, signer: Signer, *, reason: str, by: Person) -> None:
    """Take a sign-off back, until the need opens."""
    take(need, "unsign", by=by, reason=reason, detail=signer.words)
    signature = standing(need).get(signer)
    if signature is None:
        raise NotPossible("There is no such sign-off to take back.")
    signature.taken_back_at = clock.now()
    db.session.flush()


def signatory(authority: Authority, signer: Signer) -> Person:
    """Who signs for an authority in a role: the person who holds it, or the role itself."""
    held = select(Person).join(Membership, Membership.person_id == Person.id)
    holding = held.where(
        Membership.role == signer.role,
        Membership.authority_id == authority.id,
        Membership.held_on(clock.today()),
    )
    if found := db.session.scalars(holding.order_by(Person.id)).first():
        return found
    local = f"{signer.value.replace('_', '-')}-{authority.code.lower()}"
    person = Person(email=f"{local}@signatory.invalid", name=f"{signer.words}, {authority.name}")
    person.memberships.append(Membership(role=signer.role, authority=authority, starts_on=ALWAYS))
    db.session.add(person)
    db.session.flush()
    return person
