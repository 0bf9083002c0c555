"""Which days a need and an offer would share, and from when."""

from __future__ import annotations

from functools import lru_cache

from broker.matching.facts import NeedFacts, OfferFacts, Supply, World


def supply_of(offer: OfferFacts) -> Supply:
    return offer.provider.key, offer.programme


def pair_days(need: NeedFacts, offer: OfferFacts) -> tuple[int, ...]:
    """Quarter-days by quarter: as wanted or, where the offer gives fewer at most, its maximum."""
    most = offer.days_most
    if most is None or need.days_wanted <= most:
        return need.days
    return scaled(need.days, most)


@lru_cache(maxsize=4096)
def scaled(days: tuple[int, ...], total: int) -> tuple[int, ...]:
    """The same shape with another total: the largest remainders get what rounding leaves."""
    whole = sum(days)
    exact = [total * part for part in days]
    parts = [one // whole for one in exact]
    by_remainder = sorted(range(len(days)), key=lambda at: (-(exact[at] % whole), at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return tuple(parts)


def starts_in_window(need: NeedFacts, offer: OfferFacts, quarters: int) -> tuple[int, ...]:
    """The starts that the need allows, the offer is open at, and the quarters leave room for."""
    first = 0 if offer.first_quarter is None else offer.first_quarter
    last = quarters if offer.last_quarter is None else offer.last_quarter
    return _between(need.starts, first, min(last, quarters - len(need.days)))


@lru_cache(maxsize=4096)
def _between(starts: tuple[int, ...], first: int, last: int) -> tuple[int, ...]:
    return tuple(start for start in starts if first <= start <= last)


def starts_with_days(need: NeedFacts, offer: OfferFacts, world: World) -> tuple[int, ...]:
    """The starts in the window at which the provider has the pair's days free."""
    starts = starts_in_window(need, offer, len(world.quarters))
    free = world.free_of(supply_of(offer))
    if free is None or not starts:
        return starts
    days = pair_days(need, offer)
    return tuple(start for start in starts if _has_days(free, start, days))


def has_start(need: NeedFacts, offer: OfferFacts, world: World) -> bool:
    """Whether there is any of them; it looks no further than the first."""
    starts = starts_in_window(need, offer, len(world.quarters))
    free = world.free_of(supply_of(offer))
    if free is None:
        return bool(starts)
    days = pair_days(need, offer)
    for start in starts:
        if _has_days(free, start, days):
            return True
    return False


def _has_days(free: tuple[int, ...], start: int, days: tuple[int, ...]) -> bool:
    for quarter, want in enumerate(days, start=start):
        if want > free[quarter]:
            return False
    return True
