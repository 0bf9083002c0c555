"""`make faults`: each fault on a fresh PostgreSQL, the exchange served as deployed.

Says for each whether the exchange held and what was seen; exits 1 where it did not. With names,
only those: `.venv/bin/python -m faults postgres disk`. Faults that the suite shows are run from it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.load.served import Postgres, Served, postgres
from broker.config import ROOT
from faults import clients, disk, killing

Fault = Callable[[Served, Postgres], str]
FAULTS: dict[str, Fault] = {
    "web": killing.web_process,
    "postgres": killing.postgres,
    "disk": disk.full,
    "guesses": clients.guesses,
    "slow": clients.slow,
    "uploads": clients.uploads,
}
IN_THE_SUITE: dict[str, list[str]] = {
    "web, between any two statements": ["tests/test_killing.py", "tests/test_processes.py"],
    "worker in a batch": ["tests/test_mail.py", "-k", "killed"],
    "worker in a round": ["tests/rounds", "-k", "dies or interrupted"],
    "mail server down": ["tests/test_mail.py", "-k", "down or fails"],
    "clock jumps": ["tests/test_clockwork.py"],
    "restore": ["tests/copies"],
}


def shown(name: str, fault: Fault) -> bool:
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="fault-", ignore_cleanup_errors=True) as folder:
        var = Path(folder) / "var"
        var.mkdir()
        with postgres(Path(folder)) as database:
            served = Served(database.url, var)
            try:
                said, is_well = fault(served, database), True
            except Exception:
                said, is_well = traceback.format_exc() + _last_words(var / "web.log"), False
            finally:
                served.stop()
    _say(name, is_well, said, perf_counter() - began)
    return is_well


def _last_words(log: Path) -> str:
    """The end of what the web processes said, where something broke."""
    return log.read_text(errors="replace")[-4000:] if log.exists() else ""


def from_the_suite(name: str, words: list[str]) -> bool:
    began = perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "--database", "postgres", *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    is_well = ended.returncode == 0
    _say(name, is_well, ended.stdout.strip().splitlines()[-1], perf_counter() - began)
    return is_well


def _say(name: str, is_well: bool, said: str, seconds: float) -> None:
    sys.stdout.write(f"{name:<34}{'holds' if is_well else 'BROKE':<7}{seconds:>5.0f} s  {said}\n")
    sys.stdout.flush()


def main(names: list[str]) -> int:
    asked = names or [*FAULTS, *IN_THE_SUITE]
    went = [
        shown(name, FAULTS[name]) if name in FAULTS else from_the_suite(name, IN_THE_SUITE[name])
        for name in asked
    ]
    return 0 if all(went) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
