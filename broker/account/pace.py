"""How often somebody may guess: budgets of tries that cannot be used to lock others out.

Each wrong try is charged to where it came from and to the account. A browser that has signed in
before carries a mark of its own and has its own budget: whatever strangers do, its owner is not
held up. Waits grow with each wrong try beyond the free ones, and rest after a day. What is typed
is charged alike whether anybody has that address or not, before it is looked at, so that many
tries at once get no further; a right one is given back.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.wrappers import Response

from broker import clock
from broker.db import aside, db
from broker.keys import digest
from broker.models.sign_in import TryBudget
from broker.pace import address

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
RESTS = timedelta(days=1)
COOKIE = "exchange-device"
COOKIE_LASTS = timedelta(days=180)
REMEMBERED = 5  # accounts that one browser is remembered for


class TooFast(Exception):
    """Wait before the next try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait

    @property
    def minutes(self) -> int:
        return max(1, -(-int(self.wait.total_seconds()) // 60))


@dataclass(frozen=True)
class Budget:
    """So many free tries under a key; `is_shared` ones also hold other people's tries."""

    key: str
    free: int
    is_shared: bool = False

    def wait(self, tries: int) -> timedelta:
        if tries < self.free:
            return timedelta(0)
        grown: timedelta = FIRST_WAIT * 2 ** min(tries - self.free, 10)
        return min(grown, LONGEST_WAIT)


def budgets(kind: str, account: str) -> list[Budget]:
    """What a try of this kind ('password', 'code') at an account is charged to."""
    if device := _device_of(account):
        return [_budget(10, kind, account, "device", device)]
    near = network()
    return [
        _budget(5, kind, account, "near", near),
        _budget(50, kind, account, "strangers", is_shared=True),
        _budget(100, kind, "network", near, is_shared=True),
    ]


def of_session(kind: str, session_id: int) -> list[Budget]:
    """What a try by somebody who is signed in is charged to: nobody else can spend it."""
    return [_budget(10, kind, "session", str(session_id))]


def _budget(free: int, *parts: str, is_shared: bool = False) -> Budget:
    return Budget(digest("\n".join(parts)), free, is_shared)


def network() -> str:
    """The network that a request comes from: neighbours count as one."""
    try:
        found = ipaddress.ip_address(address())
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 56), strict=False))


def charge(charged: Sequence[Budget]) -> None:
    """Count a try, kept whatever becomes of the request. TooFast, uncounted, while one waits."""
    with aside():
        rows = _locked(charged)
        now = clock.now()
        left = [_left(budget, rows[budget.key], now) for budget in charged]
        if max(left) > timedelta(0):
            raise TooFast(max(left))
        for row in rows.values():
            row.tries, row.tried_at = row.tries + 1, now


def _left(budget: Budget, row: TryBudget, now: datetime) -> timedelta:
    """What is left of a budget's wait; a budget that has rested begins anew, and so does one whose
    last try was dated far ahead, by a clock that was put back since."""
    if not -LONGEST_WAIT <= now - row.tried_at <= RESTS:
        row.tries = 0
    return row.tried_at + budget.wait(row.tries) - now if row.tries else timedelta(0)


def give_back(charged: Sequence[Budget]) -> None:
    """The try was right: one's own budgets begin anew, shared ones get this try back."""
    rows = _locked(charged)
    for budget in charged:
        row = rows[budget.key]
        row.tries = max(0, row.tries - 1) if budget.is_shared else 0
    db.session.flush()


def is_spent(charged: Sequence[Budget]) -> bool:
    """Whether the try that was just charged was the one that begins a wait."""
    rows = _locked(charged)
    return any(rows[budget.key].tries >= budget.free for budget in charged)


def _locked(charged: Iterable[Budget]) -> dict[str, TryBudget]:
    keys = sorted(budget.key for budget in charged)
    put = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    fresh = [{"key": key, "tries": 0, "tried_at": clock.now()} for key in keys]
    db.session.execute(put(TryBudget).values(fresh).on_conflict_do_nothing())
    held = select(TryBudget).where(TryBudget.key.in_(keys)).order_by(TryBudget.key)
    held = held.with_for_update().execution_options(populate_existing=True)
    return {row.key: row for row in db.session.scalars(held)}


# -- browsers that have signed in before ------------------------------------------------------


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="device")


def _devices() -> dict[str, str]:
    """Account → this browser's mark for it, as the cookie says and we have signed."""
    try:
        read = _signer().loads(
            request.cookies.get(COOKIE, ""), max_age=int(COOKIE_LASTS.total_seconds())
        )
    except BadSignature:
        return {}
    return dict(read) if isinstance(read, dict) else {}


def _device_of(account: str) -> str | None:
    return _devices().get(digest(account)[:16])


def remember(response: Response, account: str, mark: str) -> Response:
    """Give a browser its mark for an account that it has signed in to."""
    known = {digest(account)[:16]: mark, **_devices()}
    kept = dict(list({**known, digest(account)[:16]: mark}.items())[:REMEMBERED])
    response.set_cookie(
        COOKIE,
        _signer().dumps(kept),
        max_age=int(COOKIE_LASTS.total_seconds()),
        path="/sign-in",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response
