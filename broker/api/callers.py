"""Who asks: the token that came with a request, and nothing else. Cookies say nothing here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import select, update
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from broker import clock
from broker.db import aside, db
from broker.models.api_token import ApiToken, Scope
from broker.operations.notices import is_writing_closed

NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Caller:
    """A token that counts today: whose, and what it may read."""

    token_id: int
    programme_id: int
    scopes: tuple[Scope, ...]
    last_used_at: datetime | None


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def caller() -> Caller | None:
    """Whom the request's token stands for; None without one that is in use."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    known = select(ApiToken).filter_by(sha256=digest(given.token))
    token = db.session.scalars(known).unique().one_or_none()
    if token is None or not token.counts:
        return None
    return Caller(token.id, token.programme_id, tuple(token.may_read), token.last_used_at)


def check(caller: Caller | None, scope: Scope) -> Caller:
    """Refuse who has no token in use (401) or one without the scope (403)."""
    if caller is None:
        asks = WWWAuthenticate("bearer", {"realm": "Support Exchange"})
        raise Unauthorized(www_authenticate=asks)
    if scope not in caller.scopes:
        raise Forbidden(f"This token has no scope '{scope.value}'.")
    return caller


def note_use(caller: Caller) -> None:
    """Keep when a token was used last, to five minutes; not while writing is closed."""
    last, now = caller.last_used_at, clock.now()
    if (last is not None and now - last < NOTED_EVERY) or is_writing_closed():
        return
    with aside():
        mine = update(ApiToken).where(ApiToken.id == caller.token_id)
        db.session.execute(mine.values(last_used_at=now))
