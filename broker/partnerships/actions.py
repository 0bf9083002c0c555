"""What people do with partnerships."""

from __future__ import annotations

from broker import clock, ledger
from broker.agreements import actions as agreements
from broker.agreements import leads
from broker.agreements.queries import agreement_of
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.endings.actions import invite_to_give
from broker.errors import NotRight
from broker.extensions.actions import close_open_ones
from broker.models.event import Event
from broker.models.match import Match
from broker.models.need import NeedState
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.plans import actions as plans
from broker.plans.queries import has_a_plan
from broker.support_days.actions import hold
from broker.system import the_system
from broker.taking import lock, start, take


def open_for(match: Match, *, by: Person) -> Partnership:
    """Open the partnership of an approved match; its aims are those of the terms or the need."""
    partnership = Partnership(
        match=match,
        receiver_id=match.receiver_id,
        provider_id=match.provider_id,
        programme_id=match.programme_id,
        title=match.need.title,
        aims=match.aims.strip() or match.need.change_wanted,
        is_illustrative=match.need.is_illustrative,
    )
    start(partnership, "open", by=by)
    agreements.begin(partnership, by=by)
    leads.begin(partnership)
    plans.draft_first(partnership, by=by)
    return partnership


def begin_papers(partnership: Partnership, *, by: Person) -> Event:
    """Begin the agreement, the posts and the plan of one that opened before these were kept."""
    lock(partnership)
    event = take(partnership, "begin_papers", by=by)
    if agreement_of(partnership) is None:
        agreements.begin(partnership, by=the_system())
    if not leads.all_of(partnership):
        leads.begin(partnership)
    if not has_a_plan(partnership):
        plans.draft_first(partnership, by=by)
    return event


def move_days(
    partnership: Partnership,
    *,
    source: Quarter,
    target: Quarter,
    quarter_days: int,
    reason: str = "",
    by: Person,
) -> Event:
    """Move committed days that were not given to another quarter; the total stays the same."""
    hold(partnership)
    if said := _why_not_move(partnership, source, target):
        raise NotRight(said, field="target")
    if quarter_days < 1:
        raise NotRight("Move at least a quarter of a day.", field="days")
    said = f"{format_days(quarter_days)} from {source} to {target}"
    event = take(partnership, "move_days", by=by, reason=reason, detail=said)
    ledger.move(partnership.match, source, target, quarter_days, event)
    return event


def _why_not_move(partnership: Partnership, source: Quarter, target: Quarter) -> str | None:
    now = clock.this_quarter()
    if source == target:
        return "Choose another quarter than the one they come from."
    if target < now:
        return f"{target} is over. Choose this quarter or a later one."
    if source < now and partnership.programme.policy.has_returns:
        return (
            f"{source} is over. The provider carries or releases what is left of it when its "
            f"director certifies the return."
        )
    return None


def carry(
    partnership: Partnership, *, source: Quarter, target: Quarter, quarter_days: int, by: Person
) -> Event:
    """Carry committed days of a quarter that is over, and that were not given, to a later one."""
    hold(partnership)
    said = f"{format_days(quarter_days)} from {source} to {target}"
    event = take(partnership, "carry", by=by, detail=said)
    ledger.move(partnership.match, source, target, quarter_days, event)
    return event


def release_days(partnership: Partnership, *, source: Quarter, by: Person) -> Event:
    """Give back the committed days of a quarter that is over, and that were not given."""
    hold(partnership)
    unused = ledger.undelivered(ledger.balances_of_match(partnership.match_id), source)
    said = f"{format_days(unused)} of {source}"
    event = take(partnership, "release_days", by=by, detail=said)
    ledger.release_from(partnership.match, source, event)
    return event


def end(partnership: Partnership, *, reason: str, by: Person) -> None:
    """End a tapering partnership as planned: unused days go back, and the receiver is invited to
    help others in its turn."""
    lock(partnership)
    event = _end(partnership, "end", reason=reason, by=by)
    invite_to_give(partnership, event)


def end_early(partnership: Partnership, *, reason: str = "", by: Person) -> None:
    """End a live partnership at once; unused days go back, and its need looks for help again."""
    need = partnership.match.need
    lock(need)
    _end(partnership, "end_early", reason=reason, by=by)
    if need.state in (NeedState.MATCHED, NeedState.PART_MATCHED):
        take(need, "reopen", by=the_system())


def _end(partnership: Partnership, verb: str, *, reason: str, by: Person) -> Event:
    event = take(partnership, verb, by=by, reason=reason)
    close_open_ones(partnership)
    partnership.ended_at = clock.now()
    db.session.flush()
    return event
