"""The verbs of needs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, events
from broker.clock import this_quarter
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.match import ConversationState, Match, MatchState
from broker.models.need import NeedState
from broker.models.programme import Theme
from broker.models.readiness import Readiness
from broker.models.work import Message
from broker.needs import actions
from broker.readiness import actions as readiness
from broker.taking import take
from tests import make, people

pytestmark = pytest.mark.postgres

DAY = make.DAY


def test_a_need_begins_private_and_keeps_what_was_typed(app: Flask) -> None:
    need = make.need(until="private")
    assert need.state is NeedState.PRIVATE
    assert need.receiver.name == people.RECEIVER
    assert [row.position for row in need.themes] == [1]
    assert need.change_wanted == "Children are seen sooner."
    assert events.history_of(need)[0].verb == "describe"


def test_only_the_receivers_director_and_lead_may_describe_its_need(app: Flask) -> None:
    for name in ("other", "giver", "coordinator", "practitioner", "administrator", "manager"):
        with pytest.raises(NotAllowed), transaction():
            actions.describe(
                receiver=people.authority(people.RECEIVER),
                programme=people.programme(),
                terms=make.need_terms(),
                by=people.person(name),
            )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "   "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "Help for Wirral's front door"}, "title"),
        ({"themes": ()}, "theme"),
        ({"days_wanted": 0}, "days_wanted"),
        ({"days_wanted": -4}, "days_wanted"),
        ({"days_wanted": 20_001}, "days_wanted"),
        ({"days_least": 33}, "days_least"),
        ({"days_least": 0}, "days_least"),
        ({"quarters_wanted": 0}, "quarters_wanted"),
        ({"quarters_wanted": 9}, "quarters_wanted"),
        ({"strengths": "x" * 4001}, "strengths"),
    ],
)
def test_terms_that_do_not_hold_are_refused_at_the_field_they_speak_of(
    app: Flask, change: dict[str, object], field: str
) -> None:
    with pytest.raises(NotRight) as refused:
        actions.describe(
            receiver=people.authority(people.RECEIVER),
            programme=people.programme(),
            terms=replace(make.need_terms(), **change),
            by=people.person("receiver"),
        )
    assert refused.value.field == field


def test_a_first_quarter_that_is_over_is_refused(app: Flask) -> None:
    with pytest.raises(NotRight):
        make.need(first=this_quarter() - 1)


def test_the_same_theme_twice_is_refused(app: Flask) -> None:
    terms = replace(make.need_terms(), themes=(make.theme(), make.theme()))
    need = make.need(until="private")
    with pytest.raises(NotRight):
        actions.edit(need, terms, by=people.person("receiver"))


def test_editing_may_keep_drop_and_reorder_themes(app: Flask) -> None:
    need = make.need(until="private")
    first, second, third = db.session.scalars(
        select(Theme).where(Theme.parent_id.is_not(None)).order_by(Theme.id).limit(3)
    )
    by = people.person("receiver_lead")
    for themes in ((first, second, third), (third, first), (first,)):
        actions.edit(need, replace(make.need_terms(), themes=themes), by=by)
        db.session.expire(need)
        assert [row.theme_id for row in need.themes] == [theme.id for theme in themes]


def test_a_submitted_need_is_not_edited(app: Flask) -> None:
    need = make.need(until="submitted")
    with pytest.raises(NotPossible):
        actions.edit(need, make.need_terms(), by=people.person("receiver"))


def test_only_the_director_signs_off(app: Flask) -> None:
    need = make.need(until="private")
    with pytest.raises(NotAllowed):
        actions.submit(need, by=people.person("receiver_lead"))
    actions.submit(need, by=people.person("receiver"))
    assert need.state is NeedState.SUBMITTED
    assert need.submitted_at is not None


def test_a_need_whose_first_quarter_has_passed_waits_for_another_start(app: Flask) -> None:
    need = make.need(until="private", first=this_quarter())
    later = (this_quarter() + 1).first_day
    with clock.set_to(later), pytest.raises(NotPossible):
        actions.submit(need, by=people.person("receiver"))


def test_days_between_a_small_ask_and_the_least_package_are_refused(app: Flask) -> None:
    for days, is_refused in ((19 * DAY, False), (39 * DAY, True), (40 * DAY, False)):
        need = make.need(days=days, programme=people.programme("slip"), until="private")
        if is_refused:
            with pytest.raises(NotPossible):
                actions.submit(need, by=people.person("receiver"))
        else:
            actions.submit(need, by=people.person("receiver"))


def test_sending_back_makes_it_private_again(app: Flask) -> None:
    need = make.need(until="submitted")
    with pytest.raises(NotRight):
        actions.send_back(need, by=people.person("coordinator"))
    actions.send_back(need, by=people.person("coordinator"), reason="Say more of what works.")
    assert need.state is NeedState.PRIVATE
    assert need.submitted_at is None


def test_a_small_ask_opens_without_a_check_and_a_larger_need_with_one(app: Flask) -> None:
    small = make.need(until="submitted")
    actions.open_need(small, by=people.person("coordinator"))
    assert small.state is NeedState.OPEN
    large = make.need(days=30 * DAY, until="submitted")
    with pytest.raises(NotPossible):
        actions.open_need(large, by=people.person("coordinator"))
    make.opened(large)
    assert large.opened_at is not None


def test_another_regions_coordinator_checks_and_opens_nothing(app: Flask) -> None:
    need = make.need(until="submitted")
    far = people.person("far_coordinator")
    with pytest.raises(NotAllowed):
        actions.open_need(need, by=far)
    with pytest.raises(NotAllowed):
        readiness.check_readiness(need, outcome=Readiness.READY, evidence="Papers.", by=far)


def test_withdrawing_ends_open_conversations_and_live_matches(app: Flask) -> None:
    need = make.need()
    waiting = make.conversation(need, make.offer(title="A second offer"))
    match = make.match(need, make.offer())
    actions.withdraw(need, by=people.person("receiver"))
    assert need.state is NeedState.WITHDRAWN
    assert waiting.state is ConversationState.LAPSED
    assert match.state is MatchState.NOT_NEEDED_NOW
    assert match.conversation.state is ConversationState.HELD


def test_withdrawing_tells_a_provider_who_need_not_answer_any_more(app: Flask) -> None:
    need = make.need()
    talk = make.conversation(need)
    actions.withdraw(need, by=people.person("receiver"))
    told = db.session.scalars(
        select(Message.subject).filter_by(
            to_id=people.person("giver").id, path=f"/conversations/{talk.id}"
        )
    ).all()
    assert any("not needed now, with thanks" in subject for subject in told)
    assert not any(people.RECEIVER in subject for subject in told)


def test_a_need_shared_in_confidence_tells_its_own_coordinator(app: Flask) -> None:
    need = make.need(until="private")
    take(need, "share", by=people.person("receiver_lead"))
    told = set(db.session.scalars(select(Message.to_id).filter_by(path=f"/needs/{need.id}")))
    assert told == {people.person("coordinator").id, people.person("deputy").id}


def test_a_withdrawn_need_leaves_no_match_behind_in_talk(app: Flask) -> None:
    match = make.agreed()
    actions.withdraw(match.need, by=people.person("receiver"))
    left = db.session.scalars(select(Match.state).filter_by(need_id=match.need_id)).all()
    assert left == [MatchState.NOT_NEEDED_NOW]
