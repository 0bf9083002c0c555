"""One letter: what happened, what to do, by when."""

from __future__ import annotations

from dataclasses import dataclass

URGENT = True  # leaves at once, not with the digest


@dataclass(frozen=True)
class Letter:
    """`within` is in working days from the day it is written; `path` leads elsewhere than to the
    thing. Urgent letters leave at once, the others in the digest."""

    subject: str
    more: str = ""
    todo: str = ""
    within: int | None = None
    is_urgent: bool = False
    path: str = ""
