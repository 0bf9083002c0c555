"""Extra days: both authorities agree, the days are free, few, counted, and told of."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, ledger, ledger_check
from broker.clock import Quarter
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.extras import actions
from broker.extras.rooms import room_of
from broker.models.extra import Extra, ExtraState
from broker.models.partnership import Partnership
from broker.models.work import Message
from broker.partnerships import actions as partnerships
from broker.support_days import actions as support_days
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY
from tests.test_races import race

pytestmark = pytest.mark.postgres


def with_free(days: int = 10) -> Partnership:
    """A partnership of eight days in the next quarter; Leeds has some free in this one, too."""
    now = clock.this_quarter()
    make.capacity({now: days * DAY, now + 1: 20 * DAY})
    return make.partnership(make.agreed(make.match()))


def propose(within: Partnership, name: str, quarter_days: int = DAY, ahead: int = 0) -> Extra:
    return actions.propose(
        within,
        quarter=clock.this_quarter() + ahead,
        quarter_days=quarter_days,
        because="One more visit.",
        by=people.person(name),
    )


def test_once_the_other_sides_director_agrees_the_days_are_committed_and_may_be_given(
    app: Flask,
) -> None:
    within = with_free()
    make.day(within, quarter_days=8 * DAY)
    extra = propose(within, "receiver_lead", 2 * DAY)
    with pytest.raises(NotRight, match="0 days of extra days"):
        make.day(within, is_extra=True)
    for name in ("receiver", "receiver_lead", "giver_lead", "practitioner", "coordinator", "other"):
        with pytest.raises(NotAllowed):
            actions.agree(extra, by=people.person(name))
    actions.agree(extra, by=people.person("giver"))
    assert (room_of(within).approved, room_of(within).extra) == (0, 2 * DAY)
    with pytest.raises(NotRight, match="Say that these are extra"):
        make.day(within, quarter_days=DAY)
    make.day(within, quarter_days=DAY, is_extra=True)
    with pytest.raises(NotRight, match="1 day of extra days"):
        make.day(within, quarter_days=2 * DAY, is_extra=True)
    assert room_of(within).left == DAY
    assert list(ledger_check.problems()) == []


def test_an_extra_day_taken_out_of_the_count_can_be_given_again(app: Flask) -> None:
    within = with_free()
    actions.agree(propose(within, "giver"), by=people.person("receiver"))
    day = make.day(within, is_extra=True)
    support_days.void(day, reason="Wrong date.", by=people.person("giver"))
    assert make.day(within, is_extra=True).is_extra


def test_both_sides_and_the_coordinator_hear_of_it(app: Flask) -> None:
    extra = propose(with_free(), "giver_lead")
    actions.agree(extra, by=people.person("receiver"))
    kinds = select(Message).where(Message.kind == "extra agree")
    told = {message.to.name for message in db.session.scalars(kinds)}
    names = ("giver", "giver_lead", "receiver_lead", "coordinator", "deputy")
    assert told >= {people.person(name).name for name in names}


def test_days_that_are_not_free_cannot_be_agreed_and_the_refusal_says_what_is_left(
    app: Flask,
) -> None:
    extra = propose(with_free(1), "receiver", 2 * DAY)
    with pytest.raises(NotPossible, match="has 1 day left"):
        actions.agree(extra, by=people.person("giver"))


def test_as_many_as_a_small_ask_would_be_approved_again_instead(app: Flask) -> None:
    within = with_free(40)
    actions.agree(propose(within, "receiver", 15 * DAY), by=people.person("giver"))
    propose(within, "receiver", 5 * DAY - 1)
    with pytest.raises(NotPossible, match="stay under 20 days"):
        propose(within, "receiver", 5 * DAY)


def test_two_proposals_cannot_together_come_to_more(app: Flask) -> None:
    within = with_free(40)
    first, second = (propose(within, "receiver", 12 * DAY) for _ in range(2))
    actions.agree(first, by=people.person("giver"))
    with pytest.raises(NotPossible, match="stay under 20 days"):
        actions.agree(second, by=people.person("giver"))


@pytest.mark.parametrize(
    ("quarter_days", "ahead", "field"), [(0, 0, "days"), (DAY, -1, "quarter"), (DAY, 4, "quarter")]
)
def test_what_does_not_hold_is_refused_at_its_field(
    app: Flask, quarter_days: int, ahead: int, field: str
) -> None:
    within = with_free()
    with pytest.raises(NotRight) as refused:
        propose(within, "giver", quarter_days, ahead)
    assert refused.value.field == field


def test_of_a_partnership_that_ended_or_a_quarter_that_is_over_none_are_agreed(app: Flask) -> None:
    within = with_free()
    extra = propose(within, "receiver")
    with clock.set_to(Quarter.of(clock.today()).last_day.replace(year=2027)):
        with pytest.raises(NotPossible, match="is over"):
            actions.agree(extra, by=people.person("giver"))
    partnerships.end_early(within, reason="Done.", by=people.person("receiver"))
    with pytest.raises(NotPossible, match="ended"):
        actions.agree(extra, by=people.person("giver"))


def test_two_presses_at_once_commit_once(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        extra_id = propose(with_free(), "receiver").id

    def agree() -> None:
        extra = db.session.get_one(Extra, extra_id)
        assert extra.state is not None and extra.partnership.title
        actions.agree(extra, by=people.person("giver"))

    assert len(race(fresh_app, agree, agree)) == 1
    with fresh_app.app_context():
        within = db.session.scalars(select(Partnership)).unique().one()
        held = ledger.balances_of_match(within.match_id)
        assert held[clock.this_quarter()].committed == DAY
        assert list(ledger_check.problems()) == []


def test_the_check_command_finds_extra_days_that_nobody_agreed(app: Flask) -> None:
    within = with_free()
    day = make.day(within)
    day.is_extra = True
    db.session.flush()
    assert ["extra" in problem for problem in ledger_check.problems()] == [True]


def test_proposing_agreeing_and_declining_on_the_screen(app: Flask, client: PageClient) -> None:
    with transaction():
        within = with_free()
    page = f"/partnerships/{within.id}"
    client.sign_in("receiver_lead").get(f"{page}/extra")
    client.send(expect=422, days="0", because="")
    assert "Fill in ‘Why they are needed’" in client.text
    client.send(days="1.5", because="The visits <b>worked</b>.")
    client.follow()
    assert "1.5 extra days in 2026-27 Q3" in client.text and "<b>worked" not in client.text
    assert "The visits" not in client.sign_in("dfe").get(f"{page}/days")
    assert "1.5 extra days in 2026-27 Q3" in client.sign_in("giver").get("/your-work")
    client.get(f"{page}/days")
    assert "Agreed: 1.5 extra days" in client.press("Agree")
    [extra] = db.session.scalars(select(Extra)).unique()
    assert extra.state is ExtraState.AGREED
    client.get(f"{page}/log")
    assert "1.5 days of the extra days agreed" in client.text


def test_a_proposal_is_taken_back_or_declined_with_a_reason(app: Flask) -> None:
    within = with_free()
    first, second = propose(within, "receiver_lead"), propose(within, "receiver_lead")
    with pytest.raises(NotAllowed):
        take(first, "take_back", by=people.person("giver"))
    take(first, "take_back", by=people.person("receiver"))
    with pytest.raises(NotRight):
        take(second, "decline", by=people.person("giver"))
    take(second, "decline", by=people.person("giver"), reason="Next year.")
    for extra in (first, second):
        with pytest.raises(NotPossible):
            actions.agree(extra, by=people.person("giver"))
