"""The totals of a frozen quarter: national = sum of regions = sum of providers, or an error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from broker.models.return_ import Freeze, ReturnVersion
from broker.returns.content import figures_in, is_intact
from broker.returns.figures import Figures, Line
from broker.returns.given import Days, total


class DoesNotAddUp(Exception):
    """The parts of a frozen quarter do not make its whole."""


@dataclass(frozen=True)
class FrozenRow:
    """What one provider gave one receiver, in one certified version.

    A provider with no receivers in the quarter (a nil return) has one row without a receiver.
    """

    programme: str
    quarter: str
    provider_code: str
    provider: str
    provider_region: str
    receiver_code: str
    receiver: str
    receiver_region: str
    days: Days
    version: int
    certified_at: datetime
    sha256: str


@dataclass(frozen=True)
class Totals:
    """A frozen quarter added up; regions are the receivers'."""

    national: Days
    regions: dict[str, Days]
    providers: dict[str, Days]
    partnerships_live: int
    offers_published: int


def versions_of(freeze: Freeze) -> list[ReturnVersion]:
    """The versions that a freeze took, by the providers' names."""
    taken = [frozen.version for frozen in freeze.versions]
    return sorted(taken, key=lambda v: (v.content["provider"]["name"], v.id))


def rows_of(freeze: Freeze) -> Iterator[FrozenRow]:
    """One row per provider and receiver."""
    for version in versions_of(freeze):
        figures = figures_in(version)
        for line in figures.lines or (Line("", "", "", Days()),):
            yield _row(version, line)


def _row(version: ReturnVersion, line: Line) -> FrozenRow:
    content = version.content
    return FrozenRow(
        programme=content["programme"]["name"],
        quarter=content["quarter"],
        provider_code=content["provider"]["code"],
        provider=content["provider"]["name"],
        provider_region=content["provider"]["region"],
        receiver_code=line.code,
        receiver=line.name,
        receiver_region=line.region,
        days=line.days,
        version=version.number,
        certified_at=version.certified_at,
        sha256=version.sha256,
    )


def totals_of(freeze: Freeze) -> Totals:
    """Add the rows up by region and by provider, and hold them against the certified totals."""
    versions = versions_of(freeze)
    figures = {v.content["provider"]["name"]: figures_in(v) for v in versions}
    regions: dict[str, Days] = defaultdict(Days)
    providers: dict[str, Days] = defaultdict(Days)
    for row in rows_of(freeze):
        providers[row.provider] += row.days
        if row.receiver_region:
            regions[row.receiver_region] += row.days
    made = Totals(
        national=total(one.total for one in figures.values()),
        regions=dict(sorted(regions.items())),
        providers=dict(providers),
        partnerships_live=sum(one.partnerships_live for one in figures.values()),
        offers_published=sum(one.offers_published for one in figures.values()),
    )
    _check(made, versions, figures)
    return made


def _check(made: Totals, versions: list[ReturnVersion], figures: dict[str, Figures]) -> None:
    for version in versions:
        if not is_intact(version):
            raise DoesNotAddUp(f"version {version.id} is not what was certified")
    for name, one in figures.items():
        if made.providers[name] != one.total:
            raise DoesNotAddUp(f"{name}: the receivers' days do not make its total")
    for parts in (made.regions, made.providers):
        if total(parts.values()) != made.national:
            raise DoesNotAddUp("the parts do not make the national total")
