"""The plan on the screen: read, written, agreed, compared."""

from __future__ import annotations

import pytest
from flask import Flask

from broker.db import db, transaction
from broker.models.partnership import Partnership
from broker.models.plan import ChangeReason
from broker.plans import actions
from tests import make, people
from tests.client import PageClient


@pytest.fixture
def within(app: Flask) -> Partnership:
    with transaction():
        return make.begun()


def test_a_plan_is_changed_and_agreed_page_by_page(within: Partnership, client: PageClient) -> None:
    plan = f"/partnerships/{within.id}/plan"
    client.sign_in("receiver_lead").get(f"{plan}/revise")
    client.send(code="new_objective", because="A second strand.")
    assert "Version 2: a new objective" in client.follow()
    [_, second] = make.plans_of(within)
    client.get(f"/plans/{second.id}/objectives/0")
    client.send(expect=422, aim="", horizon="long")
    client.send(aim="Tŷ Ŵyn: <b>steadier</b>", horizon="long", handover_to="Head of practice")
    said = client.follow()
    assert "&lt;b&gt;steadier" in said and "a measure for each objective" in said
    client.get(f"/plans/{second.id}/objectives/2/measures/0")
    typed = {"name": "Audit", "kind": "audit", "collected": "quarterly", "claims_change": "yes"}
    client.send(expect=422, **typed)
    assert "Only what was measured before" in client.text and "Audit" in client.text
    client.send(**{**typed, "claims_change": ""})
    client.get(f"/plans/{second.id}/objectives/2/activities/0")
    client.send(expect=422, what="Visits", days="x")
    client.send(what="Visits", days="1.5")
    assert "Visits: 1.5 days" in client.follow()
    client.get(f"/plans/{second.id}/taper")
    client.send()
    client.follow()
    client.press("Agree to this plan")
    assert "Wirral has agreed to it as it stands" in client.text
    client.sign_in("giver_lead").get(plan)
    assert "agreed by both on 20 November 2026" in client.press("Agree to this plan")
    said = client.get(f"{plan}/compare")
    assert "Objective 2" in said and "Added" in said and "Not there" in said


def test_a_part_is_taken_out_with_one_press(within: Partnership, client: PageClient) -> None:
    with transaction():
        actions.revise(
            within, ChangeReason.APPROACH, because="Not working.", by=people.person("giver")
        )
    client.sign_in("giver").get(f"/partnerships/{within.id}/plan")
    client.send(action="/drop/objective/1/0")
    assert "Taken out of this version" in client.follow()
    assert "Dropped" in client.get(f"/partnerships/{within.id}/plan/compare")
    client.post("/plans/99/drop/objective/1/0", expect=404)


def test_what_is_being_written_is_for_the_sides_and_their_coordinator(
    within: Partnership, client: PageClient
) -> None:
    with transaction():
        second = actions.revise(
            within, ChangeReason.BLOCKAGE, because="A post is empty.", by=people.person("giver")
        )
    for name in ("manager", "dfe"):
        client.sign_in(name).get(f"/plans/{second.id}", expect=404)
        assert "A post is empty" not in client.get(f"/partnerships/{within.id}/plan")
    assert "A post is empty" in client.sign_in("coordinator").get(f"/plans/{second.id}")
    client.sign_in("other").get(f"/partnerships/{within.id}/plan", expect=404)


def test_questions_do_not_grow_with_the_plan(within: Partnership, client: PageClient) -> None:
    partnership_id, address = within.id, f"/partnerships/{within.id}/plan"
    client.sign_in("receiver_lead")

    def count() -> int:
        db.session.remove()
        with client.counting() as statements:
            client.get(address)
        return len(statements)

    with transaction():
        by = people.person("receiver_lead")
        plan = actions.revise(within, ChangeReason.NEW_OBJECTIVE, because="More.", by=by)
        terms = actions.ObjectiveTerms("Another", None, plan.objectives[0].horizon, "Head")
        more = actions.put_objective(plan, None, terms, by=by)
        actions.put_measure(more, None, make.measure_terms(), by=by)
    before = count()
    with transaction():
        by = people.person("receiver_lead")
        plan = make.plans_of(db.session.get_one(Partnership, partnership_id))[-1]
        for number in range(4):
            more = actions.put_objective(plan, None, terms, by=by)
            for _ in range(3):
                actions.put_measure(more, None, make.measure_terms(name=f"M {number}"), by=by)
    assert count() == before
