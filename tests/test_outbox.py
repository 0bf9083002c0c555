"""Messages: written with the change or not at all, once to each, saying nothing in confidence."""

from __future__ import annotations

import string

import pytest
from flask import Flask
from sqlalchemy import select

from broker import letters
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.matches import actions as matches
from broker.matches.terms import Terms
from broker.models.match import Answer, Side
from broker.models.person import Role
from broker.models.work import Message
from broker.taking import take
from broker.workflow import ROWS
from tests import make, people
from tests.client import PageClient


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def told(name: str) -> list[str]:
    return [m.subject for m in messages() if m.to_id == people.person(name).id]


# -- writing ----------------------------------------------------------------------------------


def test_a_message_is_kept_with_the_change_it_tells_of(app: Flask) -> None:
    with transaction():
        make.need(until="submitted")
    db.session.remove()
    assert told("coordinator") == ["Wirral submitted a need"]
    assert told("deputy") == told("coordinator")


def test_a_change_that_is_undone_tells_nobody(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        make.need(until="submitted")
        assert told("coordinator")
        raise ZeroDivisionError
    assert messages() == []


def test_a_refused_press_tells_nobody(app: Flask, client: PageClient) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 4})
        match = make.match()
        matches.agree(match, by=people.person("receiver"))
    before = len(messages())
    client.sign_in("giver").get(f"/matches/{match.id}")
    client.press("Agree to these terms", expect=409)
    assert len(messages()) == before


def test_nobody_is_told_twice_of_one_thing_whatever_roles_they_hold(app: Flask) -> None:
    with transaction():
        coordinator = people.person("coordinator")
        make_lead = people.add("also", Role.IMPROVEMENT_LEAD, authority=people.authority("Wirral"))
        coordinator.memberships.append(make_lead.memberships[0])  # both region and receiver
        talk = make.conversation()
        before = {m.id for m in messages()}
        conversations.decline(talk, reason="No team is free", by=people.person("giver"))
    fresh = [m for m in messages() if m.id not in before]
    assert sorted(m.to.name for m in fresh) == sorted({m.to.name for m in fresh})
    assert people.person("giver").id not in {m.to_id for m in fresh}
    assert coordinator.id in {m.to_id for m in fresh}


def test_who_did_it_is_not_told_and_everybody_else_around_it_is(app: Flask) -> None:
    with transaction():
        match = make.match()
        before = {m.id for m in messages()}
        terms = {make.next_quarter(): make.DAY}
        matches.counter_offer(match, Terms(days=terms, aims=""), by=people.person("giver"))
    fresh = sorted(m.to.name for m in messages() if m.id not in before)
    around = [people.person(name).name for name in ("receiver", "receiver_lead", "giver_lead")]
    assert fresh == sorted(around)


SECRET = "Zebra-7: our chair has resigned"


def test_messages_carry_no_reason_note_or_rating(app: Flask) -> None:
    with transaction():
        make.capacity()
        refused = make.conversation(make.need(title="Refused"), make.offer(title="Another"))
        conversations.decline(refused, reason=SECRET, by=people.person("giver"))
        talk = make.conversation()
        conversations.accept(talk, by=people.person("giver"), reason=SECRET)
        for side, name in ((Side.RECEIVER, "receiver"), (Side.PROVIDER, "giver")):
            conversations.record_outcome(
                talk, side=side, answer=Answer.YES, note=SECRET, by=people.person(name)
            )
        match = make.agreed(db.session.scalars(select(matches.Match)).unique().one())
        matches.send_back(match, reason=SECRET, by=people.person("coordinator"))
        take(match, "decline", by=people.person("giver"), reason=SECRET)
    written = messages()
    assert len(written) > 10
    assert not [m for m in written if "Zebra" in m.subject + m.body + m.path]


# The clock's letters are not rows; their words are told of in test_reminders.py.
TELLING = [(row.noun, row.verb) for row in ROWS if row.tells]


def test_every_verb_that_tells_somebody_has_a_letter_that_says_what_happened() -> None:
    written = {key[:2] for key in letters.LETTERS}
    assert set(TELLING) <= written, set(TELLING) - written
    for letter in letters.LETTERS.values():
        assert letter.subject and not letter.subject.endswith(".")
        assert not letter.todo or letter.todo.endswith(".")
        assert letter.todo or letter.within is None


def test_no_letter_can_hold_words_typed_about_a_need_or_names_it_should_not() -> None:
    for key, letter in letters.LETTERS.items():
        texts = (letter.subject, letter.more, letter.todo)
        used = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
        assert used <= {"actor", *letters.SAID}, key
        if key[0] == "conversation" and key[1] not in ("propose_times", "choose_time"):
            assert not used & {"receiver", "actor", "region"}, key


def test_what_people_type_stays_out_of_every_message(app: Flask) -> None:
    with transaction():
        make.capacity()
        need = make.need(title=SECRET, until="in_confidence")
        take(need, "submit", by=people.person("receiver"))
        make.opened(need)
        match = make.agreed(make.match(need))
        make.day(make.partnership(match))
    said = [m.subject + m.body for m in messages()]
    assert len(said) > 10
    assert not [text for text in said if "Zebra" in text]


def test_a_provider_reads_no_name_in_a_message_before_it_accepts(app: Flask) -> None:
    with transaction():
        make.conversation()
    for message in messages():
        if message.to_id in {people.person("giver").id, people.person("giver_lead").id}:
            assert people.RECEIVER not in message.subject + message.body


def test_every_message_leads_to_a_page_that_its_reader_may_open(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        make.day(make.partnership())
    for message in messages():
        client.sign_in(db.session.merge(message.to)).get(message.path)


def test_messages_stand_under_their_readers_name(app: Flask, client: PageClient) -> None:
    with transaction():
        make.need(until="submitted", title="Ŵyr <b>نحن</b>")
    page = client.sign_in("coordinator").get("/me")
    assert "Wirral submitted a need" in page and "Ŵyr" not in page
    assert "No messages yet" in client.sign_in("other").get("/me")
