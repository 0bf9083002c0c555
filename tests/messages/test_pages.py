"""Pages of messages: one's own alone, the digest as it would leave, leaving it signed out."""

from __future__ import annotations

from flask import Flask

from broker import clock, letters, wishes
from broker.db import db, transaction
from broker.models.person import DigestWish
from broker.models.work import Message
from broker.taking import take
from tests import make, people
from tests.client import PageClient


def told() -> Message:
    """A need is submitted, so that the coordinator is told."""
    with transaction():
        make.need(until="submitted")
    mine = db.session.query(Message).filter_by(to_id=people.person("coordinator").id)
    return mine.order_by(Message.id).all()[0]


def test_a_person_reads_their_own_messages_and_nobody_elses(app: Flask, client: PageClient) -> None:
    number = told().id
    page = client.sign_in("coordinator").get(f"/me/messages/{number}")
    assert "Wirral submitted a need" in page and "Please do so by 4 December 2026" in page
    client.sign_in("receiver").get(f"/me/messages/{number}", expect=404)
    assert "No messages yet" in client.sign_in("other").get("/me/messages")


def test_a_digest_is_shown_as_it_would_leave_now(app: Flask, client: PageClient) -> None:
    told()
    page = client.sign_in("coordinator").get("/me/messages/digest")
    assert "1 thing to know" in page and "wait" in page and "/needs/" in page
    assert "Nothing to tell just now" in client.sign_in("other").get("/me/messages/digest")


def test_how_often_the_digest_comes_is_ones_own_choice(app: Flask, client: PageClient) -> None:
    client.sign_in("coordinator").get("/me/messages/wishes")
    client.send(digest="hourly", expect=422)
    client.get("/me/messages/wishes")
    client.send(digest="weekly")
    assert people.person("coordinator").digest is DigestWish.WEEKLY
    assert people.person("deputy").digest is DigestWish.DAILY


def test_the_digest_is_left_from_a_mail_signed_out_by_a_press_or_by_the_mail_program(
    app: Flask, client: PageClient
) -> None:
    for name in ("coordinator", "deputy"):
        with app.test_request_context():
            address = wishes.leaving_path(people.person(name))
        assert "Leave the digest" in client.get(address)
        assert people.person(name).digest is DigestWish.DAILY  # looking changes nothing
        if name == "deputy":
            asked = {"List-Unsubscribe": "One-Click"}
            assert client.browser.post(address, data=asked).status_code == 200
        else:
            assert "You have left" in client.press("Stop sending me the digest", expect=200)
        db.session.rollback()
        assert people.person(name).digest is DigestWish.NEVER
    client.get(f"{address[:-5]}{'A' if address[-5] != 'A' else 'B'}{address[-4:]}", expect=404)


def test_every_kind_of_message_can_be_read_with_example_facts(
    app: Flask, client: PageClient
) -> None:
    page = client.sign_in("administrator").get("/messages/kinds")
    assert f"{len(letters.LETTERS)} kinds" in page and "{" not in page.split("<main")[1]


def test_a_message_that_was_given_up_can_be_tried_again(app: Flask, client: PageClient) -> None:
    message = told()
    message.gave_up_at, message.attempts = clock.now(), 3
    message.last_error = "The server answered 550."
    db.session.commit()
    page = client.sign_in("administrator").get("/messages/sending")
    assert "The server answered 550. 3 tries" in page and "submitted" not in page
    assert "It will be tried again" in client.press("Try again")
    assert db.session.get_one(Message, message.id).gave_up_at is None


def test_the_demonstration_shows_what_would_have_been_sent(app: Flask, client: PageClient) -> None:
    told()
    with transaction():
        need = make.need(until="submitted", title="Two")
        take(need, "send_back", by=people.person("coordinator"), reason="Who leads it?")
    assert "Wirral submitted a need" in client.get("/demo/messages")
    page = client.get("/demo/messages?kind=urgent")
    assert "Wirral submitted a need" not in page and "sent back" in page
