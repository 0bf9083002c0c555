"""Verbs about everybody who helps one authority: other help, the joint plan, who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.errors import NotRight
from broker.models.authority import Authority
from broker.models.help import JointQuarter, LiveHelp
from broker.models.person import Person
from broker.models.programme import Theme
from broker.taking import start, take

HELPER_LENGTH, WHAT_LENGTH, AIM_LENGTH = 120, 300, 1000


@dataclass(frozen=True)
class Said:
    """What is said of help from outside the exchange; `each_quarter` in quarter-days."""

    helper: str
    theme: Theme
    starts_on: date
    ends_on: date | None = None
    what: str = ""
    each_quarter: int | None = None


def enter(receiver: Authority, said: Said, *, by: Person) -> LiveHelp:
    """Write down help that an authority has from elsewhere, once for all of its needs."""
    _check(said)
    live = LiveHelp(receiver=receiver, receiver_id=receiver.id, entered_by_id=by.id)
    with db.session.no_autoflush:
        _write(live, said)
    start(live, "enter", by=by)
    return live


def change(live: LiveHelp, said: Said, *, by: Person) -> None:
    _check(said)
    take(live, "change", by=by)
    _write(live, said)
    db.session.flush()


def end(live: LiveHelp, *, by: Person, reason: str = "") -> None:
    """It ends today, or ended on the day that it was to end."""
    take(live, "end", by=by, reason=reason)
    live.ends_on = max(live.starts_on, min(live.ends_on or clock.today(), clock.today()))
    db.session.flush()


def _check(said: Said) -> None:
    if not said.helper.strip():
        raise NotRight("Say who helps.", "helper")
    for name, most in (("helper", HELPER_LENGTH), ("what", WHAT_LENGTH)):
        if len(getattr(said, name).strip()) > most:
            raise NotRight(f"Keep this to {most} characters.", name)
    if said.ends_on is not None and said.ends_on < said.starts_on:
        raise NotRight("The last day comes before the first.", "ends_on")
    if said.each_quarter is not None and said.each_quarter < 1:
        raise NotRight("Leave the days empty, or type more than 0.", "each_quarter")


def _write(live: LiveHelp, said: Said) -> None:
    live.helper, live.what, live.theme = said.helper.strip(), said.what.strip(), said.theme
    live.starts_on, live.ends_on = said.starts_on, said.ends_on
    live.each_quarter = said.each_quarter


def plan_quarter(receiver: Authority, quarter: Quarter, aim: str, *, by: Person) -> None:
    """Say what everybody who helps works towards in a quarter; empty: nothing is said."""
    aim = aim.strip()
    if len(aim) > AIM_LENGTH:
        raise NotRight(f"Keep this to {AIM_LENGTH:,} characters.", "aim")
    take(receiver, "plan_quarter", by=by, detail=str(quarter))
    found = select(JointQuarter).filter_by(receiver_id=receiver.id, quarter=quarter)
    row = db.session.scalars(found).one_or_none()
    if row is None:
        row = JointQuarter(receiver_id=receiver.id, quarter=quarter)
        db.session.add(row)
    row.aim = aim
    db.session.flush()


def share(receiver: Authority, *, by: Person, reason: str = "") -> None:
    """Let those who help, the Department's lead and the programmes read who else helps."""
    take(receiver, "share_help", by=by)
    receiver.shares_help = True
    db.session.flush()


def keep(receiver: Authority, *, by: Person, reason: str = "") -> None:
    """Let nobody read it any more but the authority itself and its coordinator."""
    take(receiver, "keep_help", by=by)
    receiver.shares_help = False
    db.session.flush()


DEEDS = {"share_help": share, "keep_help": keep}
HELP_DEEDS = {"end": end}
