"""What one verb is made of: from, to, who, why-not, reason, days, who hears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from broker import conditions as when
from broker import people
from broker import permissions as who
from broker.models.event import Event
from broker.models.offer import OfferState as O
from broker.outcomes import Outcome
from broker.proof import Weighs


class Reason(Enum):
    """Whether a verb is given with a reason."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Row:
    """One verb. `from_` empty: it makes the record. `to` None: the state stays.

    `effect` is what it does to the ledger; `awaited` marks a verb that somebody is waited for, in
    working days; `weighs` says when its doer must have shown within a quarter of an hour who they
    are (broker/proof.py); `is_pressed` is False for verbs that have a form of their own or that
    another verb brings about.
    """

    noun: str
    verb: str
    from_: tuple[Enum, ...]
    to: Enum | Outcome | None
    who: tuple[who.Test, ...]
    label: str
    past: str
    when: tuple[when.Condition, ...] = ()
    reason: Reason = Reason.NONE
    effect: Callable[[Any, Event], None] | None = None
    tells: tuple[people.Group, ...] = ()
    awaited: int | None = None
    weighs: Weighs | None = None
    is_pressed: bool = True
    is_warning: bool = False


GIVERS = (who.director_of_the_provider, who.lead_of_the_provider)
RECEIVERS = (who.director_of_the_receiver, who.lead_of_the_receiver)
STANDING = (O.PUBLISHED, O.PAUSED, O.SUSPENDED)
REQUIRED, OPTIONAL = Reason.REQUIRED, Reason.OPTIONAL
