"""Why a pair is not possible, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Audience(StrEnum):
    RECEIVER = "receiver"
    PROVIDER = "provider"
    COORDINATOR = "coordinator"


EVERYBODY = frozenset(Audience)
NOT_THE_PROVIDER = frozenset({Audience.RECEIVER, Audience.COORDINATOR})
ONLY_COORDINATORS = frozenset({Audience.COORDINATOR})
NOT_AVAILABLE = "Not available"


@dataclass(frozen=True)
class Reason:
    """`change`: what would make the pair possible."""

    code: str
    text: str
    change: str
    audience: frozenset[Audience] = EVERYBODY


said = lru_cache(maxsize=4096)(Reason)  # the same words for many pairs are one Reason


def words_for(reason: Reason, audience: Audience) -> str:
    return reason.text if audience in reason.audience else NOT_AVAILABLE


def change_for(reason: Reason, audience: Audience) -> str | None:
    return reason.change if audience in reason.audience else None


def all_words_for(reasons: Iterable[Reason], audience: Audience) -> list[str]:
    """What one audience reads: its own reasons; if it may know none of them, 'Not available'."""
    reasons = list(reasons)
    known = [reason.text for reason in reasons if audience in reason.audience]
    return known or ([NOT_AVAILABLE] if reasons else [])
