"""Questions about partnerships and their days, for the person asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from broker import clock, ledger, sights
from broker.clock import Quarter
from broker.db import db
from broker.ledger import Balance
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.match import Side
from broker.models.partnership import (
    PARTNERSHIPS_LIVE,
    Partnership,
    PartnershipState,
)
from broker.models.person import Person, Role
from broker.permissions import GIVING, RECEIVING
from broker.taking import verbs_open_to


def partnerships_visible_to(person: Person) -> Select[Partnership]:
    """The partnerships that a person may see."""
    return select(Partnership).where(sights.partnerships_seen_by(person))


@dataclass(frozen=True)
class Listed:
    """A partnership in a list, with its days of all quarters together."""

    partnership: Partnership
    days: Balance

    @property
    def left(self) -> int:
        return self.days.committed - self.days.delivered


def listed(
    person: Person, *, search: str = "", state: PartnershipState | None = None
) -> list[Listed]:
    """Partnerships of a person, live ones first, then the newest; in two questions."""
    chosen = partnerships_visible_to(person)
    if state is not None:
        chosen = chosen.where(Partnership.state == state)
    newest = chosen.order_by(
        Partnership.state.in_(PARTNERSHIPS_LIVE).desc(),
        Partnership.opened_at.desc(),
        Partnership.id.desc(),
    )
    found = [p for p in db.session.scalars(newest).unique() if speaks_of(p, search)]
    return listed_with_days(found)


def listed_with_days(found: Sequence[Partnership]) -> list[Listed]:
    """Partnerships with their days of all quarters together, in one question more."""
    days = _days_of_matches([partnership.match_id for partnership in found])
    return [Listed(one, days.get(one.match_id, Balance())) for one in found]


def speaks_of(partnership: Partnership, search: str) -> bool:
    """Every word is in the title or in the name of one of the authorities."""
    places = (partnership.title, partnership.provider.name, partnership.receiver.name)
    text = " ".join(places).casefold()
    return all(word in text for word in search.casefold().split())


def _days_of_matches(match_ids: list[int]) -> dict[int, Balance]:
    rows = (
        select(LedgerEntry.match_id, *ledger.SUMS)
        .where(LedgerEntry.match_id.in_(match_ids))
        .group_by(LedgerEntry.match_id)
    )
    counted = db.session.execute(rows)
    return {match_id: Balance(*map(int, sums)) for match_id, *sums in counted if match_id}


@dataclass(frozen=True)
class PlannedQuarter:
    """One quarter of a partnership, in quarter-days: as agreed, as it stands now, as given."""

    quarter: Quarter
    planned: int
    committed: int
    delivered: int

    @property
    def left(self) -> int:
        """Committed in this quarter and not given in it."""
        return max(0, self.committed - self.delivered)


@dataclass(frozen=True)
class Plan:
    """A partnership's days by quarter: as agreed, and as the ledger counts them."""

    quarters: list[PlannedQuarter]
    committed: int

    @property
    def planned(self) -> int:
        return sum(row.planned for row in self.quarters)

    @property
    def delivered(self) -> int:
        return sum(row.delivered for row in self.quarters)

    @property
    def left(self) -> int:
        return self.committed - self.delivered


def plan_of(partnership: Partnership) -> Plan:
    """Days planned in the match's terms against days delivered, in order of quarters."""
    held = ledger.balances_of_match(partnership.match_id)
    planned = {row.quarter: row.quarter_days for row in partnership.match.days}
    rows = [
        PlannedQuarter(quarter, planned.get(quarter, 0), now.committed, now.delivered)
        for quarter in sorted({*planned, *held})
        for now in [held.get(quarter, Balance())]
    ]
    return Plan(rows, sum(balance.committed for balance in held.values()))


MOVED_AHEAD = 8


@dataclass(frozen=True)
class Movable:
    """Quarter-days of a partnership that can be moved, and what the provider has free."""

    left: dict[Quarter, int]
    free: dict[Quarter, int]


def movable_in(partnership: Partnership) -> Movable:
    """From which quarters days can be moved, and to which. Of a quarter that is over only where
    no return asks what becomes of them."""
    now, has_returns = clock.this_quarter(), partnership.programme.policy.has_returns
    left = {
        row.quarter: row.left
        for row in plan_of(partnership).quarters
        if row.left and (row.quarter >= now or not has_returns)
    }
    ours = select(Capacity.id).filter_by(
        provider_id=partnership.provider_id, programme_id=partnership.programme_id
    )
    balances = ledger.balances(db.session.scalars(ours).all())
    held = {quarter: b.free for found in balances.values() for quarter, b in found.items()}
    ahead = clock.coming_quarters(MOVED_AHEAD)
    return Movable(left, {quarter: max(0, held.get(quarter, 0)) for quarter in ahead})


def sides_of(person: Person, partnership: Partnership) -> set[Side]:
    """The sides that a person may log for, practitioners of the provider included."""
    gives = person.at(partnership.provider_id, *GIVING, Role.PRACTITIONER)
    receives = person.at(partnership.receiver_id, *RECEIVING)
    held = {Side.PROVIDER: gives, Side.RECEIVER: receives}
    return {side for side, membership in held.items() if membership}


def coordinates(person: Person, partnership: Partnership) -> bool:
    """Whether a person coordinates the receiving region."""
    return person.in_region(partnership.receiver.region_id, Role.COORDINATOR) is not None


def can_move(person: Person, partnership: Partnership) -> bool:
    """Whether a person may move the partnership's days between quarters."""
    return any(row.verb == "move_days" for row in verbs_open_to(person, partnership))
