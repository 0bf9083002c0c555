"""Verbs of needs: described in private, shared, submitted, checked, opened, withdrawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from broker import clock, outbox, people
from broker.clock import Quarter
from broker.days import MAX_DAYS
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.authority import Authority
from broker.models.match import MATCHES_LIVE, Conversation, ConversationState, Match
from broker.models.need import Need, NeedTheme, Readiness, ReadinessCheck, Shape
from broker.models.offer import Delivery
from broker.models.person import Person
from broker.models.programme import Choice, Programme, Theme
from broker.system import the_system
from broker.taking import start, take

QUARTERS_MOST = 8
TITLE_LENGTH = 120
TEXT_LENGTH = 4000
TALKS_UNFINISHED = (ConversationState.ASKED, ConversationState.ACCEPTED)


@dataclass(frozen=True)
class NeedTerms:
    """What a need says. Days are quarter-days over the whole need; the first theme matters most."""

    title: str
    themes: tuple[Theme, ...]
    choices: tuple[Choice, ...]
    days_wanted: int
    days_least: int
    first_quarter: Quarter
    quarters_wanted: int = 1
    shape: Shape = Shape.EVEN
    delivery: Delivery = Delivery.EITHER
    change_wanted: str = ""
    strengths: str = ""
    diagnosis: str = ""
    releases_region: bool = False


# -- how the days spread ----------------------------------------------------------------------


def days_by_quarter(need: Need | NeedTerms) -> dict[Quarter, int]:
    """The quarter-days wanted in each quarter. Their sum is the days wanted, exactly.

    Whole quarter-days, earlier quarters first where they do not divide; a quarter that would get
    none is left out.
    """
    weights = _weights(need.shape, need.quarters_wanted)
    shares = [need.days_wanted * weight // sum(weights) for weight in weights]
    for early in range(need.days_wanted - sum(shares)):
        shares[early] += 1
    quarters = ((need.first_quarter + ahead, share) for ahead, share in enumerate(shares))
    return {quarter: share for quarter, share in quarters if share}


def _weights(shape: Shape, quarters: int) -> list[int]:
    """Even: all alike. Tapering: 4 3 2 1. More at the start: 3 3 1 1."""
    if shape is Shape.EVEN:
        return [1] * quarters
    if shape is Shape.TAPERING:
        return list(range(quarters, 0, -1))
    return [3 if ahead * 2 < quarters else 1 for ahead in range(quarters)]


# -- describing -------------------------------------------------------------------------------


def describe(
    *,
    receiver: Authority,
    programme: Programme,
    terms: NeedTerms,
    by: Person,
    is_illustrative: bool = False,
) -> Need:
    """Write down a need, private to its own authority."""
    _check(terms, receiver)
    need = Need(
        receiver_id=receiver.id,
        programme_id=programme.id,
        created_by_id=by.id,
        is_illustrative=is_illustrative,
    )
    _write(need, terms)
    start(need, "describe", by=by)
    return need


def edit(need: Need, terms: NeedTerms, *, by: Person, programme: Programme | None = None) -> None:
    """Change what a need says while only its own authority and its coordinator know of it."""
    _check(terms, need.receiver)
    take(need, "edit", by=by)
    need.themes.clear()
    db.session.flush()
    if programme is not None:
        need.programme = programme
    _write(need, terms)
    db.session.flush()


def _write(need: Need, terms: NeedTerms) -> None:
    need.title = terms.title.strip()
    need.days_wanted, need.days_least = terms.days_wanted, terms.days_least
    need.first_quarter, need.quarters_wanted = terms.first_quarter, terms.quarters_wanted
    need.shape, need.delivery = terms.shape, terms.delivery
    need.strengths, need.diagnosis = terms.strengths.strip(), terms.diagnosis.strip()
    need.change_wanted = terms.change_wanted.strip()
    need.releases_region = terms.releases_region
    need.choices = list(terms.choices)
    need.themes = [
        NeedTheme(theme_id=theme.id, position=position)
        for position, theme in enumerate(terms.themes, start=1)
    ]


def _check(terms: NeedTerms, receiver: Authority) -> None:
    _check_words(terms, receiver)
    _check_themes(terms.themes)
    if not 0 < terms.days_wanted <= MAX_DAYS * 4:
        raise NotRight(f"Days wanted must be more than 0 and up to {MAX_DAYS:,}.", "days_wanted")
    if not 0 < terms.days_least <= terms.days_wanted:
        raise NotRight(
            "The least useful days must be more than 0 and not above the days wanted.",
            "days_least",
        )
    if terms.first_quarter < clock.this_quarter():
        raise NotRight(f"{terms.first_quarter} is over. Choose a later quarter.", "first_quarter")
    if not 1 <= terms.quarters_wanted <= QUARTERS_MOST:
        raise NotRight(f"Choose from 1 to {QUARTERS_MOST} quarters.", "quarters_wanted")


def _check_words(terms: NeedTerms, receiver: Authority) -> None:
    if not terms.title.strip():
        raise NotRight("Give the need a title.", "title")
    if len(terms.title.strip()) > TITLE_LENGTH:
        raise NotRight(f"Keep the title to {TITLE_LENGTH} characters.", "title")
    keep_anonymous(terms.title, receiver, "title")
    for name in ("strengths", "change_wanted", "diagnosis"):
        if len(getattr(terms, name).strip()) > TEXT_LENGTH:
            raise NotRight(f"Keep this to {TEXT_LENGTH:,} characters.", name)


def _check_themes(themes: tuple[Theme, ...]) -> None:
    if not themes:
        raise NotRight("Choose the theme that matters most.", "theme")
    if len({theme.id for theme in themes}) < len(themes):
        raise NotRight("Each theme counts once.", "further_themes")


def keep_anonymous(text: str, receiver: Authority, field: str) -> None:
    """NotRight when words that providers see before talking name the authority that asks."""
    for name in (receiver.name, receiver.short_name):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            raise NotRight(
                f"Providers see this before they know who asks. Leave '{name}' out of it.", field
            )


# -- moving on --------------------------------------------------------------------------------


def submit(need: Need, *, by: Person, reason: str = "") -> None:
    """The director's sign-off: the region sees the need."""
    take(need, "submit", by=by, reason=reason)
    if need.first_quarter < clock.this_quarter():
        raise NotPossible(f"{need.first_quarter} is over. Change the first quarter, then submit.")
    need.submitted_at = clock.now()
    db.session.flush()


def send_back(need: Need, *, by: Person, reason: str = "") -> None:
    """Back to its authority, where it is private again."""
    take(need, "send_back", by=by, reason=reason)
    need.submitted_at = None
    db.session.flush()


def open_need(need: Need, *, by: Person, reason: str = "") -> None:
    """The coordinator opens it: the region's DfE lead and the programme's managers see it."""
    take(need, "open", by=by, reason=reason)
    need.opened_at = clock.now()
    db.session.flush()


def check_readiness(
    need: Need,
    *,
    outcome: Readiness,
    evidence: str,
    conditions: str = "",
    chief_executive_signed_on: date | None = None,
    lead_member_signed_on: date | None = None,
    by: Person,
) -> ReadinessCheck:
    """Record how ready the authority is; the latest check is the one that counts."""
    check = ReadinessCheck(
        need_id=need.id,
        outcome=outcome,
        evidence=evidence.strip(),
        conditions=conditions.strip(),
        chief_executive_signed_on=chief_executive_signed_on,
        lead_member_signed_on=lead_member_signed_on,
        assessed_by_id=by.id,
    )
    _check_readiness_words(check)
    take(need, "check_readiness", by=by)
    db.session.add(check)
    db.session.flush()
    db.session.expire(need, ["readiness"])
    return check


def _check_readiness_words(check: ReadinessCheck) -> None:
    if not check.evidence:
        raise NotRight("Say what you saw that shows it.", "evidence")
    if check.outcome is Readiness.CONDITIONAL and not check.conditions:
        raise NotRight("Say which conditions.", "conditions")
    for name in ("evidence", "conditions"):
        if len(getattr(check, name)) > TEXT_LENGTH:
            raise NotRight(f"Keep this to {TEXT_LENGTH:,} characters.", name)
    for name in ("chief_executive_signed_on", "lead_member_signed_on"):
        signed_on = getattr(check, name)
        if signed_on is not None and signed_on > clock.today():
            raise NotRight("This date is in the future. Record it once they have signed.", name)


def withdraw(need: Need, *, by: Person, reason: str = "") -> None:
    """Withdraw a need: what was asked about it lapses, live matches close with thanks."""
    take(need, "withdraw", by=by, reason=reason)
    live = select(Match).filter_by(need_id=need.id).where(Match.state.in_(MATCHES_LIVE))
    for match in db.session.scalars(live.order_by(Match.id)).unique().all():
        take(match, "close", by=the_system())
    talks = select(Conversation).filter_by(need_id=need.id).order_by(Conversation.id)
    unfinished = talks.where(Conversation.state.in_(TALKS_UNFINISHED))
    for conversation in db.session.scalars(unfinished).unique().all():
        _let_lapse(conversation)


def _let_lapse(conversation: Conversation) -> None:
    """End a conversation by the clock, and thank the provider, who need not answer any more."""
    event = take(conversation, "lapse", by=the_system())
    told = {p.id for p in people.receiving_side(conversation) + people.coordinators(conversation)}
    others = [person for person in people.providing_side(conversation) if person.id not in told]
    subject = f"{conversation.title}: not needed now, with thanks"
    outbox.tell(others, subject, about=conversation, event=event)


DEEDS = {
    "submit": submit,
    "send_back": send_back,
    "open": open_need,
    "withdraw": withdraw,
}
