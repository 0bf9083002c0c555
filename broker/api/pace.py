"""How many requests a minute a program may make: counted in memory, by each process for itself."""

from __future__ import annotations

from collections import Counter
from time import monotonic

from flask import current_app, request
from werkzeug.exceptions import TooManyRequests

A_MINUTE = 120
SECONDS = 60
NEAR = frozenset({"127.0.0.1", "::1"})  # where the web server before this one stands


class Pace:
    """Requests of the present minute by caller. Nothing of it is kept longer or written down."""

    def __init__(self) -> None:
        self.minute = 0
        self.counted: Counter[str] = Counter()

    def wait(self, caller: str, *, at: float, most: int) -> int:
        """Count a request; how many seconds to wait when it is one too many, else 0."""
        minute = int(at // SECONDS)
        if minute != self.minute:
            self.minute, self.counted = minute, Counter()
        self.counted[caller] += 1
        return 0 if self.counted[caller] <= most else SECONDS - int(at % SECONDS)


def slow_down(caller: str) -> None:
    """Refuse what comes too fast (429), saying how long to wait."""
    pace = current_app.extensions.setdefault("api_pace", Pace())
    most = current_app.config.get("API_A_MINUTE", A_MINUTE)
    if seconds := pace.wait(caller, at=monotonic(), most=most):
        raise TooManyRequests(retry_after=seconds)


def address() -> str:
    """Where a request comes from. The web server on this machine says for whom it asks; what
    anybody else says of that is not believed."""
    peer = request.remote_addr or ""
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return said if said and peer in NEAR else peer
