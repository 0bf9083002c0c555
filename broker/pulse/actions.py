"""Asking staff, handing out links, answering without a trace, and closing on the day set."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm.attributes import flag_modified

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.pulse import RATINGS, Pulse, PulseLink, Statement, nothing_said
from broker.models.pulse import PulseState as State
from broker.pulse.queries import statements_said
from broker.showings import actions as showings
from broker.taking import lock, start, take
from broker.turns import in_turns

OPEN_FOR = 15  # working days
MOST_LINKS = 100
GOES_TO = "the regional coordinator, the DfE regional lead and the programme's managers"


def open_pulse(partnership: Partnership, *, by: Person) -> Pulse:
    """Ask staff at the present moment. The day it closes is set now and never moves."""
    take(partnership, "ask_staff", by=by)
    moment = partnership.moment
    assert moment is not None  # the row above allows no other
    closes_on = clock.add_working_days(clock.today(), OPEN_FOR)
    pulse = Pulse(partnership=partnership, moment=moment, closes_on=closes_on)
    start(pulse, "open", by=by)
    return pulse


def make_links(pulse: Pulse, *, count: int, by: Person) -> str:
    """Make links for staff. Gives the seed from which `tokens` are read, to be shown once."""
    if not 1 <= count <= MOST_LINKS:
        raise NotRight(f"Type a number from 1 to {MOST_LINKS}.", field="count")
    take(pulse, "make_links", by=by, detail=f"{count} links")
    seed = secrets.token_hex(32)
    for token in tokens(seed, count):
        db.session.add(PulseLink(token_hash=digest(token), pulse_id=pulse.id))
    db.session.flush()
    return seed


def tokens(seed: str, count: int) -> list[str]:
    """The secret ends of the links made with a seed."""
    key = bytes.fromhex(seed)
    made = (hmac.new(key, bytes([number]), hashlib.sha256).digest() for number in range(count))
    return [code.hex()[:40] for code in made]


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _noise() -> str:
    """What stands where a link's hash stood once it was used: the hash of nothing known."""
    return secrets.token_hex(32)


def stop_links(pulse: Pulse, *, reason: str, by: Person) -> None:
    """No link handed out so far works any more; what was answered stays."""
    take(pulse, "stop_links", by=by, reason=reason)
    hashes = db.session.scalars(select(PulseLink.token_hash).filter_by(pulse_id=pulse.id)).all()
    for old in hashes:
        db.session.execute(_overwrite(pulse, old))


def answer(pulse: Pulse, token: str, ratings: Mapping[Statement, int]) -> None:
    """Count an answer if its link is good. Whether it was, nobody is told, and the same is done
    and written either way: a used, a stopped and an invented link look like a good one."""
    if set(ratings) != set(Statement) or not set(ratings.values()) <= set(RATINGS):
        raise NotRight("Choose an answer to each statement.")
    lock(pulse)
    is_good = db.session.scalar(_overwrite(pulse, digest(token)).returning(PulseLink.pulse_id))
    adds = int(is_good is not None and pulse.takes_answers)
    pulse.counts = [
        [now + adds * (rating == chosen) for rating, now in zip(RATINGS, row, strict=True)]
        for row, chosen in zip(pulse.counts, (ratings[one] for one in Statement), strict=True)
    ]
    flag_modified(pulse, "counts")
    db.session.flush()


def _overwrite(pulse: Pulse, old: str) -> Update:
    link = update(PulseLink).where(PulseLink.pulse_id == pulse.id, PulseLink.token_hash == old)
    return link.values(token_hash=_noise())


def close_due(day: date, *, by: Person) -> None:
    """Close the pulses whose last day is over: all that was said together, or nothing of it."""
    over = select(Pulse).where(Pulse.state == State.OPEN, Pulse.closes_on < day)
    for pulse in in_turns(db.session.scalars(over.order_by(Pulse.id)).unique()):
        lock(pulse)
        if pulse.state is State.OPEN:
            _close(pulse, by)


def _close(pulse: Pulse, by: Person) -> None:
    db.session.execute(delete(PulseLink).filter_by(pulse_id=pulse.id))
    if not pulse.is_enough:
        take(pulse, "close", by=by)
        pulse.counts = nothing_said()
        db.session.flush()
        return
    take(pulse, "release", by=by)
    words = statements_said(pulse)
    for side, authority in ((Side.RECEIVER, pulse.receiver), (Side.PROVIDER, pulse.provider)):
        showings.show(pulse, words, to=authority, side=side, title=pulse.title, goes_to=GOES_TO)
