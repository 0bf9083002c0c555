"""What a measurement came to, against its bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MISSED = {True: "holds", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Result:
    """`holds`: None where no bar is set."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    holds: bool | None = None

    def row(self) -> str:
        bar = "" if self.bar is None else f"{self.bar:g}"
        return f"{self.name:<52}{self.value:>14,.4f} {self.unit:<7}{bar:>10}  {MISSED[self.holds]}"


def measured(
    name: str,
    value: float,
    unit: str,
    bar: float | None = None,
    *,
    side: Literal["at most", "at least"] = "at most",
) -> Result:
    """`bar`: the highest value that holds or, with 'at least', the lowest."""
    holds = None
    if bar is not None:
        holds = value <= bar if side == "at most" else value >= bar
    return Result(name, round(value, 5), unit, bar, holds)
