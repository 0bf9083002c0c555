"""What people wish to be sent: the digest daily, weekly or never. Urgent messages always go."""

from __future__ import annotations

from datetime import date, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from broker import clock
from broker.models.person import DigestWish, Person


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="leave-the-digest")


def leaving_path(person: Person) -> str:
    """The signed address on which somebody stops their digest without signing in."""
    return f"/leave-the-digest/{_signer().dumps(person.id)}"


def who_leaves(token: str) -> int | None:
    """The id of the person a signed address was made for; None when it was not made here."""
    try:
        person_id = _signer().loads(token)
    except BadSignature:
        return None
    return person_id if isinstance(person_id, int) else None


def is_wanted_on(day: date, wish: DigestWish) -> bool:
    """Daily: on every working day. Weekly: on the week's first."""
    if wish is DigestWish.NEVER or not clock.is_working_day(day):
        return False
    monday = day - timedelta(days=day.weekday())
    first = clock.add_working_days(monday - timedelta(days=1), 1)
    return wish is DigestWish.DAILY or day == first
