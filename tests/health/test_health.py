"""How partnerships go: each check with its evidence, a temperature in words, and who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from broker import clock
from broker.agreements import leads
from broker.clock import Quarter
from broker.db import db, transaction
from broker.health.checks import CHECKS, Stands, findings_of
from broker.health.facts import Change, Facts, Held, Log, Rated
from broker.health.plans import PlanFacts
from broker.health.queries import board, counts_for, health_for
from broker.health.temperature import Health, Temperature
from broker.ledger import Balance
from broker.models.agreement import Post
from broker.models.match import Side
from broker.models.partnership import Holds, Moment, Partnership, PartnershipState
from broker.models.person import Role
from broker.models.review import Asked
from broker.partnerships import actions as partnerships
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

NOW = Quarter.named("2026-27 Q3")
STEADY, TAPERING = PartnershipState.STEADY, PartnershipState.TAPERING


def days(committed: int, delivered: int) -> Balance:
    return Balance(committed=committed * DAY, delivered=delivered * DAY)


def rated(receiver: int = 4, provider: int = 4, **others: int) -> Rated:
    """Both sides' ratings; `others` are what the receiver sees in another way."""
    ratings: Mapping[Asked, Mapping[Side, int]] = {
        asked: {Side.RECEIVER: others.get(asked.value, receiver), Side.PROVIDER: provider}
        for asked in Asked
    }
    return Rated(ratings, date(2026, 11, 2))


def facts(**changed: object) -> Facts:
    """A steady partnership of which all goes well."""
    usual = Facts(
        phase=STEADY,
        is_live=True,
        opened_on=date(2026, 4, 1),
        ended_on=None,
        by_quarter={NOW - 2: days(10, 10), NOW - 1: days(10, 9), NOW: days(10, 6)},
        rated=rated(),
        review_due_on=date(2027, 2, 1),
        plan=PlanFacts(date(2026, 8, 1), 2, date(2027, 9, 30), {}, 3, 3),
    )
    return replace(usual, **changed)


def stands(name: str, **changed: object) -> Stands:
    return next(one for one in findings_of(facts(**changed)) if one.name == name).stands


@pytest.mark.parametrize(
    ("name", "changed", "expected"),
    [
        ("Equality", {}, Stands.WELL),
        ("Equality", {"rated": rated(equals=3)}, Stands.LOOK),
        ("Equality", {"rated": rated(equals=2)}, Stands.ACT),
        ("Equality", {"rated": None}, Stands.UNKNOWN),
        ("How alike the two sides see it", {"rated": rated(5, 4)}, Stands.WELL),
        ("How alike the two sides see it", {"rated": rated(leaders=2)}, Stands.LOOK),
        ("How alike the two sides see it", {"rated": rated(leaders=1)}, Stands.ACT),
        ("How alike the two sides see it", {"rated": None}, Stands.UNKNOWN),
        ("Done with, not to", {"rated": rated(done_with=1)}, Stands.ACT),
        ("Support and challenge, both", {"rated": rated(challenge=2)}, Stands.ACT),
        ("Support and challenge, both", {"rated": rated(support=3)}, Stands.LOOK),
        ("Who decides what", {"rated": rated(decisions=3)}, Stands.LOOK),
        ("Leaders are present", {"rated": rated(leaders=2)}, Stands.ACT),
        ("The same people lead it", {}, Stands.WELL),
        ("The same people lead it", {"changes": [Change("D", date(2026, 5, 2))]}, Stands.WELL),
        ("The same people lead it", {"changes": [Change("D", date(2026, 10, 1))]}, Stands.LOOK),
        ("The same people lead it", {"changes": [Change("D", date(2026, 10, 1))] * 2}, Stands.ACT),
        ("The plan moves", {}, Stands.WELL),
        ("The plan moves", {"plan": None}, Stands.UNKNOWN),
        ("The plan moves", {"plan": PlanFacts(date(2026, 11, 1), 9, date(2027, 9, 30), {}, 1, 1)},
         Stands.LOOK),
        ("Days as planned", {}, Stands.WELL),
        ("Days as planned", {"log": Log(overdue=1)}, Stands.LOOK),
        ("Days as planned", {"by_quarter": {NOW - 1: days(20, 5)}}, Stands.ACT),
        ("Days as planned", {"by_quarter": {NOW - 1: days(20, 13)}}, Stands.LOOK),
        ("Days as planned", {"by_quarter": {NOW - 1: days(20, 30)}}, Stands.LOOK),
        ("Days as planned", {"opened_on": date(2026, 11, 10)}, Stands.UNKNOWN),
        ("Leaning less as it tapers", {}, Stands.NOT_NOW),
        ("Leaning less as it tapers", {"phase": TAPERING}, Stands.WELL),
        ("Leaning less as it tapers",
         {"phase": TAPERING, "by_quarter": {NOW - 1: days(4, 4), NOW: days(9, 9)}}, Stands.LOOK),
        ("Ready to go on alone", {}, Stands.WELL),
        ("Ready to go on alone", {"phase": PartnershipState.EARLY}, Stands.NOT_NOW),
        ("Ready to go on alone",
         {"plan": PlanFacts(date(2026, 8, 1), 2, date(2026, 12, 31), {}, 3, 1)}, Stands.ACT),
        ("Ready to go on alone",
         {"plan": PlanFacts(date(2026, 8, 1), 2, date(2026, 11, 19), {}, 3, 3)}, Stands.LOOK),
        ("Ready to go on alone",
         {"plan": PlanFacts(date(2026, 8, 1), 2, date(2026, 11, 20), {}, 3, 3)}, Stands.WELL),
        ("It holds after the end", {}, Stands.NOT_NOW),
        ("It holds after the end", {"ended_on": date(2026, 10, 1)}, Stands.NOT_NOW),
        ("It holds after the end", {"ended_on": date(2026, 3, 1)}, Stands.UNKNOWN),
        ("It holds after the end",
         {"ended_on": date(2026, 3, 1), "held": Held(Holds.NO, Moment.SIX_MONTHS)}, Stands.ACT),
        ("It holds after the end",
         {"ended_on": date(2026, 3, 1), "held": Held(Holds.YES, Moment.SIX_MONTHS)}, Stands.WELL),
        ("Reviews on time", {}, Stands.WELL),
        ("Reviews on time", {"review_due_on": date(2026, 10, 1)}, Stands.LOOK),
        ("Reviews on time", {"review_due_on": None}, Stands.NOT_NOW),
    ],
)  # fmt: skip
def test_each_check_stands_as_its_facts_say(
    name: str, changed: dict[str, object], expected: Stands
) -> None:
    with clock.set_to(date(2026, 11, 20)):
        assert stands(name, **changed) is expected


def test_every_check_says_its_evidence_and_what_would_help() -> None:
    worst = facts(rated=rated(1, 5), log=Log(3, 2), review_due_on=date(2026, 1, 1), plan=None)
    with clock.set_to(date(2026, 11, 20)):
        for found in (findings_of(facts()), findings_of(worst)):
            assert len({one.name for one in found}) == len(CHECKS) == 13
            for one in found:
                assert one.evidence.endswith(".")
                assert bool(one.todo) or one.stands not in (Stands.ACT, Stands.LOOK)


def temperature(**changed: object) -> Temperature:
    with clock.set_to(date(2026, 11, 20)):
        found = facts(**changed)
        return Health(findings_of(found), found.is_live, found.ended_on is not None).temperature


def test_the_temperature_is_the_worst_of_what_is_known_and_never_made_of_what_is_not() -> None:
    assert temperature() is Temperature.WELL
    assert temperature(rated=rated(equals=3)) is Temperature.WORD
    assert temperature(rated=rated(equals=1)) is Temperature.TALK
    unknown = {"rated": None, "plan": None, "opened_on": date(2026, 11, 10)}
    assert temperature(**unknown) is Temperature.EARLY
    over = {"is_live": False, "ended_on": date(2026, 10, 1), "review_due_on": None}
    assert temperature(**over) is Temperature.OVER
    assert temperature(is_live=False, review_due_on=None) is Temperature.PAUSED


def test_the_two_sides_read_what_has_not_gone_out_yet_and_the_region_does_not(app: Flask) -> None:
    partnership = make.steady()
    review = make.review(partnership, receiver=1)
    for name in ("receiver", "giver_lead", "practitioner"):
        assert health_for(people.person(name), partnership).temperature is Temperature.TALK
    chief = people.person("coordinator")
    before = health_for(chief, partnership)
    assert before is not None and before.temperature is not Temperature.TALK
    for name in ("receiver", "giver"):
        make.read_first(review, by=name)
    after = health_for(chief, partnership)
    assert after is not None and after.temperature is Temperature.TALK
    for name in ("dfe", "other", "adviser"):
        assert health_for(people.person(name), partnership) is None


def test_a_new_director_and_a_late_log_are_seen(app: Flask) -> None:
    with clock.set_to(date(2026, 9, 1)):
        partnership = make.steady()
        make.day(partnership, on=date(2026, 9, 1))
    new = people.add("new", Role.DIRECTOR, authority=people.authority("Wirral"))
    new.memberships[0].starts_on = date(2026, 10, 1)
    db.session.flush()
    found = health_for(people.person("coordinator"), partnership)
    assert found is not None
    said = {one.name: one.evidence for one in found.findings}
    assert "Director, Wirral, since 1 October 2026" in said["The same people lead it"]
    assert "1 entry unconfirmed for long" in said["Days as planned"]


def test_what_both_agreed_in_their_plan_is_looked_at(app: Flask) -> None:
    partnership = make.partnership()
    assert _said(partnership)["The plan moves"] == "No plan is agreed yet."
    make.review(make.steady(partnership))
    said = _said(partnership)
    assert said["The plan moves"] == "1 agreed, the latest on 20 November 2026."
    assert "Strands with somebody to carry them on: 1 of 1" in said["Ready to go on alone"]


def test_who_was_named_to_follow_a_lead_is_a_change_and_the_first_named_is_not(app: Flask) -> None:
    with clock.set_to(date(2026, 9, 1)):
        partnership = make.partnership()
    assert "has changed" in _said(partnership)["The same people lead it"]
    leads.change(
        partnership,
        post=Post.LEAD,
        theme=partnership.match.need.themes[0].theme,
        who="Head of the front door",
        note="Two visits are still to come.",
        by=people.person("receiver_lead"),
    )
    assert "Head of the front door" in _said(partnership)["The same people lead it"]


def _said(partnership: Partnership) -> dict[str, str]:
    db.session.flush()
    db.session.expire_all()
    found = health_for(people.person("receiver"), partnership)
    assert found is not None
    return {one.name: one.evidence for one in found.findings}


def test_the_board_puts_first_who_asks_most(app: Flask, client: PageClient) -> None:
    with transaction():
        own = people.programme()
        own.rules = {**own.rules, "partnerships_at_once": 9}
        make.capacity({make.next_quarter(): 60 * DAY}, at_once=9)
        calm, restless = (
            make.steady(
                make.partnership(
                    make.agreed(make.match(make.need(title=name), make.offer(title=f"O {name}")))
                )
            )
            for name in ("Calm", "Restless")
        )
        for partnership, rating in ((calm, 5), (restless, 1)):
            review = make.review(partnership, receiver=rating)
            for name in ("receiver", "giver"):
                make.read_first(review, by=name)
    lines = board(people.person("coordinator"))
    assert [line.partnership.title for line in lines] == ["Restless", "Calm"]
    page = client.sign_in("coordinator").get("/health-board")
    assert page.index("Restless") < page.index("Calm") and "Needs a talk soon" in page
    assert "Calm" not in client.get("/health-board?temperature=talk")
    assert "Needs a talk soon" in client.get("/health-board.csv?q=restless")
    assert board(people.person("far_coordinator")) == []
    assert len(board(people.person("manager"))) == 2
    counted = counts_for(people.person("dfe"))
    assert counted[Temperature.TALK] == 1
    assert "Restless" not in client.sign_in("dfe").get("/health-board")


def test_the_board_asks_no_more_questions_for_more_partnerships(
    app: Flask, client: PageClient
) -> None:
    asked = []
    with transaction():
        own = people.programme()
        own.rules = {**own.rules, "partnerships_at_once": 99}
        make.capacity({make.next_quarter(): 60 * DAY}, at_once=99)
    for number in range(2):
        with transaction():
            for n in range(1 + 5 * number):
                need = make.need(title=f"N {number} {n}", days=DAY)
                match = make.match(need, make.offer(title=f"O {number} {n}"))
                partnership = make.steady(make.partnership(make.agreed(match)))
                make.review(partnership)
                make.feedback(partnership)
                make.day(partnership, quarter_days=1)
                if n == 0:
                    partnerships.end_early(partnership, reason="x", by=people.person("giver"))
        db.session.remove()
        client.sign_in("coordinator")
        with client.counting() as statements:
            client.get("/health-board")
        asked.append(len(statements))
    assert asked[0] == asked[1], asked
