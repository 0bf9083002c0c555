"""What blocks a return and what warns, in words; nil returns by themselves; reminders and notes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.return_ import Return, ReturnState
from broker.models.work import Message
from broker.returns import actions
from broker.returns.checks import checks_of
from broker.system import the_system
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY
from tests.returns import walk

pytestmark = pytest.mark.postgres
AFTER_NEXT = date(2027, 4, 1)


def said(return_: Return, *, blocking: bool) -> str:
    return " ".join(c.words for c in checks_of(return_) if c.is_blocking is blocking)


def test_every_second_quarter_asks_for_a_reflection_and_blocks_without(app: Flask) -> None:
    within = walk.partnership()
    with clock.set_to(AFTER_NEXT):
        return_ = actions.open_return(
            provider_id=within.provider_id,
            programme=within.programme,
            quarter=walk.QUARTER + 1,
            by=people.person("giver"),
        )
        assert "case_study" in return_.words_asked
        actions.write(return_, outcomes="Sooner.", by=people.person("giver"))
        assert "reflection on six months" in said(return_, blocking=True)
        with pytest.raises(NotPossible, match="reflection on six months"):
            actions.certify(return_, by=people.person("giver"))
        with pytest.raises(NotPossible, match="reflection"):
            actions.hand_over(return_, by=people.person("giver_lead"))


def test_what_readers_will_ask_about_warns_and_does_not_block(app: Flask) -> None:
    within = walk.partnership()
    take(walk.day(within), "query", by=people.person("receiver"), reason="Which?")
    walk.day(within, quarter_days=2)
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        words = said(return_, blocking=False)
        assert said(return_, blocking=True) == "Show Wirral its section first."
    assert "0.5 days not confirmed" in words and "1 day queried" in words
    assert "2 entries on" in words and "how the outcomes were measured" in words


def test_a_day_before_its_approval_blocks(app: Flask) -> None:
    within = walk.partnership()
    day = walk.day(within)
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        day.given_on = within.opened_at.date() - timedelta(days=3)
        db.session.flush()
        assert "before its approval" in said(return_, blocking=True)
        within.match.agreed_at = within.opened_at + timedelta(days=1)
        db.session.flush()
        assert "approved before both sides had agreed" in said(return_, blocking=True)


def test_work_with_the_same_receiver_under_another_programme_is_pointed_at(app: Flask) -> None:
    walk.partnership()
    make.capacity()
    make.partnership(make.agreed(make.match(make.need(title="Own days"), make.offer())))
    with clock.set_to(walk.AFTER):
        assert "also work under" in said(walk.opened(), blocking=False)


def test_an_idle_provider_gets_a_nil_return_by_itself(app: Flask, client: PageClient) -> None:
    with transaction():
        make.capacity({walk.QUARTER: 8 * DAY}, programme=people.programme("pip"))
    with clock.set_to(walk.AFTER):
        with transaction():
            [nil] = actions.open_due(by=the_system())
            assert actions.open_due(by=the_system()) == []
        assert nil.state is ReturnState.SUBMITTED and len(nil.versions) == 1
        shown = client.sign_in("giver").get(f"/returns/{nil.id}")
        assert "there was nothing to report" in shown
        with transaction():
            take(nil, "reopen", by=people.person("manager"), reason="A day is missing.")
        client.get(f"/returns/{nil.id}/write")


def test_a_provider_with_a_live_partnership_writes_its_own(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        [opened] = actions.open_due(by=the_system())
    assert opened.state is ReturnState.IN_PROGRESS


def test_the_manager_reminds_those_who_are_not_done_and_nobody_else(app: Flask) -> None:
    walk.partnership()
    walk.partnership(giver="second_giver")
    pip, manager = people.programme("pip"), people.person("manager")
    with clock.set_to(walk.AFTER):
        walk.certified()
        assert actions.remind(programme=pip, quarter=walk.QUARTER, by=manager) == 1
        told = db.session.query(Message).filter_by(kind="return remind").all()
        assert {one.to_id for one in told} == {people.person("second_giver").id}
        walk.certify(walk.opened(giver="second_giver"), by=people.person("second_giver"))
        with pytest.raises(NotPossible, match="nobody to remind"):
            actions.remind(programme=pip, quarter=walk.QUARTER, by=manager)


def test_notes_are_the_managers_own(app: Flask) -> None:
    within = walk.partnership()
    pip, leeds = people.programme("pip"), within.provider_id
    with clock.set_to(walk.AFTER):
        by = people.person("manager")
        kept = actions.note(
            programme=pip, provider_id=leeds, quarter=walk.QUARTER, words=" They called. ", by=by
        )
        assert kept.words == "They called."
        for words in ("", "x" * 2001):
            with pytest.raises(NotRight):
                actions.note(
                    programme=pip, provider_id=leeds, quarter=walk.QUARTER, words=words, by=by
                )
        with pytest.raises(NotAllowed):
            actions.note(
                programme=pip,
                provider_id=leeds,
                quarter=walk.QUARTER,
                words="No",
                by=people.person("giver"),
            )


def test_an_outcome_without_a_baseline_is_pointed_at_and_goes_into_the_version(app: Flask) -> None:
    within = walk.partnership()
    plan = make.agreed_plan(within)
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        assert "has no baseline" not in said(return_, blocking=False)
        measure = plan.measures[0]
        measure.baseline = measure.baseline_source = ""
        db.session.flush()
        assert f"‘{measure.name}’ has no baseline" in said(return_, blocking=False)
        version = walk.certify(return_, by=people.person("giver")).versions[0]
        assert version.content["behind"]["outcomes"][0]["measure"] == measure.name
