"""What verbs do to the ledger, each in words that the table of states prints."""

from __future__ import annotations

from typing import Any

from broker import ledger
from broker.models.event import Event
from broker.models.match import MatchState as M
from broker.models.partnership import Partnership


def reserve_when_agreed(match: Any, event: Event) -> None:
    """reserves the days once both sides agree"""
    if match.state is M.AGREED:
        ledger.reserve(match, event)


def after_panel(match: Any, event: Event) -> None:
    """commits the days if approved, gives them back if not"""
    if match.state is M.APPROVED:
        ledger.commit(match, event)
    elif match.state is M.NOT_APPROVED:
        ledger.unreserve(match, event)


def unreserve(match: Any, event: Event) -> None:
    """gives reserved days back"""
    ledger.unreserve(match, event)


def commit(match: Any, event: Event) -> None:
    """turns reserved days into committed days"""
    ledger.commit(match, event)


def release(partnership: Partnership, event: Event) -> None:
    """gives back committed days that were not used"""
    ledger.release(partnership, event)


def deliver(day: Any, event: Event) -> None:
    """counts the days as delivered"""
    ledger.deliver(day, event)


def void(day: Any, event: Event) -> None:
    """takes the days out of the count"""
    ledger.void(day, event)
