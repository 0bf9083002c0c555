"""What leaves a partnership about an authority is read by that authority first, or has waited."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from broker import clock, clockwork
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.models.match import Side
from broker.models.partnership import Feedback
from broker.models.showing import DAYS_TO_SEE, Showing, ShowingState, gone_out
from broker.showings import actions
from broker.showings.queries import may_go_out, shown_of
from broker.system import the_system
from broker.work.queries import waiting_on
from tests import make, people
from tests.client import PageClient


def feedback() -> Feedback:
    return make.feedback(make.steady())


def showing_of(said: Feedback) -> Showing:
    [only] = shown_of(said.noun, [said.id])[said.id]
    return only


def is_out(said: Feedback) -> bool:
    """As a condition on rows; must always say what `may_go_out` says."""
    found = db.session.query(Feedback).where(gone_out(Feedback.noun, Feedback.id)).all()
    assert (said in found) is may_go_out(said)
    return said in found


def test_it_goes_out_once_the_authority_has_read_it(app: Flask) -> None:
    said = feedback()
    assert not is_out(said)
    make.read_first(said, comment="We are glad of it.")
    assert is_out(said)
    showing = showing_of(said)
    assert (showing.state, showing.comment) == (ShowingState.SEEN, "We are glad of it.")
    assert showing.seen_by == people.person("giver_lead")


def test_it_goes_out_after_five_working_days_and_the_clock_writes_that_down(app: Flask) -> None:
    with clock.set_to(date(2026, 12, 21)), transaction():  # Christmas and New Year follow
        said = feedback()
    for day, out in ((date(2026, 12, 29), False), (date(2026, 12, 30), True)):
        with clock.set_to(day):
            assert is_out(said) is out, day
            with transaction():
                actions.let_pass(day, by=the_system())
    showing = showing_of(said)
    assert showing.state is ShowingState.PASSED
    assert [event.verb for event in history_of(showing)] == ["let_pass", "show"]


@given(some.dates(date(2026, 1, 1), date(2027, 12, 31)), some.integers(0, 40))
def test_the_condition_on_rows_and_the_date_said_agree(began: date, later: int) -> None:
    today = began + timedelta(days=later)
    with clock.set_to(began):
        shown_at = clock.now()
    has_stood = shown_at < clock.stood_since(today, DAYS_TO_SEE)
    assert has_stood is (today >= clock.add_working_days(began, DAYS_TO_SEE))


def test_other_words_begin_the_days_anew_and_the_same_words_do_not(app: Flask) -> None:
    said = feedback()
    make.read_first(said)
    make.feedback(said.partnership, outcomes_helped="Said in other words, which stay inside.")
    assert is_out(said) and len(shown_of(said.noun, [said.id])[said.id]) == 1
    make.feedback(said.partnership, effectiveness=1)
    assert not is_out(said)
    make.read_first(said)
    assert is_out(said)


def test_what_is_taken_back_does_not_go_out(app: Flask) -> None:
    said = feedback()
    make.read_first(said)
    actions.take_back(said)
    assert not is_out(said)


def test_two_authorities_each_read_it_for_themselves(app: Flask) -> None:
    said = feedback()
    made = said.partnership
    words = [("Decision", "We go on")]
    for side, place in ((Side.RECEIVER, made.receiver), (Side.PROVIDER, made.provider)):
        actions.show(made, words, to=place, side=side, title="A review", goes_to="the region")
    make.read_first(made, by="giver")
    assert not may_go_out(made)
    make.read_first(made, by="receiver_lead")
    assert may_go_out(made)


def test_only_the_authority_that_it_speaks_of_reads_it_first(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        showing = showing_of(feedback())
    for name in ("receiver", "practitioner", "coordinator", "manager", "other", "administrator"):
        client.sign_in(name).get(f"/to-read/{showing.id}", expect=404)
        with pytest.raises(NotAllowed):
            actions.see(showing, by=people.person(name))
        db.session.rollback()


def test_it_is_read_and_answered_on_a_page_and_the_answer_can_change(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        showing = showing_of(feedback())
    client.sign_in("giver").get("/your-work")
    assert "Read it first" in client.text
    client.get("/to-read")
    assert "Read it by 27 November 2026" in client.text
    client.get(f"/to-read/{showing.id}")
    assert "Exactly this goes out" in client.text and "4 of 5" in client.text
    client.send(comment="<b>x</b>" + "y" * 3000, expect=422)
    assert "2,000 characters" in client.text and "y" * 2500 in client.text
    client.send(comment="<b>Diolch</b>")
    client.follow()
    assert "&lt;b&gt;Diolch" in client.text and "read this for Leeds" in client.text
    client.send(comment="Thank you")
    assert "Diolch" not in client.follow()
    assert waiting_on(people.person("giver"))  # other things: what it learned, its staff
    assert "Read it first" not in client.get("/your-work")


def test_a_word_too_many_or_a_replaced_one_is_refused(app: Flask) -> None:
    said = feedback()
    showing = showing_of(said)
    with pytest.raises(NotRight):
        actions.see(showing, comment="x" * 2001, by=people.person("giver"))
    make.feedback(said.partnership, effectiveness=1)
    with pytest.raises(NotPossible):
        actions.see(showing, by=people.person("giver"))


def test_the_days_work_lets_it_pass(app: Flask) -> None:
    with transaction():
        said = feedback()
    with clock.set_to(date(2026, 11, 30)):
        clockwork.tick(clock.now())
    db.session.expire_all()
    assert showing_of(said).state is ShowingState.PASSED
