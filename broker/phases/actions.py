"""Pausing and resuming, and spreading the days otherwise: each moves days in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

from broker import clock, ledger
from broker.balances import given_back_by
from broker.clock import Quarter
from broker.days import format_days
from broker.errors import NotRight
from broker.events import last_event
from broker.extensions.actions import close_open_ones
from broker.models.event import Event
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.taking import lock, take


def pause(partnership: Partnership, *, reason: str, by: Person) -> Event:
    """Stop for now; the days of the quarters ahead go back to the provider."""
    lock(partnership)
    event = take(partnership, "pause", by=by, reason=reason)
    close_open_ones(partnership)
    return event


def given_back(partnership: Partnership) -> dict[Quarter, int]:
    """Quarter-days by quarter that the last pause gave back."""
    event = last_event("partnership", partnership.id, verb="pause")
    return given_back_by(event.id) if event else {}


def resume(partnership: Partnership, *, days: Mapping[Quarter, int], by: Person) -> Event:
    """Go on in the phase it was in, with up to the days that the pause gave back."""
    _hold(partnership)
    wanted = {quarter: count for quarter, count in days.items() if count}
    most = sum(given_back(partnership).values())
    if sum(wanted.values()) > most:
        raise NotRight(
            f"The pause gave back {format_days(most)}. More than that is an extension: resume "
            f"first, then ask for more days."
        )
    if wanted and min(wanted) < clock.this_quarter():
        raise NotRight(f"{min(wanted)} is over. Choose this quarter or later ones.")
    event = take(partnership, "resume", by=by, detail=_in_words(wanted) or "no more days")
    ledger.take_up(partnership.match, wanted, event)
    return event


def _in_words(days: Mapping[Quarter, int]) -> str:
    return "; ".join(f"{quarter}: {format_days(days[quarter])}" for quarter in sorted(days))


def _hold(partnership: Partnership) -> None:
    lock(partnership)
    ledger.lock([ledger.capacity_of(partnership.provider_id, partnership.programme).id])


def vary(
    partnership: Partnership, *, days: Mapping[Quarter, int], reason: str, by: Person
) -> Event:
    """Spread the days of this quarter and those ahead otherwise. Fewer in all go back; more in all
    is an extension, which is approved again."""
    _hold(partnership)
    now = clock.this_quarter()
    if min(days, default=now) < now:
        raise NotRight(f"{min(days)} is over. Choose this quarter or later ones.")
    held = ledger.balances_of_match(partnership.match_id)
    wanted = {q: 0 for q in held if q >= now and held[q].committed} | dict(days)
    _check_spread(held, wanted)
    changed = {q: n for q, n in wanted.items() if n != held.get(q, ledger.Balance()).committed}
    if not changed:
        raise NotRight("These are the days as they stand. Change at least one quarter.")
    event = take(partnership, "vary", by=by, reason=reason, detail=_in_words(wanted))
    ledger.spread(partnership.match, changed, event)
    return event


def _check_spread(held: Mapping[Quarter, ledger.Balance], wanted: Mapping[Quarter, int]) -> None:
    before = sum(held[q].committed for q in wanted if q in held)
    after = sum(wanted.values())
    if after > before:
        raise NotRight(
            f"{format_days(before)} are approved from now on, and this makes {format_days(after)}. "
            f"Ask for more days instead: that is approved again."
        )
    given = sum(b.delivered for b in held.values())
    earlier = sum(b.committed for q, b in held.items() if q not in wanted)
    if earlier + after < given:
        raise NotRight(f"{format_days(given)} have been given already; the days cannot go below.")
