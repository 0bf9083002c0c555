"""The verbs of suggestions and conversations."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker.clock import Quarter
from broker.conversations import actions
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.match import (
    Answer,
    Conversation,
    ConversationState,
    Match,
    MatchState,
    Origin,
    Side,
    Suggestion,
    SuggestionState,
)
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.models.person import Membership, Person, Role
from broker.models.work import Message
from broker.needs import actions as needs
from broker.taking import take
from tests import make, people

pytestmark = pytest.mark.postgres

DAY = make.DAY


def ask_in_a_minute(given: Offer, by: str = "receiver", **change: object) -> Need:
    terms: dict[str, object] = {
        "title": "Two days on our front door",
        "theme": make.theme(),
        "days": 2 * DAY,
        "quarter": make.next_quarter(),
        "message": "Could you look at our thresholds with us?",
        **change,
    }
    receiver = people.authority(people.RECEIVER)
    return actions.small_ask(given, receiver=receiver, by=people.person(by), **terms)


def both_sided() -> Person:
    """A director who holds a role at the giving authority too."""
    person = people.person("receiver")
    giver = people.authority(people.GIVER)
    person.memberships.append(
        Membership(role=Role.PARTNERSHIP_LEAD, authority=giver, starts_on=people.START)
    )
    db.session.flush()
    return person


def talks() -> int:
    return db.session.scalar(select(func.count(Conversation.id))) or 0


# -- suggesting


def test_suggesting_the_same_offer_twice_gives_the_one_suggestion(app: Flask) -> None:
    need, offer = make.need(), make.offer()
    first = make.suggestion(need, offer)
    again = actions.suggest(need, offer, origin=Origin.COORDINATOR, by=people.person("coordinator"))
    assert again is first
    assert db.session.scalar(select(func.count(Suggestion.id))) == 1


def test_strangers_suggest_nothing(app: Flask) -> None:
    need, offer = make.need(), make.offer()
    for _ in range(2):
        for name in ("other", "giver", "far_coordinator", "dfe", "adviser"):
            with pytest.raises(NotAllowed), db.session.begin_nested():
                actions.suggest(need, offer, origin=Origin.ASK, by=people.person(name))
        make.suggestion(need, offer)


def test_passing_over_leaves_the_way_open(app: Flask) -> None:
    suggestion = make.suggestion(make.need(), make.offer())
    take(suggestion, "pass_over", by=people.person("receiver"))
    assert suggestion.state is SuggestionState.PASSED_OVER
    actions.ask(suggestion, message="We thought again.", by=people.person("receiver"))
    assert suggestion.state is SuggestionState.ASKED


# -- asking


def test_asking_begins_a_conversation_and_tells_the_provider_without_a_name(app: Flask) -> None:
    talk = make.conversation()
    assert talk.state is ConversationState.ASKED
    message = db.session.scalars(select(Message).filter_by(to_id=people.person("giver").id)).one()
    assert people.RECEIVER not in message.subject + message.body
    assert message.path == f"/conversations/{talk.id}"


def test_asking_twice_leads_to_the_conversation_there_is(app: Flask) -> None:
    suggestion = make.suggestion(make.need(), make.offer())
    first = actions.ask(suggestion, message="Shall we talk?", by=people.person("receiver"))
    again = actions.ask(suggestion, message="Hello again", by=people.person("receiver_lead"))
    assert again is first
    assert talks() == 1


def test_a_private_need_is_not_asked_about(app: Flask) -> None:
    suggestion = make.suggestion(make.need(until="private"), make.offer())
    with pytest.raises(NotPossible):
        actions.ask(suggestion, message="Shall we talk?", by=people.person("receiver"))


def test_a_paused_offer_is_not_asked_about(app: Flask) -> None:
    offer = make.offer()
    suggestion = make.suggestion(make.need(), offer)
    take(offer, "pause", by=people.person("giver"))
    with pytest.raises(NotPossible):
        actions.ask(suggestion, message="Shall we talk?", by=people.person("receiver"))


@pytest.mark.parametrize("message", ["", "   ", "x" * 1001, "We at Wirral would like to talk"])
def test_a_message_is_there_is_short_and_does_not_name_who_asks(app: Flask, message: str) -> None:
    suggestion = make.suggestion(make.need(), make.offer())
    with pytest.raises(NotRight) as refused:
        actions.ask(suggestion, message=message, by=people.person("receiver"))
    assert refused.value.field == "message"


def test_only_the_receivers_people_ask(app: Flask) -> None:
    suggestion = make.suggestion(make.need(), make.offer())
    for name in ("other", "giver", "coordinator", "dfe", "manager", "practitioner"):
        with pytest.raises(NotAllowed):
            actions.ask(suggestion, message="Shall we talk?", by=people.person(name))


def test_a_provider_does_not_ask_itself(app: Flask) -> None:
    offer = make.offer()
    giver = people.authority(people.GIVER)
    with pytest.raises(NotPossible):
        actions.small_ask(
            offer,
            receiver=giver,
            title="Two days",
            theme=make.theme(),
            days=DAY,
            quarter=make.next_quarter(),
            message="Shall we talk?",
            by=people.person("giver"),
        )


# -- asking in a minute


def test_a_directors_small_ask_goes_to_the_provider_at_once(app: Flask) -> None:
    need = ask_in_a_minute(make.offer())
    assert need.state is NeedState.SUBMITTED
    assert need.is_small
    talk = db.session.scalars(select(Conversation).filter_by(need_id=need.id)).unique().one()
    assert talk.message == "Could you look at our thresholds with us?"
    assert talk.suggestion.origin is Origin.ASK


def test_a_leads_small_ask_waits_for_the_director_with_its_message(app: Flask) -> None:
    need = ask_in_a_minute(make.offer(), by="receiver_lead")
    assert need.state is NeedState.PRIVATE
    assert talks() == 0
    suggestion = db.session.scalars(select(Suggestion).filter_by(need_id=need.id)).unique().one()
    assert suggestion.state is SuggestionState.MADE
    assert need.change_wanted == "Could you look at our thresholds with us?"
    needs.submit(need, by=people.person("receiver"))
    actions.ask(suggestion, message=need.change_wanted, by=people.person("receiver"))
    assert talks() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 20 * DAY}, "days"),
        ({"days": 0}, "days_wanted"),
        ({"days": -1}, "days_wanted"),
        ({"title": ""}, "title"),
        ({"message": ""}, "message"),
        ({"quarter": Quarter(2020 * 4)}, "first_quarter"),
    ],
)
def test_a_small_ask_that_does_not_hold_is_refused(
    app: Flask, change: dict[str, object], field: str
) -> None:
    with pytest.raises(NotRight) as refused:
        ask_in_a_minute(make.offer(), **change)
    assert refused.value.field == field


def test_a_small_ask_is_about_a_theme_of_the_offer(app: Flask) -> None:
    with pytest.raises(NotRight):
        ask_in_a_minute(make.offer(), theme=make.theme("neglect"))


def test_a_small_ask_about_an_offer_that_is_not_published_is_refused(app: Flask) -> None:
    with pytest.raises(NotPossible):
        ask_in_a_minute(make.offer(published=False))


# -- answering


def test_accepting_begins_a_match_about_the_days_asked_for(app: Flask) -> None:
    talk = make.conversation()
    match = actions.accept(talk, by=people.person("giver_lead"))
    assert talk.state is ConversationState.ACCEPTED
    assert match.state is MatchState.TALKING
    assert match.total_days == talk.need.days_wanted
    with pytest.raises(NotPossible):
        actions.accept(talk, by=people.person("giver"))


def test_only_the_providers_people_answer(app: Flask) -> None:
    talk = make.conversation()
    for name in ("receiver", "other", "coordinator", "practitioner"):
        with pytest.raises(NotAllowed):
            actions.accept(talk, by=people.person(name))
        with pytest.raises(NotAllowed):
            actions.decline(talk, reason="No", by=people.person(name))


def test_a_need_that_was_taken_back_is_not_accepted(app: Flask) -> None:
    need = make.need(until="submitted")
    talk = make.conversation(need)
    needs.send_back(need, by=people.person("coordinator"), reason="Say more.")
    with pytest.raises(NotPossible):
        actions.accept(talk, by=people.person("giver"))


def test_declining_needs_a_reason_and_keeps_whether_it_is_shared(app: Flask) -> None:
    talk = make.conversation()
    with pytest.raises(NotRight):
        actions.decline(talk, reason="  ", by=people.person("giver"))
    actions.decline(talk, reason="We are full.", is_reason_shared=True, by=people.person("giver"))
    assert talk.state is ConversationState.DECLINED
    assert talk.decline_reason == "We are full."
    assert talk.is_reason_shared


def test_nobody_acts_for_both_sides(app: Flask) -> None:
    suggestion = make.suggestion(make.need(), make.offer())
    both = both_sided()
    with pytest.raises(NotAllowed):
        actions.ask(suggestion, message="Shall we talk?", by=both)
    talk = actions.ask(suggestion, message="Shall we talk?", by=people.person("receiver_lead"))
    with pytest.raises(NotAllowed):
        actions.accept(talk, by=both)
    with pytest.raises(NotAllowed):
        actions.decline(talk, reason="No", by=both)
    actions.accept(talk, by=people.person("giver"))
    for side in Side:
        with pytest.raises(NotAllowed):
            actions.record_outcome(talk, side=side, answer=Answer.YES, by=both)


def test_a_small_ask_of_both_sides_is_refused(app: Flask) -> None:
    offer = make.offer()
    both_sided()
    with pytest.raises(NotAllowed):
        ask_in_a_minute(offer)


# -- what came of it


def test_a_conversation_is_held_when_both_sides_have_said(app: Flask) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    actions.record_outcome(
        talk, side=Side.RECEIVER, answer=Answer.YES, by=people.person("receiver_lead")
    )
    assert talk.state is ConversationState.ACCEPTED
    actions.record_outcome(
        talk, side=Side.PROVIDER, answer=Answer.NO, by=people.person("giver_lead")
    )
    assert talk.state is ConversationState.HELD
    assert not talk.is_yes_from_both


def test_a_side_may_think_again_until_the_other_has_recorded(app: Flask) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    for answer in (Answer.NOT_NOW, Answer.YES):
        actions.record_outcome(
            talk, side=Side.RECEIVER, answer=answer, by=people.person("receiver")
        )
    assert len(talk.outcomes) == 1
    actions.record_outcome(talk, side=Side.PROVIDER, answer=Answer.YES, by=people.person("giver"))
    assert talk.is_yes_from_both
    with pytest.raises(NotPossible):
        actions.record_outcome(
            talk, side=Side.RECEIVER, answer=Answer.NO, by=people.person("receiver")
        )


def test_each_side_speaks_for_itself(app: Flask) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    with pytest.raises(NotAllowed):
        actions.record_outcome(
            talk, side=Side.PROVIDER, answer=Answer.YES, by=people.person("receiver")
        )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"values_rating": 0}, "values_rating"),
        ({"confidence_rating": 6}, "confidence_rating"),
        ({"note": "x" * 4001}, "note"),
    ],
)
def test_ratings_go_from_one_to_five(app: Flask, said: dict[str, object], field: str) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    with pytest.raises(NotRight) as refused:
        actions.record_outcome(
            talk,
            side=Side.RECEIVER,
            answer=Answer.YES,
            by=people.person("receiver"),
            **said,
        )
    assert refused.value.field == field


def test_a_refused_ask_leaves_nothing_behind(app: Flask) -> None:
    with transaction():
        offer = make.offer()
    with pytest.raises(NotRight), transaction():
        ask_in_a_minute(offer, title="For Wirral")
    assert db.session.scalar(select(func.count(Need.id))) == 0
    assert db.session.scalar(select(func.count(Match.id))) == 0
