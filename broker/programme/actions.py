"""What a programme's manager does besides freezing (broker/returns/actions.py)."""

from __future__ import annotations

from broker import events
from broker.db import aside
from broker.models.person import Person
from broker.models.return_ import Freeze
from broker.taking import lock


def note_download(freeze: Freeze, *, by: Person) -> None:
    """Write down who downloaded a freeze; kept aside, as a page view commits nothing."""
    with aside():
        lock(freeze)
        events.record(freeze, "downloaded", by=by)
