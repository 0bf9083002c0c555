"""Needs by where they stand and since when; and the themes they want against those on offer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from sqlalchemy import func, select

from broker import clock
from broker.clock import LONDON
from broker.dashboards.scope import needs_counted, of_programme
from broker.dashboards.seats import Chosen
from broker.db import db
from broker.models.authority import Authority
from broker.models.need import Need, NeedState, NeedTheme
from broker.models.offer import Offer, OfferState, OfferTheme, OfferVersion
from broker.models.person import Person
from broker.models.programme import Theme

WANTING = (NeedState.SUBMITTED, NeedState.OPEN, NeedState.PART_MATCHED)
WEEKS = (4, 12)  # where ages part


@dataclass(frozen=True)
class Stage:
    """Needs in one state. `days` of each in it, which say how many are how old."""

    state: NeedState
    days: tuple[int, ...]

    @cached_property
    def ages(self) -> tuple[int, int, int]:
        """How many stand there under 4 weeks, 4 to 12, longer."""
        young, middle = (sum(day < 7 * weeks for day in self.days) for weeks in WEEKS)
        return young, middle - young, len(self.days) - middle

    @property
    def median_days(self) -> int | None:
        return int(median(self.days)) if self.days else None


@dataclass(frozen=True)
class Gap:
    """A theme: needs that wait for help and put it first, or name it further down, with the
    quarter-days that the first want; and the published offers that name it, near and elsewhere."""

    theme: str
    code: str
    theme_id: int
    first: int
    further: int
    quarter_days: int
    near: int
    elsewhere: int

    @property
    def stands(self) -> str:
        if not self.first + self.further:
            return "Nobody waits for it now" if self.near + self.elsewhere else ""
        if self.near:
            return "On offer"
        return "On offer elsewhere alone" if self.elsewhere else "No offer at all"

    @property
    def weighs(self) -> tuple[bool, int, int, str]:
        """The widest gaps first."""
        is_missing = bool(self.first + self.further) and not self.near
        return not is_missing, -self.quarter_days, -(self.first + self.further), self.theme


def stages(person: Person, chosen: Chosen) -> list[Stage]:
    """As they stand today, in one question; the states that nobody stands in are left out."""
    rows = select(Need.state, Need.state_since).where(needs_counted(person, chosen))
    days: dict[NeedState, list[int]] = {}
    today = clock.today()
    for state, since in db.session.execute(rows):
        days.setdefault(state, []).append((today - since.astimezone(LONDON).date()).days)
    return [Stage(state, tuple(days[state])) for state in NeedState if state in days]


def gaps(person: Person, chosen: Chosen) -> list[Gap]:
    """Every theme that is wanted or offered, the widest gaps first; in three questions."""
    wanted, asked = _wanted(person, chosen)
    near, elsewhere = _offered(chosen)
    themes = select(Theme.id, Theme.code, Theme.name).where(Theme.parent_id.is_not(None))
    if chosen.theme_id is not None:
        themes = themes.where(Theme.id == chosen.theme_id)
    found = (
        Gap(
            theme=name,
            code=code,
            theme_id=id_,
            first=wanted[id_, True],
            further=wanted[id_, False],
            quarter_days=asked[id_],
            near=near[id_],
            elsewhere=elsewhere[id_],
        )
        for id_, code, name in db.session.execute(themes)
    )
    return sorted((gap for gap in found if gap.stands), key=lambda gap: gap.weighs)


def _wanted(person: Person, chosen: Chosen) -> tuple[Counter[tuple[int, bool]], Counter[int]]:
    """(theme's id, whether it is put first) → needs; theme's id → quarter-days of those."""
    is_first = NeedTheme.position == 1
    rows = (
        select(NeedTheme.theme_id, is_first, func.count(), func.sum(Need.days_wanted))
        .join(Need, Need.id == NeedTheme.need_id)
        .where(needs_counted(person, chosen), Need.state.in_(WANTING))
        .group_by(NeedTheme.theme_id, is_first)
    )
    wanted: Counter[tuple[int, bool]] = Counter()
    asked: Counter[int] = Counter()
    for theme_id, first, count, quarter_days in db.session.execute(rows):
        wanted[theme_id, bool(first)] = count
        if first:
            asked[theme_id] = int(quarter_days)
    return wanted, asked


def _offered(chosen: Chosen) -> tuple[Counter[int], Counter[int]]:
    """By theme's id, published offers: of the region that is looked at (of England, for none), and
    of others. Offers are public."""
    rows = (
        select(OfferTheme.theme_id, Authority.region_id, func.count())
        .join(OfferVersion, OfferVersion.id == OfferTheme.version_id)
        .join(Offer, (Offer.id == OfferVersion.offer_id) & (Offer.number == OfferVersion.number))
        .join(Authority, Authority.id == Offer.provider_id)
        .where(Offer.state == OfferState.PUBLISHED, of_programme(Offer.programme_id, chosen))
        .group_by(OfferTheme.theme_id, Authority.region_id)
    )
    near: Counter[int] = Counter()
    elsewhere: Counter[int] = Counter()
    for theme_id, region_id, count in db.session.execute(rows):
        is_near = chosen.region_id in (None, region_id)
        (near if is_near else elsewhere)[theme_id] += count
    return near, elsewhere
