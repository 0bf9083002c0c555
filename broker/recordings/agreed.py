"""What was agreed elsewhere, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from broker.clock import Quarter
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.offer import Delivery
from broker.models.programme import Programme, Theme


@dataclass(frozen=True)
class Agreed:
    """What was agreed elsewhere. `to_come`: quarter-days by quarter, from this quarter on."""

    provider: Authority
    receiver: Authority
    programme: Programme
    theme: Theme
    title: str
    starts_on: date
    aims: str = ""
    to_come: Mapping[Quarter, int] | None = None


@dataclass(frozen=True)
class Given:
    """Days given on one date; quarter-days."""

    on: date
    quarter_days: int
    activity: str
    delivery: Delivery = Delivery.ON_SITE


@dataclass(frozen=True)
class Found:
    """One agreement of the sheet."""

    agreed: Agreed
    side: Side
    given: tuple[Given, ...]
