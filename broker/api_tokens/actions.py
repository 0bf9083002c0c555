"""Making and revoking tokens by which programs read a programme's records."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date

from broker import clock
from broker.api.callers import digest
from broker.errors import NotRight
from broker.models.api_token import ApiToken, Scope
from broker.models.person import Person
from broker.models.programme import Programme
from broker.taking import start

NAME_LENGTH = 80
MONTHS = 12


def make(
    *, programme: Programme, name: str, scopes: Collection[Scope], expires_on: date, by: Person
) -> tuple[ApiToken, str]:
    """Make a token; the second is the token itself, which is kept nowhere."""
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise NotRight(f"Say what it is for, in up to {NAME_LENGTH} characters.", "name")
    if not scopes:
        raise NotRight("Choose what it may read.", "scopes")
    if not clock.today() <= expires_on <= latest():
        raise NotRight("A token is in use for a year at most, from today on.", "expires_on")
    token = f"sx_{secrets.token_urlsafe(32)}"
    made = ApiToken(
        programme=programme,
        name=name,
        scopes=" ".join(scope.value for scope in Scope if scope in scopes),
        sha256=digest(token),
        expires_on=expires_on,
    )
    start(made, "make", by=by, detail=f"{made.scopes}; until {expires_on.isoformat()}")
    return made, token


def latest() -> date:
    """The last day that a token made today may be in use."""
    return clock.add_months(clock.today(), MONTHS)
