"""Your work: what waits is read off the workflow, for who may do it, until they have done it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.eligibility import why_not_provide
from broker.matches import actions as matches
from broker.models.authority import Authority
from broker.models.match import Origin
from broker.models.partnership import Partnership
from broker.models.person import Membership, Role
from broker.models.programme import Policy
from broker.offers import actions as offers
from broker.readiness import actions as readiness
from broker.returns import actions as returns
from broker.taking import take
from broker.work.queries import Waiting, waiting_on
from broker.workflow import ROWS
from tests import make, people, stage
from tests.client import PageClient
from tests.make import DAY
from tests.work.scenes import SCENES, a_return, waits, who_waits


def test_every_verb_that_somebody_is_waited_for_has_its_scene() -> None:
    assert set(SCENES) == {(row.noun, row.verb) for row in ROWS if row.awaited is not None}


@pytest.mark.parametrize(("noun", "verb"), SCENES, ids=" ".join)
def test_an_awaited_verb_waits_on_who_may_do_it_and_is_gone_once_it_is_done(
    app: Flask, noun: str, verb: str
) -> None:
    label = next(row.label for row in ROWS if (row.noun, row.verb) == (noun, verb))
    people_who_wait, do_it = SCENES[noun, verb]()
    db.session.commit()
    assert who_waits(label) == people_who_wait
    do_it()
    db.session.commit()
    assert who_waits(label) == set()


# -- what does not wait -----------------------------------------------------------------------


def test_what_cannot_be_done_yet_does_not_wait(app: Flask) -> None:
    make.need(until="private", days=200 * DAY)
    with transaction():
        make.capacity()
        talk = make.conversation(make.need(title="Asked"))
        conversations.accept(talk, by=people.person("giver"))
        make.suggestion(make.need(until="private", title="Not yet"), make.offer(title="Two"))
        a_return(is_written=False)
    assert "agree" not in str(waits("receiver")).lower()
    assert "Ask to talk" not in {what for what, _ in waits("receiver_lead")}
    assert not {"Certify and submit", "Send to the director"} & {w for w, _ in waits("giver")}


def test_a_need_that_is_not_checked_yet_does_not_wait_to_be_opened(app: Flask) -> None:
    with transaction():
        need = make.need(until="submitted", days=24 * DAY)
    assert waits("coordinator") == [("Record a readiness check", need.title)]
    with transaction():
        make.signed(make.checked(need))
    assert waits("coordinator") == []
    with transaction():
        readiness.see(need, comment="", by=people.person("receiver"))
    assert waits("coordinator") == [("Open this need", need.title)]


def test_a_suggestion_that_was_passed_over_no_longer_waits(app: Flask) -> None:
    with transaction():
        suggestion = make.suggestion(make.need(), make.offer())
    assert [what for what, _ in waits("receiver")] == ["Ask to talk"]
    with transaction():
        take(suggestion, "pass_over", by=people.person("receiver_lead"))
    assert waits("receiver") == []


def test_returns_of_a_frozen_quarter_wait_on_nobody_but_who_accepts_them(app: Flask) -> None:
    with transaction():
        a_return()
        returns.freeze(
            programme=people.programme("pip"),
            quarter=clock.this_quarter() - 1,
            by=people.person("manager"),
        )
    assert waits("giver") == waits("giver_lead") == []


def test_a_decision_waits_although_something_stands_in_its_way(app: Flask) -> None:
    with transaction():
        make.capacity()
        match = make.match()
        for name in ("receiver", "giver"):
            matches.agree(match, by=people.person(name))
    assert waits("coordinator") == [("Approve or send to the panel", match.title)]


def test_who_began_a_match_does_not_have_its_approval_before_them(app: Flask) -> None:
    with transaction():
        make.capacity()
        suggestion = conversations.suggest(
            make.need(), make.offer(), origin=Origin.COORDINATOR, by=people.person("coordinator")
        )
        make.agreed(make.match_from(suggestion))
    assert waits("coordinator") == [] and len(waits("deputy")) == 1


def test_nobody_hears_of_what_they_may_not_see(app: Flask) -> None:
    stage.set_up()
    for name in ("other", "second_giver", "dfe", "adviser", "administrator", "far_coordinator"):
        assert waits(name) == [], name
    said = str(waits("coordinator") + waits("giver") + waits("manager"))
    assert "A private worry" not in said


# -- by when ----------------------------------------------------------------------------------


def one(name: str) -> Waiting:
    [found] = waiting_on(people.person(name))
    return found


@pytest.mark.parametrize(
    ("asked_on", "due"),
    [
        (date(2026, 11, 20), date(2026, 12, 3)),  # nine working days on
        (date(2026, 12, 21), date(2027, 1, 6)),  # Christmas, its Monday, New Year's Day
        (date(2027, 3, 24), date(2027, 4, 8)),  # Good Friday and Easter Monday
    ],
)
def test_what_waits_is_due_in_working_days(app: Flask, asked_on: date, due: date) -> None:
    with clock.set_to(asked_on), transaction():
        make.conversation()
    assert one("giver").due == due
    with clock.set_to(due):
        assert not one("giver").is_late
    with clock.set_to(clock.add_working_days(due, 1)):
        assert one("giver").is_late


def test_what_is_due_first_stands_first_and_says_when_it_is_late(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        make.conversation(make.need(title="Second"), make.offer(title="Asked about second"))
        with clock.set_to(date(2026, 10, 1)):
            make.conversation(make.need(title="First"), make.offer(title="Asked about first"))
    page = client.sign_in("giver").get("/your-work")
    assert page.index("Asked about first") < page.index("Asked about second")
    assert page.count(">Late<") == 1 and "2 things wait" in page


def test_nothing_waiting_says_what_to_do_next(app: Flask, client: PageClient) -> None:
    page = client.sign_in("other").get("/your-work")
    assert "Nothing waits on you" in page and "See what is on offer" in page


# -- quickly ----------------------------------------------------------------------------------


def more_days(count: int) -> None:
    found = db.session.scalars(select(Partnership)).unique().first() or _large_partnership()
    for _ in range(count):
        make.day(found, quarter_days=1)


def _large_partnership() -> Partnership:
    make.capacity({make.next_quarter(): 60 * DAY})
    return make.partnership(make.agreed(make.match(make.need(days=15 * DAY))))


def more_talks(count: int) -> None:
    for number in range(count):
        make.conversation(make.need(title=f"N {number}"), make.offer(title=f"O {number}"))


def more_suggestions(count: int) -> None:
    for number in range(count):
        make.suggestion(make.need(title=f"N {number}"), make.offer(title=f"O {number}"))


def more_drafts(count: int) -> None:
    for number in range(count):
        draft = make.offer(title=f"Draft {number}", published=False)
        offers.hand_over(draft, by=people.person("giver_lead"))


def _another_judged(number: int) -> int:
    """The id of an authority that may provide anything; another one for each number."""
    every = db.session.scalars(select(Authority).order_by(Authority.id))
    whole = Policy(provider_rule="whole")
    return [a for a in every if why_not_provide(a, whole, []) is None][number].id


def more_submitted(count: int) -> None:
    for number in range(count):
        make.need(title=f"N {number}", until="submitted")


def more_matches(count: int) -> None:
    for number in range(count):
        match = make.match(make.need(title=f"N {number}"), make.offer(title=f"O {number}"))
        match.provider_id = _another_judged(match.id)


def more_agreed(count: int) -> None:
    own = people.programme()
    own.rules = {**own.rules, "partnerships_at_once": 99}
    make.capacity({make.next_quarter(): 60 * DAY}, at_once=99)
    for number in range(count):
        need = make.need(title=f"N {number}", days=DAY)
        make.agreed(make.match(need, make.offer(title=f"O {number}")))


def test_days_of_a_partnership_that_wait_stand_in_one_line_which_leads_to_all_of_them(
    app: Flask, client: PageClient
) -> None:
    asked = []
    for count in (3, 27):
        with transaction():
            more_days(count)
        db.session.remove()
        client.sign_in("receiver")
        with client.counting() as statements:
            page = client.get("/your-work")
        asked.append(len(statements))
    assert "7.5 days in 30 entries: A steadier front door" in page and "1 thing waits" in page
    assert "Nothing waits" not in client.get("/partnerships/1/days/confirm")
    assert asked[0] == asked[1], asked


def test_what_one_logged_oneself_waits_on_others_and_a_queried_day_on_who_logged_it(
    app: Flask,
) -> None:
    with transaction():
        found = _large_partnership()
        first, second, _ = (make.day(found, quarter_days=DAY) for _ in range(3))
        take(second, "query", by=people.person("receiver"), reason="Half a day by our diary")
        with clock.set_to(clock.today() - timedelta(days=30)):
            first.state_since = clock.now()
    [days] = waiting_on(people.person("receiver"))
    assert (days.label, days.title) == ("Confirm", "2 days in 2 entries: A steadier front door")
    assert days.is_late  # as the one that has waited longest
    assert [one.label for one in waiting_on(people.person("giver"))] == ["Answer"]


def test_days_of_two_partnerships_and_days_logged_by_the_two_sides_stand_apart(app: Flask) -> None:
    with transaction():
        found = _large_partnership()
        other = make.begun(make.partnership(make.agreed(make.match(make.need(title="Another")))))
        for _ in range(2):
            make.day(found, quarter_days=DAY)
            make.day(other, quarter_days=DAY)
            make.day(found, quarter_days=2 * DAY, by="receiver_lead")
    titles = {
        name: {one.title for one in waiting_on(people.person(name)) if one.label == "Confirm"}
        for name in ("receiver", "giver")
    }
    title = "A steadier front door"
    assert titles["receiver"] == {f"2 days in 2 entries: {title}", "2 days in 2 entries: Another"}
    assert titles["giver"] == {f"4 days in 2 entries: {title}"}


def test_who_has_a_role_on_both_sides_has_what_others_logged_before_them(app: Flask) -> None:
    with transaction():
        found = _large_partnership()
        make.day(found, quarter_days=DAY, by="giver_lead")
        make.day(found, quarter_days=2 * DAY, by="giver")
        both = people.person("giver_lead")  # who has moved since, and still helps out
        held = Membership(
            role=Role.IMPROVEMENT_LEAD, authority=found.receiver, starts_on=clock.today()
        )
        both.memberships.append(held)
    mine = [one.title for one in waiting_on(both) if one.label == "Confirm"]
    assert len(mine) == 1 and mine[0].startswith("2 days")
    assert any(one.title.startswith("3 days") for one in waiting_on(people.person("receiver")))


MORE = [
    ("giver", more_drafts),
    ("giver", more_talks),
    ("receiver", more_suggestions),
    ("coordinator", more_submitted),
    ("receiver", more_matches),
    ("coordinator", more_agreed),
    ("deputy", more_agreed),
]


@pytest.mark.parametrize(("name", "more"), MORE, ids=lambda one: getattr(one, "__name__", one))
def test_thirty_things_waiting_ask_no_more_questions_than_three(
    app: Flask, client: PageClient, name: str, more: Callable[[int], None]
) -> None:
    asked = []
    for count, total in ((3, 3), (27, 30)):
        with transaction():
            more(count)
        db.session.remove()
        assert len(waiting_on(people.person(name))) >= total
        db.session.remove()
        client.sign_in(name)
        with client.counting() as statements:
            client.get("/your-work")
        asked.append(len(statements))
    assert asked[0] == asked[1], asked
