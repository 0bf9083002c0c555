"""Whose work is looked for: among the things that one of their roles could ever act on."""

from __future__ import annotations

from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import select

from broker.db import Base, db
from broker.models.person import Person
from broker.through import ROLES, could_ever
from broker.workflow import ROWS
from tests import people, stage

AWAITED = [row for row in ROWS if row.awaited is not None]


def test_every_test_of_who_is_waited_for_names_the_roles_it_can_answer_with() -> None:
    assert {test for row in AWAITED for test in row.who} == set(ROLES)


def _everything(noun: str) -> list[Any]:
    [model] = {one.class_ for one in Base.registry.mappers if vars(one.class_).get("noun") == noun}
    return list(db.session.scalars(select(model)).unique())


def test_no_test_ever_answers_with_another_role(app: Flask) -> None:
    stage.set_up()
    cast = db.session.scalars(select(Person)).all()
    yes = 0
    for row in AWAITED:
        for thing, person in product(_everything(row.noun), cast):
            held = [(test, found) for test in row.who if (found := test(person, thing))]
            assert all(found.role in ROLES[test] for test, found in held)
            assert could_ever(person, row) or not held
            yes += len(held)
    assert yes > 50


def test_a_manager_is_not_looked_for_among_support_days(app: Flask) -> None:
    rows = {row.verb: row for row in AWAITED if row.noun == "support_day"}
    assert not could_ever(people.person("manager"), rows["confirm"])
    assert could_ever(people.person("receiver_lead"), rows["confirm"])
