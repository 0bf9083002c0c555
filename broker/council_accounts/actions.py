"""What a council's account does here: it opens the account that it belongs to, and makes none.

The first time it is known by its address: verified, of a domain that the provider speaks for, and
that of an account with a role. From then on by issuer and subject alone, whatever its address.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.wrappers import Response

from broker import clock, links, sessions
from broker.account import door, entering, second_step
from broker.council_accounts.tokens import SKEW, Shown
from broker.council_accounts.trips import Trip
from broker.council_providers import CouncilProvider
from broker.db import aside, db
from broker.models.council_account import CouncilAccount
from broker.models.event import Event
from broker.models.person import Person, Role
from broker.models.sign_in import Happened, How, SignInSession
from broker.one_time_links import actions as one_time_links
from broker.own_sign_in.actions import note_proof
from broker.taking import take


class TurnedAway(Exception):
    """A council's account is genuine and opens nothing here; `why` names the words to show."""

    def __init__(self, why: str, *, person_id: int | None = None, email: str = "") -> None:
        super().__init__(why)
        self.why, self.person_id, self.email = why, person_id, email


NOT_VERIFIED, NOT_ITS_DOMAIN = "not_verified", "not_its_domain"
NOBODY, DISCONNECTED, ANOTHERS, OTHER_ADDRESS = (
    "nobody", "disconnected", "anothers", "other_address",
)  # fmt: skip
NOT_FRESH, NOT_STRONG, NOT_THEIRS = "not_fresh", "not_strong", "not_theirs"


def person_of(shown: Shown, provider: CouncilProvider) -> int:
    """The id of the person whom a council's account opens, connecting it the first time.
    TurnedAway where there is none."""
    with aside():
        known = _known(shown)
        person = known.person if known else _by_address(shown, provider)
        if known is not None and known.ended_at is not None:
            raise TurnedAway(DISCONNECTED, person_id=known.person_id)
        if not _has_role(person):
            raise TurnedAway(NOBODY, person_id=person.id)
        if known is None:
            connect(person, shown)
        else:
            known.used_at = clock.now()
        return person.id


def _known(shown: Shown) -> CouncilAccount | None:
    mine = select(CouncilAccount).filter_by(issuer=shown.issuer, subject=shown.subject)
    return db.session.scalars(mine).one_or_none()


def _by_address(shown: Shown, provider: CouncilProvider) -> Person:
    """Who has the address that is shown, and never had another account of this provider: an
    address may have passed to somebody else."""
    check_address(shown, provider)
    mine = select(Person).filter_by(email=shown.email).with_for_update()
    person = db.session.scalars(mine).one_or_none()
    if person is None:
        raise TurnedAway(NOBODY, email=shown.email)
    before = select(CouncilAccount.id).filter_by(person_id=person.id, issuer=shown.issuer)
    if db.session.scalar(before.limit(1)) is not None:
        raise TurnedAway(DISCONNECTED, person_id=person.id)
    return person


def check_address(shown: Shown, provider: CouncilProvider) -> None:
    """Before anything is looked up: is the address theirs, and the provider's to speak for?"""
    if not shown.email or not shown.is_verified:
        raise TurnedAway(NOT_VERIFIED, email=shown.email)
    if not provider.speaks_for(shown.email):
        raise TurnedAway(NOT_ITS_DOMAIN, email=shown.email)


def _has_role(person: Person) -> bool:
    return any(held.role is not Role.SYSTEM for held in person.held_today)


def connect(person: Person, shown: Shown) -> None:
    """Let this account of the council open the person's from now on. TurnedAway where it opens
    somebody else's."""
    now = clock.now()
    fresh = {"person_id": person.id, "connected_at": now, "used_at": now, "ended_at": None}
    known = CouncilAccount.__table__.c
    put = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = put(CouncilAccount).values(issuer=shown.issuer, subject=shown.subject, **fresh)
    free = known.ended_at.is_not(None) | (known.person_id == person.id)
    row = row.on_conflict_do_update(
        index_elements=["issuer", "subject"], set_=fresh, where=free
    )  # fmt: skip
    if db.session.scalar(row.returning(CouncilAccount.id)) is None:
        raise TurnedAway(ANOTHERS, person_id=person.id)
    take(person, "connect_council_account", by=person)


def enter(person_id: int, shown: Shown, *, to: str) -> Response | None:
    """Lead them in, or to their second step where a role needs one and none was shown; None when
    they hold no role today."""
    with aside():
        return entering.go_on(person_id, How.COUNCIL, has_two_steps=shown.is_strong, to=to)


def connect_own(shown: Shown, provider: CouncilProvider, trip: Trip, person: Person) -> None:
    """Connect it to the account of who is signed in, whatever address they have here."""
    with aside():
        person = db.session.get_one(Person, person.id)
        if trip.person_id != person.id:
            raise TurnedAway(NOT_THEIRS)
        check_address(shown, provider)
        connect(person, shown)


def join(shown: Shown, provider: CouncilProvider, token: str) -> int | None:
    """Accept an invitation that was sent to the address that is shown, and connect the account;
    the person's id, None when the link is good no longer."""
    check_address(shown, provider)
    link = links.find(token)
    if link is not None and link.person.email != shown.email:
        raise TurnedAway(OTHER_ADDRESS)
    with aside():
        person = one_time_links.join(token, name="", password=None)
        if person is None:
            return None
        known = _known(shown)
        if known is None or known.person_id != person.id or known.ended_at is not None:
            connect(person, shown)
        return person.id


def prove(shown: Shown, trip: Trip, person: Person, here: SignInSession) -> None:
    """Note that who is signed in has shown afresh, and as strongly as their roles need, who they
    are. TurnedAway where they have not."""
    session_id = here.id
    with aside():
        person = db.session.get_one(Person, person.id)
        known = _known(shown)
        if known is None or known.ended_at or not known.person_id == person.id == trip.person_id:
            raise TurnedAway(NOT_THEIRS)
        if shown.signed_in_at is None or not shown.signed_in_at >= trip.began - SKEW:
            raise TurnedAway(NOT_FRESH)
        if second_step.is_needed(person) and not shown.is_strong:
            raise TurnedAway(NOT_STRONG)
        note_proof(person.id, session_id)


def note_turned_away(away: TurnedAway) -> None:
    with aside():
        door.note(
            Happened.COUNCIL_REFUSED,
            person_id=away.person_id,
            email=away.email,
            detail=away.why.replace("_", " "),
        )


def disconnect(one: CouncilAccount, *, here: SignInSession) -> Event:
    """Let it open nothing any longer; the person's other sessions end."""
    event = take(one.person, "disconnect_council_account", by=one.person)
    one.ended_at = clock.now()
    sessions.end_all(one.person, but=here)
    return event


def disconnect_all(person: Person, *, by: Person, reason: str = "") -> Event:
    """What an administrator does, for a leaver or an account that is not theirs."""
    event = take(person, "disconnect_council_accounts", by=by, reason=reason)
    still = select(CouncilAccount).filter_by(person_id=person.id, ended_at=None)
    for one in db.session.scalars(still):
        one.ended_at = clock.now()
    sessions.end_all(person)
    db.session.flush()
    return event
