"""How fast anybody may ask, counted by the minute.

With REDIS_URL all processes and machines count together; without it, or while Redis does not
answer, each process counts for itself. Nothing of it is kept longer or written down.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from ipaddress import ip_address
from math import ceil
from time import time  # the machine's, by which limits counts
from typing import Any

from flask import Flask, current_app, g, request
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from broker.web import UNTRACED

NO_LIMIT = 1_000_000_000
PATIENCE: dict[str, Any] = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """What is counted for whom, and how many a minute there may be of it."""

    name: str
    most: int
    what: str
    whom: str


PROGRAMS = Pace("programs", 120, "Requests under /api", "a token, or an address without one")
PRESSES = Pace("presses", 240, "Forms sent", "a person who is signed in")
VISITORS = Pace("visitors", 60, "Forms sent", "an address from which nobody is signed in")
LINKS = Pace("links", 60, "One-time links opened, right or guessed", "an address")
PACES = (PROGRAMS, PRESSES, VISITORS, LINKS)
BY_LINK = {"signing.page", "messages.leave", "one_time_links.open", "council_accounts.back"}


def init_app(app: Flask) -> None:
    """In tests only programs are held back, unless a test says so."""
    is_test = app.config["SETTINGS"].mode == "test"
    free = {pace.name: NO_LIMIT for pace in PACES if is_test and pace is not PROGRAMS}
    app.config["PACES"] = {pace.name: pace.most for pace in PACES} | free
    begin_afresh(app)
    app.before_request(hold)


def begin_afresh(app: Flask) -> None:
    """Nobody has asked for anything yet, as far as this process counts."""
    app.extensions["pace"] = Counted(app.config["SETTINGS"].redis_url)


class Counted:
    """The present minute's counts, in Redis or in memory."""

    def __init__(self, redis_url: str = "") -> None:
        self.own = FixedWindowRateLimiter(MemoryStorage())
        self.shared: FixedWindowRateLimiter | None = None
        if redis_url:
            storage = RedisStorage(redis_url, wrap_exceptions=True, **PATIENCE)
            self.shared = FixedWindowRateLimiter(storage)

    def wait(self, pace: Pace, caller: str, *, most: int) -> int:
        """Count one; how many seconds to wait when it is one too many, else 0."""
        if self.shared is not None:
            try:
                return _wait(self.shared, pace, caller, most)
            except StorageError:
                log.warning("Redis does not answer: each process counts for itself")
        return _wait(self.own, pace, caller, most)


def _wait(limiter: FixedWindowRateLimiter, pace: Pace, caller: str, most: int) -> int:
    item = RateLimitItemPerMinute(most, namespace="exchange")
    if limiter.hit(item, pace.name, caller):
        return 0
    ends = limiter.get_window_stats(item, pace.name, caller).reset_time
    return min(60, max(1, ceil(ends - time())))


def slow_down(pace: Pace, caller: str) -> None:
    """Refuse what comes too fast (429), saying how long to wait."""
    counted: Counted = current_app.extensions["pace"]
    most = current_app.config["PACES"][pace.name]
    if seconds := counted.wait(pace, caller, most=most):
        raise TooManyRequests(retry_after=seconds)


def hold() -> None:
    """Hold whoever sends forms, or opens links that are a secret, to a pace. Staff pulses are
    answered without a trace, and not counted here either."""
    if request.endpoint in UNTRACED:
        return
    if request.method == "POST":
        if g.person is not None:
            slow_down(PRESSES, f"person {g.person.id}")
        else:
            slow_down(VISITORS, address())
    elif request.endpoint in BY_LINK:
        slow_down(LINKS, address())


def address() -> str:
    """Where a request comes from. The web servers before this one (PROXIES) say for whom they ask;
    what anybody else says of that is not believed."""
    peer = request.remote_addr or ""
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return said if said and _is_before_us(peer) else peer


def _is_before_us(peer: str) -> bool:
    try:
        found = ip_address(peer)
    except ValueError:  # a socket has no address
        return False
    return any(found in network for network in current_app.config["SETTINGS"].proxies)
