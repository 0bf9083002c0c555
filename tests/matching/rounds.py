"""Small rounds for tests, and every plan of one counted out by hand."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from broker.matching.commit import Settings, commit
from broker.matching.instance import Aim, Instance, Pair, Plan
from broker.matching.reading import read_instance

Json = dict[str, Any]


def round_json(
    providers: list[Json] | None = None,
    needs: list[Json] | None = None,
    pairs: list[Json] | None = None,
    quarters: int = 2,
) -> Json:
    return {
        "quarters": [f"2026-27 Q{number + 1}" for number in range(quarters)],
        "providers": providers or [{"id": "P1"}],
        "needs": needs or [{"id": "N1"}],
        "pairs": [pair(*row) if isinstance(row, tuple) else row for row in pairs or []],
    }


def pair(need: str, provider: str, points: int, **more: Any) -> Json:
    return {"need": need, "provider": provider, "offer": f"O-{provider}", "points": points} | more


def solved(data: Json, aim: str = "fit", **settings: Any) -> Plan:
    return commit(read_instance(data), Settings(aim=Aim(aim), **settings))


def matched(plan: Plan) -> set[tuple[str, str]]:
    return {(match.need, match.provider) for match in plan.matches}


def random_round(seed: int, *, with_musts: bool = True) -> Json:
    """Up to four needs and three providers, with days, limits, minimums, weights and musts."""
    chance = random.Random(seed)
    quarters = 3
    needs = [_random_need(f"N{n}", quarters, chance) for n in range(chance.randint(2, 4))]
    providers = [_random_provider(f"P{n}", quarters, chance) for n in range(chance.randint(2, 3))]
    pairs = [
        pair(need["id"], provider["id"], chance.choice([-30, 0, *range(10, 100, 7)]))
        for need in needs
        for provider in providers
        if chance.random() < 0.8
    ]
    for one in pairs:
        one["must"] = with_musts and chance.random() < 0.06
    return {
        "quarters": [f"Q{n}" for n in range(quarters)],
        "providers": providers,
        "needs": needs,
        "pairs": pairs,
    }


def _random_need(name: str, quarters: int, chance: random.Random) -> Json:
    need: Json = {"id": name, "weight": chance.choice([1, 1, 1, 2, 3])}
    if chance.random() < 0.25:
        return need | {"providers_wanted": chance.choice([0, 1, 2])}
    days = [chance.choice([1, 2.5, 4, 0.25]) for _ in range(chance.randint(1, 2))]
    starts = chance.sample(range(quarters - len(days) + 1), chance.randint(1, 2))
    return need | {"days": days, "starts": starts}


def _random_provider(name: str, quarters: int, chance: random.Random) -> Json:
    provider: Json = {"id": name}
    if chance.random() < 0.8:
        provider["free_days"] = [chance.choice([0, 2, 3.5, 6]) for _ in range(quarters)]
    if chance.random() < 0.6:
        provider["max_matches"] = chance.randint(0, 2)
    if chance.random() < 0.3:
        provider["min_matches"] = chance.randint(1, 2)
    return provider


Taken = tuple[tuple[Pair, int], ...]


def every_plan(instance: Instance) -> Iterator[Taken]:
    """Every plan that keeps the rules, as pairs with their starts."""
    options = [list(_takings(instance, need.id)) for need in instance.needs]
    for combination in itertools.product(*options):
        plan = tuple(itertools.chain.from_iterable(combination))
        if _keeps_providers(instance, plan) and _keeps_musts(instance, plan):
            yield plan


def _takings(instance: Instance, need: str) -> Iterator[Taken]:
    wanted = next(one.providers_wanted for one in instance.needs if one.id == need)
    pairs = [one for one in instance.pairs if one.need == need]
    for count in range(wanted + 1):
        for chosen in itertools.combinations(pairs, count):
            yield from (
                tuple(zip(chosen, starts, strict=True))
                for starts in itertools.product(*(one.starts for one in chosen))
            )


def _keeps_providers(instance: Instance, plan: Taken) -> bool:
    counts, used = Counter(one.provider for one, _ in plan), Counter()
    for one, start in plan:
        for at, days in enumerate(one.days):
            used[one.provider, start + at] += days
    return all(
        (provider.max_matches is None or counts[provider.id] <= provider.max_matches)
        and all(used[provider.id, at] <= free for at, free in enumerate(provider.free or ()))
        for provider in instance.providers
    )


def _keeps_musts(instance: Instance, plan: Taken) -> bool:
    taken = {(one.need, one.provider) for one, _ in plan}
    return all((one.need, one.provider) in taken for one in instance.pairs if one.must)


def worth(instance: Instance, plan: Taken, aim: Aim) -> tuple[int, ...]:
    """What a plan comes to, level by level, shortfalls first (counting down)."""
    weights = {need.id: need.weight for need in instance.needs}
    counts = Counter(one.provider for one, _ in plan)
    short = sum(max(0, one.min_matches - counts[one.id]) for one in instance.providers)
    points = sum(weights[one.need] * one.points for one, _ in plan)
    lowest = min((one.points for one, _ in plan), default=0)
    levels = {
        Aim.FIT: (points,),
        Aim.COVERAGE: (len(plan), points),
        Aim.FAIR: (len(plan), lowest, points),
    }
    return (-short, *levels[aim])
