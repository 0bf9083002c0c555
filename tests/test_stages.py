"""The clock per stage: dates, working days, on whom it waits, and what each side may know."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from broker import clock, stages
from broker.clock import set_to
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.models.match import Match
from broker.stages import Stage
from broker.taking import take
from tests import make, people
from tests.client import PageClient

pytestmark = pytest.mark.postgres

FRIDAY, MONDAY, THURSDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 26)
AFTER_CHRISTMAS = date(2026, 12, 29)


@pytest.fixture
def walked(app: Flask) -> Match:
    """Submitted and opened on a Friday, talked about on Monday, agreed on Thursday, approved after
    Christmas."""
    with transaction():
        need, offer = make.need(), make.offer()
        make.capacity()
    with set_to(MONDAY), transaction():
        match = make.match(need, offer)
    with set_to(THURSDAY), transaction():
        make.agreed(match)
    return match


def said(steps: list[stages.Step]) -> list[tuple[Stage, date | None, int | None, bool]]:
    return [(one.stage, one.on, one.took, one.is_next) for one in steps if one.on or one.is_next]


def test_each_stage_has_its_day_and_the_working_days_it_took(walked: Match) -> None:
    with set_to(AFTER_CHRISTMAS):
        found = said(stages.stages_of(walked.need))
    assert found == [
        (Stage.SUBMITTED, FRIDAY, None, False),
        (Stage.OPENED, FRIDAY, 0, False),
        (Stage.ASKED, MONDAY, 1, False),
        (Stage.TALKED, MONDAY, 0, False),
        (Stage.AGREED, THURSDAY, 3, False),
        (Stage.APPROVED, None, 21, True),  # Christmas Day and Boxing Day's Monday do not count
    ]


def test_a_provider_reads_no_more_than_what_came_after_it_was_asked(
    walked: Match, client: PageClient
) -> None:
    with set_to(THURSDAY):
        client.sign_in("giver").get(f"/matches/{walked.id}")
        assert "A provider asked: 23 November" in client.text
        assert "Submitted: 20" not in client.text
        for name in ("receiver", "coordinator", "manager"):
            client.sign_in(name).get(f"/matches/{walked.id}")
            assert "Submitted: 20 November" in client.text, name


def test_another_conversation_of_the_need_leaves_a_matchs_clock_alone(walked: Match) -> None:
    with set_to(FRIDAY), transaction():
        earlier = make.offer(giver="second_giver", title="Another way")
        hint = make.suggestion(walked.need, earlier)
        conversations.ask(hint, message="Could we talk?", by=people.person("receiver"))
    own = dict(stages.reached_by([walked.need_id])[walked.need_id])
    assert own[Stage.ASKED] == FRIDAY
    shown = stages.stages_of_match(walked, from_asking=True)
    assert shown[0].on == MONDAY and shown[0].took is None


def test_a_need_that_is_over_waits_on_nobody(app: Flask) -> None:
    with transaction():
        need = make.need()
        take(need, "withdraw", by=people.person("receiver"))
    assert not any(step.is_next for step in stages.stages_of(need))


def test_medians_are_of_those_that_reached_the_stage(walked: Match, client: PageClient) -> None:
    with transaction():
        other = make.need(title="Another")
    found = {one.stage: (one.days, one.needs) for one in stages.medians([walked.need_id, other.id])}
    assert found == {
        Stage.OPENED: (0, 2),
        Stage.ASKED: (1, 1),
        Stage.TALKED: (0, 1),
        Stage.AGREED: (3, 1),
    }
    client.sign_in("coordinator").get("/matches/approvals")
    assert "How long stages take in your region" in client.text


def test_the_questions_do_not_grow_with_the_needs(app: Flask, client: PageClient) -> None:
    counts = []
    for title in ("One", "Two", "Three"):
        with transaction():
            make.need(title=title)
        ids = list(db.session.scalars(db.select(stages.Need.id)))
        with client.counting() as asked:
            stages.medians(ids)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert clock.today() == FRIDAY
