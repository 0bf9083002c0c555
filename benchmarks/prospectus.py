"""The prospectus with 1,500 offers of 153 authorities: how long a search with three filters takes.

A seeded SQLite database in a temporary folder; pages are asked of the application in this process,
as one worker would answer them. The empty page of the same layout is `/offers` before any offer.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from benchmarks.results import Result, measured
from broker import clock, create_app
from broker.capacity import actions as capacities
from broker.db import db, transaction
from broker.eligibility import why_not_provide
from broker.models.authority import Authority
from broker.models.offer import Delivery, Evidence, Offer, OfferState, OfferTheme, OfferVersion
from broker.models.person import Membership, Person, Role
from broker.models.programme import Choice, Programme, Theme
from broker.prospectus import faces
from broker.setup import load_facts_if_changed

OFFERS, SEARCHES, SEED = 1500, 200, 20261122
TODAY = date(2026, 11, 20)
BAR_MS = 100
TEXT = (
    "we sit beside your team look at decisions together and leave tools behind for children "
    "families partners schools health police workers managers leaders practice supervision audit "
    "thresholds neglect fostering front door assessment planning purposeful visits coaching"
).split()


def prospectus() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        with app.app_context():
            client = app.test_client()
            empty = _median(client, ["/offers"] * 40)
            with transaction():
                fill(random.Random(SEED), _director)
            yield from _figures(client, empty)
            db.session.remove()
            db.engine.dispose()


def application(folder: Path) -> Flask:
    """The application on a database of its own, with the published facts and nothing else."""
    environ = {"MODE": "test", "VAR": str(folder), "TODAY": TODAY.isoformat()}
    app = create_app({**environ, "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite'}"})
    with app.app_context():
        upgrade()
        load_facts_if_changed()
    return app


def _figures(client: FlaskClient, empty: float) -> Iterator[Result]:
    rng = random.Random(SEED + 1)
    _median(client, ["/offers"])
    taken = [_seconds(client, a_search(rng)) * 1000 for _ in range(SEARCHES)]
    half, most = median(taken), quantiles(taken, n=20)[-1]
    name = f"prospectus, {OFFERS:,} offers, three filters"
    yield measured(f"{name}: median", half, "ms")
    yield measured(f"{name}: 95 of 100", most, "ms", BAR_MS)
    yield measured(f"{name}: times an empty page", half / (empty * 1000), "times")


def _median(client: FlaskClient, addresses: list[str]) -> float:
    return median(_seconds(client, address) for address in addresses)


def _seconds(client: FlaskClient, address: str) -> float:
    began = perf_counter()
    answer = client.get(address)
    taken = perf_counter() - began
    assert answer.status_code == 200, address
    return taken


def a_search(rng: random.Random) -> str:
    """A word and three filters, as people would set them."""
    filters = [
        f"theme={rng.choice(['front-door', 'protection', 'care', 'early-help'])}",
        f"quarter={rng.choice(clock.coming_quarters(4))}",
        f"region=E1200000{rng.randint(1, 9)}",
        f"delivery={rng.choice(['on_site', 'remote'])}",
        f"mode={rng.choice(['coaching', 'modelling'])}",
        "within=150&from=E08000015",
    ]
    asked = f"/offers?q={rng.choice(TEXT)}&" + "&".join(rng.sample(filters, 3))
    return asked.replace(" ", "+")


# -- what there is ----------------------------------------------------------------------------


def fill(rng: random.Random, director: Callable[[Authority], Person], offers: int = OFFERS) -> None:
    """Offers as rows (their verbs are measured elsewhere), days by the real verb."""
    programme = db.session.scalars(select(Programme).filter_by(code="own")).one()
    places = list(db.session.scalars(select(Authority).order_by(Authority.id)).unique())
    themes = [t for t in db.session.scalars(select(Theme)) if t.parent_id is not None]
    choices = list(db.session.scalars(select(Choice)))
    directors = {place.id: director(place) for place in places}
    for place in places:
        days = {quarter: rng.choice([0, 20, 60]) for quarter in clock.coming_quarters()}
        by = directors[place.id]
        capacities.confirm(provider=place, programme=programme, days=days, by=by)
    turns = cycle(places)
    for _ in range(offers):
        of = rng.sample(themes, 2)
        place = next(one for one in turns if why_not_provide(one, programme.policy, of) is None)
        db.session.add(_offer(place, programme, directors[place.id], rng, of, choices))
    db.session.flush()
    faces.rewrite()


def _director(place: Authority) -> Person:
    by = Person(email=f"{place.code}@bench.invalid", name=f"Director, {place.name}")
    by.employer_id = place.id
    held = Membership(role=Role.DIRECTOR, authority=place, starts_on=date(2020, 4, 1))
    by.memberships.append(held)
    db.session.add(by)
    db.session.flush()
    return by


def _offer(
    place: Authority,
    programme: Programme,
    by: Person,
    rng: random.Random,
    themes: list[Theme],
    choices: list[Choice],
) -> Offer:
    offer = Offer(
        provider=place,
        programme=programme,
        state=OfferState.PUBLISHED,
        published_at=clock.now(),
        is_illustrative=True,
    )
    version = OfferVersion(
        number=1,
        title=" ".join(rng.sample(TEXT, 5)),
        what_we_do=" ".join(rng.choices(TEXT, k=120)),
        delivery=rng.choice(list(Delivery)),
        days_least=4,
        days_most=rng.choice([40, 120, 240]),
        created_by_id=by.id,
        choices=rng.sample(choices, 4),
        programmes=[programme],
        themes=[
            OfferTheme(theme_id=theme.id, position=position, evidence=Evidence.STATED)
            for position, theme in enumerate(themes, start=1)
        ],
    )
    offer.versions.append(version)
    return offer
