"""Verbs of suggested needs: suggest, take up, decline, take back."""

from __future__ import annotations

from dataclasses import replace

from broker.db import db
from broker.errors import NotAllowed, NotRight
from broker.models.authority import Authority
from broker.models.need import Need, NeedOrigin
from broker.models.person import Person
from broker.models.programme import Programme, Theme
from broker.models.suggested_need import SuggestedNeed
from broker.needs import actions as needs
from broker.needs.terms import DAYS_MOST, TEXT_LENGTH, TITLE_LENGTH, NeedTerms
from broker.permissions import SUGGESTING
from broker.taking import start, take


def origin_for(person: Person) -> NeedOrigin:
    """As whom a person suggests: the region first, then the Department, then as an adviser."""
    held = next((role for role in SUGGESTING if person.holding(role)), None)
    if held is None:
        raise NotAllowed("Coordinators, DfE regional leads and advisers suggest needs.")
    return SUGGESTING[held]


def suggest(
    *,
    receiver: Authority,
    theme: Theme,
    title: str,
    because: str,
    strengths: str = "",
    days: int,
    by: Person,
) -> SuggestedNeed:
    """Put a need to an authority, for it alone to decide on; `days` in quarter-days."""
    _check(title, because, strengths, days)
    suggested = SuggestedNeed(
        receiver=receiver,
        receiver_id=receiver.id,
        theme=theme,
        theme_id=theme.id,
        origin=origin_for(by),
        title=title.strip(),
        because=because.strip(),
        strengths=strengths.strip(),
        days_wanted=days,
        suggested_by=by,
        suggested_by_id=by.id,
    )
    start(suggested, "suggest", by=by)
    return suggested


def _check(title: str, because: str, strengths: str, days: int) -> None:
    if not title.strip():
        raise NotRight("Give it a title.", "title")
    if len(title.strip()) > TITLE_LENGTH:
        raise NotRight(f"Keep the title to {TITLE_LENGTH} characters.", "title")
    if not because.strip():
        raise NotRight("Say what you have seen that makes you suggest it.", "because")
    for name, words in (("because", because), ("strengths", strengths)):
        if len(words.strip()) > TEXT_LENGTH:
            raise NotRight(f"Keep this to {TEXT_LENGTH:,} characters.", name)
    if not 0 < days <= DAYS_MOST:
        raise NotRight(f"Days must be more than 0 and up to {DAYS_MOST // 4:,}.", "days")


def take_up(
    suggested: SuggestedNeed, *, programme: Programme, terms: NeedTerms, by: Person
) -> Need:
    """Make it a private need of the authority's own, as it stands or changed; what was said of
    strengths and of why goes along, with its source."""
    take(suggested, "take_up", by=by)
    carried = replace(
        terms,
        strengths=suggested.strengths,
        diagnosis=suggested.because,
        diagnosis_source=suggested.origin.words,
    )
    need = needs.describe(
        receiver=suggested.receiver,
        programme=programme,
        terms=carried,
        by=by,
        origin=suggested.origin,
    )
    suggested.need_id = need.id
    db.session.flush()
    return need
