"""Seeded rounds and facts of any size, to measure the matcher on.

Not a picture of any real authority: sizes and spreads follow the programme's own bands.
"""

from __future__ import annotations

import random
from typing import Any

from broker.matching.facts import (
    AuthorityFacts,
    Delivery,
    Evidence,
    Grade,
    NeedFacts,
    Neighbour,
    OfferedTheme,
    OfferFacts,
    Theme,
    World,
)
from broker.matching.fitting import scaled

BANDS = [(10, 16), (20, 34), (36, 50), (55, 80), (90, 130), (180, 220)]  # days
BAND_SHARES = [18, 25, 25, 18, 10, 4]
SHAPES = [(1,), (3, 2), (1, 1), (5, 3, 2), (4, 3, 2, 1)]
AREAS = ["help_and_protection", "children_in_care", "care_leavers", "leaders"]
THEMES = [Theme(f"t{n}", f"Theme {n}", f"h{n // 6}", AREAS[n % 4]) for n in range(30)]
Json = dict[str, Any]


def round_json(providers: int, needs: int, *, seed: int, quarters: int = 8) -> Json:
    """A commitment round in its JSON form, where the days wanted are about the days there are."""
    chance = random.Random(f"{providers} {needs} {seed}")
    need_rows = [_need(f"N{n}", quarters, chance) for n in range(needs)]
    wanted = sum(sum(row["days"]) for row in need_rows)
    strong = [chance.sample(range(30), chance.randint(4, 8)) for _ in range(providers)]
    return {
        "quarters": [f"{2026 + q // 4}-{27 + q // 4} Q{q % 4 + 1}" for q in range(quarters)],
        "providers": _providers(providers, wanted / (quarters - 2), quarters, chance),
        "needs": need_rows,
        "pairs": [pair for row in need_rows for pair in _pairs(row["id"], strong, chance)],
    }


def _need(name: str, quarters: int, chance: random.Random) -> Json:
    low, high = chance.choices(BANDS, BAND_SHARES)[0]
    days = scaled(chance.choice(SHAPES), chance.randint(low, high))
    latest = quarters - len(days)
    first = chance.randint(0, latest)
    return {"id": name, "days": list(days), "starts": sorted({first, min(first + 1, latest)})}


def _providers(count: int, days: float, quarters: int, chance: random.Random) -> list[Json]:
    """`days` a quarter over all of them."""
    sizes = [chance.lognormvariate(0, 0.5) for _ in range(count)]
    return [
        {
            "id": f"P{number}",
            "free_days": [
                round(days * size / sum(sizes) * chance.uniform(0.6, 1.4)) for _ in range(quarters)
            ],
            "max_matches": chance.randint(2, 7),
        }
        for number, size in enumerate(sizes)
    ]


def _pairs(need: str, strong: list[list[int]], chance: random.Random) -> list[Json]:
    """The thirty best of the providers that are strong in a theme of this need."""
    asked = chance.sample(range(30), chance.randint(1, 3))
    rows = []
    for number, themes in enumerate(strong):
        shared = len(set(asked) & set(themes)) / len(asked)
        if shared:
            points = round(550 * shared + 350 * chance.random() + 100 * chance.random())
            name = f"P{number}"
            rows.append({"need": need, "provider": name, "offer": f"O{number}", "points": points})
    return sorted(rows, key=lambda row: -row["points"])[:30]


def facts(
    needs: int, offers: int, *, seed: int, authorities: int = 153
) -> tuple[list[NeedFacts], list[OfferFacts], World]:
    """Needs, offers and a world with nearly every fact known."""
    chance = random.Random(f"{needs} {offers} {seed}")
    places = [_authority(number, authorities, chance) for number in range(authorities)]
    made_needs = [_need_facts(f"N{n}", chance.choice(places), chance) for n in range(needs)]
    made_offers = [_offer_facts(f"O{n}", chance.choice(places), chance) for n in range(offers)]
    free = {(p.key, "PIP"): tuple(chance.randint(0, 400) for _ in range(8)) for p in places}
    world = World(quarters=tuple(f"Q{n}" for n in range(8)), free=free)
    return made_needs, made_offers, world


def _authority(number: int, count: int, chance: random.Random) -> AuthorityFacts:
    others = chance.sample([n for n in range(count) if n != number], 10)
    return AuthorityFacts(
        key=f"A{number}",
        name=f"Authority {number}",
        region=f"R{number % 9}",
        type=chance.choice(["county", "unitary", "metropolitan", "london"]),
        population=chance.randint(8_000, 330_000),
        deprivation=chance.uniform(0.05, 0.35),
        rural_band=chance.choice(["urban", "mixed", "rural"]),
        latitude=chance.uniform(50.2, 55.5),
        longitude=chance.uniform(-5.0, 1.5),
        neighbours={f"A{other}": Neighbour(rank) for rank, other in enumerate(others, 1)},
    )


def _need_facts(name: str, receiver: AuthorityFacts, chance: random.Random) -> NeedFacts:
    low, high = chance.choices(BANDS, BAND_SHARES)[0]
    wanted = chance.randint(low, high) * 4
    return NeedFacts(
        id=name,
        receiver=receiver,
        programmes=("PIP",),
        themes=tuple(chance.sample(THEMES, chance.randint(1, 3))),
        days=scaled(chance.choice(SHAPES), wanted),
        starts=(chance.randint(0, 1), chance.randint(2, 4)),
        days_least=wanted // 2,
        support_types=frozenset(chance.sample(["peer", "audit", "training", "coaching"], 2)),
        modes=frozenset(chance.sample(["hands_on", "modelling", "coaching", "advice"], 2)),
        levels=frozenset(chance.sample(["frontline", "managers", "leaders"], 1)),
        delivery=chance.choice(list(Delivery)),
        preferred=frozenset({f"A{chance.randint(0, 152)}"}),
    )


def _offer_facts(name: str, provider: AuthorityFacts, chance: random.Random) -> OfferFacts:
    themes = chance.sample(THEMES, chance.randint(2, 5))
    return OfferFacts(
        id=name,
        version=f"{name}.1",
        provider=provider,
        programme="PIP",
        title=f"Offer {name}",
        themes=tuple(OfferedTheme(theme, chance.choice(list(Evidence))) for theme in themes),
        days_least=chance.choice([None, 20, 40]),
        days_most=chance.choice([None, 200, 400, 800]),
        support_types=frozenset(chance.sample(["peer", "audit", "training", "coaching"], 2)),
        modes=frozenset(chance.sample(["hands_on", "modelling", "coaching", "advice"], 2)),
        levels=frozenset(chance.sample(["frontline", "managers", "leaders"], 2)),
        delivery=chance.choice(list(Delivery)),
        journey={area: (chance.choice(list(Grade)), chance.choice(list(Grade))) for area in AREAS},
        helped_before=chance.choice([None, 0, 2, 5]),
    )
