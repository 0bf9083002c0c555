"""A scene that is written again is the scene that was walked, and stands only where it stood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from broker import events, ledger_check
from broker.clock import set_to
from broker.db import db
from broker.models.need import NeedState
from broker.models.partnership import PartnershipState
from broker.taking import take
from tests import make, people
from tests.make.walks import walks

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("are_kept", True), ("known", type(walks.known)())):
        monkeypatch.setattr(walks, name, value)
    walks.begin_afresh()


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    db.session.flush()
    tables = db.metadata.sorted_tables
    return {one.name: list(db.session.execute(select(one))) for one in tables}


def from_the_start() -> None:
    db.session.rollback()
    walks.begin_afresh()


def was_walked(scene: Callable[[], object]) -> bool:
    before = next(walks.numbers)
    scene()
    return next(walks.numbers) - before > 1 or walks.way is None


def test_a_scene_written_again_is_what_was_walked_and_goes_on_alike() -> None:
    make.steady()
    walked = everything()
    from_the_start()
    assert everything() != walked
    again = make.steady()
    assert (
        again.state is PartnershipState.STEADY and again.match.need.receiver.name == people.RECEIVER
    )
    assert everything() == walked
    take(again, "move_on", by=people.person("receiver"))
    make.day(again)
    assert list(events.verify()) == [] and list(ledger_check.problems()) == []


def test_a_record_that_a_test_holds_stands_where_the_scene_left_it() -> None:
    make.opened(make.need(until="submitted"))
    from_the_start()
    need = make.need(until="submitted")
    assert need.state is NeedState.SUBMITTED
    assert make.opened(need) is need and need.state is NeedState.OPEN


def test_a_scene_is_known_by_what_was_asked_and_by_when() -> None:
    assert was_walked(make.need)
    from_the_start()
    assert not was_walked(make.need)
    from_the_start()
    assert was_walked(lambda: make.need(title="Another"))
    from_the_start()
    with set_to(date(2026, 12, 1)):
        assert was_walked(make.need)
    from_the_start()
    make.offer()
    assert was_walked(make.need), "another scene came before it"


def test_after_anything_of_its_own_a_test_gets_scenes_that_are_walked() -> None:
    make.need()
    from_the_start()
    people.person("giver").name = "Somebody else"
    assert was_walked(make.need)


def test_what_was_undone_is_walked_again() -> None:
    for _ in range(2):
        make.offer()
        db.session.rollback()
        assert was_walked(make.offer)
        from_the_start()
