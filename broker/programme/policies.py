"""A programme's weights and limits: what stands, what stood, and changing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select

from broker import events
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.person import Person, Role
from broker.models.policy import PolicyVersion
from broker.models.programme import Policy, Programme
from broker.rounds.weighing import CODES, weights_under
from broker.taking import lock

ALL_POINTS = 1000
MOST_QUORUM, MOST_AT_ONCE = 15, 50


@dataclass(frozen=True)
class Rules:
    """What a manager changes. `panel_from`: quarter-days; None, the days call for no panel."""

    weights: Mapping[str, int]
    panel_from: int | None
    quorum: int
    partnerships_at_once: int


def rules_under(policy: Policy) -> Rules:
    return Rules(
        weights_under(policy), policy.panel_from, policy.quorum, policy.partnerships_at_once
    )


def history(programme: Programme) -> list[PolicyVersion]:
    """Newest first; empty while nothing has been changed."""
    kept = select(PolicyVersion).filter_by(programme_id=programme.id)
    return list(db.session.scalars(kept.order_by(PolicyVersion.number.desc())))


def number_of(programme: Programme) -> int:
    """The number of the version that stands; 1 before the first change."""
    versions = history(programme)
    return versions[0].number if versions else 1


def save(
    programme: Programme, rules: Rules, *, seen: int, reason: str, by: Person
) -> PolicyVersion:
    """Make a new version the one that stands. `seen`: the number of the version it began from."""
    _check_manages(programme, by)
    lock(programme)
    check(rules)
    if not reason.strip():
        raise NotRight("Say why, in a sentence.", "reason")
    versions = history(programme)
    standing = versions[0].number if versions else 1
    if standing != seen:
        latest = versions[0]
        raise NotPossible(
            f"{latest.made_by.name} changed these rules while you were writing: version "
            f"{latest.number}, ‘{latest.reason}’. Nothing of yours is saved yet. Look at what "
            "stands now, and save again if yours is still right."
        )
    if not _differs(programme.policy, rules):
        raise NotRight("These are the rules that stand already.", "reason")
    if not versions:
        _keep(programme, 1, "As the programme began here.", by=by)
    programme.rules = asdict(_with(programme.policy, rules))
    return _keep(programme, standing + 1, reason.strip(), by=by)


def _keep(programme: Programme, number: int, reason: str, *, by: Person) -> PolicyVersion:
    version = PolicyVersion(
        programme=programme,
        number=number,
        rules=dict(programme.rules),
        reason=reason,
        made_by_id=by.id,
    )
    db.session.add(version)
    db.session.flush()
    events.record(version, "kept", by=by, reason=reason)
    return version


def _check_manages(programme: Programme, by: Person) -> None:
    managed = {held.programme_id for held in by.holding(Role.PROGRAMME_MANAGER)}
    if programme.id not in managed:
        raise NotAllowed("To change these rules, you need to be a manager of the programme.")


def check(rules: Rules) -> None:
    """Raise NotRight, naming the field, unless rules can stand."""
    if set(rules.weights) != set(CODES) or any(w < 0 for w in rules.weights.values()):
        raise NotRight("Give each criterion 0 points or more.", "theme_fit")
    if (total := sum(rules.weights.values())) != ALL_POINTS:
        raise NotRight(f"The points come to {total:,}. They must come to 1,000.", "theme_fit")
    if rules.panel_from is not None and rules.panel_from <= 0:
        raise NotRight("Leave this empty, or give more than 0 days.", "panel_from")
    if not 1 <= rules.quorum <= MOST_QUORUM:
        raise NotRight(f"From 1 to {MOST_QUORUM}.", "quorum")
    if not 1 <= rules.partnerships_at_once <= MOST_AT_ONCE:
        raise NotRight(f"From 1 to {MOST_AT_ONCE}.", "partnerships_at_once")


def _with(policy: Policy, rules: Rules) -> Policy:
    chosen: dict[str, Any] = {**vars(rules), "weights": dict(rules.weights)}
    return replace(policy, **chosen)


def _differs(policy: Policy, rules: Rules) -> bool:
    return rules_under(policy) != rules
