"""What somebody had typed when they had to show who they are: kept for them, and given back.

It stands in the database, not on a page that others could read at the same browser. Passwords,
codes and files are not kept.
"""

from __future__ import annotations

from datetime import timedelta

from flask import request
from sqlalchemy import delete, select

from broker import clock
from broker.db import db
from broker.fields.typed import without_odd
from broker.models.person import Person
from broker.models.sign_in import KeptForm

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
