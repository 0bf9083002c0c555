"""Criteria on days and places: capacity and timing, context, relative size, distance."""

from __future__ import annotations

import math

import numpy as np

from broker.matching.arrays import Floats, blend, distinct, figures, ratio, same
from broker.matching.facts import AuthorityFacts, Delivery, NeedFacts, OfferFacts, World
from broker.matching.fitting import pair_days, scaled, starts_with_days, supply_of
from broker.matching.table import Table
from broker.matching.writing import days


def capacity(table: Table) -> Floats:
    """Half for how early the pair can start, half for the slack left to the provider then.

    The first start in time counts: the earliest that fits. 0 where none does.
    """
    values = table.unknown()
    limits, limit = distinct(offer.days_most for offer in table.offers)
    most = figures(limits)
    for row, need in enumerate(table.needs):
        totals, total = np.unique(np.fmin(need.days_wanted, most), return_inverse=True)
        timed = np.array([_timing(table, need, int(one)) for one in totals])
        values[row] = timed[total[limit], table.timing]
    return values


def _timing(table: Table, need: NeedFacts, total: int) -> Floats:
    """One need's value for each timing of offers, all for so many days."""
    days = need.days if total == need.days_wanted else scaled(need.days, total)
    wanted = np.array(days)
    values = np.where(np.isnan(table.free).any(axis=1), np.nan, 0.0)
    open_from, open_to = table.windows
    starts = sorted(s for s in need.starts if s + len(wanted) <= len(table.world.quarters))
    for order in range(len(starts) - 1, -1, -1):  # the earliest is written last
        start = starts[order]
        free = table.free[:, start : start + len(wanted)]
        fits = (free >= wanted).all(axis=1) & (open_from <= start) & (start <= open_to)
        given = free.sum(axis=1)
        slack = np.nan_to_num(ratio(given - wanted.sum(), given))
        early = 1 - order / len(starts)
        values = np.where(fits, 0.5 * early + 0.5 * slack, values)
    return values


def capacity_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    starts = sorted(starts_with_days(need, offer, world))
    free = world.free_of(supply_of(offer))
    if free is None:
        return "free days not known"
    if not starts:
        return "no start has the days free"
    wanted = pair_days(need, offer)
    left = sum(free[starts[0] : starts[0] + len(wanted)]) - sum(wanted)
    return f"can start in {world.quarters[starts[0]]}, which leaves {days(left)} days free"


NEIGHBOURS = 10  # how many statistical neighbours are published for each authority


def context(table: Table) -> Floats:
    """Two fifths neighbour rank; type, deprivation and rural band a fifth each."""
    receivers = [need.receiver for need in table.needs]
    providers = [offer.provider for offer in table.offers]
    deprivation = np.abs(
        figures(one.deprivation for one in receivers)[:, None]
        - figures(one.deprivation for one in providers)[None, :]
    )
    rural = same([r.rural_band for r in receivers], [p.rural_band for p in providers])
    return blend(
        [
            (2.0, _neighbours(table)),
            (1.0, same([r.type for r in receivers], [p.type for p in providers])),
            (1.0, np.clip(1 - deprivation / 0.2, 0, 1)),
            (1.0, rural),
        ]
    )


def _neighbours(table: Table) -> Floats:
    """1 for the closest neighbour, falling to 0 for who is none."""
    values = table.unknown()
    for row, need in enumerate(table.needs):
        neighbours = need.receiver.neighbours
        if neighbours is None:
            continue
        values[row] = 0.0
        for key, columns in table.columns(sorted(neighbours)):
            values[row, columns] = max(0.0, 1 - 0.5 * (neighbours[key].rank - 1) / NEIGHBOURS)
    return values


def context_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    receiver, provider = need.receiver, offer.provider
    parts = []
    if receiver.neighbours is not None:
        near = receiver.neighbours.get(provider.key)
        band = f", {near.band.lower()}" if near and near.band else ""
        parts.append(f"statistical neighbour {near.rank}{band}" if near else "not a neighbour")
    if receiver.type and provider.type:
        parts.append("same type" if receiver.type == provider.type else "another type")
    if receiver.deprivation is not None and provider.deprivation is not None:
        apart = abs(receiver.deprivation - provider.deprivation)
        parts.append(f"deprivation {apart * 100:.0f} points apart")
    if receiver.rural_band and provider.rural_band:
        alike = receiver.rural_band == provider.rural_band
        parts.append("as rural" if alike else "more or less rural")
    return "; ".join(parts) or "not known"


LIGHT, INTENSIVE = 80, 200  # quarter-days: under 20 days is light, over 50 intensive


def relative_size(table: Table) -> Floats:
    """Light support: alike in size. Intensive: the provider at least as large. Between: both."""
    mine = figures(need.receiver.population or None for need in table.needs)[:, None]
    theirs = figures(offer.provider.population or None for offer in table.offers)[None, :]
    ratio = theirs / mine
    alike = np.minimum(ratio, 1 / ratio)
    larger = np.minimum(ratio, 1.0)
    wanted = figures(need.days_wanted for need in table.needs)[:, None]
    weight = np.clip((wanted - LIGHT) / (INTENSIVE - LIGHT), 0, 1)
    return np.asarray((1 - weight) * alike + weight * larger)


def size_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    mine, theirs = need.receiver.population, offer.provider.population
    if not mine or not theirs:
        return "not known"
    return f"the provider has {theirs / mine:.1f} times as many children"


NEAR_KM, FAR_KM, EARTH_KM = 40.0, 400.0, 6371.0
ON_SITE_SHARE = {Delivery.ON_SITE: 1.0, Delivery.EITHER: 0.5, Delivery.REMOTE: 0.1}


def distance(table: Table) -> Floats:
    """1 up to 40 km, falling to 0 at 400 km, less strictly the more can be remote."""
    receivers = [need.receiver for need in table.needs]
    providers = [offer.provider for offer in table.offers]
    near = np.clip((FAR_KM - _all_km(receivers, providers)) / (FAR_KM - NEAR_KM), 0, 1)
    share = figures(ON_SITE_SHARE[offer.delivery or Delivery.ON_SITE] for offer in table.offers)
    return np.asarray(1 - (1 - near) * share[None, :])


def km_from(receiver: AuthorityFacts, providers: list[AuthorityFacts]) -> list[float | None]:
    """Kilometres between settled centres, one for each provider; None where not known."""
    far = _all_km([receiver], providers)[0].tolist()
    return [None if math.isnan(km) else km for km in far]


def _all_km(left: list[AuthorityFacts], right: list[AuthorityFacts]) -> Floats:
    lat1, lon1 = _radians(left)
    lat2, lon2 = _radians(right)
    half = (
        np.sin((lat2[None, :] - lat1[:, None]) / 2) ** 2
        + np.cos(lat1)[:, None]
        * np.cos(lat2)[None, :]
        * np.sin((lon2[None, :] - lon1[:, None]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(half)))


def _radians(places: list[AuthorityFacts]) -> tuple[Floats, Floats]:
    return (
        np.radians(figures(one.latitude for one in places)),
        np.radians(figures(one.longitude for one in places)),
    )


def distance_words(need: NeedFacts, offer: OfferFacts, world: World) -> str:
    km = float(_all_km([need.receiver], [offer.provider])[0, 0])
    if math.isnan(km):
        return "not known"
    how = {Delivery.REMOTE: "remote", Delivery.EITHER: "on site or remote"}
    return f"{km:.0f} km, {how.get(offer.delivery or Delivery.ON_SITE, 'on site only')}"
