"""What somebody had typed when they had to show who they are: kept for them, and given back.

It stands in the database, not on a page that others could read at the same browser. Passwords,
codes and files are not kept.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, request
from sqlalchemy import delete, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from broker import clock
from broker.db import db
from broker.fields.typed import without_odd
from broker.models.person import Person
from broker.models.sign_in import KeptForm
from broker.outbox import PATHS
from broker.workflow import ROWS, Row

LASTS = timedelta(hours=2)
MOST = 5  # of one person
LARGEST = 200_000  # characters
CODES_ARE_TYPED_IN = "own_sign_in"


def keep(person_id: int) -> int | None:
    """Keep what the request posted, in the caller's transaction; the number it is found by."""
    typed = request.form.items(multi=True)
    fields = [[without_odd(part) for part in field] for field in typed if _may_stay(field[0])]
    size = sum(len(name) + len(value) for name, value in fields)
    if size > LARGEST:
        return None
    kept = KeptForm(
        person_id=person_id, path=without_odd(request.full_path.rstrip("?"))[:400], fields=fields
    )
    db.session.add(kept)
    db.session.flush()
    _forget_all_but_the_latest(person_id)
    return kept.id


def _may_stay(name: str) -> bool:
    is_code = name == "code" and request.blueprint == CODES_ARE_TYPED_IN
    return not (is_code or name == "csrf_token" or "password" in name)


def _forget_all_but_the_latest(person_id: int) -> None:
    mine = select(KeptForm.id).filter_by(person_id=person_id).order_by(KeptForm.id.desc())
    stay = db.session.scalars(mine.limit(MOST)).all()
    gone = delete(KeptForm).where(KeptForm.person_id == person_id, KeptForm.id.not_in(stay))
    db.session.execute(gone)


def latest(person: Person) -> KeptForm | None:
    """What this person had typed when they had to show who they are, if that was lately."""
    mine = select(KeptForm).filter_by(person_id=person.id).order_by(KeptForm.id.desc()).limit(1)
    found = db.session.scalars(mine).first()
    return found if found and clock.now() - found.kept_at <= LASTS else None


# -- what would be sent, in words --------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What was pressed (empty where it is no verb), of what, and the page where that stands."""

    label: str
    of: str
    page: str


def said_of(form: KeptForm) -> Said:
    """Which action on which record a kept form goes to, from its address alone."""
    place, _, last = form.path.partition("?")[0].rstrip("/").rpartition("/")
    row, number = _verb(place, last)
    if row is None:
        return Said("", "", _page_over(form.path.partition("?")[0]))
    return Said(row.label, f"{row.noun.replace('_', ' ')} {number}".strip(), _page_over(place))


def _verb(place: str, last: str) -> tuple[Row | None, str]:
    """The verb that an address ends in, and the number of the record before it: '/matches/4' and
    'approve'. Of verbs of one name, that whose noun the address names, or whose page it is."""
    _, _, number = place.rpartition("/")
    rows = [row for row in ROWS if row.verb == last.replace("-", "_") and number.isdigit()]
    named = place.rpartition("/")[0].rpartition("/")[2].replace("-", "_")
    fits = [row for row in rows if named.startswith(row.noun) or _is_page_of(place, row.noun)]
    return (fits[0] if len({row.noun for row in fits}) == 1 else None), number


def _is_page_of(place: str, noun: str) -> bool:
    pattern = re.sub(r"\{0\.\w+\}", "[^/]+", PATHS.get(noun, ""))
    return bool(re.fullmatch(pattern, place))


def _page_over(place: str) -> str:
    """The nearest page at or over an address that can be opened."""
    known = current_app.url_map.bind("")
    while place:
        with suppress(HTTPException, RequestRedirect):
            known.match(place, method="GET")
            return place
        place = place.rpartition("/")[0]
    return "/"
