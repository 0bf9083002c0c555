"""Random people do random things to the same days at once, and the ledger holds at every step.

Each run is told by its seed. DAYS_SEEDS=200 runs as many of them; the suite runs a few.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, events, ledger_check
from broker.capacity import actions as capacities
from broker.db import db, transaction
from broker.errors import Refused
from broker.matches import actions as matches
from broker.matches.terms import Terms
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.match import Match
from broker.models.partnership import Partnership, SupportDay
from broker.models.person import Person
from broker.partnerships import actions as partnerships
from broker.support_days import actions as support_days
from broker.system import the_system
from broker.taking import take
from tests import make, people
from tests.conftest import Databases
from tests.make import DAY

pytestmark = pytest.mark.postgres

SEEDS = range(int(os.environ.get("DAYS_SEEDS", "2")))
THREADS, STEPS = 3, 9
Deed = Callable[[Random], object]


def _one(rng: Random, model: type[Any]) -> Any:
    """Any record of a kind, by its number; None where there is none."""
    found = db.session.scalars(select(model).order_by(model.id)).unique().all()
    return rng.choice(found) if found else None


def _match(rng: Random) -> Match:
    found: Match = _one(rng, Match)
    return found


def _partnership(rng: Random) -> Partnership:
    found: Partnership = _one(rng, Partnership)
    return found


def _side(rng: Random) -> Person:
    return people.person(rng.choice(("giver", "receiver")))


def _quarter(rng: Random) -> Any:
    return clock.this_quarter() + rng.randrange(3)


def _confirm(rng: Random) -> object:
    days = {_quarter(rng): rng.randrange(0, 20 * DAY) for _ in range(2)}
    return make.capacity(days, at_once=rng.choice((None, 2, 4)))


def _indicate(rng: Random) -> object:
    plan = capacities.Plan(indicated={_quarter(rng): rng.randrange(0, 40)})
    giver = people.person("giver")
    provider = people.authority(people.GIVER)
    return capacities.set_out(provider=provider, plans={people.programme(): plan}, by=giver)


def _firm_up(rng: Random) -> object:
    return capacities.firm_up(_one(rng, Capacity), by=people.person("giver_lead"))


def _correct(rng: Random) -> object:
    entry: LedgerEntry = _one(rng, LedgerEntry)
    days = rng.randint(1, entry.quarter_days)
    return capacities.correct(entry, quarter_days=days, reason="Slip", by=people.person("manager"))


def _counter_offer(rng: Random) -> object:
    days = {_quarter(rng): rng.randint(1, 8 * DAY), _quarter(rng): rng.randint(0, 4 * DAY)}
    return matches.counter_offer(_match(rng), Terms(days=days, aims="Sooner"), by=_side(rng))


def _agree(rng: Random) -> object:
    match = _match(rng)
    matches.agree(match, by=people.person("receiver"))
    return matches.agree(match, by=people.person("giver"))


def _fall_through(rng: Random) -> object:
    verb, by = rng.choice((("decline", _side(rng)), ("lapse", the_system())))
    return take(_match(rng), verb, by=by, reason="Circumstances changed")


def _send_back(rng: Random) -> object:
    return matches.send_back(_match(rng), reason="Why now?", by=people.person("coordinator"))


def _approve(rng: Random) -> object:
    return matches.approve(_match(rng), by=people.person("coordinator"))


def _log(rng: Random) -> object:
    return make.day(_partnership(rng), quarter_days=rng.randint(1, 5 * DAY))


def _void(rng: Random) -> object:
    day: SupportDay = _one(rng, SupportDay)
    return support_days.void(day, reason="Twice", by=people.person("giver_lead"))


def _move(rng: Random) -> object:
    return partnerships.move_days(
        _partnership(rng),
        source=_quarter(rng),
        target=_quarter(rng),
        quarter_days=rng.randint(1, 4 * DAY),
        by=_side(rng),
    )


def _carry(rng: Random) -> object:
    return partnerships.carry(
        _partnership(rng),
        source=_quarter(rng),
        target=_quarter(rng),
        quarter_days=rng.randint(1, 4 * DAY),
        by=people.person("giver"),
    )


def _release(rng: Random) -> object:
    by = people.person("giver")
    return partnerships.release_days(_partnership(rng), source=_quarter(rng), by=by)


def _end_early(rng: Random) -> object:
    return partnerships.end_early(_partnership(rng), reason="Leaders changed", by=_side(rng))


DEEDS: dict[str, tuple[int, Deed]] = {
    "confirm": (4, _confirm), "indicate": (2, _indicate), "firm up": (2, _firm_up),
    "correct": (3, _correct), "counter-offer": (2, _counter_offer), "agree": (6, _agree),
    "fall through": (1, _fall_through), "send back": (1, _send_back), "approve": (4, _approve),
    "log": (4, _log), "void": (2, _void), "move": (4, _move), "carry": (2, _carry),
    "release": (2, _release), "end early": (1, _end_early),
}  # fmt: skip


@pytest.fixture(scope="module")
def staged(databases: Databases, the_app: Flask) -> str:
    """A database in which much can be done with few days; each run begins from a copy."""
    name = the_app.config["SQLALCHEMY_DATABASE_URI"].partition("?")[0].rsplit("/", 1)[1]
    name = name.removesuffix(".sqlite")
    with the_app.app_context():
        db.engine.dispose()
        databases.drop(name)
        databases.copy("prepared", name)
        with transaction():
            _set_up()
        db.session.remove()
        db.engine.dispose()
    databases.copy(name, "staged")
    return name


def _set_up() -> None:
    now = clock.this_quarter()
    make.capacity({now: 14 * DAY, now + 1: 12 * DAY, now + 2: 6 * DAY})
    found = [
        make.match(
            make.need(title=f"Need {number}", days=5 * DAY, first=now + number % 2),
            make.offer(title=f"Offer {number}"),
        )
        for number in range(5)
    ]
    for match in found:
        matches.explain_one(match, because="They know.", by=people.person("receiver"))
    for match in found[:2]:
        make.partnership(make.agreed(match))


def _problems() -> list[str]:
    """What does not hold, in one view of the database."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    found = [*ledger_check.problems(), *events.verify()]
    db.session.rollback()
    return found


def _live(app: Flask, rng: Random, done: Counter[str], wrong: list[str]) -> None:
    """Do some deeds, one after another, each in its own transaction; look after each."""
    names, weights = [*DEEDS], [weight for weight, _ in DEEDS.values()]
    with app.app_context():
        for name in rng.choices(names, weights, k=STEPS):
            try:
                with transaction():
                    DEEDS[name][1](rng)
                done[name] += 1
            except (Refused, AttributeError) as error:  # refused, or nothing there to do it to
                if isinstance(error, AttributeError) and "NoneType" not in str(error):
                    wrong.append(repr(error))
            except BaseException as error:
                wrong.append(f"{name}: {error!r}")
            wrong += [f"after {name}: {line}" for line in _problems()]
        db.session.remove()


def _run(app: Flask, seed: int, done: Counter[str]) -> list[str]:
    wrong: list[str] = []
    threads = [
        threading.Thread(target=_live, args=(app, Random(seed * 100 + n), done, wrong))
        for n in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return wrong


@pytest.mark.parametrize("seeds", [SEEDS], ids=[f"{len(SEEDS)} seeds"])
def test_the_days_hold_whatever_people_do_at_once(
    the_app: Flask, databases: Databases, staged: str, seeds: Sequence[int]
) -> None:
    done: Counter[str] = Counter()
    for seed in seeds:
        with the_app.app_context():
            db.engine.dispose()
        databases.drop(staged)
        databases.copy("staged", staged)
        wrong = _run(the_app, seed, done)
        with the_app.app_context():
            db.engine.dispose()
        assert wrong == [], f"seed {seed}: {wrong[:5]}"
    if len(seeds) > 1:
        assert sum(done.values()) > len(seeds) * THREADS * 2, done
