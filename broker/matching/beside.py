"""A second process at the same search, on another core: each reads the other's best plan."""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Sequence

import numpy as np

FORK = multiprocessing.get_context("fork")
WIDTH = 8  # bytes of a number


class Board:
    """Where one process writes its best plan, as numbers, for the other to read. Nobody waits: who
    finds the other at it comes again later. `most`: how many numbers a plan has at most."""

    def __init__(self, most: int) -> None:
        self._lock = FORK.Lock()
        shared = mmap.mmap(-1, WIDTH * (most + 2))
        self._numbers = np.frombuffer(shared, np.int64)  # how often written, how many, which
        self._read = 0

    def write(self, numbers: Sequence[int]) -> bool:
        """False where the other is reading."""
        if not self._lock.acquire(block=False):
            return False
        self._numbers[2 : 2 + len(numbers)] = numbers
        self._numbers[1] = len(numbers)
        self._numbers[0] += 1
        self._lock.release()
        return True

    def read(self) -> list[int] | None:
        """What was written; None where nothing was since it was read last."""
        if self._numbers[0] == self._read or not self._lock.acquire(block=False):
            return None
        self._read, count = self._numbers[:2].tolist()
        numbers: list[int] = self._numbers[2 : 2 + count].tolist()
        self._lock.release()
        return numbers


class Beside:
    """`ours` is read by the other process, `theirs` is written by it."""

    def __init__(self, most: int) -> None:
        self.ours, self.theirs = Board(most), Board(most)
        self._starter = self._other = 0

    def begin(self, work: Callable[[], None]) -> None:
        """Do `work` in a second process, if there is a second core and it is not begun yet. There
        everything is as here at this moment, but that the boards change their sides: nothing that
        belongs to this process alone (a database, whoever hears of progress) may be used.
        """
        if self._other or len(os.sched_getaffinity(0)) < 2:
            return
        starter = os.getpid()
        self._other = os.fork()
        if self._other:
            return
        try:
            self._starter = starter
            self.ours, self.theirs = self.theirs, self.ours
            work()
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(0)

    def is_left_alone(self) -> bool:
        """In the second process: whether the one that began it has gone."""
        return bool(self._starter) and os.getppid() != self._starter

    def end(self) -> None:
        if self._other:
            os.kill(self._other, signal.SIGKILL)
            os.waitpid(self._other, 0)
            self._other = 0
