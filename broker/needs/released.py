"""What a provider may see of a need before the two sides talk, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from broker.clock import Quarter
from broker.models.need import Need
from broker.needs.actions import days_by_quarter


@dataclass(frozen=True)
class Released:
    """Title, themes, days by quarter (quarter-days), and the region if that is released."""

    title: str
    themes: tuple[str, ...]
    days: dict[Quarter, int]
    region: str | None

    @property
    def total(self) -> int:
        return sum(self.days.values())


def released(need: Need) -> Released:
    return Released(
        title=need.title,
        themes=tuple(row.theme.name for row in need.themes),
        days=days_by_quarter(need),
        region=need.receiver.region.name if need.releases_region else None,
    )
