"""The figures of a return: their one definition, for the screen, the certified content and CSV.

All amounts are whole quarter-days. A day counts in the quarter of the date it was given on.
confirmed + unconfirmed + queried = what the ledger counts as delivered; void days are in none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from broker.clock import LONDON, Quarter
from broker.db import db
from broker.models.match import Match
from broker.models.need import NeedTheme
from broker.models.offer import Delivery, Offer, OfferState
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.programme import Theme


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
class ThemeDays:
    """The days of the partnerships whose need puts a theme first. A day counts in one theme."""

    code: str
    name: str
    days: Days


@dataclass(frozen=True)
class Figures:
    """A provider's quarter in a programme. `themes` is None in versions certified before returns
    kept them; else its days make the total too."""

    lines: tuple[Line, ...] = ()
    partnerships_live: int = 0
    offers_published: int = 0
    total: Days = field(default_factory=Days)
    themes: tuple[ThemeDays, ...] | None = None

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
        kept = content.get("themes")
        themes = kept and tuple(ThemeDays(**{**one, "days": Days(**one["days"])}) for one in kept)
        whole = {"lines": tuple(lines), "total": Days(**content["total"]), "themes": themes}
        return cls(**{**content, **whole})


def figures_of(provider_id: int, programme_id: int, quarter: Quarter) -> Figures:
    """Build a provider's figures from the records as they stand now."""
    found = figures_by_provider(programme_id, quarter, only=provider_id)
    return found.get(provider_id) or Figures(themes=())


def figures_by_provider(
    programme_id: int, quarter: Quarter, *, only: int | None = None
) -> dict[int, Figures]:
    """Every provider's figures in a programme's quarter (or one provider's), in five questions.

    Providers with no partnership, day or offer in it are left out.
    """
    held = _partnerships(quarter, programme_id, only)
    themes = _first_themes(held)
    offers = _offers_published(quarter, programme_id, only)
    by_provider: dict[int, list[_Held]] = {provider_id: [] for provider_id in offers}
    for one in held:
        by_provider.setdefault(one.partnership.provider_id, []).append(one)
    return {
        provider_id: _figures(theirs, themes, offers.get(provider_id, 0))
        for provider_id, theirs in by_provider.items()
    }


@dataclass(frozen=True)
class _Held:
    """A partnership that was live in the quarter, or has days in it."""

    partnership: Partnership
    is_live: bool
    days: Days


def _figures(held: list[_Held], themes: dict[int, Theme], offers: int) -> Figures:
    lines = _lines(held)
    return Figures(
        lines=lines,
        partnerships_live=sum(one.is_live for one in held),
        offers_published=offers,
        total=total(line.days for line in lines),
        themes=_by_theme(held, themes),
    )


def bounds(quarter: Quarter) -> tuple[datetime, datetime]:
    """The moments at which a quarter begins and the next one does, in London."""
    first, last = quarter.first_day, quarter.last_day + timedelta(days=1)
    midnight = time()
    return datetime.combine(first, midnight, LONDON), datetime.combine(last, midnight, LONDON)


def _partnerships(quarter: Quarter, programme_id: int, only: int | None) -> list[_Held]:
    """Partnerships that were live on any day of the quarter, and others with days in it."""
    begins, ends = bounds(quarter)
    amounts = _days_by_partnership(quarter, programme_id, only)
    was_live = and_(
        Partnership.opened_at < ends,
        or_(Partnership.ended_at.is_(None), Partnership.ended_at >= begins),
    )
    has_days = Partnership.id.in_(select(SupportDay.partnership_id).where(_in(quarter)))
    wanted = select(Partnership, was_live).where(
        Partnership.programme_id == programme_id, or_(was_live, has_days), _of(only)
    )
    rows = db.session.execute(wanted.order_by(Partnership.id)).unique()
    return [_Held(one, bool(is_live), amounts.get(one.id, Days())) for one, is_live in rows]


def _of(provider_id: int | None) -> ColumnElement[bool]:
    return true() if provider_id is None else Partnership.provider_id == provider_id


def _in(quarter: Quarter) -> ColumnElement[bool]:
    """Days that were given in the quarter."""
    return and_(
        SupportDay.state != SupportDayState.VOID,
        SupportDay.given_on.between(quarter.first_day, quarter.last_day),
    )


def _days_by_partnership(quarter: Quarter, programme_id: int, only: int | None) -> dict[int, Days]:
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
        .where(Partnership.programme_id == programme_id, _in(quarter), _of(only))
        .group_by(SupportDay.partnership_id, SupportDay.state, SupportDay.delivery)
    )
    found: dict[int, Days] = {}
    for partnership_id, state, delivery, days, records in db.session.execute(rows):
        more = _as_days(state, delivery, int(days), records)
        found[partnership_id] = found.get(partnership_id, Days()) + more
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


def _first_themes(held: Sequence[_Held]) -> dict[int, Theme]:
    """The theme that each partnership's need puts first, by the partnership's id."""
    match_ids = [one.partnership.match_id for one in held]
    firsts = (
        select(Match.id, Theme)
        .join(NeedTheme, NeedTheme.need_id == Match.need_id)
        .join(Theme, Theme.id == NeedTheme.theme_id)
        .where(Match.id.in_(match_ids))
        .order_by(NeedTheme.position.desc())
    )
    by_match = {row[0]: row[1] for row in db.session.execute(firsts)}
    return {one.partnership.id: by_match[one.partnership.match_id] for one in held}


def _by_theme(held: list[_Held], themes: dict[int, Theme]) -> tuple[ThemeDays, ...]:
    days: dict[Theme, Days] = {}
    for one in held:
        theme = themes[one.partnership.id]
        days[theme] = days.get(theme, Days()) + one.days
    made = (ThemeDays(theme.code, theme.name, amount) for theme, amount in days.items())
    return tuple(sorted(made, key=lambda one: (one.name, one.code)))


def _lines(held: list[_Held]) -> tuple[Line, ...]:
    """One line per receiver with a live partnership or with days, by name."""
    by_receiver: dict[int, list[_Held]] = {}
    for one in held:
        by_receiver.setdefault(one.partnership.receiver_id, []).append(one)
    lines = (_line(theirs) for theirs in by_receiver.values())
    return tuple(sorted(lines, key=lambda line: (line.name, line.code)))


def _line(held: list[_Held]) -> Line:
    receiver = held[0].partnership.receiver
    return Line(
        code=receiver.code,
        name=receiver.name,
        region=receiver.region.name,
        days=total(one.days for one in held),
        partnerships=tuple((one.partnership.id, one.partnership.title) for one in held),
    )


def _offers_published(quarter: Quarter, programme_id: int, only: int | None) -> dict[int, int]:
    """By provider, offers first published by the quarter's end and not withdrawn by then."""
    _, ends = bounds(quarter)
    published = select(Offer.provider_id, func.count(Offer.id)).where(
        Offer.programme_id == programme_id,
        Offer.published_at < ends,
        or_(Offer.state != OfferState.WITHDRAWN, Offer.state_since >= ends),
    )
    if only is not None:
        published = published.where(Offer.provider_id == only)
    rows = db.session.execute(published.group_by(Offer.provider_id))
    return {row[0]: row[1] for row in rows}
