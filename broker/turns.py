"""Long work in short transactions: between two things, whoever waits for what it holds has a turn.

The clock's work goes over the whole country. Were a step one transaction, nobody could log a day
for a provider from the moment its return was opened until the last one was. So what was done is
kept every now and then, and a step goes on from there; repeating it changes nothing, so what
breaks off between two turns is done by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TypeVar

LONGEST = 0.25  # seconds that anybody is made to wait, and the one thing that was begun
T = TypeVar("T")

_next: ContextVar[Callable[[], None] | None] = ContextVar("turn", default=None)


@contextmanager
def given_by(next_turn: Callable[[], None]) -> Iterator[None]:
    """In this block `in_turns` keeps what was done and begins again, by calling this."""
    token = _next.set(next_turn)
    try:
        yield
    finally:
        _next.reset(token)


def in_turns(things: Iterable[T]) -> Iterator[T]:
    """Each thing of a list, with a turn for others in between where enough time has passed.

    After a turn things may stand otherwise than when they were listed: look again. Where nobody
    gives turns (in a request, in a test) it is the list alone.
    """
    next_turn, began = _next.get(), monotonic()
    for thing in list(things):
        yield thing
        if next_turn is not None and monotonic() - began > LONGEST:
            next_turn()
            began = monotonic()
