"""Who makes a copy says how far it is, so that whoever waits sees it and the worker's job is not
taken for one that broke off."""

from __future__ import annotations

from collections.abc import Callable

# Called with 0 to 100, often and also where it is no further; what it raises ends the work.
Hear = Callable[[int], None]


def nobody(_percent: int) -> None:
    """Nobody listens."""


def part_of(hear: Hear, first: int, last: int) -> Hear:
    """What a part of the work calls, from 0 to 100, while the whole goes from `first` to `last`."""
    return lambda percent: hear(first + (last - first) * percent // 100)
