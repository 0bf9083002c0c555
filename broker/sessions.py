"""Who is signed in: a row for each session. The cookie carries a random key, by which flask-login
finds the row again: its user is the session, and the session's person is who asks.

A session ends by signing out, from another browser, by time without use, at its longest time, or
when its person holds no role any longer. Privileged roles have a shorter time without use.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager, current_user, login_user
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from broker import clock
from broker.config import Limits
from broker.db import aside, db
from broker.keys import digest
from broker.models.notice import Notice, NoticeState
from broker.models.person import Person
from broker.models.sign_in import How, SignInSession

FRESH = timedelta(minutes=15)  # for how long a proof of who somebody is counts
NOTED = 30  # seen_at is written once in this part of the time without use
login = LoginManager()


def init_app(app: Flask) -> None:
    """Before the database: so that its rule about transactions is done when this one begins."""
    login.init_app(app, add_context_processor=False)
    app.after_request(note_seen)


def limits() -> Limits:
    found: Limits = current_app.config["SESSION_LIMITS"]
    return found


def idle_of(person: Person) -> timedelta:
    """How long a session of theirs lasts without use."""
    is_privileged = any(held.role.is_privileged for held in person.held_today)
    return limits().idle_privileged if is_privileged else limits().idle


def is_over(one: SignInSession) -> bool:
    """By time, or for want of a role."""
    now = clock.now()
    is_idle = now - one.seen_at > idle_of(one.person)
    return is_idle or now - one.begun_at > limits().longest or not one.person.held_today


def is_proved(one: SignInSession) -> bool:
    """Whether its person has shown lately who they are; taking a role of the demonstration does."""
    by_role = one.how is How.ROLE and bool(current_app.config["DEMONSTRATION"])
    return by_role or clock.now() - one.proved_at <= FRESH


def begin(person: Person, how: How) -> SignInSession:
    """A fresh session at this browser, with a key that was never used."""
    key = secrets.token_urlsafe(32)
    begun = SignInSession(person=person, key_hash=digest(key), how=how, browser=browser_in_short())
    begun.key = key
    db.session.add(begun)
    db.session.flush()
    login_user(begun)
    return begun


def load() -> None:
    """Put the request's session and person into `g`; `g.timed_out` is a session that just ended."""
    g.session = g.timed_out = g.person = g.to_note = None
    if not current_user.is_authenticated:
        return
    found: SignInSession = current_user._get_current_object()
    g.session, g.person = found, found.person
    if clock.now() - found.seen_at >= idle_of(found.person) / NOTED:
        g.to_note = found.id


@login.user_loader  # type: ignore[untyped-decorator]
def of_key(key: str) -> SignInSession | None:
    """The session that a cookie's key opens."""
    mine = select(SignInSession).filter_by(key_hash=digest(key), ended_at=None)
    found = db.session.scalars(mine).one_or_none()
    if found is not None and is_over(found):
        g.timed_out = found
        return None
    return found


def end(one: SignInSession) -> None:
    """End a session; one that has ended stays as it was."""
    one.ended_at = one.ended_at or clock.now()
    db.session.flush()


def end_all(person: Person, *, but: SignInSession | None = None) -> None:
    """End every session of a person, except one."""
    mine = update(SignInSession).where(
        SignInSession.person_id == person.id, SignInSession.ended_at.is_(None)
    )
    if but is not None:
        mine = mine.where(SignInSession.id != but.id)
    db.session.execute(mine.values(ended_at=clock.now()))


def open_sessions(person: Person) -> Sequence[SignInSession]:
    """Where somebody is signed in now, the latest seen first."""
    mine = select(SignInSession).filter_by(person_id=person.id, ended_at=None)
    found = db.session.scalars(mine.order_by(SignInSession.seen_at.desc())).all()
    return [one for one in found if not is_over(one)]


def note_seen(response: Response) -> Response:
    """Write down now and then that the session is in use; not while writing is closed."""
    if (session_id := g.get("to_note")) and not response.is_streamed:
        try:
            _write_seen(session_id)
        except DBAPIError:  # a page was answered; that it was is not worth an error
            db.session.rollback()
    return response


def _write_seen(session_id: int) -> None:
    closing = select(Notice.id).filter_by(state=NoticeState.UP, closes_writing=True)
    if db.session.scalar(closing.limit(1)) is None:
        with aside():
            mine = update(SignInSession).where(SignInSession.id == session_id)
            db.session.execute(mine.values(seen_at=clock.now()))


BROWSERS = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("Mac", r"\bMacintosh\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b"),
)


def browser_in_short() -> str:
    """'Firefox on Windows': enough to know one's own; no more is kept of what a browser says."""
    said = request.headers.get("User-Agent", "")
    browser, system = (
        next((name for name, mark in known if re.search(mark, said)), "")
        for known in (BROWSERS, SYSTEMS)
    )
    return f"{browser or 'A browser'} on {system}" if system else browser or "A browser"
