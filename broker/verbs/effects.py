"""What verbs do to the ledger, each in words that the table of states prints."""

from __future__ import annotations

from typing import Any

from broker import ledger
from broker.models.event import Event
from broker.models.extension import ExtensionState as X
from broker.models.extra import Extra
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


def release_ahead(partnership: Partnership, event: Event) -> None:
    """gives back the days of the quarters ahead"""
    ledger.release_ahead(partnership.match, event)


def reserve_extension(extension: Any, event: Event) -> None:
    """reserves the further days once both sides agree"""
    if extension.state is X.AGREED:
        days = {row.quarter: row.quarter_days for row in extension.days}
        ledger.reserve_more(extension.match, days, event)


def commit_extension(extension: Any, event: Event) -> None:
    """turns the further days into committed days"""
    ledger.commit(extension.match, event)


def unreserve_extension(extension: Any, event: Event) -> None:
    """gives the further days back"""
    ledger.unreserve(extension.match, event)


def extend_after_panel(extension: Any, event: Event) -> None:
    """commits the further days if approved, gives them back if not"""
    if extension.state is X.APPROVED:
        ledger.commit(extension.match, event)
    elif extension.state is X.NOT_APPROVED:
        ledger.unreserve(extension.match, event)


def commit_extra(extra: Extra, event: Event) -> None:
    """commits the extra days, from those that are free"""
    ledger.take_up(extra.partnership.match, {extra.quarter: extra.quarter_days}, event)


def release(partnership: Partnership, event: Event) -> None:
    """gives back committed days that were not used"""
    ledger.release(partnership, event)


def deliver(day: Any, event: Event) -> None:
    """counts the days as delivered"""
    ledger.deliver(day, event)


def void(day: Any, event: Event) -> None:
    """takes the days out of the count"""
    ledger.void(day, event)
