"""Before what weighs heavily one shows again who one is: the rule behind `weighs` of a verb.

A proof counts for 15 minutes. In the demonstration, taking a role is proof for as long as the
session lasts. Commands, the clock and the worker are not asked: nobody sits at a browser.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from broker.errors import Refused
from broker.models.person import Person

Weighs = Callable[[Any], bool]


@dataclass(frozen=True)
class Asker:
    """Who sent the request, and whether they have shown lately who they are."""

    person_id: int
    is_proved: bool


_asker: ContextVar[Asker | None] = ContextVar("asker", default=None)


class NotProved(Refused):
    """Show who you are, then do it again (the page leads there, and back)."""

    def __init__(self) -> None:
        super().__init__("Show that it is you, then press again.")


def asks(asker: Asker | None) -> None:
    """Note who sends the request that begins; None when it has ended, or nobody is signed in."""
    _asker.set(asker)


def check(weighs: Weighs | None, thing: Any, by: Person) -> None:
    """NotProved when what is done weighs heavily and its doer has not shown lately who they are."""
    asker = _asker.get()
    is_theirs = asker is not None and asker.person_id == by.id and not asker.is_proved
    if weighs is not None and is_theirs and weighs(thing):
        raise NotProved


# -- what weighs ------------------------------------------------------------------------------


def always(thing: Any) -> bool:
    """always"""
    return True


def if_it_closes_writing(notice: Any) -> bool:
    """where it closes writing"""
    return bool(notice.closes_writing)


def if_the_role_is_privileged(held: Any) -> bool:
    """where the role reaches beyond one authority"""
    return bool(held.role.is_privileged)
