"""The time that a run has, who may stop it early, and who hears how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from broker.matching.instance import Measure


@dataclass(frozen=True)
class Progress:
    """The level at work: its plan's value so far and the proven bound; `seconds` gone by."""

    measure: Measure
    value: int
    bound: int
    seconds: float


Report = Callable[[Progress], None]
Stop = Callable[[], bool]


class Watch:
    """Once stopped, it stays stopped."""

    def __init__(
        self, seconds: float, *, should_stop: Stop | None = None, progress: Report | None = None
    ) -> None:
        self._began = perf_counter()
        self._ends = self._began + seconds
        self._should_stop, self._progress = should_stop, progress
        self.is_cancelled = False

    def gone(self) -> float:
        return perf_counter() - self._began

    def left(self) -> float:
        """Seconds; 0 when the run was cancelled."""
        if self.is_over():
            return 0.0
        return self._ends - perf_counter()

    def is_over(self) -> bool:
        if not self.is_cancelled and self._should_stop is not None:
            self.is_cancelled = self._should_stop()
        return self.is_cancelled or perf_counter() >= self._ends

    def report(self, measure: Measure, value: int, bound: int) -> None:
        if self._progress is not None:
            self._progress(Progress(measure, value, bound, self.gone()))

    def share(self, share: float) -> Share:
        """A share of the time left."""
        return Share(self, perf_counter() + self.left() * share)


class Share:
    """A part of a watch's time. It ends early when the whole does."""

    def __init__(self, whole: Watch, ends: float) -> None:
        self._whole, self._ends = whole, ends

    def left(self) -> float:
        return max(0.0, min(self._whole.left(), self._ends - perf_counter()))

    def is_over(self) -> bool:
        return self._whole.is_over() or perf_counter() >= self._ends

    def share(self, share: float) -> Share:
        return Share(self._whole, perf_counter() + self.left() * share)
