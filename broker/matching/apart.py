"""Work done in a process of its own, so that it can be ended at any moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

Answer = TypeVar("Answer")
FORK = multiprocessing.get_context("fork")
LOOK = 0.1  # seconds between two looks at whether it is to end


def done_apart(work: Callable[[], Answer], is_over: Callable[[], bool]) -> Answer | None:
    """What `work` gives; None where `is_over` said so first, and the process is gone then.

    EOFError when the process ends without an answer.
    """
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_answer, args=(work, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        while not ours.poll(LOOK):
            if is_over():
                return None
        answer: Answer = ours.recv()
        return answer
    finally:
        child.kill()
        child.join()
        ours.close()


def _answer(work: Callable[[], Answer], theirs: Connection) -> None:
    theirs.send(work())
