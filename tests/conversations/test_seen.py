"""What each reader of a conversation may know of it."""

from __future__ import annotations

from flask import Flask

from broker.conversations import actions, queries
from broker.conversations.seen import Reader, Seen
from broker.events import history_of
from broker.models.match import Answer, Conversation, Side
from broker.needs import actions as needs
from tests import make, people


def seen_by(name: str, talk: Conversation) -> Seen:
    return queries.as_seen_by(people.person(name), [talk])[0]


def test_each_reader_reads_it_as_what_they_are(app: Flask) -> None:
    talk = make.conversation()
    readers = {
        "receiver": Reader.RECEIVER,
        "receiver_lead": Reader.RECEIVER,
        "giver": Reader.PROVIDER,
        "giver_lead": Reader.PROVIDER,
        "coordinator": Reader.COORDINATOR,
        "deputy": Reader.COORDINATOR,
    }
    for name, reader in readers.items():
        assert seen_by(name, talk).reader is reader


def test_before_it_accepts_a_provider_knows_the_released_shape_and_the_message(
    app: Flask,
) -> None:
    seen = seen_by("giver", make.conversation())
    assert seen.receiver == "An authority"
    assert seen.need is None
    assert seen.need_page is None
    assert seen.message == "Could we talk about your front door?"
    assert seen.shape.title == "A steadier front door"
    assert seen.shape.region is None
    assert people.RECEIVER.casefold() not in seen.words


def test_the_region_is_told_only_if_it_is_released(app: Flask) -> None:
    need = make.need(until="private")
    need.releases_region = True
    needs.submit(need, by=people.person("receiver"))
    seen = seen_by("giver", make.conversation(need))
    assert seen.receiver == f"An authority in {people.NORTH_WEST}"


def test_after_it_accepts_a_provider_knows_who_asks_and_what_for(app: Flask) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    seen = seen_by("giver", talk)
    assert seen.receiver == people.RECEIVER
    assert seen.need is talk.need


def test_a_provider_that_declined_never_learns_who_asked(app: Flask) -> None:
    talk = make.conversation()
    actions.decline(talk, reason="We are full.", by=people.person("giver"))
    seen = seen_by("giver", talk)
    assert seen.receiver == "An authority"
    lines = seen.history(history_of(talk))
    assert [line.by.name for line in lines] == ["Director, Leeds", "An authority"]


def test_a_provider_whose_talk_lapsed_after_it_accepted_still_knows_the_name(app: Flask) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    needs.withdraw(talk.need, by=people.person("receiver"))
    assert seen_by("giver", talk).receiver == people.RECEIVER


def test_a_talk_that_lapsed_unanswered_tells_no_name(app: Flask) -> None:
    talk = make.conversation()
    needs.withdraw(talk.need, by=people.person("receiver"))
    assert seen_by("giver", talk).receiver == "An authority"


def test_a_need_taken_back_is_its_own_authoritys_alone(app: Flask) -> None:
    need = make.need(until="submitted")
    talk = make.conversation(need)
    actions.accept(talk, by=people.person("giver"))
    needs.send_back(need, by=people.person("coordinator"), reason="Say more.")
    for name in ("giver", "coordinator"):
        seen = seen_by(name, talk)
        assert seen.need is None
        assert need.title not in seen.need_title
        assert not seen.shows_shape
    assert seen_by("receiver", talk).need is need


def test_the_reason_of_a_decline_reaches_the_other_side_only_if_shared(app: Flask) -> None:
    for is_shared in (False, True):
        talk = make.conversation()
        actions.decline(
            talk, reason="We are full.", is_reason_shared=is_shared, by=people.person("giver")
        )
        assert seen_by("giver", talk).decline_reason == "We are full."
        assert seen_by("coordinator", talk).decline_reason == "We are full."
        seen = seen_by("receiver", talk)
        assert seen.decline_reason == ("We are full." if is_shared else None)
        reasons = [line.reason for line in seen.history(history_of(talk)) if line.reason]
        assert reasons == (["We are full."] if is_shared else [])


def test_an_answer_reaches_the_other_side_once_both_have_given_theirs(app: Flask) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    actions.record_outcome(
        talk, side=Side.RECEIVER, answer=Answer.YES, by=people.person("receiver")
    )
    assert seen_by("receiver", talk).answer_of(Side.RECEIVER) is Answer.YES
    assert seen_by("coordinator", talk).answer_of(Side.RECEIVER) is Answer.YES
    assert seen_by("giver", talk).answer_of(Side.RECEIVER) is None
    actions.record_outcome(
        talk, side=Side.PROVIDER, answer=Answer.NOT_NOW, by=people.person("giver")
    )
    assert seen_by("giver", talk).answer_of(Side.RECEIVER) is Answer.YES
    assert seen_by("receiver", talk).answer_of(Side.PROVIDER) is Answer.NOT_NOW


def test_why_a_side_answered_reaches_the_other_only_if_shared_and_once_both_have(
    app: Flask,
) -> None:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    for side, name, shared in (
        (Side.RECEIVER, "receiver", True),
        (Side.PROVIDER, "giver", False),
    ):
        actions.record_outcome(
            talk,
            side=side,
            answer=Answer.NOT_NOW,
            reason=f"Why the {side.value}",
            is_reason_shared=shared,
            by=people.person(name),
        )
        if side is Side.RECEIVER:
            assert seen_by("giver", talk).reason_of(Side.RECEIVER) == ""
    assert seen_by("giver", talk).reason_of(Side.RECEIVER) == "Why the receiver"
    assert seen_by("receiver", talk).reason_of(Side.PROVIDER) == ""
    assert seen_by("giver_lead", talk).reason_of(Side.PROVIDER) == "Why the provider"
    assert seen_by("coordinator", talk).reason_of(Side.RECEIVER) == ""


def test_a_coordinator_reads_outcomes_and_no_words(app: Flask) -> None:
    talk = make.conversation()
    seen = seen_by("coordinator", talk)
    assert seen.message is None
    assert seen.own_outcome is None
    assert seen.need is None


def test_a_list_is_searched_only_in_what_its_reader_may_know(app: Flask) -> None:
    make.conversation()
    wanted = queries.Wanted(words=people.RECEIVER)
    assert queries.listed(people.person("giver"), wanted) == []
    assert len(queries.listed(people.person("receiver"), wanted)) == 1
    assert len(queries.listed(people.person("coordinator"), wanted)) == 1
