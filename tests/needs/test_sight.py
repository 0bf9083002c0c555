"""Who may see a need in which state: one table, every role."""

from __future__ import annotations

import pytest
from flask import Flask

from broker.models.need import Need, NeedState
from broker.needs import actions, queries
from broker.taking import take
from tests import make, people

pytestmark = pytest.mark.postgres

DAY = make.DAY
OWN = {"receiver", "receiver_lead"}
REGION = OWN | {"coordinator", "deputy"}
OPENED = REGION | {"dfe", "manager"}

SEEN_BY: dict[str, set[str]] = {
    "private": OWN,
    "in_confidence": REGION,
    "submitted": REGION,
    "open": OPENED,
    "sent_back": OWN,
    "withdrawn_private": OWN,
    "withdrawn_in_confidence": OWN,
    "withdrawn_submitted": REGION,
    "withdrawn_open": OPENED,
    "part_matched": OPENED,
    "matched": OPENED,
    "met": OPENED,
}


def need_in(state: str) -> Need:
    """A need walked to a state by the product's own verbs."""
    director = people.person("receiver")
    if state == "sent_back":
        need = make.need(until="submitted")
        actions.send_back(need, by=people.person("coordinator"), reason="Say more.")
        return need
    if state.startswith("withdrawn_"):
        need = make.need(until=state.removeprefix("withdrawn_"))
        actions.withdraw(need, by=director)
        return need
    if state in ("part_matched", "matched", "met"):
        return _approved(state)
    return make.need(until=state)


def _approved(state: str) -> Need:
    make.capacity()
    most = 4 * DAY if state == "part_matched" else 60 * DAY
    match = make.agreed(make.match(make.need(), make.offer(most=most)))
    make.partnership(match)
    if state == "met":
        take(match.need, "meet", by=people.person("receiver"))
    return match.need


def test_the_table_names_every_state_a_need_can_be_walked_to() -> None:
    walked = {name.split("_")[0] if name.startswith("withdrawn") else name for name in SEEN_BY}
    assert walked - {"sent_back"} == {s.value for s in NeedState} - {NeedState.LAPSED.value}


@pytest.mark.parametrize("state", SEEN_BY)
def test_a_need_exists_for_those_the_table_names_and_for_nobody_else(
    app: Flask, state: str
) -> None:
    need = need_in(state)
    found = {
        name
        for name in people.NAMES
        if need in queries.listed(people.person(name), queries.Wanted())
    }
    assert found == SEEN_BY[state]


def test_nobody_who_is_not_signed_in_sees_a_need(app: Flask) -> None:
    make.need()
    assert queries.db.session.scalars(queries.needs_visible_to(None)).unique().all() == []


def test_only_those_inside_see_what_is_around_a_need(app: Flask) -> None:
    need = make.need()
    inside = {name for name in people.NAMES if queries.is_inside(people.person(name), need)}
    assert inside == REGION
