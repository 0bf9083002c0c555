"""The one verb of capacity: a provider confirms the days it can give, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping

from broker import clock, ledger
from broker.clock import Quarter
from broker.days import MAX_DAYS, format_days, format_number
from broker.errors import NotPossible, NotRight
from broker.ledger import Balance
from broker.models.authority import Authority
from broker.models.ledger import Capacity
from broker.models.person import Person
from broker.models.programme import Programme
from broker.taking import may, start


class BelowPromised(NotPossible):
    """A quarter's days would fall below what is reserved and committed in it."""

    def __init__(self, quarter: Quarter, held: int) -> None:
        super().__init__(
            f"{format_days(held)} of {quarter} are already promised, so the confirmed days cannot "
            f"go below that."
        )
        self.quarter = quarter


def confirm(
    *,
    provider: Authority,
    programme: Programme,
    days: Mapping[Quarter, int],
    by: Person,
    at_once: int | None = None,
) -> Capacity:
    """Make the confirmed quarter-days of each quarter in `days` what they say.

    Quarters that are not named keep their days. Where nothing changes, nothing is written down.
    """
    capacity = ledger.capacity_of(provider.id, programme)
    may(capacity, "confirm", by=by)
    [capacity] = ledger.lock([capacity.id])
    now = ledger.balances([capacity.id]).get(capacity.id, {})
    changed = {q: wanted for q, wanted in days.items() if wanted != _of(now, q).offered}
    _check(programme, now, changed)
    _check_at_once(at_once, capacity)
    said = _in_words(now, changed, at_once, capacity)
    if said:
        event = start(capacity, "confirm", by=by, detail=said)
        ledger.set_confirmed(capacity, changed, event)
        capacity.at_once = capacity.at_once if at_once is None else at_once
    return capacity


def _of(balances: Mapping[Quarter, Balance], quarter: Quarter) -> Balance:
    return balances.get(quarter, Balance())


def _check(
    programme: Programme, now: Mapping[Quarter, Balance], changed: Mapping[Quarter, int]
) -> None:
    if changed and not programme.is_open_on(clock.today()):
        raise NotPossible(f"{programme.name} is not open today.")
    for quarter, wanted in sorted(changed.items()):
        if quarter < clock.this_quarter():
            raise NotPossible(f"{quarter} is over. Its days no longer change.")
        if not 0 <= wanted <= MAX_DAYS * 4:
            raise NotRight(f"Days in {quarter} must be from 0 to {MAX_DAYS:,}.")
        held = _of(now, quarter).reserved + _of(now, quarter).committed
        if wanted < held:
            raise BelowPromised(quarter, held)


def _check_at_once(at_once: int | None, capacity: Capacity) -> None:
    most = capacity.programme.policy.partnerships_at_once
    if at_once is not None and not 0 <= at_once <= most:
        raise NotRight(
            f"{capacity.programme.name} allows from 0 to {most} partnerships at once.", "at_once"
        )


def _in_words(
    now: Mapping[Quarter, Balance],
    changed: Mapping[Quarter, int],
    at_once: int | None,
    capacity: Capacity,
) -> str:
    """What changes, for the history: '2026-27 Q4: 10 → 12.5 days'."""
    said = [
        f"{quarter}: {format_number(_of(now, quarter).offered)} → {format_days(wanted)}"
        for quarter, wanted in sorted(changed.items())
    ]
    if at_once is not None and at_once != capacity.at_once:
        said.append(f"partnerships at once: {capacity.at_once} → {at_once}")
    return "; ".join(said)
