"""What a return pack holds: a programme's quarter, from a freeze or as the records stand now.

Both come from the same figures (broker/returns/figures.py), and nothing is handed out unless
national = sum of regions = sum of providers = sum of themes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.feedback.coverage import Coverage, coverage_of
from broker.models.authority import Authority
from broker.models.programme import Programme
from broker.models.return_ import Freeze, Return, ReturnState, ReturnVersion
from broker.returns.adjustments import Adjustment, differences
from broker.returns.content import figures_in
from broker.returns.figures import Figures, figures_by_provider
from broker.returns.figures import Part as Parted
from broker.returns.freezing import freeze_of, preview
from broker.returns.given import Days, total
from broker.returns.totals import DoesNotAddUp, totals_of, versions_of


@dataclass(frozen=True)
class Part:
    """What one provider brings: its figures, and the words of its last certified version."""

    code: str
    name: str
    region: str
    state: str
    figures: Figures
    certified: ReturnVersion | None = None

    def words(self, section: str) -> str:
        """What was certified under 'outcomes', 'priorities' and the like."""
        return str(self.certified.content.get(section, "")) if self.certified else ""


@dataclass(frozen=True)
class Changed:
    """What a frozen quarter has become since, with one provider and one receiver.

    `is_carried`: among this pack's adjustments; if not, the next return carries it.
    """

    part: Part
    adjustment: Adjustment
    is_carried: bool


@dataclass(frozen=True)
class Earlier:
    """Another quarter, to lay beside: its name, what its figures rest on, and the figures."""

    quarter: Quarter
    basis: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Pack:
    """A programme's quarter. `as_of` is when it was frozen, or now."""

    programme: Programme
    quarter: Quarter
    freeze: Freeze | None
    as_of: datetime
    parts: tuple[Part, ...]
    missing: tuple[dict[str, str], ...]
    earlier: tuple[Earlier, ...]
    coverage: tuple[Coverage, ...]
    changed: tuple[Changed, ...] = ()

    @property
    def basis(self) -> str:
        return _basis(self.freeze)

    @cached_property
    def national(self) -> Days:
        return total(part.figures.total for part in self.parts)

    @cached_property
    def adjusted(self) -> Days:
        return total(part.figures.adjusted for part in self.parts)


def pack_of(freeze: Freeze) -> Pack:
    """The pack of a frozen quarter: it never changes."""
    totals_of(freeze)
    return _made(freeze.programme, freeze.quarter, freeze, freeze.frozen_at)


def pack_now(programme: Programme, quarter: Quarter) -> Pack:
    """The pack of a quarter as its records stand now, frozen or not."""
    return _made(programme, quarter, None, clock.now())


def _made(programme: Programme, quarter: Quarter, freeze: Freeze | None, as_of: datetime) -> Pack:
    parts = _parts(programme, quarter, freeze)
    pack = Pack(
        programme=programme,
        quarter=quarter,
        freeze=freeze,
        as_of=as_of,
        parts=parts,
        missing=_missing(programme, quarter, freeze),
        earlier=tuple(_earlier(programme, quarter - back) for back in (1, 4)),
        coverage=coverage_of(programme.id, as_of),
        changed=tuple(_changed(programme, quarter, freeze, parts)),
    )
    _prove(pack)
    return pack


def _changed(
    programme: Programme, quarter: Quarter, freeze: Freeze | None, parts: Sequence[Part]
) -> Iterator[Changed]:
    """Earlier quarters' adjustments; and, as the records stand, this one's if it is frozen."""
    for part in parts:
        yield from (Changed(part, one, True) for one in part.figures.adjustments)
    taken = None if freeze else freeze_of(programme.id, quarter)
    if taken is not None:
        of_code = {part.code: part for part in parts}
        found = differences(taken)
        places = select(Authority).where(Authority.id.in_(found))
        for place in db.session.scalars(places.order_by(Authority.name)).unique():
            part = of_code.get(place.code) or _stands(place, Figures(themes=(), types=()), None)
            yield from (Changed(part, one, False) for one in found[place.id])


def _basis(freeze: Freeze | None) -> str:
    if freeze is None:
        return "as the records stand"
    day = freeze.frozen_at.astimezone(clock.LONDON).date()
    return f"frozen {day.day} {day:%B %Y}"


def _earlier(programme: Programme, quarter: Quarter) -> Earlier:
    freeze = freeze_of(programme.id, quarter)
    return Earlier(quarter, _basis(freeze), _parts(programme, quarter, freeze))


def _parts(programme: Programme, quarter: Quarter, freeze: Freeze | None) -> tuple[Part, ...]:
    if freeze is not None:
        return tuple(_certified(version) for version in versions_of(freeze))
    return _standing(programme, quarter)


def _certified(version: ReturnVersion) -> Part:
    provider = version.content["provider"]
    return Part(**provider, state="certified", figures=figures_in(version), certified=version)


def _standing(programme: Programme, quarter: Quarter) -> tuple[Part, ...]:
    """By name, every provider with something in the quarter or with a return for it."""
    figures = figures_by_provider(programme.id, quarter)
    returns = {one.provider_id: one for one in _returns(programme, quarter)}
    everybody = select(Authority).where(Authority.id.in_({*figures, *returns}))
    parts = (
        _stands(one, figures.get(one.id, Figures(themes=(), types=())), returns.get(one.id))
        for one in db.session.scalars(everybody).unique()
    )
    return tuple(sorted(parts, key=lambda part: (part.name, part.code)))


def _returns(programme: Programme, quarter: Quarter) -> Sequence[Return]:
    known = select(Return).filter_by(programme_id=programme.id, quarter=quarter)
    return db.session.scalars(known.where(Return.state != ReturnState.JOINED)).unique().all()


def _stands(provider: Authority, figures: Figures, return_: Return | None) -> Part:
    """Words come from what was certified: what is being written is the provider's own."""
    return Part(
        code=provider.code,
        name=provider.name,
        region=provider.region.name,
        state=return_.state.value.replace("_", " ") if return_ else "not started",
        figures=figures,
        certified=return_.versions[-1] if return_ and return_.versions else None,
    )


def _missing(
    programme: Programme, quarter: Quarter, freeze: Freeze | None
) -> tuple[dict[str, str], ...]:
    if freeze is not None:
        return tuple(freeze.missing)
    return tuple(one.as_content() for one in preview(programme, quarter).missing)


def by_receiving_region(parts: Sequence[Part]) -> dict[str, Days]:
    return _summed((line.region, line.days) for part in parts for line in part.figures.lines)


def by_providing_region(parts: Sequence[Part]) -> dict[str, Days]:
    return _summed((part.region, part.figures.total) for part in parts)


def by_theme(parts: Sequence[Part]) -> dict[str, Days]:
    """By the name of the theme; 'Not kept' for versions certified before returns kept themes."""
    return _summed(pair for part in parts for pair in _kept(part, part.figures.themes))


def by_type(parts: Sequence[Part]) -> dict[str, Days]:
    """By the support types that the need names, together; 'Not kept' as with themes."""
    return _summed(pair for part in parts for pair in _kept(part, part.figures.types))


def _kept(part: Part, parted: Sequence[Parted] | None) -> list[tuple[str, Days]]:
    if parted is None:
        return [("Not kept", part.figures.total)]
    return [(one.name, one.days) for one in parted]


def adjusted_by_receiving_region(parts: Sequence[Part]) -> dict[str, Days]:
    return _summed((a.region, a.days) for part in parts for a in part.figures.adjustments)


def adjusted_by_providing_region(parts: Sequence[Part]) -> dict[str, Days]:
    late = [part for part in parts if part.figures.adjustments]
    return _summed((part.region, part.figures.adjusted) for part in late)


def _summed(named: Iterable[tuple[str, Days]]) -> dict[str, Days]:
    found: dict[str, Days] = {}
    for name, days in named:
        found[name] = found.get(name, Days()) + days
    return dict(sorted(found.items()))


def _prove(pack: Pack) -> None:
    """Hold every way of adding the pack up against the national total."""
    ways = (by_receiving_region, by_providing_region, by_theme, by_type)
    late = (adjusted_by_receiving_region, adjusted_by_providing_region)
    sums = [(way, pack.national) for way in ways] + [(way, pack.adjusted) for way in late]
    for way, whole in sums:
        if total(way(pack.parts).values()) != whole:
            raise DoesNotAddUp(f"{way.__name__} does not make the national total")
