"""What goes into a round: read from the rows once, kept with the round, read again to repeat it.

Only needs that are open to matching are ever looked at here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from broker.days import format_days
from broker.matching import graph
from broker.matching.choices import choices_of
from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.fitting import pair_days, starts_in_window, supply_of
from broker.matching.instance import Instance
from broker.matching.introduce import conversations
from broker.matching.musts import musts_that_clash
from broker.matching.shortlist import shortlist
from broker.matching.writing import days, instance_json
from broker.models.match import RoundKind
from broker.models.need import Need
from broker.models.programme import Programme
from broker.rounds import bridge, queries, weighing
from broker.rounds.settings import RoundSettings

SHOWN = 3
NO_DAYS = "no_days_free"
RULES = "2026-11"  # changes with the matcher's rules and criteria


@dataclass(frozen=True)
class Inputs:
    """`whole`: the instance before a conversation round leaves days out of it. `weighed`: what
    weighing.preview needs."""

    instance: Instance
    whole: Instance
    names: dict[str, str]
    needs: list[Need]
    weighed: dict[str, Any]
    short: dict[str, list[dict[str, Any]]]

    def as_json(self) -> dict[str, Any]:
        kept = {"names": self.names, "rules": RULES, "short": self.short}
        return {**instance_json(self.instance), **kept, **self.weighed}


def gather(
    programme: Programme, region_id: int | None, kind: RoundKind, settings: RoundSettings
) -> Inputs:
    """The open needs of a region (None: all England), the offers open to a programme, and the
    pairs possible now."""
    needs = queries.open_needs(region_id, programme.id)
    offers = bridge.offers_of(programme)
    wanted, offered = bridge.needs_facts(needs), bridge.offers_facts(offers, programme)
    world = bridge.world_of(programme)
    built = graph.build(wanted, offered, world)
    instance = graph.round_of(
        built, programme.code, musts=settings.musts, minimums=settings.minimums
    )
    names = {offer.provider.code: offer.provider.name for offer in offers}
    names |= {str(need.id): need.title for need in needs}
    possible = {pair.need for pair in instance.pairs}
    alone = [need for need in wanted if need.id not in possible]
    short = {need.id: list(_short_of_days(need, offered, world)) for need in alone}
    weighed = weighing.kept(built)
    return Inputs(_limited(instance, kind, settings), instance, names, needs, weighed, short)


def _short_of_days(
    need: NeedFacts, offered: Sequence[OfferFacts], world: World
) -> Iterator[dict[str, Any]]:
    """For a need that no offer can meet: the days that would make an offer possible, fewest
    first; only where days are all that stands in the way."""
    found = shortlist(need, offered, world).left_out
    held_up = [one.offer for one in found if [r.code for r in one.reasons] == [NO_DAYS]]
    short = [row for offer in held_up if (row := _fewest(need, offer, world))]
    yield from sorted(short, key=_effort)[:SHOWN]


def _fewest(need: NeedFacts, offer: OfferFacts, world: World) -> dict[str, Any] | None:
    free = world.free_of(supply_of(offer)) or (0,) * len(world.quarters)
    tries: list[dict[str, Any]] = []
    for start in starts_in_window(need, offer, len(world.quarters)):
        lacks = [
            {"quarter": world.quarters[start + at], "more_days": days(want - free[start + at])}
            for at, want in enumerate(pair_days(need, offer))
            if want > free[start + at]
        ]
        if lacks:
            tries.append({"provider": offer.provider.key, **lacks[0], "also": lacks[1:]})
    return min(tries, key=_effort, default=None)


def _effort(row: dict[str, Any]) -> tuple[int, float]:
    return len(row["also"]), row["more_days"]


def _limited(instance: Instance, kind: RoundKind, settings: RoundSettings) -> Instance:
    if kind is RoundKind.CONVERSATION:
        return conversations(
            instance,
            each_need=settings.each_need,
            each_provider=settings.each_provider,
            forbidden=settings.forbidden,
        )
    pairs = (one for one in instance.pairs if (one.need, one.provider) not in settings.forbidden)
    return replace(instance, pairs=tuple(pairs))


@dataclass(frozen=True)
class Look:
    """What would go in, before anything is queued. Lists of (who, days by quarter in words)."""

    needs: list[tuple[Need, str]]
    providers: list[tuple[str, str]]
    pairs: int
    problems: list[str]


def look(inputs: Inputs, settings: RoundSettings) -> Look:
    instance = inputs.whole
    wanted = {need.id: need for need in instance.needs}
    needs = [
        (need, _days(instance, one.days, min(one.starts)))
        for need in inputs.needs
        if (one := wanted.get(str(need.id)))
    ]
    providers = [
        (inputs.names.get(one.id, one.id), _days(instance, one.free or (), 0))
        for one in instance.providers
    ]
    return Look(needs, providers, len(inputs.instance.pairs), list(_problems(inputs, settings)))


def _days(instance: Instance, wanted: tuple[int, ...], start: int) -> str:
    """'2026-27 Q4: 5 days, 2027-28 Q1: 3 days'"""
    said = [
        f"{instance.quarters[start + at]}: {format_days(count)}"
        for at, count in enumerate(wanted)
        if count
    ]
    return ", ".join(said) or "None"


def _problems(inputs: Inputs, settings: RoundSettings) -> Iterator[str]:
    instance, names = inputs.instance, inputs.names
    if not instance.needs:
        yield "No need there is open under this programme, so nothing would come of it."
    possible = Counter(pair.need for pair in instance.pairs)
    for need in inputs.needs:
        if not possible[str(need.id)]:
            yield f"No offer can meet ‘{need.title}’ ({need.receiver.name}) as things stand."
    pairs = {(pair.need, pair.provider) for pair in instance.pairs}
    for must in sorted(settings.musts - pairs):
        wanted, provider = (names.get(one, one) for one in must)
        yield f"‘{wanted}’ is to match {provider}, but they are not a possible pair."
    by_provider = Counter(pair.provider for pair in instance.pairs)
    for code, least in settings.minimums.items():
        if by_provider[code] < least:
            name = names.get(code, code)
            yield f"{name} is to have {least}, but only {by_provider[code]} needs could match it."
    yield from (cause.text for cause in musts_that_clash(instance, choices_of(instance, 0)))
