"""What a provider is paid in a year, what it has given for it, and what may be left over.

Money is in pence, days in quarter-days. What days are worth: days x the grant's day rate.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from broker import clock, sights
from broker.balances import SUMS
from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Authority
from broker.models.grant import Grant
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.returns.given import counted_by_provider


def grants_visible_to(person: Person) -> Select[Grant]:
    """The grants that a person may see."""
    return select(Grant).where(sights.grants_seen_by(person))


def programmes_managed_by(person: Person) -> Select[Programme]:
    """The programmes that a person manages today."""
    held = person.holding(Role.PROGRAMME_MANAGER)
    return select(Programme).where(Programme.id.in_([m.programme_id for m in held]))


def providers() -> list[Authority]:
    """Every authority that has not ended, by name."""
    known = select(Authority).where(~Authority.successions.any()).order_by(Authority.name)
    return list(db.session.scalars(known).unique())


def years() -> dict[int, str]:
    """The financial years that grants may be for, next year's first: (start, words)."""
    this = clock.this_quarter().year
    return {year: f"{year}-{(year + 1) % 100:02}" for year in range(this + 1, this - 5, -1)}


def quarters_of(year: int) -> list[Quarter]:
    return [Quarter(year * 4 + number) for number in range(4)]


@dataclass(frozen=True)
class Account:
    """A grant with what was given for it. `delivered`: quarter-days of the year, confirmed or not,
    queried ones left out; `to_come`: committed in quarters that are not over and not given yet."""

    grant: Grant
    delivered: int
    to_come: int

    @property
    def worth(self) -> int:
        """What the days given are worth, in pence."""
        return self.delivered * self.grant.day_rate // 4

    @property
    def ahead(self) -> int:
        """Paid less what was given for it: below 0, the programme owes."""
        return self.grant.paid - self.worth

    @property
    def forecast(self) -> int:
        """What the year comes to if all that is committed is given."""
        return (self.delivered + self.to_come) * self.grant.day_rate // 4

    @property
    def underspend(self) -> int:
        """The grant less its forecast; below 0, more is promised than granted."""
        return self.grant.pence - self.forecast


def accounts_of(programme: Programme, year: int) -> list[Account]:
    """The programme's grants of a year with what was given for them, in four questions."""
    held = select(Grant).filter_by(programme_id=programme.id, year=year)
    grants = db.session.scalars(held).unique().all()
    delivered, to_come = (
        counted_by_provider(programme.id, quarters_of(year)),
        _to_come(programme, year),
    )
    found = (
        Account(one, delivered.get(one.provider_id, 0), to_come.get(one.provider_id, 0))
        for one in grants
    )
    return sorted(found, key=lambda account: account.grant.provider.name)


def account_of(grant: Grant) -> Account:
    accounts = accounts_of(grant.programme, grant.year)
    return next(one for one in accounts if one.grant.id == grant.id)


def without_grant(programme: Programme, year: int) -> list[Authority]:
    """Providers that gave days in a year without a grant for it, by name."""
    granted = {one.grant.provider_id for one in accounts_of(programme, year)}
    ids = counted_by_provider(programme.id, quarters_of(year)).keys() - granted
    wanted = select(Authority).where(Authority.id.in_(ids)).order_by(Authority.name)
    return list(db.session.scalars(wanted).unique())


def _to_come(programme: Programme, year: int) -> dict[int, int]:
    """By provider, quarter-days committed in the year's quarters that are not over, not given."""
    ahead = [quarter for quarter in quarters_of(year) if quarter >= clock.this_quarter()]
    rows = (
        select(Capacity.provider_id, SUMS[2], SUMS[3])
        .join(LedgerEntry, LedgerEntry.capacity_id == Capacity.id)
        .where(Capacity.programme_id == programme.id, LedgerEntry.quarter.in_(ahead))
        .group_by(Capacity.provider_id)
    )
    return {id_: max(0, int(held) - int(given)) for id_, held, given in db.session.execute(rows)}
