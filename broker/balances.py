"""Questions about days: every figure is a sum over ledger entries, made here.

All amounts are whole quarter-days. Free = (offer - retract) - (reserve - unreserve) -
(commit - uncommit). Days that are only indicated (likely, not funded) are in none of these.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import add, attrgetter
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from broker.clock import Quarter
from broker.db import db
from broker.models.ledger import EntryKind, LedgerEntry
from broker.models.match import Match

K = EntryKind


@dataclass(frozen=True)
class Balance:
    """Quarter-days of one quarter. `indicated` days are likely, not funded: they are never free."""

    offered: int = 0
    reserved: int = 0
    committed: int = 0
    delivered: int = 0
    indicated: int = 0

    def __add__(self, other: Balance) -> Balance:
        return Balance(*map(add, amounts_in(self), amounts_in(other)))

    @property
    def free(self) -> int:
        return self.offered - self.reserved - self.committed


amounts_in = attrgetter(*(field.name for field in fields(Balance)))
NETS = {
    "offered": (K.OFFER, K.RETRACT),
    "reserved": (K.RESERVE, K.UNRESERVE),
    "committed": (K.COMMIT, K.UNCOMMIT),
    "delivered": (K.DELIVER, K.VOID),
    "indicated": (K.INDICATE, K.UNINDICATE),
}


def _net(
    plus: EntryKind,
    minus: EntryKind,
    kind: ColumnElement[EntryKind] = LedgerEntry.kind.expression,
    amount: ColumnElement[int] = LedgerEntry.quarter_days.expression,
) -> ColumnElement[int]:
    sign = case((kind == plus, 1), (kind == minus, -1), else_=0)
    return func.coalesce(func.sum(sign * amount), 0)


SUMS = tuple(_net(*both).label(name) for name, both in NETS.items())

# `Balance.free` in one sum: what is offered, without what is reserved and committed of it.
FREE = func.sum(
    case(
        (LedgerEntry.kind.in_([K.OFFER, K.UNRESERVE, K.UNCOMMIT]), LedgerEntry.quarter_days),
        (LedgerEntry.kind.in_([K.RETRACT, K.RESERVE, K.COMMIT]), -LedgerEntry.quarter_days),
        else_=0,
    )
)

Keyed = tuple[Any, Any, Balance]
Balances = dict[int, dict[Quarter, Balance]]  # by the id of a capacity or a match


def balances_by(first: Any, second: Any, *where: ColumnElement[bool]) -> Iterator[Keyed]:
    """What entries come to by two columns, in one question: what they are, and the balance. Kinds
    are summed first: of very many entries that is quicker than `SUMS`, and gives the same."""
    amount = func.sum(LedgerEntry.quarter_days).label("quarter_days")
    kinds = (
        select(first.label("first"), second.label("second"), LedgerEntry.kind, amount)
        .where(*where)
        .group_by(first, second, LedgerEntry.kind)
        .subquery()
    )
    own = (kinds.c.first, kinds.c.second)
    nets = (_net(*both, kinds.c.kind, kinds.c.quarter_days) for both in NETS.values())
    for one, other, *amounts in db.session.execute(select(*own, *nets).group_by(*own)):
        yield one, other, Balance(*map(int, amounts))


def balances(capacity_ids: Iterable[int]) -> Balances:
    """The balance of every quarter with entries, for many capacities in one question."""
    rows = (
        select(LedgerEntry.capacity_id, LedgerEntry.quarter, *SUMS)
        .where(LedgerEntry.capacity_id.in_(list(capacity_ids)))
        .group_by(LedgerEntry.capacity_id, LedgerEntry.quarter)
    )
    found: Balances = defaultdict(dict)
    for capacity_id, quarter, *amounts in db.session.execute(rows):
        found[capacity_id][quarter] = Balance(*map(int, amounts))
    return found


def balances_of_matches(match_ids: Iterable[int]) -> Balances:
    """What matches reserve, have committed and have been given, by quarter; in one question."""
    rows = (
        select(LedgerEntry.match_id, LedgerEntry.quarter, *SUMS)
        .where(LedgerEntry.match_id.in_(list(match_ids)))
        .group_by(LedgerEntry.match_id, LedgerEntry.quarter)
        .order_by(LedgerEntry.match_id, LedgerEntry.quarter)
    )
    found: Balances = defaultdict(dict)
    for match_id, quarter, *amounts in db.session.execute(rows):
        if match_id is not None:
            found[match_id][quarter] = Balance(*map(int, amounts))
    return found


def balances_of_match(match_id: int) -> dict[Quarter, Balance]:
    """What one match reserves, has committed and has been given, by quarter."""
    return balances_of_matches([match_id])[match_id]


def partnerships_of(capacity_ids: Iterable[int]) -> dict[int, dict[Quarter, set[int]]]:
    """Which matches hold days of each capacity in each quarter."""
    held = _net(K.RESERVE, K.UNRESERVE) + _net(K.COMMIT, K.UNCOMMIT)
    rows = (
        select(LedgerEntry.capacity_id, LedgerEntry.quarter, LedgerEntry.match_id)
        .where(LedgerEntry.capacity_id.in_(list(capacity_ids)), LedgerEntry.match_id.is_not(None))
        .group_by(LedgerEntry.capacity_id, LedgerEntry.quarter, LedgerEntry.match_id)
        .having(held > 0)
    )
    found: dict[int, dict[Quarter, set[int]]] = defaultdict(lambda: defaultdict(set))
    for capacity_id, quarter, match_id in db.session.execute(rows):
        if match_id is not None:
            found[capacity_id][quarter].add(match_id)
    return found


def held_for_needs(need_ids: Iterable[int]) -> Counter[int]:
    """Quarter-days that matches hold for each need, reserved and committed together."""
    held = _net(K.RESERVE, K.UNRESERVE) + _net(K.COMMIT, K.UNCOMMIT)
    rows = (
        select(Match.need_id, held)
        .join(LedgerEntry, LedgerEntry.match_id == Match.id)
        .where(Match.need_id.in_(list(need_ids)))
        .group_by(Match.need_id)
    )
    return Counter({need_id: int(days) for need_id, days in db.session.execute(rows)})


def given_back_by(event_id: int) -> dict[Quarter, int]:
    """Quarter-days by quarter that one event gave back."""
    rows = select(LedgerEntry.quarter, LedgerEntry.quarter_days).where(
        LedgerEntry.event_id == event_id, LedgerEntry.kind == K.UNCOMMIT
    )
    return {row.quarter: row.quarter_days for row in db.session.execute(rows)}


def nets(
    capacity_id: int, plus: EntryKind, minus: EntryKind
) -> list[tuple[int, Quarter, int | None, int]]:
    """(match, quarter, support day, quarter-days) of one figure of a capacity, where not 0."""
    net = _net(plus, minus)
    parts = (LedgerEntry.match_id, LedgerEntry.quarter, LedgerEntry.support_day_id)
    rows = (
        select(*parts, net)
        .where(LedgerEntry.capacity_id == capacity_id, LedgerEntry.match_id.is_not(None))
        .group_by(*parts)
        .having(net != 0)
        .order_by(*parts)
    )
    found = db.session.execute(rows)
    return [(match or 0, quarter, day, int(days)) for match, quarter, day, days in found]


def overspill(held: Mapping[Quarter, Balance]) -> int:
    """Quarter-days of one match delivered in quarters beyond what is committed in them: they used
    days that are committed in other quarters."""
    return sum(max(0, b.delivered - b.committed) for b in held.values())


def undelivered(held: Mapping[Quarter, Balance], quarter: Quarter) -> int:
    """Quarter-days of one match that are committed in a quarter and were given in none."""
    balance = held.get(quarter, Balance())
    return max(0, balance.committed - balance.delivered - overspill(held))
