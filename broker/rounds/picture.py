"""Who would help whom, as a drawing: providers left, receivers right, curves as wide as days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from broker.rounds.queries import Proposed

ROW, TOP, WIDE = 28, 44, 640
LEFT, RIGHT = 230, 410  # where the curves begin and end
THIN, THICK = 2.0, 16.0


@dataclass(frozen=True)
class Curve:
    path: str
    width: float


@dataclass(frozen=True)
class Whom:
    """Names with how far down they stand. `counts_days`: widths say days, else all are alike."""

    height: int
    providers: list[tuple[str, int]]
    receivers: list[tuple[str, int]]
    curves: list[Curve]
    counts_days: bool


def whom(proposed: list[Proposed]) -> Whom:
    """Receivers in the order of their providers, on average, so that few curves cross."""
    days: dict[tuple[str, str], int] = defaultdict(int)
    for one in proposed:
        days[one.offer.provider.name, one.need.receiver.name] += sum(one.days)
    providers = _placed(sorted({provider for provider, _ in days}))
    beside: dict[str, list[int]] = defaultdict(list)
    for provider, receiver in days:
        beside[receiver].append(providers[provider])
    in_order = sorted(beside, key=lambda name: (sum(beside[name]) / len(beside[name]), name))
    receivers = _placed(in_order)
    most = max(days.values(), default=0)
    curves = [
        Curve(_path(providers[giver] - 5, receivers[taker] - 5), _width(count, most))
        for (giver, taker), count in days.items()
    ]
    height = TOP + max(len(providers), len(receivers)) * ROW
    return Whom(height, list(providers.items()), list(receivers.items()), curves, most > 0)


def _placed(names: list[str]) -> dict[str, int]:
    return {name: TOP + at * ROW for at, name in enumerate(names)}


def _path(above: int, below: int) -> str:
    middle = (LEFT + RIGHT) // 2
    return f"M{LEFT} {above}C{middle} {above} {middle} {below} {RIGHT} {below}"


def _width(days: int, most: int) -> float:
    return round(THIN + (THICK - THIN) * days / most, 1) if most else THIN
