"""Links that work once. A link's secret is worked out from the installation's secret key and a
nonce at the moment when its message leaves; the database holds its hash, and no message has it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Select, select, update

from broker import clock
from broker.db import db
from broker.keys import digest, mark
from broker.models.invitation import Invitation, LinkKind, OneTimeLink
from broker.models.person import Person
from broker.models.work import Message

PURPOSE = "one-time link"
LASTS = {LinkKind.JOIN: timedelta(days=7), LinkKind.RESET: timedelta(hours=1)}


def make(
    kind: LinkKind, person: Person, *, message: Message, invitation: Invitation | None = None
) -> OneTimeLink:
    """A new link for a message that is written; earlier ones for the same stop working."""
    cancel(kind, person, invitation=invitation)
    nonce = secrets.token_hex(16)
    made = OneTimeLink(
        kind=kind,
        person_id=person.id,
        invitation_id=invitation.id if invitation else None,
        message_id=message.id,
        nonce=nonce,
        token_hash=digest(_token(kind, nonce)),
        expires_at=clock.now() + LASTS[kind],
    )
    db.session.add(made)
    db.session.flush()
    return made


def _token(kind: LinkKind, nonce: str) -> str:
    return mark(PURPOSE, f"{kind.value} {nonce}")


def cancel(kind: LinkKind, person: Person, *, invitation: Invitation | None = None) -> None:
    """Stop every link of a kind to somebody (for one invitation) that is not used yet."""
    unused = update(OneTimeLink).where(
        OneTimeLink.kind == kind,
        OneTimeLink.person_id == person.id,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.cancelled_at.is_(None),
    )
    if invitation is not None:
        unused = unused.where(OneTimeLink.invitation_id == invitation.id)
    db.session.execute(unused.values(cancelled_at=clock.now()))


def path_of(link: OneTimeLink) -> str:
    """The address of the page that the link opens. Whoever has it can use it."""
    return f"/link/{_token(link.kind, link.nonce)}"


def path_in(message: Message) -> str | None:
    """The one-time link that a message brings, as it leaves; None where it brings none."""
    link = db.session.scalars(select(OneTimeLink).filter_by(message_id=message.id)).one_or_none()
    return path_of(link) if link else None


def latest(invitation: Invitation) -> OneTimeLink | None:
    """The link to an invitation that works now."""
    mine = _usable().where(OneTimeLink.invitation_id == invitation.id)
    return db.session.scalars(mine.order_by(OneTimeLink.id.desc()).limit(1)).one_or_none()


def find(token: str, *, to_use: bool = False) -> OneTimeLink | None:
    """The link that a token opens now; None for every other token, whatever is the matter with it.
    `to_use` holds it until the transaction ends, so that it is used once."""
    wanted = _usable().where(OneTimeLink.token_hash == digest(token))
    if to_use:
        wanted = wanted.with_for_update(of=OneTimeLink)
    return db.session.scalars(wanted).one_or_none()


def _usable() -> Select[OneTimeLink]:
    now = clock.now()
    good = select(OneTimeLink).where(
        OneTimeLink.used_at.is_(None),
        OneTimeLink.cancelled_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    return good.execution_options(populate_existing=True)
