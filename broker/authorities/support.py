"""Support that an authority has given and received: counts for everybody, names by right alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from broker import ledger
from broker.db import db
from broker.help.queries import authorities_read_by
from broker.ledger import Balance
from broker.models.authority import Authority, EarlierPartnership
from broker.models.ledger import LedgerEntry
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.partnerships.queries import partnerships_visible_to

FEW = 3


@dataclass(frozen=True)
class Given:
    """Partnerships in which an authority gives, in words, and its days by financial year.

    So that nobody can be worked out, one to three partnerships are not told apart. Days are in
    quarter-days and never suppressed.
    """

    partnerships: str
    days: dict[str, int]
    is_illustrative: bool


def given_by(authority: Authority) -> Given | None:
    """None when it has given nothing through the exchange."""
    own = Partnership.provider_id == authority.id
    marked = list(db.session.scalars(select(Partnership.is_illustrative).where(own)))
    if not marked:
        return None
    rows = (
        select(LedgerEntry.quarter, *ledger.SUMS)
        .where(LedgerEntry.match_id.in_(select(Partnership.match_id).where(own)))
        .group_by(LedgerEntry.quarter)
        .order_by(LedgerEntry.quarter)
    )
    days: dict[str, int] = {}
    for quarter, *sums in db.session.execute(rows):
        if delivered := Balance(*map(int, sums)).delivered:
            year = str(quarter)[:7]
            days[year] = days.get(year, 0) + delivered
    words = str(len(marked)) if len(marked) > FEW else f"1 to {FEW}"
    return Given(words, days, any(marked))


def earlier_by(authority: Authority) -> list[EarlierPartnership]:
    """Help that published pages tell of, from before the exchange."""
    wanted = select(EarlierPartnership).filter_by(provider_id=authority.id)
    return list(db.session.scalars(wanted.order_by(EarlierPartnership.started)))


def reads_help(person: Person | None, authority: Authority) -> bool:
    """Whether this person may read on one page who helps it."""
    mine = authorities_read_by(person).where(Authority.id == authority.id)
    return person is not None and db.session.scalar(mine) is not None


def seen_by(person: Person | None, authority: Authority) -> list[Partnership]:
    """Its partnerships that this person may see: parties, their region, the programme."""
    if person is None:
        return []
    own = or_(Partnership.provider_id == authority.id, Partnership.receiver_id == authority.id)
    wanted = partnerships_visible_to(person).where(own).order_by(Partnership.opened_at.desc())
    return list(db.session.scalars(wanted).unique())
