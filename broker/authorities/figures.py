"""Published indicators of an authority, always beside its neighbours, its region and England."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from broker.db import db
from broker.fields.typed import without_odd
from broker.models.authority import Authority, Neighbour
from broker.models.indicator import Flag, Indicator, IndicatorValue

LEAST_NEIGHBOURS = 5  # of ten: with fewer the mean would speak of a few


@dataclass(frozen=True)
class Figures:
    """One indicator in one year. None: nothing published, or not to be used.

    `neighbours` is the plain mean of the neighbours' figures: derived, not published.
    """

    indicator: Indicator
    year: int
    own: float | None
    flags: tuple[Flag, ...]
    neighbours: float | None
    region: float | None
    england: float | None
    is_before_start: bool

    @property
    def own_words(self) -> str:
        """The authority's figure, or why there is none."""
        if self.own is not None:
            return self.indicator.figure(self.own)
        if Flag.NOT_USABLE in self.flags:
            return "Not usable"
        return "Before it began" if self.is_before_start else "Not published"

    @property
    def shown(self) -> dict[str, float | None]:
        return {
            "own": self.own,
            "neighbours": self.neighbours,
            "region": self.region,
            "england": self.england,
        }


def indicators() -> list[Indicator]:
    return list(db.session.scalars(select(Indicator).order_by(Indicator.position)))


def indicator_coded(code: str) -> Indicator | None:
    return db.session.scalars(select(Indicator).filter_by(code=without_odd(code))).one_or_none()


def latest_of(authority: Authority) -> list[Figures]:
    """Every indicator in the latest year that there is."""
    latest = select(func.max(IndicatorValue.year)).scalar_subquery()
    return _figures(authority, IndicatorValue.year == latest)


def by_year(authority: Authority, indicator: Indicator) -> list[Figures]:
    """One indicator, the earliest year first."""
    return _figures(authority, IndicatorValue.indicator_id == indicator.id)


def all_of(authority: Authority) -> list[Figures]:
    """Every indicator in every year."""
    return _figures(authority, IndicatorValue.id.is_not(None))


def _figures(authority: Authority, wanted: ColumnElement[bool]) -> list[Figures]:
    near = list(
        db.session.scalars(select(Neighbour.neighbour_id).filter_by(authority_id=authority.id))
    )
    england = and_(IndicatorValue.authority_id.is_(None), IndicatorValue.region_id.is_(None))
    places = or_(
        IndicatorValue.authority_id.in_([authority.id, *near]),
        IndicatorValue.region_id == authority.region_id,
        england,
    )
    rows = (
        select(IndicatorValue)
        .join(IndicatorValue.indicator)
        .where(wanted, places)
        .options(joinedload(IndicatorValue.indicator))
        .order_by(Indicator.position, IndicatorValue.year)
    )
    grouped: dict[tuple[int, int], list[IndicatorValue]] = {}
    for row in db.session.scalars(rows):
        grouped.setdefault((row.indicator_id, row.year), []).append(row)
    return [_one(authority, same) for same in grouped.values()]


def _one(authority: Authority, rows: Sequence[IndicatorValue]) -> Figures:
    """The rows of one indicator and year, side by side."""
    own = next((row for row in rows if row.authority_id == authority.id), None)
    others = [row for row in rows if row.authority_id not in (None, authority.id)]
    year = rows[0].year
    return Figures(
        indicator=rows[0].indicator,
        year=year,
        own=own.value if own else None,
        flags=own.flags if own else (),
        neighbours=_mean(row.value for row in others),
        region=next((row.value for row in rows if row.region_id is not None), None),
        england=next(
            (r.value for r in rows if r.authority_id is None and r.region_id is None), None
        ),
        is_before_start=authority.since is not None and year <= authority.since.year,
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 1) if len(known) >= LEAST_NEIGHBOURS else None


def of_neighbours(
    indicator: Indicator, neighbours: Sequence[Neighbour], year: int
) -> dict[int, IndicatorValue]:
    """Each neighbour's figure in a year, by the neighbour's id."""
    wanted = select(IndicatorValue).where(
        IndicatorValue.indicator_id == indicator.id,
        IndicatorValue.year == year,
        IndicatorValue.authority_id.in_([row.neighbour_id for row in neighbours]),
    )
    return {row.authority_id: row for row in db.session.scalars(wanted) if row.authority_id}
