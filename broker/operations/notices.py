"""Notices: put up and taken down by administrators; one may close writing for a while."""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError

from broker.db import db
from broker.errors import NotRight
from broker.models.notice import Notice, NoticeState
from broker.models.person import Person
from broker.sights import seen_by_administrators
from broker.taking import start, take
from broker.web import render

LENGTH = 300
# What stays open: signing in and out, and the notice itself.
STAYS_OPEN = {
    "account.sign_in",
    "account.code",
    "account.set_up",
    "account.sign_out",
    "account.enter_demo",
    "council_accounts.begin",
    "council_accounts.prove",
}


def init_app(app: Flask) -> None:
    app.before_request(refuse_writing)


def notice_now() -> Notice | None:
    """The notice that is up."""
    up = select(Notice).where(Notice.state == NoticeState.UP).order_by(Notice.id.desc()).limit(1)
    return db.session.scalars(up).first()


def notice_shown() -> Notice | None:
    """The notice for the top of a page. A page that tells of a broken database needs none."""
    try:
        return notice_now()
    except DBAPIError:
        db.session.rollback()
        return None


def notices_visible_to(person: Person) -> Select[Notice]:
    """Of those that are not up: administrators."""
    return select(Notice).where(seen_by_administrators(person))


def taken_down(person: Person, *, most: int = 20) -> list[Notice]:
    """The latest first."""
    gone = notices_visible_to(person).where(Notice.state == NoticeState.TAKEN_DOWN)
    return list(db.session.scalars(gone.order_by(Notice.id.desc()).limit(most)))


def is_writing_closed() -> bool:
    notice = notice_now()
    return notice is not None and notice.closes_writing


def put_up(words: str, *, closes_writing: bool, by: Person) -> Notice:
    """Put up a notice in the place of the one that is up."""
    if not words.strip():
        raise NotRight("Say what people should know.", field="words")
    if len(words.strip()) > LENGTH:
        raise NotRight(f"Keep this under {LENGTH} characters.", field="words")
    if before := notice_now():
        take(before, "take_down", by=by)
    notice = Notice(words=words.strip(), closes_writing=closes_writing)
    start(notice, "put_up", by=by)
    return notice


def refuse_writing() -> tuple[str, int, dict[str, str]] | None:
    """While writing is closed, a press changes nothing and is told so."""
    area = (request.endpoint or "").partition(".")[0]
    if request.method != "POST" or request.endpoint in STAYS_OPEN or area == "operations":
        return None
    notice = notice_now()
    if notice is None or not notice.closes_writing:
        return None
    return render("errors/503.html", words=notice.words), 503, {"Retry-After": "300"}
