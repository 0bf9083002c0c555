"""What a return says of each receiver: written, shown to that authority first, and answered."""

from __future__ import annotations

from typing import Any

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.models.authority import Authority
from broker.models.person import Person
from broker.models.return_ import Return, ReturnSection, SectionState
from broker.returns.figures import Line, figures_of
from broker.returns.receivers import receivers_of
from broker.taking import may, start, take

WORDS_LENGTH, COMMENT_LENGTH = 4_000, 2_000


def write(return_: Return, receiver: Authority, *, words: str, by: Person) -> ReturnSection:
    """Write what the return says of a receiver; changed words are to be shown again."""
    if len(words.strip()) > WORDS_LENGTH:
        raise NotRight(f"Keep this under {WORDS_LENGTH:,} characters.", field="words")
    section = _section(return_, receiver, by=by)
    if section.words != words.strip():
        take(section, "write", by=by)
        section.words, section.shown_at, section.read_at = words.strip(), None, None
        db.session.flush()
    return section


def _section(return_: Return, receiver: Authority, *, by: Person) -> ReturnSection:
    known = next((s for s in return_.sections if s.receiver_id == receiver.id), None)
    if known is not None:
        return known
    may(return_, "write", by=by)
    made = ReturnSection(return_=return_, receiver=receiver, words="", comment="")
    start(made, "begin", by=by)
    return made


def show(return_: Return, *, by: Person) -> int:
    """Show every receiver of the quarter its section, where it was not shown as it stands; how
    many were."""
    shown = 0
    for receiver in receivers_of(return_):
        section = _section(return_, receiver, by=by)
        if section.state is SectionState.WRITTEN:
            take(section, "show", by=by)
            section.shown_at = clock.now()
            shown += 1
    db.session.flush()
    return shown


def read(section: ReturnSection, *, comment: str, by: Person) -> None:
    """The authority has read its section; what it says about it travels with it."""
    if len(comment.strip()) > COMMENT_LENGTH:
        raise NotRight(f"Keep this under {COMMENT_LENGTH:,} characters.", field="comment")
    take(section, "comment" if section.state is SectionState.READ else "read", by=by)
    section.comment = comment.strip()
    section.read_at = section.read_at or clock.now()
    db.session.flush()


def line_of(section: ReturnSection) -> Line:
    """The receiver's days in the quarter as the records stand now."""
    of = section.return_
    figures = figures_of(of.provider_id, of.programme_id, of.quarter)
    receiver = section.receiver
    none = Line(receiver.code, receiver.name, receiver.region.name, figures.total - figures.total)
    return next((line for line in figures.lines if line.code == receiver.code), none)


def as_content(return_: Return) -> list[dict[str, Any]]:
    """The sections as they go out, by the receivers' names, as plain values."""
    return [
        {
            "code": one.receiver.code,
            "name": one.receiver.name,
            "region": one.receiver.region.name,
            "words": one.words,
            "shown_on": _day(one.shown_at),
            "read_on": _day(one.read_at),
            "comment": one.comment,
        }
        for one in sorted(return_.sections, key=lambda s: (s.receiver.name, s.id))
        if one.state is not SectionState.WRITTEN
    ]


def _day(moment: Any) -> str | None:
    return moment.astimezone(clock.LONDON).date().isoformat() if moment else None
