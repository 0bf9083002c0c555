"""Nobody can read from anywhere that four people answered, who they were, or what they said.

Two worlds that differ in nothing but four answers are held side by side: every page, file and
message that any role can open, every event, and every table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Table, inspect, select, text

from broker import clock
from broker.db import Base, db, transaction
from broker.models.pulse import LEAST, Pulse, Statement
from broker.pulse import actions
from broker.system import the_system
from tests import make, people, stage
from tests.client import PageClient, read
from tests.pulse.test_pulse import DAY_AFTER, TYPED
from tests.test_access import _lines

ROLES = (
    "receiver", "receiver_lead", "giver", "giver_lead", "practitioner", "coordinator", "dfe",
    "manager", "administrator",
)  # fmt: skip
SAYS = re.compile(
    r"partnership|pulse|feedback|to-read|your-work|messages|me$|authorities/\{leeds|prov|pack"
)
FRESH = re.compile(r'(name="(?:csrf_token|once)"[^>]*value=")[^"]*|reason-[0-9a-f]{8}')
ANSWERS = ((1, 5, 3), (5, 5, 5), (2, 2, 2), (4, 1, 3))


def give(pulse: Pulse, tokens: list[str]) -> None:
    for token, given in zip(tokens, ANSWERS, strict=False):
        actions.answer(pulse, token, dict(zip(Statement, given, strict=True)))


def tables() -> dict[str, list[str]]:
    """Every row of every table but what the answers themselves are added to."""
    return {table.name: sorted(_rows(table)) for table in Base.metadata.sorted_tables}


def _rows(table: Table) -> Iterator[str]:
    left_out = {("pulse", "counts"), ("pulse_link", "token_hash")}
    kept = [c for c in table.columns if (table.name, c.name) not in left_out]
    for row in db.session.execute(select(*kept)):
        yield str(row._asdict())


def everything_to_be_read(app: Flask, ids: stage.Stage) -> dict[tuple[str, str], str]:
    """(who, address) → what stands there, in every page and file about partnerships."""
    addresses = [a for _, a, _ in _lines() if SAYS.search(a) and "{link}" not in a]
    readable = {}
    for name in ROLES:
        client = PageClient(app).sign_in(name)
        for address in addresses:
            answer = client.browser.get(address.format(**ids))
            db.session.rollback()
            said = read(answer)
            readable[name, address] = f"{answer.status_code} {FRESH.sub('', said)}"
    return readable


def test_no_page_file_or_table_tells_four_answers_from_none(app: Flask) -> None:
    ids = stage.set_up()
    pulse = db.session.get_one(Pulse, ids["pulse"])
    links = _links_of_stage(pulse)
    with clock.set_to(clock.now()):
        before, stood = everything_to_be_read(app, ids), tables()
        staff = PageClient(app)
        for link, given in zip(links, ANSWERS, strict=False):
            staff.get(f"/pulse/{pulse.code}/{link}")
            typed = {one.name.lower(): str(n) for one, n in zip(Statement, given, strict=True)}
            staff.send(**typed)
        db.session.expire_all()
        assert pulse.answered == len(ANSWERS) == LEAST - 1
        assert tables() == stood
        after = everything_to_be_read(app, ids)
    assert len(before) > 200
    different = [key for key in before if before[key] != after[key]]
    assert different == []


def _links_of_stage(pulse: Pulse) -> list[str]:
    with transaction():
        seed = actions.make_links(pulse, count=6, by=people.person("giver"))
    return actions.tokens(seed, 6)


def test_a_signed_in_practitioner_leaves_no_trace_of_answering(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        pulse, [token, *_] = make.pulse()
    stood = tables()
    client.sign_in("practitioner").get(f"/pulse/{pulse.code}/{token}")
    client.send(**TYPED)
    client.follow()
    assert tables() == stood


def test_once_closed_four_answers_and_none_leave_the_same_world(app: Flask) -> None:
    with transaction():
        pulse, tokens = make.pulse()
    worlds = []
    for count in (0, 4):
        give(pulse, tokens[:count])
        with clock.set_to(DAY_AFTER):
            actions.close_due(DAY_AFTER, by=the_system())
        worlds.append((tables(), pulse.counts))
        db.session.rollback()
    assert worlds[0] == worlds[1]


def test_used_and_unused_links_cannot_be_told_apart_nor_counted(app: Flask) -> None:
    with transaction():
        pulse, tokens = make.pulse()
    give(pulse, tokens)
    hashes = db.session.scalars(text("SELECT token_hash FROM pulse_link")).all()
    assert len(set(hashes)) == len(tokens)
    assert {len(one) for one in hashes} == {64}
    columns = {c["name"] for c in inspect(db.engine).get_columns("pulse_link")}
    assert columns == {"token_hash", "pulse_id"}


def test_what_is_kept_has_no_order_of_answering(app: Flask) -> None:
    """Whoever comes first: the counters, and the order of rows on the disk, are the same."""
    with transaction():
        pulse, tokens = make.pulse()
    kept = []
    for order in (ANSWERS, ANSWERS[::-1]):
        for token, given in zip(tokens, order, strict=False):
            actions.answer(pulse, token, dict(zip(Statement, given, strict=True)))
        kept.append(pulse.counts)
        stored = db.session.scalars(text("SELECT token_hash FROM pulse_link")).all()
        assert stored == sorted(stored)
        db.session.rollback()
    assert kept[0] == kept[1]


@pytest.mark.parametrize("count", [0, 4])
def test_the_day_on_which_it_closes_does_not_depend_on_answers(app: Flask, count: int) -> None:
    with transaction():
        pulse, tokens = make.pulse()
    closes = pulse.closes_on
    give(pulse, tokens[:count])
    with clock.set_to(closes):
        actions.close_due(closes, by=the_system())
    assert pulse.takes_answers and pulse.closes_on == closes
