"""Readiness: checked by the coordinator, read by the authority first, conditions seen through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from broker import clock
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.need import Need
from broker.models.person import Person
from broker.models.readiness import (
    Item,
    Met,
    Readiness,
    ReadinessCheck,
    ReadinessCondition,
    ReadinessPart,
    WayOn,
)
from broker.taking import take

TEXT_LENGTH = 4000
WORDS_LENGTH = 300
WHO_LENGTH = 120


@dataclass(frozen=True)
class Part:
    """What was found of one item, and what shows it."""

    item: Item
    met: Met
    evidence: str


@dataclass(frozen=True)
class Condition:
    """What must be done, by whom (a role) and by when."""

    words: str
    who: str
    due_on: date


def check_readiness(
    need: Need,
    *,
    outcome: Readiness,
    evidence: str,
    parts: Iterable[Part] = (),
    conditions: Iterable[Condition] = (),
    way_on: WayOn | None = None,
    come_back_on: date | None = None,
    by: Person,
) -> ReadinessCheck:
    """Record how ready the authority is; the latest check is the one that counts."""
    check = ReadinessCheck(
        need_id=need.id,
        outcome=outcome,
        evidence=evidence.strip(),
        way_on=way_on,
        come_back_on=come_back_on,
        assessed_by_id=by.id,
        parts=[_part(part) for part in parts],
        conditions=[_condition(number, one) for number, one in enumerate(conditions, start=1)],
    )
    _check(check)
    take(need, "check_readiness", by=by, detail=outcome.words)
    db.session.add(check)
    db.session.flush()
    db.session.expire(need, ["readiness"])
    return check


def _part(part: Part) -> ReadinessPart:
    field = f"why_{part.item.value}"
    if part.met is not Met.NO and not part.evidence.strip():
        raise NotRight("Say what shows it.", field)
    _keep_short(part.evidence, WORDS_LENGTH, field)
    return ReadinessPart(item=part.item, met=part.met, evidence=part.evidence.strip())


def _condition(number: int, condition: Condition) -> ReadinessCondition:
    if not condition.words.strip() or not condition.who.strip():
        raise NotRight("Say what must be done, and who does it.", f"condition_{number}")
    _keep_short(condition.words, WORDS_LENGTH, f"condition_{number}")
    _keep_short(condition.who, WHO_LENGTH, f"who_{number}")
    return ReadinessCondition(
        words=condition.words.strip(), who=condition.who.strip(), due_on=condition.due_on
    )


def _keep_short(text: str, most: int, field: str) -> None:
    if len(text.strip()) > most:
        raise NotRight(f"Keep this to {most:,} characters.", field)


def _check(check: ReadinessCheck) -> None:
    if not check.evidence:
        raise NotRight("Say what you saw that shows it.", "evidence")
    _keep_short(check.evidence, TEXT_LENGTH, "evidence")
    if check.outcome is Readiness.CONDITIONAL and not check.conditions:
        raise NotRight("Say which conditions.", "condition_1")
    if check.outcome is Readiness.NOT_READY and check.way_on is None:
        raise NotRight("Say what follows: nobody is left at 'not ready'.", "way_on")
    if check.way_on is WayOn.COME_BACK and check.come_back_on is None:
        raise NotRight("Give the date on which you look again.", "come_back_on")
    if check.come_back_on is not None and check.come_back_on <= clock.today():
        raise NotRight("Choose a date that is still to come.", "come_back_on")


def see(need: Need, *, comment: str, by: Person) -> None:
    """The authority has read its check; what it says about it travels with it."""
    _keep_short(comment, TEXT_LENGTH, "comment")
    take(need, "see_readiness", by=by)
    check = need.readiness[0]
    check.seen_at, check.seen_by_id, check.comment = clock.now(), by.id, comment.strip()
    db.session.flush()


def meet(need: Need, condition_id: int, *, by: Person) -> None:
    """The coordinator marks a condition of the latest check as done."""
    take(need, "meet_condition", by=by)
    latest = need.readiness[0].conditions if need.readiness else []
    condition = next((one for one in latest if one.id == condition_id), None)
    if condition is None or condition.done_at is not None:
        raise NotPossible("This condition is done already, or belongs to an earlier check.")
    condition.done_at, condition.done_by_id = clock.now(), by.id
    db.session.flush()
