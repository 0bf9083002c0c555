"""Dashboards: figures that reconcile, nothing that may not be counted, filters in the address."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from broker import clock
from broker.balances import balances
from broker.dashboards import parts, seats
from broker.dashboards.content import Dashboard
from broker.dashboards.said import held_back
from broker.db import db, transaction
from broker.exports.tables import Table
from broker.feedback.queries import LEAST
from broker.grants import actions as grants
from broker.models.authority import Region
from broker.models.ledger import Capacity
from broker.models.partnership import SupportDay
from broker.models.programme import Theme
from broker.packs.content import pack_now
from broker.returns.given import Days, total
from tests import make, people
from tests.client import PageClient
from tests.make import DAY
from tests.packs.test_reconciling import _some_days
from tests.returns import walk


def board(name: str, **address: Any) -> Dashboard:
    person = people.person(name)
    may = seats.choices(person)
    return Dashboard(person, seats.read({k: str(v) for k, v in address.items()}, may))


def pip_board(**address: Any) -> Dashboard:
    return board("manager", seat=f"programme_manager-{people.programme('pip').id}", **address)


def rows(client: PageClient, name: str, query: str = "") -> list[dict[str, str]]:
    text = client.get(f"/dashboard/{name}.csv{query}")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def counted(days: Days) -> tuple[int, int, int]:
    return days.confirmed, days.unconfirmed, days.queried


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(2))
def test_every_table_adds_up_to_the_pack_and_to_the_ledger(app: Flask, seed: int) -> None:
    """National = sum of regions = sum of providers in every table, for random histories; and a
    row leads to as many records as it counts."""
    rng = random.Random(seed)
    held = [walk.partnership(), walk.second_partnership()]
    _some_days(rng, held)
    _some_needs_and_grants(rng)
    make.feedback(make.steady(held[0]))
    span = {"from": walk.QUARTER.ordinal, "to": walk.QUARTER.ordinal}
    england = pip_board(**span)
    whole = counted(pack_now(people.programme("pip"), walk.QUARTER).national)
    assert whole != (0, 0, 0)

    regions = [pip_board(**span, region=id_) for id_ in db.session.scalars(select(Region.id)).all()]
    for picture in england.pictures(parts.ALL):
        if picture.name == "feedback":  # no filter narrows it: see broker/dashboards/said.py
            *some, everybody = (Counter(_numbers(picture.table, row)) for row in picture.rows)
            assert sum(some, Counter()) == everybody
            continue
        assert _added([england], picture.name), picture.name
        assert _added(regions, picture.name) == _added([england], picture.name), picture.name
        for one in (england, *regions):
            _lead_to_what_they_count(one, picture.name)

    for name in ("who-gives-to-whom", "between-regions"):
        assert counted(total(row.days for row in _rows(england, name))) == whole
    by_authority = _rows(england, "support-map")
    assert counted(total(row.given for row in by_authority)) == whole
    assert counted(total(row.received for row in by_authority)) == whole

    ledger = balances(db.session.scalars(select(Capacity.id)).all()).values()
    delivered = sum(b.delivered for one in ledger for q, b in one.items() if q == walk.QUARTER)
    amounts = _held(_rows(england, "days-by-quarter"))
    assert amounts[-1] == delivered == sum(whole)
    assert _held(_rows(england, "days-by-region")) == amounts
    assert _held(_rows(england, "days-by-provider")) == amounts
    begun = len(set(db.session.scalars(select(SupportDay.partnership_id))))
    for name, count in (("partnerships-by-phase", len(held)), ("submitted-to-first-day", begun)):
        assert sum(row.partnerships for row in _rows(england, name)) == count


def _some_needs_and_grants(rng: random.Random) -> None:
    """One need at least that waits for help, and a grant for some providers of this year."""
    pip = people.programme("pip")
    for number, until in enumerate(("open", *rng.sample(["submitted", "private"], 1))):
        days = rng.randint(2, 19) * DAY
        make.need(programme=pip, until=until, days=days, title=f"Need {number}")
    for place in ("Leeds", *rng.sample(["Essex", "Wirral"], 1)):
        grants.make(
            programme=pip,
            provider=people.authority(place),
            year=clock.this_quarter().year,
            pence=rng.randint(1, 10**6),
            day_rate=600_00,
            by=people.person("manager"),
        )


# Middles and furthest do not add up; an offer that is near to one region is elsewhere to others.
NO_SUMS = {"median_days", "longest_days", "offers_elsewhere", "receivers", "effectiveness"}


def _numbers(table: Table[Any], row: Any) -> dict[str, Any]:
    cells = {one.name: one.value(row) for one in table.columns if one.name not in NO_SUMS}
    return {name: cell for name, cell in cells.items() if not isinstance(cell, str | None)}


def _added(some: list[Dashboard], name: str) -> Counter[tuple[str, ...]]:
    """What boards' figures of one name come to, by the words of a row and the column."""
    found: Counter[tuple[str, ...]] = Counter()
    for one in some:
        picture = one.picture(name)
        assert picture is not None
        for row in picture.rows:
            cells = {c.name: c.value(row) for c in picture.table.columns if c.name != "stands"}
            words = tuple(cell for cell in cells.values() if isinstance(cell, str))
            for column, number in _numbers(picture.table, row).items():
                found[*words, column] += number
    return +found


COUNTS: dict[str, Callable[[Any], int]] = {
    "needs-by-stage": lambda row: len(row.days),
    "themes-wanted-and-offered": lambda row: row.first + row.further,
    "support-map": lambda row: row.gives + row.receives,
    "who-gives-to-whom": lambda row: row.partnerships,
    "between-regions": lambda row: row.partnerships,
    "submitted-to-first-day": lambda row: row.partnerships,
    "partnerships-by-phase": lambda row: row.partnerships,
    "underspend": lambda row: 1,
}


def _lead_to_what_they_count(one: Dashboard, name: str) -> None:
    behind = one.behind(name)
    assert behind is not None
    for row in _rows(one, name):
        records = behind.of_row(behind.key(row))
        assert name not in COUNTS or len(records) == COUNTS[name](row), (name, row)
        assert all(one in behind.of_row("") for one in records)


def _rows(one: Dashboard, name: str) -> list[Any]:
    found = one.picture(name)
    assert found is not None
    return list(found.rows)


def _held(some: list[Any]) -> tuple[int, ...]:
    names = ("offered", "free", "reserved", "committed", "delivered")
    return tuple(sum(getattr(row, name) for row in some) for name in names)


def test_private_needs_and_those_in_confidence_are_in_no_figure(app: Flask) -> None:
    def told() -> dict[str, tuple[Any, ...]]:
        found = {}
        for name in ("coordinator", "dfe", "manager"):
            seen = board(name) if name != "manager" else pip_board()
            stages = tuple(len(row.days) for row in _rows(seen, "needs-by-stage"))
            wanted = sum(row.first for row in _rows(seen, "themes-wanted-and-offered"))
            found[name] = (sum(stages), wanted)
        return found

    pip = people.programme("pip")
    nobody = {"coordinator": (0, 0), "dfe": (0, 0), "manager": (0, 0)}
    with transaction():
        make.need(programme=pip, until="private")
        make.need(programme=pip, until="in_confidence", title="Another")
    assert told() == nobody
    with transaction():
        need = make.need(programme=pip, until="submitted", title="A third")
    assert told() == {**nobody, "coordinator": (1, 1)}
    with transaction():
        make.opened(need)
    assert told() == dict.fromkeys(nobody, (1, 1))


def test_needs_are_narrowed_to_a_programme_a_region_and_the_theme_put_first(app: Flask) -> None:
    need = make.need(programme=people.programme("pip"))
    other, first = people.programme("own").id, need.themes[0].theme_id
    themes = select(Theme.id).where(Theme.parent_id.is_not(None), Theme.id != first)
    elsewhere = select(Region.id).where(Region.id != need.receiver.region_id)

    def count(one: Dashboard) -> int:
        return sum(len(row.days) for row in _rows(one, "needs-by-stage"))

    own = {"programme": need.programme_id, "theme": first}
    assert count(board("coordinator", **own)) == 1
    assert count(pip_board(region=need.receiver.region_id)) == 1
    assert count(board("coordinator", **{**own, "programme": other})) == 0
    for theme in db.session.scalars(themes):
        assert count(board("coordinator", **{**own, "theme": theme})) == 0
    assert sum(count(pip_board(region=id_)) for id_ in db.session.scalars(elsewhere)) == 0


@given(st.dictionaries(st.text(min_size=1), st.frozensets(st.integers(1, 12)), max_size=6))
def test_what_is_held_back_cannot_be_worked_out_from_the_total(
    spoke: Mapping[str, frozenset[int]],
) -> None:
    hidden = held_back(spoke)
    few = {name for name, some in spoke.items() if 0 < len(some) < LEAST}
    together = frozenset[int]().union(*(spoke[name] for name in hidden))
    is_all = all(name in hidden for name, some in spoke.items() if some)
    assert few <= hidden
    assert not hidden or is_all or (len(together) >= LEAST and len(hidden) >= 2)
    assert bool(few) is bool(hidden)


def test_few_voices_are_held_back_whatever_is_filtered(app: Flask, client: PageClient) -> None:
    with transaction():
        within = make.steady()
        make.feedback(within)
    with clock.set_to(clock.add_months(clock.today(), 2)):
        client.sign_in("coordinator")
        for query in ("", f"?programme={within.programme_id}", "?from=1&to=2&theme=1"):
            every = rows(client, "feedback", query)
            assert {row["shown"] for row in every} == {"no"}
            assert {(row["receivers"], row["effectiveness"]) for row in every} == {("", "")}
            assert sum(int(row["answered"]) for row in every[:-1]) == 1


def test_filters_stay_in_the_address_and_the_file_is_as_filtered(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        within = walk.partnership()
        walk.day(within)
    now, pip = clock.this_quarter().ordinal, people.programme("pip").id
    pip_name = people.programme("pip").name
    text = client.sign_in("coordinator").get(
        f"/dashboard?part=support&programme={pip}&from={now}&to={now}"
    )
    assert f"programme={pip}" in text
    assert "Leeds to Wirral" in text
    query = f"?seat=coordinator-1&programme={pip}&from={now}&to={now}"
    (pair,) = rows(client, "who-gives-to-whom", query)
    assert (pair["provider"], pair["days_unconfirmed"]) == ("Leeds", "1")
    page = client.get(f"/dashboard/who-gives-to-whom{query}")
    leeds, wirral = people.authority("Leeds").code, people.authority("Wirral").code
    assert f"from={now}" in page and "<b>1</b> partnership" in page and pip_name in page
    (lead,) = set(re.findall(r'href="([^"#]*row=[^"#]*)', page))
    assert f"row={leeds}-{wirral}" in lead and f"programme={pip}" in lead
    assert f"/partnerships/{within.id}" in client.get(lead.replace("&amp;", "&"))
    assert "<b>0</b> partnerships" in client.get(f"/dashboard/who-gives-to-whom{query}&row=none")
    assert "The capacities" not in client.get(f"/dashboard/days-by-quarter{query}")
    client.get("/dashboard/made-up", expect=404)
    other = people.programme("own").id
    assert rows(client, "who-gives-to-whom", f"?programme={other}") == []
    for bad in (
        "?from=x&to=99999999999999&theme=-1&programme=%00&seat=manager-1",
        "?from=²",
        "?part=none",
    ):
        assert "Dashboard" in client.get(f"/dashboard{bad}")
    client.get("/dashboard/underspend.csv", expect=404)
    client.get("/dashboard/made-up.csv", expect=404)
    text = client.sign_in("manager").get(f"/dashboard?part=days&seat=programme_manager-{pip}")
    assert "Grants and underspend" in text
    assert "Days by provider" in text


def test_every_picture_stands_in_one_part_and_a_part_keeps_the_filters(
    app: Flask, client: PageClient
) -> None:
    assert len(set(parts.ALL.pictures)) == len(parts.ALL.pictures)
    assert [p.name for p in pip_board().pictures(parts.ALL)] == list(parts.ALL.pictures)
    assert "underspend" not in {p.name for p in board("coordinator").pictures(parts.ALL)}
    now = clock.this_quarter().ordinal
    first = client.sign_in("manager").get(f"/dashboard?from={now}&to={now}")
    shown = re.findall(r'<section aria-labelledby="([^"]+)"', first)
    assert shown == ["needs-by-stage", "themes-wanted-and-offered"]
    (going,) = (a for a in re.findall(r'href="([^"]+)"', first) if "part=going" in a)
    page = client.get(going.replace("&amp;", "&"))
    assert re.findall(r'<section aria-labelledby="([^"]+)"', page) == list(
        parts.part_with("feedback").pictures
    )
    assert 'name="part" value="going"' in page and f"from={now}&amp;to={now}" in page
    back = client.get(f"/dashboard/feedback?from={now}&to={now}")
    assert "/dashboard?part=going&amp;" in back


def test_it_asks_no_more_questions_for_more_records(app: Flask, client: PageClient) -> None:
    pip = people.programme("pip").id
    with transaction():
        walk.day(walk.partnership())
    address = f"/dashboard?part=all&seat=programme_manager-{pip}"
    client.sign_in("manager").get(address)
    with client.counting() as before:
        client.get(address)
    with transaction():
        walk.day(walk.second_partnership())
    with client.counting() as after:
        client.get(address)
    assert len(after) == len(before) < 60
