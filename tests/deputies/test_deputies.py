"""Deputies: named for a time and some duties, recorded 'for', no way round four eyes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.deputies import actions
from broker.duties import NOUNS, Duty
from broker.errors import NotAllowed, NotRight
from broker.events import history_of
from broker.matches import actions as matches
from broker.memberships import actions as memberships
from broker.memberships import inviting
from broker.memberships.inviting import Post
from broker.memberships.queries import roles_to_give
from broker.models.match import Match, Origin
from broker.models.need import NeedState
from broker.models.person import Membership, Person, Role
from broker.models.work import Message
from broker.needs import actions as needs
from broker.permissions import coordinator_with_fresh_eyes as fresh
from broker.sights import matches_seen_by
from broker.taking import may, take
from broker.workflow import ROWS
from tests import make, people
from tests.client import PageClient

TODAY = date(2026, 11, 20)
LAST = date(2026, 12, 4)


def stand_in(
    deputy: str, whose: str, duties: Sequence[Duty] = tuple(Duty), last: date = LAST
) -> Membership:
    principal = people.person(whose)
    post = principal.memberships[0]
    with transaction():
        lent = actions.name(
            post,
            deputy=people.person(deputy),
            duties=duties,
            starts_on=clock.today(),
            ends_on=last,
            by=principal,
        )
    db.session.expire_all()
    return lent


def test_every_noun_of_the_workflow_belongs_to_a_duty() -> None:
    assert {row.noun for row in ROWS} <= set(NOUNS)


def test_a_deputy_does_what_was_handed_over_and_it_is_recorded_for_the_director(app: Flask) -> None:
    need = make.need(until="private")
    lead = people.person("receiver_lead")
    with pytest.raises(NotAllowed):
        may(need, "submit", by=lead)
    db.session.commit()
    stand_in("receiver_lead", "receiver", [Duty.NEEDS])
    with transaction():
        needs.submit(need, by=lead)
    assert need.state is NeedState.SUBMITTED
    event = history_of(need)[0]
    assert (event.by_id, event.on_behalf_of_id) == (lead.id, people.person("receiver").id)
    told = db.session.scalars(select(Message).filter_by(kind="deputy name")).one()
    assert told.to_id == lead.id and "You stand in for" in told.subject and told.is_urgent


def test_what_was_not_handed_over_stays_with_the_director_and_own_work_goes_on(
    app: Flask,
) -> None:
    with transaction():
        make.capacity()
        match = make.match()
        private = make.need(until="private", title="Two")
    stand_in("receiver_lead", "receiver", [Duty.NEEDS])
    lead = people.person("receiver_lead")
    with pytest.raises(NotAllowed):
        may(match, "agree", by=lead)
    assert may(match, "counter_offer", by=lead).role is Role.IMPROVEMENT_LEAD
    assert may(private, "edit", by=lead).deputy_for_id in (None, people.person("receiver").id)


def test_a_deputy_stands_in_from_the_first_day_to_the_last_and_not_after_an_early_end(
    app: Flask,
) -> None:
    with transaction():
        need = make.need(until="private")
    lent = stand_in("receiver_lead", "receiver")
    lead = people.person("receiver_lead")
    for day, is_allowed in ((TODAY, True), (LAST, True), (LAST + timedelta(days=1), False)):
        with clock.set_to(day):
            assert bool(held(lead, need)) is is_allowed, day
    with transaction():
        actions.end(lent, by=people.person("receiver"))
    db.session.expire_all()
    assert not held(lead, need)


def held(person: Person, need: object) -> bool:
    try:
        return bool(may(need, "submit", by=person))
    except NotAllowed:
        return False


@pytest.mark.parametrize(
    ("deputy", "whose"),
    [("giver_lead", "receiver"), ("coordinator", "receiver"), ("giver", "coordinator"),
     ("receiver", "receiver"), ("administrator", "coordinator")],
)  # fmt: skip
def test_only_people_of_the_same_place_or_post_can_be_named(
    app: Flask, deputy: str, whose: str
) -> None:
    with pytest.raises(NotRight, match="from the list"):
        stand_in(deputy, whose)


def test_dates_hold_and_one_person_stands_in_once_at_a_time(app: Flask) -> None:
    for last, words in ((TODAY - timedelta(days=1), "before"), (date(2028, 1, 1), "a year")):
        with pytest.raises(NotRight, match=words):
            stand_in("receiver_lead", "receiver", last=last)
    with pytest.raises(NotRight, match="at least one"):
        stand_in("receiver_lead", "receiver", [])
    stand_in("receiver_lead", "receiver")
    with pytest.raises(NotRight, match="already"):
        stand_in("receiver_lead", "receiver", [Duty.NEEDS])


def test_nobody_names_deputies_of_others_or_of_what_was_lent_to_them(
    app: Flask, client: PageClient
) -> None:
    lent = stand_in("receiver_lead", "receiver")
    client.sign_in("receiver_lead").get(f"/me/deputies/new/{lent.id}", expect=404)
    client.post(f"/me/deputies/{lent.id}/end", expect=404)
    client.sign_in("giver").post(f"/me/deputies/{lent.id}/end", expect=404)


# -- four eyes --------------------------------------------------------------------------------


def begun_by(name: str) -> Match:
    with transaction():
        make.capacity()
        by = people.person(name)
        suggestion = conversations.suggest(
            make.need(), make.offer(), origin=Origin.COORDINATOR, by=by
        )
        match = make.agreed(make.match_from(suggestion))
        return match


def sees(person: Person, match: Match) -> bool:
    return db.session.scalar(select(Match.id).where(matches_seen_by(person))) == match.id


def test_who_acts_for_the_one_who_began_a_match_does_not_approve_it(app: Flask) -> None:
    match = begun_by("coordinator")
    far = people.person("far_coordinator")
    assert fresh(people.person("deputy"), match) and not fresh(far, match)
    stand_in("far_coordinator", "coordinator")
    assert not fresh(far, match)
    with transaction():
        people.person("deputy").memberships[0].ends_on = TODAY - timedelta(days=1)
    db.session.expire_all()
    assert not fresh(far, match)  # nobody in the region is left, and still not they


def test_whom_somebody_acted_for_in_beginning_a_match_does_not_approve_it(app: Flask) -> None:
    stand_in("far_coordinator", "coordinator")
    match = begun_by("far_coordinator")
    assert not fresh(people.person("coordinator"), match)
    assert not fresh(people.person("far_coordinator"), match)
    assert fresh(people.person("deputy"), match)


def test_a_deputy_from_another_region_approves_for_the_coordinator(app: Flask) -> None:
    with transaction():
        match = make.agreed()
    far = people.person("far_coordinator")
    assert not sees(far, match)
    stand_in("far_coordinator", "coordinator", [Duty.MATCHES])
    assert sees(far, match)
    with transaction():
        event = matches.approve(match, by=far)
        assert event.on_behalf_of_id == people.person("coordinator").id


def test_a_deputy_employed_by_a_party_lends_no_fresh_eyes(app: Flask) -> None:
    with transaction():
        match = make.agreed()
        people.person("coordinator").employer_id = match.provider_id
    far = people.person("far_coordinator")
    assert not fresh(people.person("coordinator"), match)
    stand_in("far_coordinator", "coordinator")
    assert not fresh(far, match)  # they would act for somebody who belongs to a party


def test_nobody_acts_for_both_sides_by_way_of_a_deputy(app: Flask) -> None:
    with transaction():
        match = make.match()
        both = people.person("receiver_lead")
        both.memberships.append(
            Membership(role=Role.DIRECTOR, authority_id=match.provider_id, starts_on=TODAY)
        )
    stand_in("receiver_lead", "receiver")
    with pytest.raises(NotAllowed):
        may(match, "agree", by=people.person("receiver_lead"))


# -- pages ------------------------------------------------------------------------------------


def test_a_director_names_a_deputy_sees_what_was_done_and_ends_it(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        need = make.need(until="private")
    client.sign_in("receiver").get("/me/deputies")
    post = people.person("receiver").memberships[0].id
    client.get(f"/me/deputies/new/{post}")
    day = {"starts_on-day": "20", "starts_on-month": "11", "starts_on-year": "2026"}
    last = {"ends_on-day": "29", "ends_on-month": "2", "ends_on-year": "2027"}
    lead = str(people.person("receiver_lead").id)
    said = client.send(deputy=lead, **day, **last, expect=422)
    assert "2027" in said and "Error:" in said
    said = client.send(
        deputy=lead, **day, **{**last, "ends_on-day": "26"}, duties=["needs", "x"], expect=422
    )
    client.send(deputy=lead, **day, **{**last, "ends_on-day": "26"}, duties=["needs"])
    page = client.get("/me/deputies")
    assert "Improvement lead, Wirral" in page and "26 February 2027" in page
    client.sign_in("receiver_lead").get(f"/needs/{need.id}")
    page = client.get("/me/deputies")
    assert "Whom you stand in for" in page and Duty.NEEDS.words in page
    with transaction():
        take(db.session.merge(need), "share", by=people.person("receiver_lead"))
    client.sign_in("receiver")
    assert "Shared in confidence" in client.get("/me/deputies")
    assert "Nobody just now" in client.press("End now")


def test_whoever_stands_in_for_people_invites_and_ends_roles_and_nobody_who_stands_in_otherwise(
    app: Flask,
) -> None:
    director, lead = people.person("giver"), people.person("giver_lead")
    post = Post(Role.PRACTITIONER, people.authority(people.GIVER))
    held = people.person("practitioner").memberships[0]
    stand_in("giver_lead", "giver", [duty for duty in Duty if duty is not Duty.PEOPLE])
    assert roles_to_give(lead) == []
    for refused in (
        lambda: inviting.invite(post, name="A", email="a@leeds.example", by=lead),
        lambda: memberships.end(held, last_day=None, by=lead),
    ):
        with pytest.raises(NotAllowed):
            refused()
        db.session.rollback()
    with transaction():
        actions.end(lead.memberships[-1], by=director)
    stand_in("giver_lead", "giver", [Duty.PEOPLE])
    assert Role.DIRECTOR not in roles_to_give(lead) and Role.PRACTITIONER in roles_to_give(lead)
    with transaction():
        invitation = inviting.invite(post, name="A", email="a@leeds.example", by=lead)
        memberships.end(held, last_day=None, by=lead)
    for done in (history_of(invitation)[0], history_of(held)[0]):
        assert (done.by_id, done.on_behalf_of_id) == (lead.id, director.id)
    as_director = Post(Role.DIRECTOR, people.authority(people.GIVER))
    with pytest.raises(NotAllowed):
        inviting.invite(as_director, name="B", email="b@leeds.example", by=lead)
