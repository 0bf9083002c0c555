"""Finding, counting and ordering offers: plain values in, plain values out."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain

from broker.clock import Quarter
from broker.prospectus.asked import FILTERS, Asked
from broker.prospectus.faces import ANY, Face
from broker.prospectus.words import score

EARTH_KM = 6371.0
NEVER = 10**9
ALL_FILTERS = (*FILTERS, "quarter", "days", "within")


@dataclass(frozen=True)
class Place:
    """An authority as the prospectus needs it."""

    id: int
    code: str
    name: str
    region: str
    region_code: str
    kind: str
    point: tuple[float, float] | None


@dataclass(slots=True)
class Candidate:
    """A published offer with what changes from day to day. `free`: quarter → free quarter-days,
    and `named` the same by the quarter's name.

    `partners`: who gives it together with `place`. `km`: from the origin. `improved_on`: when the
    theme's own area last moved up, if lately.
    """

    face: Face
    place: Place
    free: Mapping[Quarter, int]
    named: tuple[tuple[str, int], ...]
    partners: tuple[Place, ...] = ()
    km: float | None = None
    improved_on: date | None = None

    @property
    def first_free(self) -> int:
        return min(self.free).ordinal if self.free else NEVER

    def values(self, name: str) -> frozenset[str]:
        if name == "region":
            return frozenset((self.place.region_code,))
        return self.face.values.get(name, frozenset())


@dataclass
class Found:
    """What fits, best first, and how many offers each choice of a filter would show.

    `without`: how many more would be shown if one filter (or the words, 'q') were taken away.
    """

    candidates: list[Candidate] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    without: Counter[str] = field(default_factory=Counter)
    total: int = 0

    def count(self, name: str, code: str) -> int:
        return self.counts[name][code] + self.counts[name][ANY]


def find(candidates: Iterable[Candidate], asked: Asked, *, week: str) -> Found:
    """The candidates that fit in their order, and the counts of each filter's choices.

    A choice is counted with all other filters kept, as if it were the only one of its own.
    """
    found = Found(counts={name: Counter() for name in ALL_FILTERS})
    scores: dict[int, int] = {}
    words = asked.words
    for one in candidates:
        found.total += 1
        scored = score(words, one.face.terms, one.face.lines) if words else 1
        failed = failing(one, asked)
        if not scored:
            found.without["q"] += not failed
            continue
        if len(failed) == 1:
            found.without[failed[0]] += 1
            _count_kept_out(found.counts, one, asked, failed[0])
        if not failed:
            scores[one.face.offer_id] = scored
            found.candidates.append(one)
    _count_fitting(found.counts, found.candidates, asked)
    found.candidates.sort(key=_key(asked, scores, week))
    return found


def failing(one: Candidate, asked: Asked) -> list[str]:
    """The filters that keep a candidate out."""
    failed = [n for n, codes in asked.chosen.items() if not has_any(one.values(n), codes)]
    if not _has_days(one, asked):
        failed.append("days")
    if not _is_free(one, asked):
        failed.append("quarter")
    if asked.within is not None and not _is_near(one, asked.within):
        failed.append("within")
    return failed


def has_any(values: frozenset[str], codes: Iterable[str]) -> bool:
    return not values.isdisjoint(codes) or ANY in values


def _has_days(one: Candidate, asked: Asked) -> bool:
    return asked.days is None or one.face.days_least <= asked.days <= one.face.days_most


def _is_free(one: Candidate, asked: Asked) -> bool:
    if asked.quarter is not None:
        return one.free.get(asked.quarter, 0) >= (asked.days or 1)
    return not asked.any_quarter or bool(one.free)


def _is_near(one: Candidate, within: int) -> bool:
    return one.km is not None and one.km <= within


Counts = dict[str, Counter[str]]


def _count_kept_out(counts: Counts, one: Candidate, asked: Asked, name: str) -> None:
    """Count a candidate where one filter alone keeps it out."""
    if name in FILTERS:
        counts[name].update(one.values(name))
    elif name == "quarter":
        _count_quarters(counts["quarter"], one, 1, asked)


def _count_fitting(counts: Counts, fitting: Sequence[Candidate], asked: Asked) -> None:
    """Count candidates that fit in every filter, all of them at once."""
    codes = Counter(chain.from_iterable(one.face.codes for one in fitting))
    for (name, code), count in codes.items():
        counts[name][code] += count
    counts["region"].update(one.place.region_code for one in fitting)
    alike = Counter(id(one.named) for one in fitting)  # one list for a provider's many offers
    for one in {id(one.named): one for one in fitting}.values():
        _count_quarters(counts["quarter"], one, alike[id(one.named)], asked)


def _count_quarters(counts: Counter[str], one: Candidate, times: int, asked: Asked) -> None:
    least = asked.days or 1
    for quarter, days in one.named:
        if days >= least:
            counts[quarter] += times
    counts["any"] += times if one.free else 0


# -- in which order ---------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def lot(week: str, offer_id: int) -> int:
    """The place that a lot gives an offer for a week: the same for everybody, nobody's own."""
    return int.from_bytes(hashlib.sha256(f"{week}:{offer_id}".encode()).digest()[:8], "big")


def _key(
    asked: Asked, scores: Mapping[int, int], week: str
) -> Callable[[Candidate], tuple[float, float, int]]:
    """How candidates are ordered; where they are level, the lot decides."""
    firsts: dict[str, Callable[[Candidate], float]] = {
        "relevance": lambda one: -scores[one.face.offer_id],
        "free": lambda one: one.first_free,
        "distance": lambda one: NEVER if one.km is None else round(one.km, 1),
        "improved": lambda one: -one.improved_on.toordinal() if one.improved_on else NEVER,
    }
    first = firsts[asked.order]
    return lambda one: (first(one), one.first_free, lot(week, one.face.offer_id))


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The distance between two points (latitude, longitude) along the earth's surface."""
    lat, lon, other_lat, other_lon = map(math.radians, (*here, *there))
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(half))
