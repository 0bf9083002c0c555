"""The records behind a return's figures: what a figure adds up, one by one.

Both the live screen and a certified version list the same shapes; a version keeps its own, so that
what stood behind it can be read for good. Days are quarter-days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from broker.balances import balances_of_matches
from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Authority
from broker.models.offer import Delivery, Offer
from broker.models.partnership import Moment, Partnership, SupportDay, SupportDayState
from broker.models.plan import Measure, Objective, Plan, PlanState
from broker.returns.answered import answered_by
from broker.returns.figures import bounds, published_by, were_live
from broker.returns.given import Days, days_of, given_in

# The figures of days, by the field of Days, and what their records are.
DAYS = {
    "confirmed": "Days confirmed by both sides",
    "unconfirmed": "Days not confirmed yet",
    "queried": "Queried days, left out",
    "on_site": "Days on site, confirmed or not",
    "remote": "Remote days, confirmed or not",
    "records": "Entries that count",
}


@dataclass(frozen=True)
class Entry:
    """A support day. `given_on` is an ISO date; `state` and `delivery` are their plain words."""

    id: int
    partnership: int
    title: str
    code: str
    receiver: str
    given_on: str
    quarter_days: int
    state: str
    delivery: str
    activity: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.given_on)

    @property
    def days(self) -> Days:
        """What it adds to the figures."""
        state, delivery = SupportDayState(self.state), Delivery(self.delivery)
        return days_of(state, delivery, self.quarter_days, 1)


@dataclass(frozen=True)
class Held:
    """A partnership that was live in the quarter, and its quarter-days committed in it."""

    id: int
    title: str
    receiver: str
    committed: int


@dataclass(frozen=True)
class Published:
    """An offer that was published by the quarter's end."""

    id: int
    title: str


@dataclass(frozen=True)
class Asked:
    """A receiver asked for feedback by the quarter's end, at which moment; whether it answered."""

    id: int
    title: str
    moment: str
    has_answered: bool


@dataclass(frozen=True)
class Planned:
    """An outcome that a partnership's agreed plan sets out to reach, and how that is measured."""

    id: int
    title: str
    receiver: str
    aim: str
    measure: str
    baseline: str
    baseline_source: str
    target: str


@dataclass(frozen=True)
class Behind:
    """Everything behind a return's figures."""

    entries: tuple[Entry, ...] = ()
    live: tuple[Held, ...] = ()
    offers: tuple[Published, ...] = ()
    feedback: tuple[Asked, ...] = ()
    outcomes: tuple[Planned, ...] = ()

    def entries_of(self, field: str, code: str = "") -> list[Entry]:
        """The entries that make a figure of days (a field of Days), of one receiver or of all."""
        mine = (entry for entry in self.entries if code in ("", entry.code))
        return [entry for entry in mine if getattr(entry.days, field)]

    def as_content(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Behind:
        return cls(
            entries=tuple(Entry(**one) for one in content["entries"]),
            live=tuple(Held(**one) for one in content["live"]),
            offers=tuple(Published(**one) for one in content["offers"]),
            feedback=tuple(Asked(**one) for one in content["feedback"]),
            outcomes=tuple(Planned(**one) for one in content.get("outcomes", ())),
        )


def behind(provider_id: int, programme_id: int, quarter: Quarter) -> Behind:
    """The records behind a provider's figures as they stand now, in seven questions."""
    ours = (Partnership.provider_id == provider_id, Partnership.programme_id == programme_id)
    live = select(Partnership).where(*ours, were_live(quarter)).order_by(Partnership.id)
    held = db.session.scalars(live).unique().all()
    entries = _entries(provider_id, programme_id, quarter)
    everybody = {one.id: one.title for one in held} | {e.partnership: e.title for e in entries}
    return Behind(
        entries=entries,
        live=_live(held, quarter),
        offers=_offers(provider_id, programme_id, quarter),
        feedback=_feedback(everybody, quarter),
        outcomes=_outcomes(list(everybody)),
    )


def _entries(provider_id: int, programme_id: int, quarter: Quarter) -> tuple[Entry, ...]:
    rows = (
        select(SupportDay, Partnership.title, Authority.code, Authority.name)
        .join(Partnership, Partnership.id == SupportDay.partnership_id)
        .join(Authority, Authority.id == Partnership.receiver_id)
        .where(
            Partnership.provider_id == provider_id,
            Partnership.programme_id == programme_id,
            given_in(quarter),
        )
        .order_by(SupportDay.given_on, SupportDay.id)
    )
    return tuple(
        Entry(
            id=day.id,
            partnership=day.partnership_id,
            title=title,
            code=code,
            receiver=name,
            given_on=day.given_on.isoformat(),
            quarter_days=day.quarter_days,
            state=day.state.value,
            delivery=day.delivery.value,
            activity=day.activity,
        )
        for day, title, code, name in db.session.execute(rows).unique()
    )


def _live(held: Sequence[Partnership], quarter: Quarter) -> tuple[Held, ...]:
    amounts = balances_of_matches([one.match_id for one in held])
    return tuple(
        Held(
            one.id,
            one.title,
            one.receiver.name,
            now.committed if (now := amounts[one.match_id].get(quarter)) else 0,
        )
        for one in held
    )


def _offers(provider_id: int, programme_id: int, quarter: Quarter) -> tuple[Published, ...]:
    published = select(Offer).where(
        Offer.provider_id == provider_id, published_by(quarter, programme_id)
    )
    found = db.session.scalars(published.order_by(Offer.id)).unique()
    return tuple(Published(one.id, one.title) for one in found)


def _feedback(titles: dict[int, str], quarter: Quarter) -> tuple[Asked, ...]:
    found = answered_by(list(titles), bounds(quarter)[1])
    order = list(Moment)
    return tuple(
        Asked(id_, titles[id_], moment.words, (id_, moment) in found.answered)
        for id_, moment in sorted(found.asked, key=lambda pair: (pair[0], order.index(pair[1])))
    )


def _outcomes(partnership_ids: Sequence[int]) -> tuple[Planned, ...]:
    """The measures of the plans that stand, by partnership."""
    rows = (
        select(Measure, Objective.aim, Partnership.id, Partnership.title, Authority.name)
        .join(Objective, Objective.id == Measure.objective_id)
        .join(Plan, Plan.id == Objective.plan_id)
        .join(Partnership, Partnership.id == Plan.partnership_id)
        .join(Authority, Authority.id == Partnership.receiver_id)
        .where(Partnership.id.in_(partnership_ids), Plan.state == PlanState.AGREED)
        .order_by(Partnership.id, Objective.key, Measure.key)
    )
    return tuple(
        Planned(
            id=id_,
            title=title,
            receiver=receiver,
            aim=aim,
            measure=measure.name,
            baseline=measure.baseline,
            baseline_source=measure.baseline_source,
            target=measure.target,
        )
        for measure, aim, id_, title, receiver in db.session.execute(rows).unique()
    )
