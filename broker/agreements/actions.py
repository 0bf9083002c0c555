"""Writing and agreeing how a partnership works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from broker import clock
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.agreement import Kpi, WorkingAgreement, WorkingConsent, WorkingState
from broker.models.event import Event
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.partnerships.sides import side_of
from broker.taking import lock, may, start, take

WORDS_LENGTH = 2000
KPI_LENGTH = 200
MOST_KPIS = 6
DECIDES = (
    "The receiving authority decides what changes in its services, and when. The providing "
    "authority decides whom it sends. The two directors settle what the leads cannot."
)
NO_SURPRISES = (
    "Each side tells the other's director first, the same day, of anything that the other would "
    "not want to learn elsewhere: a worry about practice, a change of people, news in the press."
)


@dataclass(frozen=True)
class Terms:
    """The words of an agreement."""

    aims_receiver: str
    aims_provider: str
    scope_in: str
    scope_out: str
    decides: str
    boundaries: str
    no_surprises: str


def begin(partnership: Partnership, *, by: Person) -> WorkingAgreement:
    """Carry the words of the terms, the need and the offer forward; the rest is for the sides."""
    match = partnership.match
    agreement = WorkingAgreement(
        partnership=partnership,
        aims_receiver=partnership.aims,
        scope_in="\n".join(row.theme.name for row in match.need.themes),
        boundaries=match.boundaries,
        decides=DECIDES,
        no_surprises=NO_SURPRISES,
    )
    start(agreement, "begin", by=by)
    return agreement


def write(
    agreement: WorkingAgreement, terms: Terms, kpis: Sequence[tuple[str, date]], *, by: Person
) -> Event:
    """Put other words or measures in; a side that had agreed agrees afresh."""
    _check(terms, kpis)
    event = take(agreement, "write", by=by)
    for name, value in asdict(terms).items():
        setattr(agreement, name, value.strip())
    agreement.kpis = [Kpi(name=name.strip(), relevant_on=on) for name, on in kpis]
    agreement.number += 1
    db.session.flush()
    return event


def _check(terms: Terms, kpis: Sequence[tuple[str, date]]) -> None:
    for name, value in asdict(terms).items():
        if len(value.strip()) > WORDS_LENGTH:
            raise NotRight(f"Keep this under {WORDS_LENGTH:,} characters.", field=name)
    if len(kpis) > MOST_KPIS:
        raise NotRight(f"Watch at most {MOST_KPIS} measures: fewer are looked at more often.")
    for name, _ in kpis:
        if not name.strip() or len(name.strip()) > KPI_LENGTH:
            raise NotRight(f"Name each measure in at most {KPI_LENGTH} characters.")


def agree(agreement: WorkingAgreement, *, by: Person, reason: str = "") -> Event:
    """One director agrees; when both have, it stands."""
    lock(agreement)
    may(agreement, "agree", by=by)
    side = side_of(agreement, by)
    if side in agreement.sides_agreed and agreement.state is WorkingState.BEING_WRITTEN:
        raise NotPossible("Your side has agreed. The other side's director is next.")
    if agreement.state is WorkingState.BEING_WRITTEN:
        consent = WorkingConsent(side=side, number=agreement.number, agreed_by_id=by.id)
        agreement.consents.append(consent)
        db.session.flush()
    event = take(agreement, "agree", by=by, reason=reason)
    if agreement.state is WorkingState.AGREED:
        agreement.agreed_at = clock.now()
    return event


def reopen(agreement: WorkingAgreement, *, reason: str, by: Person) -> Event:
    """Open an agreed one for changes; both directors agree again."""
    event = take(agreement, "reopen", by=by, reason=reason)
    agreement.number += 1
    db.session.flush()
    return event
