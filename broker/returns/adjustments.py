"""Days of frozen quarters that were logged or changed after the freeze: the next return carries
them, so that every day is told once and a frozen pack never changes.

adjustment = what the records say of the frozen quarter now, less what its freeze took, less what
freezes since have carried. A return that a freeze missed took nothing, so that all of its days are
carried. Amounts are signed quarter-days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Authority, Succession
from broker.models.partnership import Partnership
from broker.models.return_ import Freeze, FrozenVersion, Return, ReturnVersion
from broker.returns.given import Days, days_given


@dataclass(frozen=True)
class Adjustment:
    """What a frozen quarter's days with one receiver have become since, in which partnerships
    (id and title)."""

    quarter: str
    code: str
    name: str
    region: str
    days: Days
    partnerships: tuple[tuple[int, str], ...] = ()

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Adjustment:
        named = tuple((id_, title) for id_, title in content["partnerships"])
        return cls(**{**content, "days": Days(**content["days"]), "partnerships": named})


@dataclass(frozen=True)
class _Place:
    """Whose days they are: a partnership goes over to successors, and its days with it."""

    provider_id: int
    receiver_id: int


AT_A_TIME = 100  # certified contents in memory at once
Key = tuple[Quarter, _Place]
Sums = dict[Key, Days]


def adjustments(
    programme_id: int, before: Quarter, *, only: int | None = None
) -> dict[int, tuple[Adjustment, ...]]:
    """By provider, what quarters frozen before a quarter have become since; `only`: one
    provider's. In five questions, however many quarters and providers."""
    frozen = [q for q in frozen_quarters(programme_id) if q < before]
    if not frozen:
        return {}
    told = list(_told(programme_id, before, only))
    return _made(programme_id, frozen, told, only)


def differences(freeze: Freeze) -> dict[int, tuple[Adjustment, ...]]:
    """By provider, what a frozen quarter has become since it was frozen, carried or not."""
    told = [
        (line["partnerships"], freeze.quarter, line)
        for taken in freeze.versions
        for line in taken.version.content["figures"]["lines"]
    ]
    return _made(freeze.programme_id, [freeze.quarter], told, None)


def frozen_quarters(programme_id: int) -> list[Quarter]:
    known = select(Freeze.quarter).filter_by(programme_id=programme_id)
    return sorted(db.session.scalars(known))


_Told = tuple[list[list[Any]], Quarter, Mapping[str, Any]]  # partnerships, quarter, line


def _told(programme_id: int, before: Quarter, only: int | None) -> Iterator[_Told]:
    """Every line and adjustment of earlier quarters that freezes of other quarters took."""
    taken = (
        select(ReturnVersion.content)
        .join(FrozenVersion, FrozenVersion.version_id == ReturnVersion.id)
        .join(Freeze, Freeze.id == FrozenVersion.freeze_id)
        .join(Return, Return.id == ReturnVersion.return_id)
        .where(Freeze.programme_id == programme_id, Freeze.quarter != before)
    )
    if only is not None:
        former = select(Succession.authority_id).where(Succession.successor_id == only)
        taken = taken.where((Return.provider_id == only) | Return.provider_id.in_(former))
    for content in db.session.scalars(taken.execution_options(yield_per=AT_A_TIME)):
        for quarter, line in _lines(content):
            if quarter < before:
                yield line["partnerships"], quarter, line


def _lines(content: Mapping[str, Any]) -> Iterator[tuple[Quarter, Mapping[str, Any]]]:
    figures, quarter = content["figures"], Quarter.named(content["quarter"])
    for line in figures["lines"]:
        yield quarter, line
    for line in figures.get("adjustments", ()):
        yield Quarter.named(line["quarter"]), line


def _made(
    programme_id: int, quarters: Sequence[Quarter], told: Iterable[_Told], only: int | None
) -> dict[int, tuple[Adjustment, ...]]:
    """What the records say now, less what was told."""
    rows = select(
        Partnership.id, Partnership.provider_id, Partnership.receiver_id, Partnership.title
    ).where(Partnership.programme_id == programme_id)
    known = {row.id: row for row in db.session.execute(rows)}
    places = {id_: _Place(row.provider_id, row.receiver_id) for id_, row in known.items()}
    sums: Sums = defaultdict(Days)
    named: dict[Key, set[tuple[int, str]]] = defaultdict(set)
    for (quarter, id_), days in days_given(programme_id, quarters, only=only).items():
        sums[quarter, places[id_]] += days
        named[quarter, places[id_]].add((id_, known[id_].title))
    for partnerships, quarter, line in told:
        key = quarter, places[partnerships[0][0]]
        sums[key] -= Days(**line["days"])
        named[key].update((id_, known[id_].title) for id_, _ in partnerships)
    left = {key: days for key, days in sums.items() if days != Days()}
    return _by_provider(left, named, only)


def _by_provider(
    left: Sums, named: Mapping[Key, set[tuple[int, str]]], only: int | None
) -> dict[int, tuple[Adjustment, ...]]:
    ids = {place.receiver_id for _, place in left}
    receivers = {
        one.id: one
        for one in db.session.scalars(select(Authority).where(Authority.id.in_(ids))).unique()
    }
    found: dict[int, list[Adjustment]] = defaultdict(list)
    for (quarter, place), days in left.items():
        if only in (None, place.provider_id):
            receiver = receivers[place.receiver_id]
            found[place.provider_id].append(
                Adjustment(
                    quarter=str(quarter),
                    code=receiver.code,
                    name=receiver.name,
                    region=receiver.region.name,
                    days=days,
                    partnerships=tuple(sorted(named[quarter, place])),
                )
            )
    return {
        provider_id: tuple(sorted(theirs, key=lambda one: (one.quarter, one.name, one.code)))
        for provider_id, theirs in found.items()
    }
