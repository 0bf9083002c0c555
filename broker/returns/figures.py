"""The figures of a return: their one definition, for the screen, the certified content and CSV.

All amounts are whole quarter-days. A day counts in the quarter of the date it was given on.
confirmed + unconfirmed + queried = what the ledger counts as delivered; void days are in none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from broker.clock import LONDON, Quarter
from broker.db import db
from broker.models.offer import Delivery, Offer, OfferState
from broker.models.partnership import Partnership, SupportDay, SupportDayState


@dataclass(frozen=True)
class Days:
    """Quarter-days, and the number of records behind them.

    `confirmed` by both sides; `unconfirmed` logged by one; `queried` is left out of the rest.
    `on_site` and `remote` divide confirmed and unconfirmed; `records` counts those support days.
    """

    confirmed: int = 0
    unconfirmed: int = 0
    queried: int = 0
    on_site: int = 0
    remote: int = 0
    records: int = 0

    def __add__(self, other: Days) -> Days:
        return Days(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Days)))

    @property
    def delivered(self) -> int:
        """What the ledger counts."""
        return self.confirmed + self.unconfirmed + self.queried


def total(amounts: Iterable[Days]) -> Days:
    return sum(amounts, Days())


@dataclass(frozen=True)
class Line:
    """What one receiver was given in the quarter, in which partnerships (id and title)."""

    code: str
    name: str
    region: str
    days: Days
    partnerships: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Figures:
    """A provider's quarter in a programme."""

    lines: tuple[Line, ...] = ()
    partnerships_live: int = 0
    offers_published: int = 0
    total: Days = field(default_factory=Days)

    def as_content(self) -> dict[str, Any]:
        """Plain values, as they stand in a certified version."""
        return asdict(self)

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Figures:
        """The figures of a certified version."""
        lines = (
            Line(
                **{**line, "days": Days(**line["days"])}
                | {"partnerships": tuple((id_, title) for id_, title in line["partnerships"])}
            )
            for line in content["lines"]
        )
        return cls(**{**content, "lines": tuple(lines), "total": Days(**content["total"])})


def figures_of(provider_id: int, programme_id: int, quarter: Quarter) -> Figures:
    """Build the figures from the records as they stand now."""
    partnerships = _live_in(quarter, provider_id, programme_id)
    amounts = _days_by_partnership(quarter, provider_id, programme_id)
    lines = _lines(partnerships, amounts)
    return Figures(
        lines=lines,
        partnerships_live=len(partnerships),
        offers_published=_offers_published(quarter, provider_id, programme_id),
        total=total(line.days for line in lines),
    )


def bounds(quarter: Quarter) -> tuple[datetime, datetime]:
    """The moments at which a quarter begins and the next one does, in London."""
    first, last = quarter.first_day, quarter.last_day + timedelta(days=1)
    midnight = time()
    return datetime.combine(first, midnight, LONDON), datetime.combine(last, midnight, LONDON)


def _live_in(quarter: Quarter, provider_id: int, programme_id: int) -> list[Partnership]:
    """Partnerships that were live on any day of the quarter."""
    begins, ends = bounds(quarter)
    live = select(Partnership).where(
        Partnership.provider_id == provider_id,
        Partnership.programme_id == programme_id,
        Partnership.opened_at < ends,
        or_(Partnership.ended_at.is_(None), Partnership.ended_at >= begins),
    )
    return list(db.session.scalars(live.order_by(Partnership.id)).unique())


def _days_by_partnership(quarter: Quarter, provider_id: int, programme_id: int) -> dict[int, Days]:
    """The days given in the quarter, by partnership, in one question."""
    rows = (
        select(
            SupportDay.partnership_id,
            SupportDay.state,
            SupportDay.delivery,
            func.sum(SupportDay.quarter_days),
            func.count(),
        )
        .join(Partnership, Partnership.id == SupportDay.partnership_id)
        .where(
            Partnership.provider_id == provider_id,
            Partnership.programme_id == programme_id,
            SupportDay.state != SupportDayState.VOID,
            SupportDay.given_on.between(quarter.first_day, quarter.last_day),
        )
        .group_by(SupportDay.partnership_id, SupportDay.state, SupportDay.delivery)
    )
    found: dict[int, Days] = {}
    for partnership_id, state, delivery, quarter_days, records in db.session.execute(rows):
        days = _as_days(state, delivery, int(quarter_days), records)
        found[partnership_id] = found.get(partnership_id, Days()) + days
    return found


def _as_days(state: SupportDayState, delivery: Delivery, quarter_days: int, records: int) -> Days:
    if state is SupportDayState.QUERIED:
        return Days(queried=quarter_days)
    is_confirmed = state is SupportDayState.CONFIRMED
    is_remote = delivery is Delivery.REMOTE
    return Days(
        confirmed=quarter_days if is_confirmed else 0,
        unconfirmed=0 if is_confirmed else quarter_days,
        remote=quarter_days if is_remote else 0,
        on_site=0 if is_remote else quarter_days,
        records=records,
    )


def _lines(partnerships: list[Partnership], amounts: dict[int, Days]) -> tuple[Line, ...]:
    """One line per receiver with a live partnership or with days, by name."""
    others = set(amounts) - {partnership.id for partnership in partnerships}
    late = select(Partnership).where(Partnership.id.in_(others))
    everything = [*partnerships, *(db.session.scalars(late).unique() if others else ())]
    by_receiver: dict[int, list[Partnership]] = {}
    for partnership in sorted(everything, key=lambda p: p.id):
        by_receiver.setdefault(partnership.receiver_id, []).append(partnership)
    lines = (_line(held, amounts) for held in by_receiver.values())
    return tuple(sorted(lines, key=lambda line: (line.name, line.code)))


def _line(held: list[Partnership], amounts: dict[int, Days]) -> Line:
    receiver = held[0].receiver
    return Line(
        code=receiver.code,
        name=receiver.name,
        region=receiver.region.name,
        days=total(amounts.get(partnership.id, Days()) for partnership in held),
        partnerships=tuple((partnership.id, partnership.title) for partnership in held),
    )


def _offers_published(quarter: Quarter, provider_id: int, programme_id: int) -> int:
    """Offers first published by the quarter's end and not withdrawn by then."""
    _, ends = bounds(quarter)
    published = select(func.count(Offer.id)).where(
        Offer.provider_id == provider_id,
        Offer.programme_id == programme_id,
        Offer.published_at < ends,
        or_(Offer.state != OfferState.WITHDRAWN, Offer.state_since >= ends),
    )
    return db.session.scalar(published) or 0
