"""Messages: written with the change or not at all, once to each, saying nothing in confidence."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, mail, outbox
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.matches import actions as matches
from broker.models.match import Answer, Side
from broker.models.person import Role
from broker.models.work import Message
from broker.taking import take
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
    assert told("coordinator") == ["A steadier front door: submitted"]
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
        matches.counter_offer(match, days=terms, aims="", by=people.person("giver"))
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
    assert "Ŵyr &lt;b&gt;نحن&lt;/b&gt;: submitted" in page
    assert "No messages yet" in client.sign_in("other").get("/me")


# -- sending ----------------------------------------------------------------------------------


class Conversation(socketserver.StreamRequestHandler):
    """One client of a small SMTP server."""

    server: PostOffice

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].upper()
            if verb == "DATA":
                self.take_message()
            elif verb == "RCPT TO" and any(name in line for name in self.server.refuses):
                self.say(f"{self.server.refuses_with} no")
            else:
                self.say("221 bye" if verb == "QUIT" else "250 ok")

    def take_message(self) -> None:
        self.say("354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        self.server.taken.append(message_from_bytes(b"".join(lines)))
        if self.server.after_taking is not None:
            self.server.after_taking()
        self.say("250 taken")


class PostOffice(socketserver.ThreadingTCPServer):
    """A small SMTP server that keeps what it takes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[Mail] = []
        self.refuses: tuple[str, ...] = ()
        self.refuses_with = 550
        self.after_taking: object = None

    def ids(self) -> list[str]:
        return [one["Message-ID"] for one in self.taken]


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A running mail server that the settings name."""
    monkeypatch.setattr(mail.Trouble, "rests_until", None)
    with PostOffice() as office:
        monkeypatch.setenv("MAIL_HOST", "127.0.0.1")
        monkeypatch.setenv("MAIL_PORT", str(office.server_address[1]))
        monkeypatch.setenv("SITE", "https://exchange.example/")
        thread = threading.Thread(target=office.serve_forever)
        thread.start()
        yield office
        office.shutdown()
        thread.join()


def test_waiting_messages_are_sent_once_with_a_link(post: PostOffice) -> None:
    with transaction():
        need = make.need(until="submitted", title="Ŵyr نحن")
    assert mail.send_waiting() == 2
    assert mail.send_waiting() == 0
    assert [one["To"] for one in post.taken] == [
        people.address(n) for n in ("coordinator", "deputy")
    ]
    body = post.taken[0].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "Ŵyr نحن: submitted" in body and f"https://exchange.example/needs/{need.id}" in body


def test_a_line_break_in_a_title_adds_no_header(post: PostOffice) -> None:
    with transaction():
        make.need(until="submitted", title="Help\r\nBcc: all@example.org")
    mail.send_waiting()
    assert post.taken[0]["Bcc"] is None


def test_killed_between_sending_and_marking_it_is_sent_again_under_the_same_id(
    post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(message_id: int) -> None:
        raise Killed

    with transaction():
        make.need(until="submitted")
    with monkeypatch.context() as dying:
        dying.setattr(outbox, "mark_sent", die)
        with pytest.raises(Killed):
            mail.send_waiting()
    assert len(outbox.waiting()) == 2
    assert mail.send_waiting() == 2
    first, again, other = post.ids()
    assert first == again != other
    assert len(outbox.waiting()) == 0


def test_without_a_mail_server_messages_wait_and_nothing_breaks(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAIL_HOST", raising=False)
    with transaction():
        make.need(until="submitted")
    assert mail.send_waiting() == 0 and len(outbox.waiting()) == 2


def test_a_server_that_is_down_is_asked_again_a_minute_later(
    post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        make.need(until="submitted")
    with monkeypatch.context() as down:
        down.setenv("MAIL_PORT", "1")
        assert mail.send_waiting() == 0
    assert mail.send_waiting() == 0 and post.taken == []
    with clock.set_to(clock.now() + mail.REST):
        assert mail.send_waiting() == 2


def test_an_address_refused_for_good_keeps_nobody_else_waiting(post: PostOffice) -> None:
    post.refuses = ("coordinator@",)
    with transaction():
        make.need(until="submitted")
    assert mail.send_waiting() == 2 and outbox.waiting() == []
    assert [one["To"] for one in post.taken] == [people.address("deputy")]
    assert told("coordinator")


def test_an_address_put_off_waits_while_others_are_sent(post: PostOffice) -> None:
    post.refuses, post.refuses_with = ("coordinator@",), 450
    with transaction():
        make.need(until="submitted")
    assert mail.send_waiting() == 1 and len(outbox.waiting()) == 1
    post.refuses = ()
    with clock.set_to(clock.now() + mail.REST):
        assert mail.send_waiting() == 1
    assert len(post.taken) == 2


def test_no_transaction_is_open_while_the_server_answers(post: PostOffice) -> None:
    open_then: list[bool] = []
    with transaction():
        make.need(until="submitted")
    session = db.session()
    post.after_taking = lambda: open_then.append(session.in_transaction())
    mail.send_waiting()
    assert open_then == [False, False]
