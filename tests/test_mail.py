"""Sending by a real SMTP server on loopback: nothing lost, repeats recognised, nobody woken."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from broker import clock, mail, outbox, worker
from broker.clock import LONDON
from broker.config import ROOT, BadSetting, MailServer, read_settings
from broker.db import db, transaction
from broker.messages import digests
from broker.models.person import DigestWish
from broker.models.work import Message
from broker.taking import take
from tests import make, people

MORNING = datetime(2026, 11, 20, 9, tzinfo=LONDON)  # a Friday
TAKEN = "250 taken"


class Office:
    """What the server does with what it is given; `answers` are given to messages in turn."""

    def __init__(self) -> None:
        self.taken: list[Mail] = []
        self.refuses: dict[str, str] = {}
        self.answers: Iterator[str] = itertools.repeat(TAKEN)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        refusal = next((no for start, no in self.refuses.items() if address.startswith(start)), "")
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = next(self.answers)
        if answer == TAKEN:
            self.taken.append(message_from_bytes(envelope.content))
        return answer

    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.taken]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def office() -> Iterator[Office]:
    """A running mail server; its port is `office.port`."""
    running = Office()
    controller = Controller(running, hostname="127.0.0.1", port=free_port())
    controller.start()
    running.port = controller.port
    yield running
    controller.stop()


def sends_to(app: Flask, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    server = MailServer("127.0.0.1", port, "off")
    settings = replace(app.config["SETTINGS"], mail=server, site="https://exchange.example")
    monkeypatch.setitem(app.config, "SETTINGS", settings)


@pytest.fixture
def post(app: Flask, office: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The mail server that the settings name, at nine on a working day."""
    sends_to(app, monkeypatch, office.port)
    with clock.set_to(MORNING):
        yield office


def send_back(count: int = 1) -> None:
    """Needs that are sent back: each tells the receiver's two people, at once."""
    with transaction():
        for number in range(count):
            need = make.need(until="submitted", title=f"Need {number}")
            take(need, "send_back", by=people.person("coordinator"), reason="Who leads it?")


def urgent(name: str = "receiver") -> Message:
    db.session.rollback()
    found = db.session.query(Message).filter_by(to_id=people.person(name).id, is_urgent=True)
    return found.order_by(Message.id).all()[0]


def after(**rest: float) -> Any:
    return clock.set_to(clock.now() + timedelta(**rest))


def text_of(one: Mail) -> str:
    return one.get_payload(decode=True).decode()


# -- leaving ----------------------------------------------------------------------------------


def test_urgent_messages_are_sent_once_with_what_to_do_and_a_link(post: Office) -> None:
    send_back()
    assert mail.send_waiting() == 2
    assert mail.send_waiting() == 0
    assert [one["To"] for one in post.taken] == [
        people.address(n) for n in ("receiver", "receiver_lead")
    ]
    body = text_of(post.taken[0])
    assert "Read the question" in body and "https://exchange.example/needs/" in body
    assert post.taken[0]["List-Unsubscribe"] is None


def test_without_a_mail_server_messages_wait_on_the_site(app: Flask) -> None:
    with clock.set_to(MORNING):
        send_back()
        assert mail.send_waiting() == 0 and len(outbox.waiting()) == 2


def test_no_transaction_is_open_while_the_server_answers(
    post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_then: list[bool] = []
    send = mail.Post.send

    def watched(self: mail.Post, email: Any) -> None:
        open_then.append(db.session().in_transaction())
        send(self, email)

    monkeypatch.setattr(mail.Post, "send", watched)
    send_back()
    mail.send_waiting()
    assert open_then == [False, False]


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        (datetime(2026, 11, 20, 6, 59), True),
        (datetime(2026, 11, 20, 7, 0), False),
        (datetime(2026, 11, 20, 18, 59), False),
        (datetime(2026, 11, 20, 19, 0), True),
        (datetime(2026, 11, 21, 12, 0), True),  # Saturday
        (datetime(2026, 12, 25, 12, 0), True),  # Christmas Day
        (datetime(2026, 12, 28, 12, 0), True),  # Boxing Day's Monday
        (datetime(2027, 3, 29, 12, 0), True),  # Easter Monday
        (datetime(2026, 10, 26, 7, 0), False),  # the clocks went back the night before
        (datetime(2026, 10, 26, 6, 59), True),
        (datetime(2027, 3, 30, 7, 0), False),  # the clocks went forward on Sunday
        (datetime(2027, 3, 30, 6, 59), True),
    ],
)
def test_quiet_hours_are_kept_in_london(moment: datetime, is_quiet: bool) -> None:
    assert mail.is_quiet(moment.replace(tzinfo=LONDON)) is is_quiet


def test_nothing_leaves_in_quiet_hours_and_all_of_it_after(post: Office) -> None:
    send_back()
    with clock.set_to(datetime(2026, 11, 20, 19, tzinfo=LONDON)):
        assert mail.send_waiting() == 0
    with clock.set_to(datetime(2026, 11, 23, 7, tzinfo=LONDON)):
        assert mail.send_waiting() == 2


# -- trouble ----------------------------------------------------------------------------------


def test_killed_between_sending_and_marking_it_is_sent_again_under_the_same_id(
    post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(message_id: int) -> None:
        raise Killed

    send_back()
    with monkeypatch.context() as dying:
        dying.setattr(outbox, "mark_sent", die)
        with pytest.raises(Killed):
            mail.send_waiting()
    assert mail.send_waiting() == 1  # the other one: the first is still in the dead one's hands
    with clock.set_to(clock.now() + outbox.LEASE):
        assert mail.send_waiting() == 1 and outbox.waiting() == []
    first, other, again = post.ids()
    assert first == again != other


def test_a_server_that_fails_half_of_the_time_loses_nothing_and_repeats_nothing(
    post: Office,
) -> None:
    post.answers = itertools.cycle(["451 not now", TAKEN, "554 no", TAKEN])
    send_back(10)
    sent, moment = 0, clock.now()
    for _ in range(30):
        with clock.set_to(moment):
            sent += mail.send_waiting()
        moment += timedelta(minutes=15)
    assert sent == len(post.taken) == len(set(post.ids())) == 20
    assert outbox.waiting() == []


def test_a_server_that_is_down_is_asked_again_later_and_later_then_given_up(
    post: Office, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_back()
    sends_to(app, monkeypatch, free_port())
    assert mail.send_waiting() == 0
    one = urgent()
    assert (one.attempts, one.last_error) == (1, "No answer (ConnectionRefusedError).")
    assert one.next_try_at == clock.now() + mail.RESTS[0] and outbox.waiting() == []
    moment = clock.now()
    for _ in range(40):
        moment += timedelta(hours=4)
        with clock.set_to(moment):
            mail.send_waiting()
    one = urgent()
    assert one.gave_up_at is not None and one.gave_up_at - one.tried_at < timedelta(days=4)
    told = db.session.query(Message).filter_by(to_id=people.person("administrator").id).all()
    assert [m.subject for m in told] == ["Some messages could not be delivered"]


def test_an_address_refused_for_good_keeps_nobody_else_waiting(post: Office) -> None:
    post.refuses = {"receiver@": "550 no such box for receiver@secret.example"}
    send_back()
    assert mail.send_waiting() == 1 and outbox.waiting() == []
    one = urgent()
    assert one.gave_up_at == clock.now() and one.last_error == "The server answered 550."


def test_an_address_put_off_waits_while_others_are_sent(post: Office) -> None:
    post.refuses = {"receiver@": "450 later"}
    send_back()
    assert mail.send_waiting() == 1
    post.refuses = {}
    with after(minutes=1):
        assert mail.send_waiting() == 1
    assert len(post.taken) == 2


def test_a_worker_killed_in_the_middle_and_two_at_once_lose_no_message_and_repeat_none(
    fresh_app: Flask, office: Any
) -> None:
    settings = fresh_app.config["SETTINGS"]
    environ = {
        **os.environ,
        "MODE": "test",
        "VAR": str(settings.var),
        "DATABASE_URL": settings.database_url,
        "MAIL_URL": f"smtp://127.0.0.1:{office.port}",
    }
    with fresh_app.app_context(), clock.set_to(MORNING):
        send_back(5)
        db.session.remove()
    mailer = [sys.executable, "-m", "tests.mailer"]
    died = subprocess.run([*mailer, "4", "0"], cwd=ROOT, env=environ, timeout=60, check=False)
    assert died.returncode < 0 and len(office.taken) == 4
    two = [subprocess.Popen([*mailer, "0", "2"], cwd=ROOT, env=environ) for _ in range(2)]
    assert [one.wait(timeout=60) for one in two] == [0, 0]
    assert len(set(office.ids())) == 10
    assert len(office.ids()) == 11  # the one that was taken but not marked, under its own id


@pytest.mark.postgres
def test_a_message_is_in_one_workers_hands_at_a_time(app: Flask) -> None:
    send_back()
    with clock.set_to(MORNING):
        first, second = outbox.waiting()
        assert outbox.claim(first.id) and not outbox.claim(first.id) and outbox.claim(second.id)
        db.session.commit()
        assert outbox.waiting() == []
    with clock.set_to(MORNING + outbox.LEASE):
        assert outbox.claim(first.id)
        outbox.mark_sent(first.id)
        db.session.commit()
        assert not outbox.claim(first.id)


def test_a_pass_asked_for_by_hand_keeps_no_quiet_hours(post: Office) -> None:
    send_back()
    with clock.set_to(datetime(2026, 11, 21, 2, tzinfo=LONDON)):
        worker.once("test")
        assert post.taken == []
        worker.run_once()
    assert len(post.taken) == 2


# -- digests ----------------------------------------------------------------------------------


def submitted(count: int = 3) -> None:
    with transaction():
        for number in range(count):
            make.need(until="submitted", title=f"Need {number}")


def test_what_is_not_urgent_leaves_in_one_digest_a_day(post: Office) -> None:
    submitted()
    assert mail.send_waiting() == 0
    assert digests.write_due() == 2 and digests.write_due() == 0
    submitted(1)
    assert digests.write_due() == 0
    assert mail.send_waiting() == 2
    one = post.taken[0]
    assert one["To"] == people.address("coordinator") and "3 things to know" in one["Subject"]
    assert text_of(one).count("Wirral submitted a need") == 3
    assert "wait on you" in text_of(one) and "Need 1" not in text_of(one)
    with clock.set_to(MORNING + timedelta(days=3)):
        assert digests.write_due() == 2


def test_no_digest_on_days_off_before_its_hour_or_for_who_does_not_want_it(app: Flask) -> None:
    with clock.set_to(MORNING):
        submitted()
        people.person("deputy").digest = DigestWish.NEVER
        people.person("coordinator").digest = DigestWish.WEEKLY
        db.session.commit()
    for moment in (MORNING.replace(hour=7), MORNING, MORNING + timedelta(days=1)):
        with clock.set_to(moment):
            assert digests.write_due() == 0
    with clock.set_to(MORNING + timedelta(days=3)):  # Monday
        assert digests.write_due() == 1


def test_a_digest_is_left_by_its_own_signed_address_without_signing_in(post: Office) -> None:
    submitted()
    digests.write_due()
    mail.send_waiting()
    header = str(post.taken[0]["List-Unsubscribe"]).strip().strip("<>")
    assert post.taken[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert header in text_of(post.taken[0])


# -- settings ---------------------------------------------------------------------------------


def server_of(url: str) -> MailServer | None:
    return read_settings(
        {"MODE": "test", "VAR": "/nowhere", "SECRET_KEY": "x", "MAIL_URL": url}
    ).mail


def test_a_mail_address_is_read_with_safe_defaults() -> None:
    assert server_of("smtp://127.0.0.1:2525") == MailServer("127.0.0.1", 2525, "off")
    assert server_of("smtp://mail.example.org") == MailServer("mail.example.org", 25, "starttls")
    given = server_of("smtp://us%40er:p%2Fw@mail.example.org:465?tls=implicit")
    assert given == MailServer("mail.example.org", 465, "implicit", "us@er", "p/w")
    assert "p/w" not in repr(given)
    assert server_of("") is None


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://x", "smtp://", "smtp://x:port", "smtp://x?tls=maybe",
     "smtp://u:p@x?tls=off"],
)  # fmt: skip
def test_a_wrong_mail_address_stops_the_start_in_words(url: str) -> None:
    with pytest.raises(BadSetting, match="MAIL_URL"):
        server_of(url)
