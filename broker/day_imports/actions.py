"""Spreadsheets of days: looked at first, then logged as shown, or set aside."""

from __future__ import annotations

import hashlib

from broker.day_imports.checking import Found, look
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.day_import import DayImport
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.support_days.actions import agree_with, bring, hold, side_of
from broker.taking import lock, start, take

CHANGED = (
    "The log has changed since this was shown, so nothing is logged yet. Look again at what the "
    "file would do now."
)


def show(partnership: Partnership, *, file_name: str, content: bytes, by: Person) -> DayImport:
    """Keep a file that can be read; nothing of it is logged yet. NotRight when it is no table."""
    side = side_of(partnership, by=by)
    look(partnership, content, side)
    made = DayImport(
        partnership=partnership,
        file_name=file_name.strip()[-200:] or "file",
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        logged_by_id=by.id,
        logged_by_side=side,
    )
    start(made, "show", by=by, detail=made.sha256)
    return made


def found_in(made: DayImport) -> Found:
    """What a file would do as the log stands now."""
    return look(made.partnership, made.content or b"", made.logged_by_side)


def apply(made: DayImport, *, seal: str, only_good: bool, by: Person) -> None:
    """Log what was shown, to the letter: every row, or the good ones where somebody chose so."""
    hold(made.partnership)
    lock(made)
    take(made, "apply", by=by, detail=made.sha256)
    found = found_in(made)
    if found.seal != seal:
        raise NotPossible(CHANGED)
    if found.wrong and not only_good:
        raise NotRight("Some cells are wrong. Put them right, or choose the good rows only.")
    if not found.good:
        raise NotRight("There is no row in it that can be logged. Set it aside.")
    _log(made, found, by=by)


def _log(made: DayImport, found: Found, *, by: Person) -> None:
    for one in found.good:
        if one.same:
            agree_with(one.same, one.entry, by=by)
        else:
            bring(made.partnership, one.entry, verb="bring_in", import_id=made.id, by=by)
    made.confirmed = found.confirms
    made.logged = len(found.good) - found.confirms
    made.left_out = [one.as_kept() for one in found.wrong]
    made.content = None
    db.session.flush()


def set_aside(made: DayImport, *, reason: str = "", by: Person) -> None:
    """Log none of it; the file itself is dropped, its hash is kept."""
    take(made, "set_aside", by=by, reason=reason)
    made.content = None
    db.session.flush()


DEEDS = {"set_aside": set_aside}
