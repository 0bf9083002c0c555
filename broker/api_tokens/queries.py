"""Questions about tokens: a programme's, for its managers."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker.db import db
from broker.models.api_token import ApiToken
from broker.models.person import Person, Role
from broker.models.programme import Programme


def tokens_visible_to(person: Person) -> Select[ApiToken]:
    """The tokens of the programmes that a person manages today."""
    held = person.holding(Role.PROGRAMME_MANAGER)
    return select(ApiToken).where(ApiToken.programme_id.in_([m.programme_id for m in held]))


def tokens_of(programme: Programme, person: Person) -> list[ApiToken]:
    """A programme's tokens, those in use first, then the newest."""
    own = tokens_visible_to(person).where(ApiToken.programme_id == programme.id)
    newest = db.session.scalars(own.order_by(ApiToken.id.desc())).unique()
    return sorted(newest, key=lambda token: not token.counts)
