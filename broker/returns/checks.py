"""What a return must put right before it goes out, and what readers will ask about, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from broker.clock import LONDON
from broker.days import format_days
from broker.db import db
from broker.models.match import Match
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership, SupportDay, SupportDayState
from broker.models.return_ import Return, SectionState
from broker.returns.figures import Figures, figures_of
from broker.returns.receivers import receivers_of
from broker.returns.records import Behind, behind


@dataclass(frozen=True)
class Check:
    """One thing to put right (it blocks) or to look at (it warns)."""

    words: str
    is_blocking: bool = False
    waits: bool = False  # blocks, and somebody else has it in hand


def checks_of(return_: Return) -> list[Check]:
    """What blocks first, then what warns; in a constant number of questions."""
    of = return_.provider_id, return_.programme_id, return_.quarter
    figures, records = figures_of(*of), behind(*of)
    found = [
        *_words(return_, figures),
        *_sections(return_),
        *_order(records),
        *_open_ends(figures),
        *_without_baseline(records),
        *_twice(records),
        *_elsewhere(return_, records),
    ]
    return sorted(found, key=lambda check: not check.is_blocking)


def _words(return_: Return, figures: Figures) -> Iterator[Check]:
    if figures.is_nil:
        return
    if return_.asks_reflection and not return_.reflection.strip():
        yield Check("Write the reflection on six months: this quarter asks for it.", True)
    if return_.asks_reflection and not return_.case_study.strip():
        yield Check("There is no case study, though this quarter asks for one.")
    if not return_.measured.strip():
        yield Check("It does not say how the outcomes were measured.")
    if not return_.evidence.strip():
        yield Check("It gives no evidence of impact.")


def _sections(return_: Return) -> Iterator[Check]:
    """Every receiver has read what is said of it, or has had 5 working days."""
    known = {one.receiver_id: one for one in return_.sections}
    for receiver in receivers_of(return_):
        section = known.get(receiver.id)
        if section is None or section.state is SectionState.WRITTEN or not section.goes_out_from:
            yield Check(f"Show {receiver.name} its section first.", True)
        elif not section.may_go_out:
            day = _said(section.goes_out_from)
            yield Check(
                f"{receiver.name} reads its section first. Unread, it can go out from {day}.",
                True,
                waits=True,
            )
        if section is None or not section.words:
            yield Check(f"Nothing is written about {receiver.name} beside its days.")


def _order(records: Behind) -> Iterator[Check]:
    """Agreed, approved, first day: in this order."""
    ids = {entry.partnership for entry in records.entries}
    rows = (
        select(
            Partnership.title, Match.agreed_at, Partnership.opened_at, func.min(SupportDay.given_on)
        )
        .join(Match, Match.id == Partnership.match_id)
        .join(SupportDay, SupportDay.partnership_id == Partnership.id)
        .where(Partnership.id.in_(ids), SupportDay.state != SupportDayState.VOID)
        .group_by(Partnership.id, Partnership.title, Match.agreed_at, Partnership.opened_at)
        .order_by(Partnership.id)
    )
    for title, agreed_at, approved_at, first in db.session.execute(rows):
        approved = approved_at.astimezone(LONDON).date()
        if agreed_at and approved_at < agreed_at:
            yield Check(f"{title}: it was approved before both sides had agreed.", True)
        if first < approved:
            yield Check(
                f"{title}: its first day, {_said(first)}, is before its approval on "
                f"{_said(approved)}. Void that entry, or have its date put right.",
                True,
            )


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _open_ends(figures: Figures) -> Iterator[Check]:
    if figures.total.unconfirmed:
        days = format_days(figures.total.unconfirmed)
        yield Check(f"{days} not confirmed by the other side yet: they are shown apart.")
    if figures.total.queried:
        days = format_days(figures.total.queried)
        yield Check(f"{days} queried: they are left out until they are answered and confirmed.")
    if waiting := figures.asked - figures.answered:
        yield Check(
            f"Feedback was asked for and not given yet: {waiting} of {figures.asked} times."
        )


def _without_baseline(records: Behind) -> Iterator[Check]:
    for one in records.outcomes:
        if not one.baseline:
            yield Check(f"{one.title}: ‘{one.measure}’ has no baseline, so no change can be told.")


def _twice(records: Behind) -> Iterator[Check]:
    """Entries that may be the same day, entered twice."""
    seen = Counter((e.partnership, e.title, e.given_on) for e in records.entries)
    for (_, title, given_on), times in sorted(seen.items()):
        if times > 1:
            day = _said(date.fromisoformat(given_on))
            yield Check(
                f"{title}: {times} entries on {day}. Check that none is the same day twice."
            )


def _elsewhere(return_: Return, records: Behind) -> Iterator[Check]:
    """The same two authorities at work under another programme, where days might be told twice."""
    names = {one.receiver for one in records.live}
    others = select(Partnership).where(
        Partnership.provider_id == return_.provider_id,
        Partnership.programme_id != return_.programme_id,
        Partnership.state.in_(PARTNERSHIPS_LIVE),
    )
    for other in db.session.scalars(others.order_by(Partnership.id)).unique():
        if other.receiver.name in names:
            yield Check(
                f"With {other.receiver.name} there is also work under {other.programme.name} "
                f"({other.title}). Check that no day is told in both."
            )
