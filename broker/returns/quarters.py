"""Quarters in addresses and forms, where they stand as their ordinals."""

from __future__ import annotations

from broker.clock import Quarter

EARLIEST, LATEST = Quarter.named("2000-01 Q1"), Quarter.named("2199-00 Q4")


def quarter_numbered(ordinal: int | None) -> Quarter | None:
    """The quarter with this ordinal; None for anything that is no quarter of our times."""
    if ordinal is None or not EARLIEST.ordinal <= ordinal <= LATEST.ordinal:
        return None
    return Quarter(ordinal)
