"""For random histories, every table of a pack adds up to the same, frozen or as it stands."""

from __future__ import annotations

import io
import json
import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from broker import clock
from broker.db import db
from broker.models.offer import Delivery
from broker.models.partnership import SupportDay, SupportDayState
from broker.packs.content import Pack, pack_now, pack_of
from broker.packs.writing import write_pack
from broker.returns import actions
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from broker.taking import take
from tests import people
from tests.returns import walk

pytestmark = pytest.mark.postgres

Sheets = dict[str, list[dict[str, Any]]]
READERS = {"Wirral": "receiver", "Essex": "other"}


def sheets(pack: Pack) -> Sheets:
    into = io.BytesIO()
    write_pack(pack, "json", into)
    found: Sheets = json.loads(into.getvalue())["sheets"]
    return found


def days(row: dict[str, Any]) -> dict[str, float]:
    names = ("confirmed", "unconfirmed", "queried", "on_site", "remote")
    return {name: row[f"days_{name}"] for name in names} | {"records": row["support_days"]}


def summed(rows: list[dict[str, Any]]) -> dict[str, float]:
    every = [days(row) for row in rows]
    return {name: sum(row[name] for row in every) for name in days_named(every)}


def days_named(every: list[dict[str, float]]) -> list[str]:
    names = ("confirmed", "unconfirmed", "queried", "on_site", "remote", "records")
    return list(every[0]) if every else list(names)


def check(pack: Pack) -> None:
    """National = regions = providers = receivers = themes = types; adjustments by themselves."""
    found = sheets(pack)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in found["totals"]:
        groups.setdefault(row["group"], []).append(row)
    england = days(groups["England"][0])
    tables = [found[name] for name in ("by-provider", "by-receiver", "by-theme", "by-type")]
    for rows in (*tables, groups.get("Receiving region", []), groups.get("Providing region", [])):
        assert summed(rows) == england or (not rows and not any(england.values()))
    carried = [row for row in found["changes-since-freeze"] if row["carried"] == "here"]
    if carried:
        late = days(groups["Adjustments, England"][0])
        for group in ("Adjustments, receiving region", "Adjustments, providing region"):
            assert summed(groups[group]) == late
        assert summed(carried) == late
        counted = sum(row["days_adjusted"] for row in found["by-provider"])
        assert counted == late["confirmed"] + late["unconfirmed"]


@pytest.mark.parametrize("seed", range(3))
def test_every_table_adds_up_to_the_same(app: Flask, seed: int) -> None:
    rng = random.Random(seed)
    held = [walk.partnership(), walk.second_partnership()]
    pip = people.programme("pip")
    for quarter in (walk.QUARTER, walk.QUARTER + 1):
        with clock.set_to(quarter.last_day - timedelta(days=1)):
            _some_days(rng, held)
        with clock.set_to(clock.return_opens(quarter)):
            if rng.random() < 0.8:
                walk.certify(_opened(quarter), by=people.person("giver"))
            check(pack_now(pip, quarter))
            frozen = actions.freeze(programme=pip, quarter=quarter, by=people.person("manager"))
            check(pack_of(frozen))
            _some_days(rng, held)
            check(pack_now(pip, quarter))


def _opened(quarter: clock.Quarter) -> Any:
    return actions.open_return(
        provider_id=people.authority("Leeds").id,
        programme=people.programme("pip"),
        quarter=quarter,
        by=people.person("giver"),
    )


def _some_days(rng: random.Random, held: list[Any]) -> None:
    from_day = max(one.opened_at.date() for one in held)
    for _ in range(rng.randint(1, 3)):
        within = rng.choice(held)
        entry = Entry(
            given_on=from_day + timedelta(days=rng.randint(0, (clock.today() - from_day).days)),
            quarter_days=rng.randint(1, 3),
            activity="Sat beside the team",
            delivery=rng.choice([Delivery.ON_SITE, Delivery.REMOTE]),
        )
        support_days.log(within, entry, is_another=True, by=people.person("giver_lead"))
    for day in db.session.query(SupportDay).filter_by(state=SupportDayState.LOGGED):
        verb = rng.choice(["confirm", "query", "leave"])
        if verb != "leave":
            reader = people.person(READERS[day.receiver.name])
            take(day, verb, by=reader, reason="Which?" * (verb == "query"))
