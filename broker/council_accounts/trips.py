"""Ways to a council's sign-in and back: begun at a browser, and taken once, there, in time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import request, session, url_for
from sqlalchemy import select

from broker import clock
from broker.council_accounts import line
from broker.council_providers import CouncilProvider
from broker.db import aside, begin_writing, db
from broker.keys import digest
from broker.models.council_account import CouncilTrip, Purpose

LASTS = timedelta(minutes=15)
LONGEST = 400  # characters of an address to lead on to
BROWSER = "council_browser"  # in the cookie: a random key, whose hash the trip has


@dataclass(frozen=True)
class Trip:
    """One that came back: what it was for, whose it is, and since when (by the wall, seconds)."""

    purpose: Purpose
    person_id: int | None
    nonce: str
    verifier: str
    leads_to: str
    began: float


def begin(
    provider: CouncilProvider, purpose: Purpose, *, back: str, leads_to: str, person_id: int | None
) -> str:
    """The address at which the provider asks who somebody is. Silent where it does not answer."""
    db.session.rollback()  # nothing is held while it is asked
    known = line.about(provider)
    state = secrets.token_urlsafe(32)
    begin_writing()
    trip = CouncilTrip(
        state_hash=digest(state),
        browser_hash=digest(session.setdefault(BROWSER, secrets.token_urlsafe(32))),
        provider=provider.key,
        purpose=purpose,
        person_id=person_id,
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(64),
        leads_to=leads_to if len(leads_to) <= LONGEST else "",
    )
    db.session.add(trip)
    db.session.flush()
    more = {"state": state, "code_verifier": trip.verifier, "nonce": trip.nonce}
    options = {"scope": "openid email", "redirect_uri": back, "code_challenge_method": "S256"}
    with line.line(provider, **options) as asking:
        address, _ = asking.create_authorization_url(
            known.authorization, **more, **_asks_more(provider, purpose)
        )
    return str(address)


def _asks_more(provider: CouncilProvider, purpose: Purpose) -> dict[str, str]:
    """To sign in afresh for a proof; and strongly, where it has a word for that."""
    fresh = {"prompt": "login", "max_age": "0"} if purpose is Purpose.PROVE else {}
    strong = " ".join(value for claim, value in provider.strong if claim == "acr")
    return fresh | ({"acr_values": strong} if strong else {})


def take(provider: CouncilProvider) -> Trip | None:
    """The trip that the request comes back from, used up; None for one that was not begun at this
    browser for this provider, was used, or took too long."""
    state, browser = request.args.get("state", ""), session.get(BROWSER)
    if not state or not browser:
        return None
    mine = select(CouncilTrip).filter_by(
        state_hash=digest(state), browser_hash=digest(str(browser)), provider=provider.key
    )
    with aside():
        found = db.session.scalars(mine.with_for_update()).one_or_none()
        if found is None:
            return None
        age = clock.now() - found.begun_at
        taken = Trip(
            purpose=found.purpose,
            person_id=found.person_id,
            nonce=found.nonce,
            verifier=found.verifier,
            leads_to=found.leads_to,
            began=(clock.by_the_wall() - age).timestamp(),
        )
        db.session.delete(found)
    return taken if age <= LASTS else None


def back_address(site: str, provider: CouncilProvider) -> str:
    """Where the provider sends people back to: what is registered there."""
    return site + url_for("council_accounts.back", key=provider.key)
