"""Questions about councils' accounts."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import Select, select

from broker.council_providers import CouncilProvider
from broker.db import db
from broker.models.council_account import CouncilAccount
from broker.models.person import Person


def providers() -> tuple[CouncilProvider, ...]:
    """Those that are set up, in the order of the settings."""
    found: tuple[CouncilProvider, ...] = current_app.config["SETTINGS"].council_providers
    return found


def provider(key: str) -> CouncilProvider | None:
    return next((one for one in providers() if one.key == key), None)


def accounts_of(person: Person) -> Select[CouncilAccount]:
    """A person's own that are connected, for finding one."""
    return select(CouncilAccount).filter_by(person_id=person.id, ended_at=None)


def connected(person: Person) -> Sequence[tuple[CouncilAccount, str]]:
    """A person's accounts that are connected, each with the name of its sign-in."""
    names = {one.issuer: one.name for one in providers()}
    found = db.session.scalars(accounts_of(person).order_by(CouncilAccount.id)).unique()
    return [(one, names.get(one.issuer, one.issuer)) for one in found]


def providers_of(person: Person) -> list[CouncilProvider]:
    """Those that a person has an account of."""
    issuers = {one.issuer for one, _ in connected(person)}
    return [one for one in providers() if one.issuer in issuers]


def providers_to_connect(person: Person) -> list[CouncilProvider]:
    theirs = providers_of(person)
    return [one for one in providers() if one not in theirs]


def providers_for(email: str) -> list[CouncilProvider]:
    """Those that speak for an address."""
    return [one for one in providers() if one.speaks_for(email)]
